"""The search of a built student's site for what students must not see.

What counts is told by `publishing.site.secret_lines`. It is looked for in every file that is not
byte for byte one of MathJax's or of the page's Python, into which no course goes: as it is, with
markup stripped and entities resolved, with string escapes of JSON resolved, and in the members of
archives. The search index holds no lines but stems of words: a stem that only secrets have, and no
page, is a leak too.
"""

import base64
import filecmp
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sphinx.search.en import SearchEnglish

from publishing.in_page.runtime import KEPT, PYTHON
from publishing.notebooks.kept_results import KeptResults

from .secret_lines import (
    LIBRARY,
    WORD,
    Secret,
    collapsed,
    find_pictures,
    find_secrets,
    parts_of,
    public_text,
    squeezed,
)

MATHJAX = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"

TAG = re.compile(r"<!--|-->|</?[a-zA-Z][^<>]*>")
ESCAPES = (("\\n", "\n"), ("\\r", "\n"), ("\\t", "\t"), ('\\"', '"'), ("\\'", "'"))
UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
INVENTORY = b"# Sphinx inventory version 2"


@dataclass(frozen=True)
class Leak:
    """A secret that a site shows.

    Parameters
    ----------
    file : str
        The file of the site, relative to it.
    secret : Secret or None
        The line, where it is one.
    detail : str
        Where in the file, or which word.
    """

    file: str
    secret: Secret | None
    detail: str

    def __str__(self):
        if self.secret is None:
            return f"leaks {self.detail}"
        secret = self.secret
        kind, origin = secret.kind, secret.origin
        what = f"the {kind}, {origin}" if kind == LIBRARY else f"a {kind}, {origin}"
        return f"leaks a line of {what} ({self.detail}): {secret.line}"


def find_leaks(site, root, kept=None):
    """Search every file of a student's site for the secrets of the course.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    root : Path
        The folder of the course.
    kept : Path, optional
        The file that keeps, for the next search, what a file of the site was found to show.

    Returns
    -------
    list of Leak
        One for each file and secret; empty when nothing leaks.
    """
    site, root = Path(site), Path(root)
    public = public_text(root)
    secrets = find_secrets(root, public)
    lines = SecretLines(secrets)
    hidden_pictures = [
        (content, base64.b64encode(content), origin)
        for content, origin in find_pictures(root).items()
    ]
    leaks, visible = [], set(WORD.findall(public.lower()))
    with KeptResults(kept, repr(secrets)) as results:
        for path in sorted(site.rglob("*")):
            name = path.relative_to(site).as_posix()
            if not path.is_file() or _is_mathjax(path, name) or _is_python(path, name):
                continue
            content = path.read_bytes()
            leaks += [
                Leak(name, None, f"the picture of a solution or mark scheme, {origin}")
                for picture, coded, origin in hidden_pictures
                if _holds(content, picture, coded)
            ]
            shown = results.of(lines.shown_by, name, content)
            leaks += [Leak(name, secrets[number], view) for number, view in shown["secrets"]]
            visible.update(shown["words"])
    index = site / "searchindex.js"
    if index.is_file():
        leaks += _index_leaks(index.read_text(encoding="utf-8"), secrets, visible)
    return leaks


def views(name, data):
    """Yield the texts that a file of a site holds.

    Parameters
    ----------
    name : str
        Its name, for the ending.
    data : bytes
        Its content.

    Yields
    ------
    view : str
        How the text was made: 'as it is', 'without markup', 'unescaped', or an archive's member.
    text : str
        The text.
    """
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                for view, text in views(member, archive.read(member)):
                    yield f"{member}, {view}", text
    if data.startswith(b"\x1f\x8b"):
        yield from views(name.removesuffix(".gz"), gzip.decompress(data))
    if data.startswith(INVENTORY):
        yield "inventory", zlib.decompress(data.split(b"\n", 4)[4]).decode("utf-8", "replace")
    text = data.decode("utf-8", "replace")
    yield "as it is", text
    if name.endswith((".html", ".htm", ".xml", ".svg")):
        yield "without markup", html.unescape(TAG.sub("", text))
    elif name.endswith((".js", ".json", ".ipynb", ".map")) and "\\" in text:
        yield "unescaped", _unescaped(text)


def _holds(content, picture, coded):
    """Tell whether a file, or a member of an archive, holds a picture, as it is or in base64."""
    if picture in content or coded in content:
        return True
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(_holds(archive.read(name), picture, coded) for name in archive.namelist())
    return False


def _unescaped(text):
    """Resolve the escapes of JSON and JavaScript strings, left to right."""
    parts = text.split("\\\\")
    for escape, character in ESCAPES:
        parts = [part.replace(escape, character) for part in parts]
    parts = [UNICODE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), part) for part in parts]
    return "\\".join(parts)


class SecretLines:
    """Secret lines, by the rarest part that a text with one in it must have.

    Parameters
    ----------
    secrets : list of Secret
        What is looked for.
    """

    def __init__(self, secrets):
        self._secrets = secrets
        self._texts = [(place, secret) for place, secret in enumerate(secrets) if secret.is_text]
        self._by_part = defaultdict(list)
        times = Counter(part for secret in secrets for part in secret.parts)
        for place, secret in enumerate(secrets):
            rarest = min(secret.parts, key=times.__getitem__, default=None)
            self._by_part[rarest].append((place, secret))

    def shown_by(self, name, content):
        """Look for the secrets in a file of a site.

        Parameters
        ----------
        name : str
            Its name, for the ending.
        content : bytes
            What is in it.

        Returns
        -------
        dict
            'secrets': pairs of a secret's place among those given, and the view that first shows
            it; 'words': those that a page shows.
        """
        seen, words = {}, set()
        for view, text in views(name, content):
            for place in self._places(text, is_rendered=view.endswith("without markup")):
                seen.setdefault(place, view)
            if view == "without markup":
                words.update(WORD.findall(text.lower()))
        return {"secrets": list(seen.items()), "words": sorted(words)}

    def found(self, text, is_rendered):
        """Find the secrets that a text shows.

        Parameters
        ----------
        text : str
            Any text.
        is_rendered : bool
            Whether it is what a page shows: then lines of text count by their letters and digits.

        Returns
        -------
        list of Secret
            In the order in which they were given.
        """
        return [self._secrets[place] for place in self._places(text, is_rendered)]

    def _places(self, text, is_rendered):
        parts, line, found = parts_of(text), collapsed(text), set()
        for part in [None, *(parts & self._by_part.keys())]:
            for place, secret in self._by_part.get(part, ()):
                if secret.parts <= parts and secret.line in line:
                    found.add(place)
        if is_rendered:
            letters = squeezed(text)
            found |= {place for place, s in self._texts if s.squeezed in letters}
        return sorted(found)


def _index_leaks(index, secrets, visible):
    """Find the stems in Sphinx's search index that only secrets have."""
    stem = SearchEnglish({}).stem
    hidden = {word for secret in secrets for word in WORD.findall(secret.line.lower())} - visible
    content = json.loads(index[index.index("(") + 1 : index.rindex(")")])
    terms = {*content.get("terms", {}), *content.get("titleterms", {})}
    stems = ({stem(word) for word in hidden} | hidden) & terms - visible
    first = tuple({term[0] for term in stems})  # a stem begins as its word does
    stems -= {stem(word) for word in visible if word.startswith(first)}
    return [
        Leak("searchindex.js", None, f"the word {term!r}, which only secret parts have")
        for term in sorted(stems)
    ]


def _is_mathjax(path, name):
    """Tell whether a file is MathJax's own, unchanged: 24 MB that no course goes into."""
    prefix = "_static/mathjax/"
    original = MATHJAX / name.removeprefix(prefix)
    return name.startswith(prefix) and original.is_file() and filecmp.cmp(path, original, False)


def _is_python(path, name):
    """Tell whether a file is one of the Python for the page, as it was made from its package."""
    place = f"_static/{PYTHON}/"
    if place not in f"/{name}":
        return False
    original = KEPT / name.rpartition(place)[2]
    return original.is_file() and filecmp.cmp(path, original, False)
