"""Pages that show a submission to a person: nothing of it runs there, and nothing is fetched.

`configure` switches this on for formgrader's page of a submission and for feedback, in the
``nbgrader_config.py`` of any course:

    import nbjudge
    nbjudge.configure(c)
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters import ansi2html as nbconvert_ansi2html
from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import HighlightMagicsPreprocessor, Preprocessor
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearMarkScheme
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from nbjudge.execution.placeholders import placeholder_line
from nbjudge.feedback import mathml, patience
from nbjudge.feedback.folding import (
    ANSWER,
    CHAPTER,
    MORE_OF_ANSWER,
    PART,
    STATEMENT,
    add_switch,
    mark_parts,
    released_notebook,
)
from nbjudge.feedback.sanitise import CleanHTML, clean_html

_SHOWN = (
    "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg",
    "text/plain",
)  # fmt: skip
_OTHER_PICTURES = ("image/gif", "image/webp")
"""What browsers show and nbconvert has no place for."""
_KEPT_OF_CELLS = {"nbgrader": dict, "tags": list, "alt": str}
_KEPT_OF_PICTURES = {"width": (int, float), "height": (int, float), "alt": str}
_LANGUAGES = tuple(HighlightMagicsPreprocessor().default_languages.values())
_LONGEST_MARKDOWN = 20_000
_MOST_COLOURS = 5_000
_INTERACTIVE = (
    "application/vnd.vega",
    "application/vnd.plotly",
    "application/vnd.bokeh",
    "application/vnd.jupyter.widget",
)
_SAID = ("text/plain", *_INTERACTIVE)
DEFUSE = "nbjudge.feedback.pages.Defuse"
_FILTERS = {
    "markdown2html": "nbjudge.feedback.pages.markdown2html",
    "clean_html": "nbjudge.feedback.sanitise.clean_html",
    "strip_files_prefix": "nbjudge.feedback.pages.leave",
    "highlight_code": "nbjudge.feedback.highlight.highlight_code",
    "ansi2html": "nbjudge.feedback.pages.ansi2html",
}
_TEMPLATES = (
    "feedback/mathjax.html.j2",
    "formgrade/mathjax.html.j2",
    "nbjudge/colours.css",
    "nbjudge/lists.css",
    "nbjudge/submission.css",
)
_WRAPPED = (ANSWER, MORE_OF_ANSWER, CHAPTER, STATEMENT)
_MARK_SCHEME = "nbjudge_mark_scheme"
"""Among nbconvert's resources: the lines between which a task's mark scheme stands."""


def configure(c: Config) -> None:
    """Switch the safe pages on in a course's configuration.

    Parameters
    ----------
    c : Config
        What ``get_config()`` gives in ``nbgrader_config.py``.

    Raises
    ------
    FileNotFoundError
        If the package was installed without its templates.
    ValueError
        If the course has a filter of its own in the place of one that cleans.
    """
    share = Path(__file__).parent / "share"
    for template in _TEMPLATES:
        if not (share / "nbconvert" / "templates" / template).is_file():
            raise FileNotFoundError(
                f"{share}: the template {template} is missing, without which pages would run what "
                "a submission holds: install nbjudge again"
            )
    # nbconvert finds these templates before nbgrader's parts of the same name.
    paths = os.environ.get("JUPYTER_PATH", "")
    if str(share) not in paths.split(os.pathsep):
        os.environ["JUPYTER_PATH"] = f"{share}{os.pathsep}{paths}"
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.preprocessors = [*_kept_steps(c), DEFUSE]
    c.HTMLExporter.filters = {**_kept_filters(c), **_FILTERS}


def _kept_steps(c: Config) -> list[Any]:
    """Return the course's own steps; the one that cleans up comes after them."""
    steps = c.HTMLExporter.get("preprocessors", [])
    if isinstance(steps, LazyConfigValue):
        steps = steps.get_value([])
    return [step for step in steps if step not in (DEFUSE, Defuse)]


def _kept_filters(c: Config) -> dict[str, Any]:
    filters = c.HTMLExporter.get("filters", {})
    if isinstance(filters, LazyConfigValue):
        filters = filters.get_value({})
    for name, ours in _FILTERS.items():
        if filters.get(name, ours) != ours:
            raise ValueError(
                f"c.HTMLExporter.filters has a {name!r} of the course's own, in the place of the "
                "one that keeps scripts of a submission out of pages: give it another name"
            )
    return dict(filters)


@pass_context
def markdown2html(context: Context, source: str) -> CleanHTML:
    """Turn the Markdown of a cell or of a comment into HTML that is harmless, with formulas.

    For ``c.HTMLExporter.filters``, which take the place of nbconvert's own.
    """
    if isinstance(source, CleanHTML):  # no Markdown, but what the engine itself has written
        return source
    text = str(source)
    cell = context.get("cell") or NotebookNode(metadata={})
    if text != cell.get("source"):  # a comment
        return _harmless(context, text)
    if utils.is_task(cell):
        return _task(context, text)
    html = CleanHTML(_harmless(context, text) + _not_in_the_text(cell))
    part = cell.metadata.get(PART)
    if part not in _WRAPPED:
        return html
    whose = "Student's" if "submission_id" in (context.get("resources") or {}) else "Your"
    title = f'<p class="nbjudge-title">{whose} answer</p>' if part == ANSWER else ""
    return CleanHTML(f'<div class="{PART}-{part}">{title}{html}</div>')


def _not_in_the_text(cell: NotebookNode) -> str:
    """Name what is attached to a cell and stands nowhere in it."""
    text = unquote(cell.source)
    names = [name for name in cell.get("attachments", {}) if unquote(name) not in text]
    return f"<p><em>[attached, and not in the text: {escape(', '.join(names))}]</em></p>" * bool(
        names
    )


def _harmless(context: Context, text: str) -> CleanHTML:
    if len(text) > _LONGEST_MARKDOWN:  # a parser of Markdown may take very long over it
        return CleanHTML(f"<pre>{escape(text)}</pre>")
    return CleanHTML(clean_html(mathml.markdown2html(context, text)))


def _task(context: Context, text: str) -> CleanHTML:
    """Set a task, with its mark scheme in a block of its own and without the lines around it."""
    begin, end = (context.get("resources") or {}).get(_MARK_SCHEME, ("", ""))
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if begin and begin in line), len(lines))
    last = next((i for i in range(first, len(lines)) if end in lines[i]), len(lines))
    html = [_harmless(context, "\n".join(lines[:first]))]
    if first < len(lines):
        scheme = _harmless(context, "\n".join(lines[first + 1 : last]))
        title = '<p class="nbjudge-title">Mark scheme</p>'
        html.append(CleanHTML(f'<div class="nbjudge-mark-scheme">{title}{scheme}</div>'))
    if last + 1 < len(lines):
        html.append(_harmless(context, "\n".join(lines[last + 1 :])))
    return CleanHTML("\n".join(html))


def ansi2html(text: str) -> str:
    """Show text of a terminal in its colours, or without them where there are very many.

    nbconvert's own takes a time that grows with the square of their number.
    """
    if text.count("\x1b[") > _MOST_COLOURS:
        return escape(strip_ansi(text))
    return str(nbconvert_ansi2html(text))


def leave(html: str) -> str:
    """Take the place of a filter that mends old addresses, and takes very long over some texts."""
    return html


class Defuse(Preprocessor):
    """Keep of a notebook what nbconvert's templates show, and can show without harm.

    The templates write some of a notebook's metadata into the page as it is, and fail over some.
    """

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean a notebook, and what formgrader says about it; tell the chapter's own cells."""
        patience.begin_page()
        released = released_notebook(self.config, resources)
        scheme = ClearMarkScheme(config=Config(ClearMarkScheme=self.config.ClearMarkScheme))
        resources[_MARK_SCHEME] = (
            scheme.begin_mark_scheme_delimeter,
            scheme.end_mark_scheme_delimeter,
        )
        nb.metadata.pop("widgets", None)
        # The templates of formgrader write names into the page as they are.
        for name, value in resources.items():
            if isinstance(value, str):
                resources[name] = escape(value)
        for cell in nb.cells:
            language = cell.metadata.get("magics_language")
            cell.metadata = _kept(cell.metadata, _KEPT_OF_CELLS)
            if language in _LANGUAGES:
                cell.metadata["magics_language"] = language
            for output in cell.get("outputs", []):
                if "data" in output:
                    _defuse(output)
        mark_parts(nb, released)
        add_switch(nb, for_grading="submission_id" in resources)
        return nb, resources


def _defuse(output: NotebookNode) -> None:
    """Leave in an output the kinds of data that are shown, and of its metadata a picture's size."""
    metadata = output.get("metadata") or {}
    line = placeholder_line(output)
    _describe_interactive_figure(output)
    there = {name: text for name, text in output.data.items() if isinstance(text, str)}
    shown = {name: there[name] for name in _SHOWN if name in there}
    if "text/latex" in shown:  # set as the formulas of a text are
        shown.setdefault("text/markdown", shown.pop("text/latex"))
    picture = next((name for name in _OTHER_PICTURES if name in there), None)
    if not shown.keys() - {"text/plain"}:
        if picture is not None:
            data = "".join(there[picture].split())
            shown["text/html"] = f'<img src="data:{picture};base64,{escape(data)}">'
        elif others := [name for name in output.data if not str(name).startswith(_SAID)]:
            names = ", ".join(map(repr, others))
            shown["text/plain"] = f"{shown.get('text/plain', '')}\n[not shown: {names}]".strip()
    if line is not None:
        shown = {"text/html": CleanHTML(f'<p class="nbjudge-quiet">{line}</p>')}
    output.data = NotebookNode(shown)
    sizes = {
        name: _kept(metadata[name], _KEPT_OF_PICTURES)
        for name in shown
        if isinstance(metadata.get(name), dict)
    }
    output.metadata = NotebookNode(_kept(metadata, _KEPT_OF_PICTURES) | sizes)


def _describe_interactive_figure(output: NotebookNode) -> None:
    """Put a still picture, or a sentence, in the place of a figure that moves elsewhere only.

    The text that stands beside such a figure tells an author to install a renderer.
    """
    if any(str(kind).startswith(_INTERACTIVE) for kind in output.data):
        output.data.pop("text/html", None)
        output.data["text/plain"] = "(An interactive figure: open the notebook to use it.)"


def _kept(metadata: dict[str, Any], kinds: dict[str, Any]) -> NotebookNode:
    return NotebookNode(
        {name: metadata[name] for name in kinds if isinstance(metadata.get(name), kinds[name])}
    )
