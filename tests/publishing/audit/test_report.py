"""``make audit``: what is planted in a page is found there, and nothing is found on sound pages."""

import json
import os
import re
import shutil

import pytest
from built_book import REPOSITORY

from publishing.audit.report import main, mutant_line

# The same colour is seen on the one ground, often, and not on the other.
GREYS = (
    '<p style="color: #757575">Grey.</p>' * 5
    + '<div style="background: #bbb"><p style="color: #757575">Grey.</p></div>'
)
# A link that little tells from the words around it, behind links that are told from them.
LINKS = """<style>
article a.told { text-decoration: underline !important; }
article a.untold { text-decoration: none !important; }
html[data-theme="light"] article a.untold { color: #3c4250 !important; }
html[data-theme="dark"] article a.untold { color: #b8c0c8 !important; }
</style>"""
LINKS += '<p>Words of which <a class="told" href="#">these</a> lead on.</p>' * 5
LINKS += '<p>Words of which <a class="untold" href="#">some</a> lead on.</p>'
# Faults that a phone alone shows.
LIST = '<ul style="overflow-x: hidden"><li style="overflow-x: auto">Marked.</li></ul>'
CLIPPED = (
    '<p style="overflow: hidden; width: 3em; white-space: nowrap">'
    '<code class="literal">too_long(for_it)</code></p>'
)
SMALL = '<svg width="300" viewBox="0 0 600 20"><text font-size="16" y="18">Small</text></svg>'
# As high as a theme's own buttons: controls that stay at the foot of the window are above the text.
BAR = """<style>.bar { bottom: 0; height: 45%; left: 0; position: fixed; width: 100%; z-index: 99; }
@media (min-width: 500px) { .bar { display: none; } }</style><div class="bar"></div>"""
SILENT = """<style>mjx-container[display="true"] { background: none !important; }</style>"""
PLANTED = [
    ("glossary", '<button style="color: inherit"></button>', "light: critical button-name"),
    ("remarks", '<p style="color: #333">Hardly seen.</p>', "dark: serious color-contrast"),
    ("remarks", GREYS, "light: serious color-contrast"),
    ("remarks", LINKS, "light: serious link-in-text-block"),
    ("remarks", "", "dark: serious link-in-text-block"),
    (
        "references",
        '<img src="http://127.0.0.1:9/a.png" alt="A dot">',
        "asks for http://127.0.0.1:9/a.png",
    ),
    ("references", "", "failed: http://127.0.0.1:9/a.png"),
    ("intro", "<!--" + "-" * 1_500_000 + "-->", "bytes at opening"),
    ("alpha/alpha", '<p style="width: 500px">Wide.</p>', "pixels wider than a screen of 390"),
    ("alpha/alpha", '<img src="data:,">', "figure: data:, without description"),
    ("alpha/alpha", "<script>sought()</script>", "error: sought is not defined"),
    ("beta/beta", LIST, "phone: at 390 pixels, marker hidden: Marked."),
    ("beta/beta", CLIPPED, "phone: at 360 pixels, cut: "),
    ("beta/beta", SMALL, "phone: at 390 pixels, letters of 8.0 pixels: Small"),
    ("beta/beta", SILENT, "phone: at 390 pixels, scrolls without a sign of it: equation-eq-beta"),
    ("alpha/alpha", BAR, "phone: covered: "),
    ("beta/beta", "<h5>Deep</h5>", "heading: Deep, of level 5, follows one of level 3"),
    ("beta/beta", r"<p>\frac{1}{2}</p>", r"formula: \frac{1}{2} is TeX"),
    ("beta/beta", r'<span class="math">\(\nought\)</span>', r"formula: \nought cannot be set"),
    ("beta/beta", r'<span class="math">\(\sqrt\)</span>', "Missing argument for "),
]


@pytest.fixture(name="site")
def site_fixture(built_sample, tmp_path, monkeypatch):
    """A copy of the small course's site, and the real course to count equations in."""
    monkeypatch.chdir(REPOSITORY)
    return shutil.copytree(built_sample / "_build/html", tmp_path / "a site")


def test_each_planted_fault_is_found(site, capsys):
    """A page with a fault is named with it, the sums say so, and the command fails."""
    for page, fault, _ in PLANTED:
        path = site / "book" / f"{page}.html"
        text = path.read_text(encoding="utf-8")
        assert text.count("</article>") == 1
        path.write_text(text.replace("</article>", f"{fault}</article>"), encoding="utf-8")
    assert main([str(site)]) == 1
    lines = capsys.readouterr().out.splitlines()
    told = [line for line in lines if line.startswith("  ")]
    for page, _, what in PLANTED:
        assert any(f"  book/{page}.html: " in line and what in line for line in told), (what, told)
    faulty = {f"  book/{page}.html" for page, _, _ in PLANTED}
    assert {line.split(":")[0] for line in told} == faulty, "sound pages have no fault"
    assert "requests to elsewhere: 1" in lines
    assert "figures without description, or that do not move: 1" in lines
    assert "formulas that are not set: 3" in lines
    assert "headings out of order: 1" in lines
    assert "serious or critical by axe-core: 0" not in lines


def test_sound_page_passes(site, capsys):
    """Without a fault the command succeeds, and prints bytes, times and equations."""
    for page in site.rglob("*.html"):
        if page.stem != "beta":
            page.unlink()
    assert main([str(site)]) == 0
    out = capsys.readouterr().out
    assert "pages: 1\n" in out
    assert "formulas that scroll at 390 pixels: 1 of a site\n" in out  # wide on purpose
    assert re.search(r"^markers of lists seen: \d", out, re.MULTILINE)
    assert "cut, hidden or covered on a phone: 0\n" in out
    assert "serious or critical by axe-core: 0\n" in out
    assert "equations of " in out


def test_missing_site_is_said(tmp_path, capsys):
    """Before the book is built there is nothing to look at."""
    assert main([str(tmp_path / "html")]) == 1
    assert "run `make book`" in capsys.readouterr().err


def test_mutants_that_were_counted_are_summed(tmp_path):
    """The sums of the chapters that have not changed since; where there are none, the remedy."""
    for name in ("alpha", "beta"):
        folder = tmp_path / "book" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text("{}")
        os.utime(folder / f"{name}.ipynb", (1000, 1000))
    (tmp_path / "_toc.yml").write_text(
        "root: book/alpha/alpha\nchapters: [{file: book/beta/beta}]\n"
    )
    assert mutant_line(tmp_path) == "mutants of right answers: not counted, run `make mutants`"
    counts = {"mutants": 1000, "killed": 900, "kept": 98, "open": 2}
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / "mutants.json").write_text(json.dumps({"alpha": counts, "beta": counts}))
    assert mutant_line(tmp_path) == (
        "mutants of right answers: 2,000, killed 1,800, equal 196, open 4"
    )
    later = os.stat(tmp_path / "_build" / "mutants.json").st_mtime + 10
    os.utime(tmp_path / "book" / "beta" / "beta.ipynb", (later, later))
    assert mutant_line(tmp_path).endswith("open 2 (without beta: run `make mutants`)")
