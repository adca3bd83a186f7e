"""Formulas as MathML: nbgrader's pages for people set them without a script from another host.

nbconvert's templates load MathJax from a public server, so that without internet the derivations
that a person grades stay TeX source. Browsers set MathML themselves.
"""

from __future__ import annotations

import functools
import re
from html import escape, unescape
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote

from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from nbjudge.feedback.formula_spaces import with_spaces
from nbjudge.feedback.highlight import highlight_code
from nbjudge.feedback.sanitise import NOT_SHOWN
from nbjudge.feedback.tex_commands import Command, Commands, replace_commands, take_definitions

_TAG = re.compile(r"\\tag\*?\{([^{}]+)\}")
_LABEL = re.compile(r"\\label\{([^{}]*)\}")
_REFERENCE = re.compile(r"\\(eq)?ref\{([^{}]*)\}")
_SPACE_BETWEEN_ROWS = re.compile(r"(\\\\)\[-?[\d.]+\s*(?:em|ex|pt|mm|cm|in|mu)\]")
_PLACE_OF_ROWS = re.compile(r"(\\begin\{[a-z]+\*?\})\[[tbc]\]")
_MISSING: Commands = {
    "arg": Command(r"\operatorname{arg}"),
    "qed": Command(r"\blacksquare"),
    "nonumber": Command(""),
    "notag": Command(""),
}
"""Commands that MathJax knows and latex2mathml does not."""
_ATTACHED = re.compile(
    r"""(<img\b[^>]*?\bsrc\s*=\s*)(?:"attachment:([^"]+)"|'attachment:([^']+)'|attachment:([^\s"'>]+))""",
    re.IGNORECASE,
)
_MOST_KEPT = 256
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


class MathMLRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with formulas as MathML.

    Parameters
    ----------
    attachments : dict
        What is attached to the cell, by name and then by kind of data.
    commands : dict
        What earlier formulas of the notebook have defined; formulas add to it.
    labels : dict
        The numbers of labelled equations, by label; formulas add to it.
    """

    def __init__(
        self, attachments: dict[str, Any], commands: Commands, labels: dict[str, str]
    ) -> None:
        super().__init__(escape=False, attachments=attachments)
        self.commands = commands
        self.labels = labels

    def block_code(self, code: str, info: str | None = None) -> str:
        """Show code in colours, unless that takes too long."""
        words = (info or "").split(maxsplit=1)
        if not words or words[0] == "mermaid":
            return f"<pre><code>{escape(code)}</code></pre>\n"
        return highlight_code(code, words[0])

    def block_math(self, body: str) -> str:
        """Set a formula on a line of its own."""
        return self._formula(body, "block")

    def inline_math(self, body: str) -> str:
        """Set a formula in a line."""
        return self._formula(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        """Set an environment such as ``align``."""
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def text(self, text: str) -> str:
        """Write text, with the numbers of the equations that it refers to."""
        return str(super().text(_REFERENCE.sub(self._number, text)))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show a picture, an attached one with its data; what is none stays for the cleaner."""
        if url.startswith("attachment:"):
            url = self._attachment(url.removeprefix("attachment:"))
        named = f' title="{escape(title)}"' if title else ""
        return f'<img src="{escape(url)}" alt="{escape(text)}"{named} />'

    def inline_html(self, html: str) -> str:
        """Keep HTML, with attached pictures in it."""
        return str(super().inline_html(self._with_attachments(html)))

    def block_html(self, html: str) -> str:
        """Keep HTML, with attached pictures in it."""
        return str(super().block_html(self._with_attachments(html)))

    def _with_attachments(self, html: str) -> str:
        def embedded(image: re.Match[str]) -> str:
            name = unescape(image[2] or image[3] or image[4])
            return f'{image[1]}"{escape(self._attachment(name))}"'

        return _ATTACHED.sub(embedded, html)

    def _attachment(self, name: str) -> str:
        """Return the address of an attachment's data, or what the cleaner names in its place."""
        wanted = _plain_name(name)
        for attached, bundle in self.attachments.items():
            if _plain_name(attached) == wanted and isinstance(bundle, dict):
                for kind in _SHOWN:
                    if isinstance(bundle.get(kind), str):
                        return f"data:{kind};base64,{''.join(bundle[kind].split())}"
                name = f"{attached} ({', '.join(map(str, bundle)) or 'empty'})"
                break
        return NOT_SHOWN + quote(f"attachment:{name}", errors="replace")

    def _number(self, reference: re.Match[str]) -> str:
        number = self.labels.get(reference[2], reference[2])
        return f"({number})" if reference[1] else number

    def _formula(self, body: str, display: str) -> str:
        source = take_definitions(body, self.commands)
        if not source.strip():  # nothing but definitions
            return ""
        source = replace_commands(source, _MISSING | self.commands)
        tag = _TAG.search(source)
        for label in _LABEL.findall(source):
            self.labels[label] = tag[1] if tag else label
        source = _REFERENCE.sub(lambda m: rf"\text{{{self._number(m)}}}", _LABEL.sub("", source))
        for of_layout in (_PLACE_OF_ROWS, _SPACE_BETWEEN_ROWS):  # latex2mathml takes it for text
            source = of_layout.sub(r"\1", source)
        return _set(source, body, display)


def _plain_name(name: str) -> str:
    """Return a file's name as it is compared: links may quote it, systems compose it otherwise."""
    return normalize("NFC", unquote(name)).strip()


def _set(source: str, written: str, display: str) -> str:
    """Return a formula as MathML, or as it was written if it cannot be set."""
    # latex2mathml knows these environments under names of the same meaning.
    source = source.replace("{aligned}", "{split}").replace("{gathered}", "{matrix}")
    # A number that is the only one of a formula stands at the right, others behind their line.
    tags = _TAG.findall(source)
    number = f"({tags[0]})" if len(tags) == 1 and display == "block" else ""
    source = _TAG.sub("" if number else r"\\qquad\\text{(\1)}", source)
    try:
        mathml = with_spaces(convert(source, display=display))
    except Exception:  # a student may write anything
        return f"<code>{escape(written)}</code>"
    if not number:
        return mathml
    return f'<div class="nbjudge-equation">{mathml}<span>{escape(number)}</span></div>'


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Turn the Markdown of a cell into HTML, its attachments included.

    For ``c.HTMLExporter.filters``, which take the place of nbconvert's own. What the formulas of
    a notebook define is kept in ``resources`` from cell to cell.
    """
    cell, resources = context.get("cell", {}), context.get("resources", {})
    attachments = cell.get("attachments") or {}
    commands: Commands = resources.setdefault("commands_of_formulas", {})
    labels: dict[str, str] = resources.setdefault("labels_of_formulas", {})
    if attachments:
        renderer = MathMLRenderer(attachments, commands, labels)
        return str(MarkdownWithMath(renderer=renderer).render(source))
    # The text of an assignment is the same in the notebooks of all its students.
    html, known_commands, known_labels = _without_attachments(
        source, tuple(commands.items()), tuple(labels.items())
    )
    commands.update(known_commands)
    labels.update(known_labels)
    return html


@functools.lru_cache(maxsize=_MOST_KEPT)
def _without_attachments(
    source: str, commands: tuple[Any, ...], labels: tuple[tuple[str, str], ...]
) -> tuple[str, Commands, dict[str, str]]:
    """Return the HTML of a cell, and what is defined after it, from what is defined before."""
    known_commands, known_labels = dict(commands), dict(labels)
    renderer = MathMLRenderer({}, known_commands, known_labels)
    html = str(MarkdownWithMath(renderer=renderer).render(source))
    return html, known_commands, known_labels
