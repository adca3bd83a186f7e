"""Code in colours, however long the code's grammar takes to read it.

Some lexers of Pygments need a time that grows with the square of the text for some texts: ten
kilobytes of blank lines take IPython's half a minute. A text over which a lexer takes too long is
shown without colours.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from html import escape
from typing import Any

from pygments import format as layout
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from nbjudge.feedback import patience

_SECONDS = 1.0
"""The CPU time that a lexer may take over one text."""
_SHORT = 1_000
"""Characters; shorter texts are read at once by every lexer."""
_MOST_KEPT = 256
_LONGEST = 200_000
"""Characters; longer texts are not given to a lexer at all."""


class _TooSlowError(Exception):
    """A lexer took more time than it may."""


def highlight_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """Return code as HTML, in colours where that takes no longer than it may.

    For ``c.HTMLExporter.filters``, which take the place of nbconvert's own.

    Parameters
    ----------
    source : str
        The code.
    language : str, optional
        The name of its language; Python with IPython's magics by default.
    metadata : object
        The cell's; a template passes it, and it is not used: nbconvert takes the language of a
        ``%%`` magic from it, which `nbjudge.feedback.pages.Defuse` leaves in ``language``.

    Returns
    -------
    str
        A ``<div class="highlight">``.
    """
    language = language or (metadata or {}).get("magics_language") or "ipython3"
    if patience.is_used_up() and len(source) > _SHORT:
        return _as_written(source)
    return _highlighted(source or " ", language)


def _as_written(source: str) -> str:
    return f'<div class="highlight"><pre>{escape(source)}\n</pre></div>\n'


@functools.lru_cache(maxsize=_MOST_KEPT)  # a test cell is the same for all students
def _highlighted(source: str, language: str) -> str:
    formatter = HtmlFormatter(cssclass="highlight")
    try:
        if len(source) <= _LONGEST:
            return str(layout(iter(list(_tokens(get_lexer_by_name(language), source))), formatter))
    except (ClassNotFound, _TooSlowError):
        pass
    return _as_written(source)


def _tokens(lexer: Lexer, source: str) -> Iterator[tuple[Any, str]]:
    """Yield what a lexer reads, as long as it keeps to its time."""
    started = time.process_time()
    try:
        for token in lexer.get_tokens(source):
            if time.process_time() - started > _SECONDS:
                raise _TooSlowError
            yield token
    finally:
        patience.spend(time.process_time() - started)
