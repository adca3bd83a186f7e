"""The pages of a report: HTML that runs nothing, fetches nothing and escapes all that it shows."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import nbjudge

TEMPLATES = Path(__file__).parent / "templates"


def figure(value: float, digits: int = 2) -> str:
    """Write a number for a table.

    Examples
    --------
    >>> figure(2.0), figure(-0.125), figure(float("nan"))
    ('2', '−0.12', '–')
    """
    if math.isnan(value):
        return "–"
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in ("-0", "") else text.replace("-", "−")


def percent(value: float) -> str:
    """Write a share for a table.

    Examples
    --------
    >>> percent(0.256), percent(float("nan"))
    ('26 %', '–')
    """
    return "–" if math.isnan(value) else f"{figure(100 * value, 0)} %"


def file_name(name: str) -> str:
    """Return a name for a file, in letters that every system and address takes.

    Examples
    --------
    >>> file_name("ps1"), file_name("../ps 1")[:6]
    ('ps1', '-ps-1-')
    """
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).lstrip(".")[:80]
    if safe == name and name.lower() not in ("index", ""):
        return safe
    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


class PageWriter:
    """Writes the pages of a folder.

    Parameters
    ----------
    folder : Path
        Where.
    generator : str
        By which a page says what wrote it.
    templates : Path
        The folder of the templates, with a ``style.css``.
    **always : object
        What each template is given.
    """

    def __init__(
        self, folder: Path, generator: str, templates: Path = TEMPLATES, **always: Any
    ) -> None:
        self.folder = folder
        style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
        if templates != TEMPLATES:
            style += (templates / "style.css").read_text(encoding="utf-8")
        known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.environment = Environment(
            loader=FileSystemLoader([templates, TEMPLATES]),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self.environment.filters |= {"figure": figure, "percent": percent, "anchor": file_name}
        self.environment.globals |= {
            "generator": generator,
            "style": Markup(style),
            "policy": f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; "
            "form-action 'none'",
            "version": nbjudge.__version__,
            "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            **always,
        }

    def write(self, place: str, template: str, **values: Any) -> None:
        """Write a page.

        Parameters
        ----------
        place : str
            Its file, relative to the folder.
        template : str
            Its template.
        **values : object
            What the template shows.
        """
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        top = "../" * place.count("/")
        page = self.environment.get_template(template).render(top=top, **values)
        path.write_text(page, encoding="utf-8", errors="replace")


def is_ours(folder: Path, generator: str) -> bool:
    """Whether a folder may be replaced: it is empty, not there, or was written by this command."""
    if not folder.exists():
        return True
    if not folder.is_dir() or folder.is_symlink():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        head = (folder / "index.html").read_bytes()[:2000]
    except OSError:
        return False
    return f'name="generator" content="{generator}"'.encode() in head
