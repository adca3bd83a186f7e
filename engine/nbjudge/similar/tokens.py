"""Answers as sequences of words that renaming, layout, comments and literals do not change."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pygments import token as kinds
from pygments.lexers import PythonLexer

LENGTH = 4
"""The words of a fingerprint. Longer ones are lost where statements are put in another order."""
_SECONDS = 1.0  # of CPU time that a lexer may take over one answer
_LOOKS = 50  # at the clock: once in so many words, since a look may take longer than they do
_WORD = re.compile(r"\w+|[^\w\s]")
_LEXER = PythonLexer(stripnl=False, ensurenl=False)


@dataclass(frozen=True)
class Token:
    """A word with its place in the answer.

    Attributes
    ----------
    word : str
        The word; ``name``, ``number`` and ``text`` stand for all of their kind.
    start, end : int
        Where it stands, in characters.
    """

    word: str
    start: int
    end: int


def tokens_of(source: str, code: bool = True) -> list[Token]:
    """Read an answer as words.

    Parameters
    ----------
    source : str
        The answer.
    code : bool
        Whether it is Python; else it is text.

    Returns
    -------
    list of Token
        Of code: keywords, operators, built-in functions and what stands behind a dot as they are;
        other names, numbers and texts by their kind. Comments, docstrings and parentheses are left
        out. Of text: the words, in small letters.

    Examples
    --------
    >>> [token.word for token in tokens_of("y = np.log(x) + 1  # the logarithm")]
    ['name', '=', 'name', '.', 'log', 'name', '+', 'number']
    """
    if code:
        with contextlib.suppress(_TooSlowError):
            return list(_code(source))
    return [Token(m[0].casefold(), m.start(), m.end()) for m in _WORD.finditer(source)]


class _TooSlowError(Exception):
    """A lexer took more time than it may."""


def _in_time(read: Iterable[Any]) -> Iterator[Any]:
    """Yield what a lexer reads, as long as it keeps to its time."""
    started = time.process_time()
    for number, piece in enumerate(read):
        if number % _LOOKS == 0 and time.process_time() - started > _SECONDS:
            raise _TooSlowError
        yield piece


def _code(source: str) -> Iterator[Token]:
    before, depth = "", 0
    begins, says = True, False  # a line, and a text that stands for itself
    for start, kind, text in _in_time(_LEXER.get_tokens_unprocessed(source)):
        if kind in kinds.Comment or not text.strip():
            begins = begins or (depth == 0 and "\n" in text)
            says = says and "\n" not in text
            continue
        if kind in kinds.String:
            says = says or begins
        if says or kind in kinds.String.Doc:
            begins = False
            continue
        begins = False
        depth += (text in "([{") - (text in ")]}")
        if text in ("(", ")"):
            continue
        if kind in kinds.String:
            word = "text"
        elif kind in kinds.Number:
            word = "number"
        elif kind in kinds.Name.Builtin or kind in kinds.Name.Namespace:
            word = text
        elif kind in kinds.Name:
            word = text if before == "." else "name"
        else:
            word = text
        if word == "text" == before:  # the quotes and the parts of one
            continue
        before = word
        yield Token(word, start, start + len(text))


def fingerprints(tokens: list[Token], length: int = LENGTH) -> dict[tuple[str, ...], list[int]]:
    """Return the sequences of so many words in an answer, and where each begins.

    Parameters
    ----------
    tokens : list of Token
        The answer; one that is shorter is one sequence.
    length : int
        The words.
    """
    words = [token.word for token in tokens]
    found: dict[tuple[str, ...], list[int]] = {}
    for place in range(max(1, len(words) - length + 1) if words else 0):
        found.setdefault(tuple(words[place : place + length]), []).append(place)
    return found
