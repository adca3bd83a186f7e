r"""Commands that a notebook defines for its formulas: ``\newcommand{\R}{\mathbb{R}}`` and the like.

MathJax reads a notebook from the top and keeps what one formula defines for all that follow. What
sets single formulas (`nbjudge.feedback.mathml`) is given formulas in which these commands have been
replaced by what they stand for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"\{?\s*\\([A-Za-z]+)\s*\}?"
_DEFINITION = re.compile(
    rf"\\(?:(?P<new>(?:re)?newcommand|providecommand)\*?\s*{_NAME}\s*(?:\[(?P<count>\d)\])?"
    r"\s*(?:\[(?P<default>[^\[\]]*)\])?\s*(?=\{)"
    r"|(?P<operator>DeclareMathOperator)(?P<star>\*?)\s*\{?\s*\\(?P<operator_name>[A-Za-z]+)\s*\}?\s*(?=\{)"
    r"|(?P<def>def)\s*\\(?P<def_name>[A-Za-z]+)\s*(?P<parameters>(?:#\d)*)\s*(?=\{))"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_MOST = 500
"""Replacements in one formula."""
_LONGEST = 20_000
"""Characters of a formula; one that its commands make longer stays as it was written."""


@dataclass(frozen=True)
class Command:
    """What a command stands for.

    Attributes
    ----------
    body : str
        The text, with ``#1`` to ``#9`` in the place of its arguments.
    arguments : int
        How many it takes.
    default : str or None
        The first argument where it is not given in brackets, if it is optional.
    """

    body: str
    arguments: int = 0
    default: str | None = None


Commands = dict[str, Command]


def take_definitions(formula: str, commands: Commands) -> str:
    r"""Add the definitions of a formula to what is known, and return the rest of it.

    Parameters
    ----------
    formula : str
        TeX.
    commands : dict
        What earlier formulas have defined; it is changed.

    Returns
    -------
    str
        The formula without its definitions.

    Examples
    --------
    >>> known = {}
    >>> take_definitions(r"\newcommand{\norm}[1]{\lVert #1 \rVert} \norm{w}", known)
    ' \\norm{w}'
    >>> replace_commands(r"\norm{w}^2", known)
    '\\lVert w \\rVert^2'
    """
    rest, place = [], 0
    for match in _DEFINITION.finditer(formula):
        if match.start() < place:
            continue
        group = _group(formula, match.end())
        if group is None:
            break
        body, end = group
        if match["operator"]:
            name, command = match["operator_name"], Command(rf"\operatorname{{{body}}}")
        elif match["def"]:
            name, command = match["def_name"], Command(body, match["parameters"].count("#"))
        else:
            name = match[2]
            command = Command(body, int(match["count"] or 0), match["default"])
        commands[name] = command
        rest.append(formula[place : match.start()])
        place = end
    return "".join([*rest, formula[place:]])


def replace_commands(formula: str, commands: Commands) -> str:
    """Return a formula with the commands that a notebook defined replaced by their meaning.

    Parameters
    ----------
    formula : str
        TeX.
    commands : dict
        From `take_definitions`.

    Returns
    -------
    str
        The formula, or what it was if its commands never come to an end.
    """
    text, place = formula, 0
    for _ in range(_MOST):
        match = _COMMAND.search(text, place)
        while match is not None and match[1] not in commands:
            match = _COMMAND.search(text, match.end())
        if match is None:
            return text
        command = commands[match[1]]
        arguments, end = _arguments(text, match.end(), command)
        if arguments is None:
            place = match.end()  # it lacks an argument: left for the reader to see
            continue
        body = _filled_in(command.body, arguments)
        if body[-1:].isalpha() and text[end : end + 1].isalpha():
            body += " "  # so that a command at its end does not run into the next letter
        text = text[: match.start()] + body + text[end:]
        place = match.start()
        if len(text) > _LONGEST:
            return formula
    return formula


def _filled_in(body: str, arguments: list[str]) -> str:
    """Return a command's text with its arguments in their places; one too many is nothing."""
    parts = re.split(r"#([1-9])", body)
    for at in range(1, len(parts), 2):
        number = int(parts[at])
        parts[at] = arguments[number - 1] if number <= len(arguments) else ""
    return "".join(parts)


def _arguments(text: str, place: int, command: Command) -> tuple[list[str] | None, int]:
    """Read the arguments that follow a command; None if there are too few."""
    found: list[str] = []
    if command.default is not None:
        match = re.compile(r"\s*\[([^\[\]]*)\]").match(text, place)
        found.append(match[1] if match else command.default)
        place = match.end() if match else place
    while len(found) < command.arguments:
        while text[place : place + 1].isspace():
            place += 1
        if text[place : place + 1] == "{":
            group = _group(text, place)
            if group is None:
                return None, place
            found.append(group[0])
            place = group[1]
        elif (match := re.compile(r"\\[A-Za-z]+|[^{}\\]").match(text, place)) is not None:
            found.append(match[0])
            place = match.end()
        else:
            return None, place
    return found, place


def _group(text: str, place: int) -> tuple[str, int] | None:
    """Return what stands between the brace at a place and its partner, and where that ends."""
    depth = 0
    for at in range(place, len(text)):
        if text[at] in "{}" and (at == 0 or text[at - 1] != "\\"):
            depth += 1 if text[at] == "{" else -1
            if depth == 0:
                return text[place + 1 : at], at + 1
    return None
