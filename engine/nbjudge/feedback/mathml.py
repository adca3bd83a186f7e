"""Formulas as MathML: nbgrader's pages for people set them without a script from another host.

nbconvert's templates load MathJax from a public server, so that without internet the derivations
that a person grades stay TeX source. Browsers set MathML themselves.
"""

from __future__ import annotations

import re
from html import escape

from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAG = re.compile(r"\\tag\{([^{}]+)\}")


class MathMLRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with formulas as MathML."""

    def block_math(self, body: str) -> str:
        """Set a formula on a line of its own."""
        return _formula(body, "block")

    def inline_math(self, body: str) -> str:
        """Set a formula in a line."""
        return _formula(body, "inline")

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show a picture; of an attachment that is not there, the text in its place."""
        if url.startswith("attachment:") and not self.attachments.get(url.split(":", 1)[1]):
            url = ""
        return super().image(text, url, title)

    def latex_environment(self, name: str, body: str) -> str:
        """Set an environment such as ``align``."""
        return _formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def _formula(body: str, display: str) -> str:
    # latex2mathml knows these environments under names of the same meaning.
    body = body.replace("{aligned}", "{split}").replace("{gathered}", "{matrix}")
    # It sets a number close to the formula, and without brackets.
    body = _TAG.sub(r"\\qquad\\text{(\1)}", body)
    try:
        return convert(body, display=display)
    except Exception:  # a student may write anything; what cannot be set is shown as it was written
        return f"<code>{escape(body)}</code>"


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Turn the Markdown of a cell into HTML, its attachments included.

    For ``c.HTMLExporter.filters``, which take the place of nbconvert's own.
    """
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = MathMLRenderer(escape=False, attachments=attachments)
    return MarkdownWithMath(renderer=renderer).render(source)
