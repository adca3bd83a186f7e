"""What of a student's HTML may stand in a page that somebody else opens.

A page of formgrader shows a submission on the origin of the instructor's Jupyter server: a script
in it could give grades, and run code in that server. nh3 parses as a browser does and keeps what
is listed here; all else is dropped, the content of scripts and style sheets with it.
"""

from __future__ import annotations

import functools
import re
import resource
import subprocess
import sys
import time
from html import escape, unescape
from urllib.parse import quote, unquote

import nh3
from pygments.token import STANDARD_TYPES

from nbjudge.feedback import patience

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
# Classes of pandas, of nbconvert's headings, of numbered equations and of highlighted code.
# Formgrader's scripts and Bootstrap's go by classes, too: those stay theirs.
_CLASSES = {
    *("anchor-link", "dataframe", "highlight", "nbjudge-equation"),
    *filter(None, STANDARD_TYPES.values()),
}
_PREFIX = "in-text:"
"""Before the ids of a text: formgrader finds score boxes by id, and no ``grade_id`` has a colon."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
"""Endings of the files that a browser shows as pictures."""
_OPENED = (
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".heic", ".heif", ".tif", ".tiff"),
    *(".pdf", ".txt", ".csv", ".docx", ".odt", ".xlsx", ".ods", ".pptx", ".odp", ".zip", ".jfif"),
    *(".mp4", ".mov", ".webm", ".mp3", ".m4a", ".wav"),
)
"""Endings of the files that a link may open: nothing that runs scripts where it is opened."""
NOT_SHOWN = "#not-shown:"
"""Before the quoted name of a picture that a page cannot show, or a file it does not open."""
_LINK = re.compile(r'<a(?: [\w:-]+="[^"]*")*>')
_IMAGE = re.compile(r'<img(?: [\w:-]+="[^"]*")*>')
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
        if _PICTURE.fullmatch(value):
            return value
        if value.startswith(NOT_SHOWN):
            return value
        return file_beside(value, _PICTURES) or NOT_SHOWN + quote(value[:300], errors="replace")
    if name == "href":
        if value.startswith("#"):
            return f"#{_PREFIX}{value[1:]}"
        if value.lower().startswith(("http://", "https://", "mailto:")):
            return value
        opened, beside = file_beside(value, _OPENED), file_beside(value, ("",))
        return opened or (beside and NOT_SHOWN + beside)
    return value


def file_beside(address: str, endings: tuple[str, ...]) -> str | None:
    """Return the address of a file beside the notebook in its plain form; None for all others.

    Parameters
    ----------
    address : str
        As a student wrote it.
    endings : tuple of str
        With which the file's name may end, in small letters.

    Returns
    -------
    str or None
        A path below the notebook's folder, quoted so that a browser can take it for nothing else.

    Examples
    --------
    >>> file_beside("./photos/photo (1).jpg", (".jpg",))
    'photos/photo%20%281%29.jpg'
    >>> file_beside("../photo.jpg", (".jpg",)), file_beside("//host/photo.jpg", (".jpg",))
    (None, None)
    """
    if set(address) & {"?", "#"}:
        return None
    parts = [part for part in unquote(address).split("/") if part != "."]
    if not parts or not parts[-1].lower().endswith(endings):
        return None
    for part in parts:
        # Browsers take a backslash for a slash, and leave line breaks out. Mac's screenshots have
        # a narrow space in their names, which does not count as printable.
        odd = any(ord(sign) < 32 or sign in "\\\x7f" for sign in part)
        if part in ("", "..") or odd:
            return None
    try:
        return quote("/".join(parts))
    except UnicodeEncodeError:
        return None


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
    text = str(html)
    if _may_grow(text):
        cleaned = None if patience.is_used_up() else _cleaned_elsewhere(text)
        if cleaned is None:
            return CleanHTML(f"<pre>{escape(text[:_SHOWN_AS_WRITTEN])}</pre>")
    else:
        cleaned = _cleaner().clean(text)
    cleaned = _IMAGE.sub(_named_if_not_shown, cleaned)
    return CleanHTML(_LINK.sub(_within_the_page, cleaned) + _left_out(text))


def _left_out(html: str) -> str:
    """Name what is shown elsewhere and is not kept: a person who grades looks for it."""
    found = sorted({_MEDIA[name.lower()] for name in _MEDIUM.findall(html)})
    return f"<p><em>[not shown here: {', '.join(found)}]</em></p>" if found else ""


_MEDIA = {
    "svg": "a drawing",
    "canvas": "a drawing",
    "video": "a film",
    "audio": "a sound",
    **dict.fromkeys(("iframe", "object", "embed"), "a page or file in a frame"),
}
_MEDIUM = re.compile(rf"<({'|'.join(_MEDIA)})[\s/>]", re.IGNORECASE)


_FORMATTING = re.compile(
    r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]", re.IGNORECASE
)
_OPENING = re.compile("<[a-z]", re.IGNORECASE)
_SHOWN_AS_WRITTEN = 20_000
_MOST_WORK = 200_000
_MEMORY = 1 << 30
_SECONDS = 3


def _may_grow(html: str) -> bool:
    """Whether a parser might make far more of a text than there is.

    In HTML an element such as ``<b>`` that was not closed is opened again in every block that
    follows, so that a text can grow with the product of both.
    """
    formatting = len(_FORMATTING.findall(html))
    return formatting > 20 and formatting * len(_OPENING.findall(html)) > _MOST_WORK


def _cleaned_elsewhere(html: str) -> str | None:
    """Clean a text in a process with limits; None if it needs more, or becomes far longer."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-P", "-m", __name__],
        input=html.encode(errors="replace"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    patience.spend(time.monotonic() - started)
    if done.returncode != 0 or len(done.stdout) > 4 * len(html) + 100_000:
        return None
    return done.stdout.decode()


def _named_if_not_shown(image: re.Match[str]) -> str:
    """Put words in the place of a picture that the page cannot show: a person looks for it."""
    source = re.search(r' src="([^"]*)"', image[0])
    if source is None:  # of a kind that no page fetches, such as a file of the student's machine
        described = re.search(r' alt="([^"]+)"', image[0])
        return (
            f"<em>[a picture that is not shown here{f': {described[1]}' if described else ''}]</em>"
        )
    if not source[1].startswith(NOT_SHOWN):
        return image[0]
    name = unquote(unescape(source[1].removeprefix(NOT_SHOWN)))
    if name.startswith("attachment:"):
        return f"<em>[attached, and no picture that a browser shows: {escape(name[11:])}]</em>"
    place = file_beside(name, _OPENED)
    if place is not None:
        rights = 'target="_blank" rel="noopener noreferrer"'
        opened = f'<a href="{place}" {rights}>{escape(unquote(name))}</a>'
        return f"<em>[a file was handed in that a browser does not show: {opened}]</em>"
    if name.lower().startswith(("http://", "https://", "//")):
        return f"<em>[a picture from another site, not fetched: {escape(name)}]</em>"
    return f"<em>[a picture that is not shown here: {escape(name)}]</em>"


def _within_the_page(link: re.Match[str]) -> str:
    """Let a link within the page open no page of its own; name a file that a link does not open."""
    closed = re.search(rf' href="{NOT_SHOWN}([^"]*)"', link[0])
    if closed is not None:
        name = escape(unquote(closed[1]))
        return f"<em>[a file beside the notebook, not opened here: {name}]</em> <a>"
    return link[0].replace(' target="_blank"', "") if ' href="#' in link[0] else link[0]


class CleanHTML(str):
    """HTML that went through `clean_html`."""


if __name__ == "__main__":  # `_cleaned_elsewhere`
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    sys.stdout.buffer.write(_cleaner().clean(sys.stdin.buffer.read().decode()).encode())
