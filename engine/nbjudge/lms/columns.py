"""What the columns of a class's tables are called, by the systems and in some languages."""

from __future__ import annotations

import re
import unicodedata

_NAMES = {
    "id": (
        "student_id", "studentid", "student id", "id", "user", "userid", "user id", "username",
        "user name", "login", "login id", "sis login id", "anmeldename", "benutzername",
        "nom d'utilisateur", "nombre de usuario", "matrikelnummer", "netid",
    ),
    "first_name": (
        "first_name", "first name", "firstname", "given name", "vorname", "prenom", "nombre",
        "nome",
    ),
    "last_name": (
        "last_name", "last name", "lastname", "surname", "family name", "nachname", "nom",
        "nom de famille", "apellido(s)", "apellidos", "apellido", "cognome",
    ),
    "full_name": (
        "name", "full_name", "full name", "fullname", "student", "student name",
        "vollstandiger name", "nom complet",
        "nombre completo", "nome completo", "volledige naam",
    ),
    "email": (
        "email", "e-mail", "email address", "e-mail address", "mail", "e-mail-adresse",
        "e-mailadresse",
        "adresse de courriel", "direccion de correo", "correo electronico", "indirizzo email",
        "endereco de email",
    ),
    "section": ("section", "group", "groups", "gruppe", "tutorial", "tutorium", "groupe", "grupo"),
    "extra_days": ("extra_days", "extra days", "extension", "extension days", "extension_days"),
    "assignment": ("assignment",),
}  # fmt: skip


def plain(text: str) -> str:
    """Return a text without case, accents and needless spaces, to compare.

    Examples
    --------
    >>> plain("  Vollständiger  Name ")
    'vollstandiger name'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(s for s in letters if not unicodedata.combining(s)).split())


def kind_of(head: str) -> str | None:
    """Return what a column holds, by its head; None where that is not known."""
    name = plain(head).strip("#: ")
    return next((kind for kind, names in _NAMES.items() if name in names), None)


def letters(text: str) -> str:
    """Return the letters and digits of a name alone, as systems write it into file names.

    Examples
    --------
    >>> letters("O'Brien-Müller, Zoë")
    'obrienmullerzoe'
    """
    return re.sub(r"[\W_]+", "", plain(text).replace("ß", "ss"))
