"""The search for leaks finds each kind of secret in each place that a site has for it."""

import gzip
import json
import re
import zipfile

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from publishing.site.leaks import SecretLines, find_leaks
from publishing.site.secret_lines import find_secrets

SOLUTION = "secret_halved = np.asarray(values) * 0.5  # the alpha trick"
HIDDEN = 'assert_allclose(halve(np.array([1e308])), 5e307, err_msg="overflow <alpha>")'
LIBRARY = "library_halved_values = np.asarray(values) / 2"
RENDERED_SCHEME = (
    '<p>One point for writing “<span class="math">\\(x/2/2\\)</span>”, and one for the '
    "<em>associative</em> step in alpha; don’t be strict.</p>"
)


@pytest.fixture
def site(tmp_path_factory):
    """A site with one harmless page and a harmless search index."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "page.html").write_text("<p>Halve each value of the text.</p>")
    write_index(folder, ["halv", "valu", "text"])
    return folder


def write_index(site, terms):
    index = {"docnames": ["page"], "terms": dict.fromkeys(terms, 0), "titleterms": {}}
    (site / "searchindex.js").write_text(f"Search.setIndex({json.dumps(index)})")


def highlighted(line):
    return f"<html><body>{highlight(line, PythonLexer(), HtmlFormatter())}</body></html>"


def raw_notebook(site, root):
    (site / "_sources").mkdir()
    text = (root / "book" / "alpha" / "alpha.ipynb").read_text()
    (site / "_sources" / "alpha.ipynb").write_text(text)


def zipped_notebook(site, root):
    with zipfile.ZipFile(site / "all.zip", "w") as archive:
        archive.write(root / "book" / "alpha" / "alpha.ipynb", "alpha.ipynb")


def library(site, root):
    (site / "alpha.py.txt").write_text((root / "solutions" / "alpha.py").read_text())


def plant(name, content):
    return lambda site, root: (site / name).write_bytes(content.encode())


PLANTED = {
    "raw notebook": (raw_notebook, "_sources/alpha.ipynb", {"solution", "hidden test"}),
    "zipped download": (zipped_notebook, "all.zip", {"solution", "mark scheme"}),
    "library source": (library, "alpha.py.txt", {"reference library"}),
    "highlighted solution": (plant("a.html", highlighted(SOLUTION)), "a.html", {"solution"}),
    "highlighted test": (plant("a.html", highlighted(HIDDEN)), "a.html", {"hidden test"}),
    "highlighted library": (plant("a.html", highlighted(LIBRARY)), "a.html", {"reference library"}),
    "rendered scheme": (plant("a.html", RENDERED_SCHEME), "a.html", {"mark scheme"}),
    "script": (plant("a.js", f"var a = {json.dumps(HIDDEN)}"), "a.js", {"hidden test"}),
    "unicode escapes": (
        plant("a.json", json.dumps(HIDDEN).replace("<", "\\u003c")),
        "a.json",
        {"hidden test"},
    ),
    "pickle": (plant("a.doctree", f"\x80\x04{SOLUTION}\x94"), "a.doctree", {"solution"}),
    "compressed": (
        lambda site, root: (site / "a.txt.gz").write_bytes(gzip.compress(SOLUTION.encode())),
        "a.txt.gz",
        {"solution"},
    ),
    "written answer": (
        plant("a.html", "<p>Because the contrapositive holds in every vector space whatsoever."),
        "a.html",
        {"solution"},
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_leak_is_found(small_course, site, tmp_path, name):
    """A leak is reported with its file and its kind, whatever the last search has kept."""
    planted, file, kinds = PLANTED[name]
    kept = tmp_path / "kept.json"
    assert find_leaks(site, small_course, kept) == []
    planted(site, small_course)
    leaks = find_leaks(site, small_course)
    assert {leak.file for leak in leaks} == {file}
    assert kinds <= {leak.secret.kind for leak in leaks if leak.secret}
    for _ in range(2):
        assert find_leaks(site, small_course, kept) == leaks


@pytest.mark.parametrize("around", ["{}", "x{}x", "é{}é", "_{}9", "({}\n", "\ud800{}\xa0"])
def test_line_is_found_whatever_stands_around_it(small_course, around):
    """Letters that go on, other alphabets and other white space hide no line."""
    secrets = find_secrets(small_course)
    lines = SecretLines(secrets)
    for secret in secrets:
        text = around.format(secret.line.replace(" ", " \n\t", 1).replace(" ", "\u2003"))
        assert secret in lines.found(text, is_rendered=False)


def test_harmless_site_has_no_leaks(small_course, site):
    """Without a plant nothing is found."""
    assert find_leaks(site, small_course) == []


def test_word_of_the_search_index_is_a_leak(small_course, site):
    """A stem that only a mark scheme has is found in the index."""
    write_index(site, ["halv", "zugzwang"])
    kept = site.with_name(f"{site.name} kept.json")
    for _ in range(2):
        (leak,) = find_leaks(site, small_course, kept)
        assert leak.file == "searchindex.js"
        assert "'zugzwang'" in str(leak)
    # It is none as soon as a page says it.
    (site / "page.html").write_text("<p>Halve each value of the text, in zugzwang.</p>")
    assert find_leaks(site, small_course, kept) == []


def test_lines_that_students_see_anyway_are_no_secrets(small_course):
    """An import that a visible cell has too, and short lines, do not count."""
    lines = {secret.line for secret in find_secrets(small_course)}
    assert " ".join(SOLUTION.split()) in lines
    assert not {"import numpy as np", "def halve(values):", "return x", ""} & lines


def test_each_kind_of_secret_is_collected(small_course):
    """Solutions, hidden tests, mark schemes and the library of every chapter are looked for."""
    found = {(secret.kind, secret.origin) for secret in find_secrets(small_course)}
    notebooks = [f"book/{name}/{name}.ipynb" for name in ("alpha", "beta")]
    kinds = ("solution", "hidden test", "mark scheme")
    assert {(kind, origin) for kind in kinds for origin in notebooks} <= found
    assert ("reference library", "solutions/alpha.py") in found


def test_leaks_command_fails_on_a_leak(small_course, site, run):
    """``python -m publishing leaks`` exits with 1 and shows the line."""
    plant("a.html", highlighted(SOLUTION))(site, small_course)
    result = run(small_course, "leaks", str(site))
    assert result.returncode == 1
    assert re.search(r"a\.html: leaks a line of a solution, book/alpha/alpha\.ipynb", result.stderr)
