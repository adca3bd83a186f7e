"""What of a student's HTML may stand in a page that somebody else opens.

A page of formgrader shows a submission on the origin of the instructor's Jupyter server: a script
in it could give grades, and run code in that server. nh3 parses as a browser does and keeps what
is listed here; all else is dropped, the content of scripts and style sheets with it.
"""

from __future__ import annotations

import functools
import re

import nh3
from pygments.token import STANDARD_TYPES

_TEXT = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
    "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_FORMULA = {
    "math", "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub",
    "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none",
}  # fmt: skip
_OF_FORMULAS = {
    "accent", "accentunder", "align", "columnalign", "columnlines", "columnspacing", "columnspan",
    "depth", "display", "displaystyle", "fence", "form", "frame", "height", "largeop", "linebreak",
    "linethickness", "lspace", "mathbackground", "mathcolor", "mathsize", "mathvariant", "maxsize",
    "minsize", "movablelimits", "notation", "rowalign", "rowlines", "rowspacing", "rowspan",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width", "xmlns",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"align", "class", "dir", "id", "lang", "style", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "input": {"checked"},
    "ol": {"start", "type"},
    "table": {"border"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
} | dict.fromkeys(_FORMULA, _OF_FORMULAS)
# Nothing that moves an element from its place in the text, and nothing that fetches.
_STYLES = {
    "background-color", "border", "border-bottom", "border-left", "border-right", "border-top",
    "color", "font-family", "font-size", "font-style", "font-weight", "max-width", "padding",
    "text-align", "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip
# Classes of pandas, of nbconvert's headings and of highlighted code. Formgrader's scripts and
# Bootstrap's go by classes, too: those stay theirs.
_CLASSES = {"anchor-link", "dataframe", "highlight", *filter(None, STANDARD_TYPES.values())}
_PREFIX = "in-text:"
"""Before the ids of a text: formgrader finds score boxes by id, and no ``grade_id`` has a colon."""

_BESIDE = re.compile(
    r"(?:(?!\.{1,2}/)(?:[\w.-]|%20)+/)*(?:[\w.-]|%20)+\.(?:png|jpe?g|gif|webp|svg)",
    re.ASCII | re.IGNORECASE,
)
_LINK = re.compile("<a [^>]*>")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return what stays of an attribute."""
    if name == "class":
        return " ".join(word for word in value.split() if word in _CLASSES) or None
    if name == "id":
        return _PREFIX + value
    if name == "src":
        # Nothing from elsewhere, and nothing from the server but files beside the notebook: some
        # of its addresses act when they are asked for.
        return value if _PICTURE.fullmatch(value) or _BESIDE.fullmatch(value) else None
    if name == "href":
        if value.startswith("#"):
            return f"#{_PREFIX}{value[1:]}"
        return value if value.lower().startswith(("http://", "https://", "mailto:")) else None
    return value


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TEXT | _FORMULA,
        clean_content_tags={"script", "style", "title", "noscript", "template"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            "input": {"type": "checkbox", "disabled": ""},  # of a list of tasks
        },
        url_schemes={"data", "http", "https", "mailto"},
        filter_style_properties=_STYLES,
    )


def clean_html(html: object) -> str:
    """Return HTML with what is harmless in it.

    Parameters
    ----------
    html : object
        What stands for HTML in a notebook, usually text.

    Returns
    -------
    str
        HTML without scripts, styles, forms, frames and addresses that are fetched or acted on.

    Examples
    --------
    >>> clean_html('<b onclick="steal()">Bold</b><script>steal()</script>')
    '<b>Bold</b>'
    """
    if isinstance(html, CleanHTML):
        return html
    return CleanHTML(_LINK.sub(_within_the_page, _cleaner().clean(str(html))))


def _within_the_page(link: re.Match[str]) -> str:
    """Let a link to another place of the page not open a page of its own."""
    return link[0].replace(' target="_blank"', "") if ' href="#' in link[0] else link[0]


class CleanHTML(str):
    """HTML that went through `clean_html`."""
