"""The search of a built site for what a page would fetch from another machine.

Ordinary links are for the reader to follow, and stay. What the browser fetches by itself when it
shows a page must be a file of the site.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from publishing.notebooks.kept_results import KeptResults

FOREIGN = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)

# Attributes that a browser follows by itself, by tag. <link> and <meta> have rules of their own.
FETCHED = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
# Relations of <link> that are read by search engines or followed by hand only.
NOT_FETCHED = {"alternate", "author", "canonical", "help", "index", "license", "next", "prev"}
NOT_FETCHED |= {"search", "top", "up", "bookmark"}

SEARCHED = {".html", ".htm", ".svg", ".css", ".js", ".mjs"}
CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", re.IGNORECASE)
# Names of XML languages look like addresses; nothing is fetched from there.
NAMESPACE = re.compile(r"https?://(?:www\.)?w3\.org/")
METADATA = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<!DOCTYPE[^>]*>", re.DOTALL)
SCRIPT_URL = re.compile(r"""["'`]((?:https?:)?//[\w.-]+\.[a-z]{2,}[^"'`\s]*)""", re.IGNORECASE)
QUOTE = re.compile(r"""["'`](?:https?:)?\Z""", re.IGNORECASE)
# What a script does with an address that it names, when it fetches it; "url" is data's, in the
# specification of a figure.
FETCHES = re.compile(
    r"""(?:\bimport\s*\(?|\bfrom|importScripts\(|\bfetch\(|new\s+(?:Shared)?Worker\(|"""
    r"""\.src\s*=|\.href\s*=|\bopen\(\s*["']GET["']\s*,|"url"\s*:)\s*$""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Request:
    """Something that a page fetches and the site does not hold.

    Parameters
    ----------
    page : str
        The file of the site, relative to it.
    what : str
        The tag, style or script that asks.
    address : str
        What it asks for.
    """

    page: str
    what: str
    address: str

    def __str__(self):
        return f"{self.what} fetches {self.address}"


def find_requests(site, kept=None):
    """Find what the pages, styles and scripts of a site fetch from elsewhere.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    kept : Path, optional
        The file that keeps, for the next search, which addresses a file of the site names.

    Returns
    -------
    list of Request
        Foreign addresses, and files of the site that a page asks for and that are missing.
    """
    site = Path(site)
    requests = []
    with KeptResults(kept) as results:
        for path in sorted(site.rglob("*")):
            if path.suffix not in SEARCHED or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            found = results.of(_addresses, path.suffix, text)
            page = path.relative_to(site).as_posix()
            for what, address in dict.fromkeys(map(tuple, found)):
                if _is_foreign(address):
                    requests.append(Request(page, what, address))
                elif path.suffix in (".html", ".htm") and not _is_held(site, path, address):
                    requests.append(Request(page, what, f"{address}, which the site does not hold"))
    return requests


def _addresses(suffix, text):
    """Return pairs of what asks and the address that it asks for, of a file of a site."""
    if suffix == ".css":
        return _in_style(text, "style sheet")
    if suffix in (".js", ".mjs"):
        return _in_script(text)
    if suffix == ".svg" and "//" not in NAMESPACE.sub("", METADATA.sub("", text)):
        return []  # it names no address, and there are hundreds of such drawings
    reader = _PageReader()
    reader.feed(text)
    return reader.found


def _is_foreign(address):
    return bool(FOREIGN.match(address)) and not NAMESPACE.match(address)


def _is_held(site, page, address):
    parts = urlsplit(address.strip())
    if parts.scheme or not parts.path:  # data:, blob:, or a fragment of the page
        return True
    target = (page.parent / unquote(parts.path)).resolve()
    return target.is_file() and target.is_relative_to(site.resolve())


def _in_style(text, what):
    return [(what, (url or imported).strip()) for url, imported in CSS_URL.findall(text)]


def _in_script(text):
    found = []
    for slashes in re.finditer("//", text):
        # The few slashes of a megabyte of script are found at once, its many quotes are not.
        quote = QUOTE.search(text, max(0, slashes.start() - 7), slashes.start())
        address = quote and SCRIPT_URL.match(text, quote.start())
        if address and FETCHES.search(text[max(0, address.start() - 60) : address.start()]):
            found.append(("script", address[1]))
    return found


class _PageReader(HTMLParser):
    """Collects pairs of what asks and the address that it asks for."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self._inside = None

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self._inside = tag if tag in ("script", "style") else None
        for name in FETCHED.get(tag, ()):
            if name in attributes:
                self._add(f"<{tag}>", name, attributes[name])
        relations = set(attributes.get("rel", "").lower().split())
        if tag == "link" and relations - NOT_FETCHED:
            self._add(f"<link rel={attributes['rel']}>", "href", attributes.get("href", ""))
        if tag == "base" and _is_foreign(attributes.get("href", "")):
            self._add("<base>", "href", attributes["href"])
        refresh = re.search(r"url=\s*['\"]?([^'\"]+)", attributes.get("content", ""), re.IGNORECASE)
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh" and refresh:
            self._add("<meta http-equiv=refresh>", "content", refresh[1])
        self.found += _in_style(attributes.get("style", ""), f"style of <{tag}>")

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside == "style":
            self.found += _in_style(data, "<style>")
        elif self._inside == "script":
            # A page's own script holds settings: whatever address it names, another script loads.
            self.found += [("<script> in the page", url) for url in SCRIPT_URL.findall(data)]

    def _add(self, what, name, value):
        values = value.split(",") if name == "srcset" else [value]
        self.found += [(what, v.split()[0] if name == "srcset" else v) for v in values if v.strip()]
