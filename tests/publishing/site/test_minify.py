"""A light site: what goes, what stays, and that a picture looks as it did."""

import io
import re
import shutil

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageStat

from publishing.in_page.runtime import PYTHON
from publishing.site.minify import (
    CODE_IN_LINE,
    ONE_COLOUR,
    code_in_line,
    marked_once,
    smaller,
    unindented,
    without_tips,
)
from publishing.site.unused_styles import ICON_FONT, trim_styles, trimmed, without_idle_properties

NAMES = {"used", "open", "main"}
RULES = {
    "body{margin:0}": True,
    ".used{color:red}": True,
    ".unused{color:red}": False,
    "#main .used > p{color:red}": True,
    "#main .unused{color:red}": False,
    "#other{color:red}": False,
    ".used:not(.unused){color:red}": True,
    ":is(.unused,.used){color:red}": True,
    '[data-theme="dark"]{color:red}': True,
    "@media print{.used{color:red}}": True,
    "@media print{.unused{color:red}}": False,
    "@keyframes turn{from{top:0}to{top:.5em}}": True,
    '@font-face{font-family:"Mine";src:url(mine.woff2)}': True,
    "p.used.unused{color:red}": False,
}


@pytest.mark.parametrize("rule", RULES)
def test_rule_stays_where_it_may_match(rule):
    """A class or id that stands nowhere in the site makes a rule superfluous."""
    assert (trimmed(rule, NAMES).strip() != "") is RULES[rule]


def test_properties_that_nothing_asks_for_go():
    """What only an idle property used goes with it; other declarations and nested rules stay."""
    sheets = {
        "a.css": ":root{--ink:#111;--idle:var(--under);--under:url(data:x;y);color:var(--ink)}",
        "b.css": "@media print{.a{--kept:1}.b{--idle:2}}.c{top:var(--ink)}",
    }
    left = without_idle_properties(sheets, {"--kept"})
    assert left["a.css"].split() == [":root{--ink:#111;color:var(--ink);}"]
    assert left["b.css"].split() == ["@media", "print{.a{--kept:1;}}", ".c{top:var(--ink);}"]


def test_trimmed_styles_follow_the_pages(tmp_path):
    """What is kept from last time serves as long as no class comes or goes that a sheet names."""
    site, kept = tmp_path / "site", tmp_path / "kept"
    sheet = ".used,.late{color:red}.unused{color:var(--ink)}:root{--ink:#111}"

    def trim(page):
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        (site / "a.css").write_text(sheet)
        (site / "a.html").write_text(page)
        trim_styles(site, kept)
        return "".join((site / "a.css").read_text().split()).replace(";}", "}")

    for _ in range(2):
        assert trim('<p class="used">') == ".used{color:red}"
        assert trim('<p class="used late">') == ".used,.late{color:red}"
        assert trim('<p class="unused">') == ".unused{color:var(--ink)}:root{--ink:#111}"
        assert trim('<p class="used other" style="top: var(--ink)">').endswith("--ink:#111}")
    sheet = sheet.replace("red", "tan")
    assert trim('<p class="used">') == ".used{color:tan}"


def test_marks_of_one_name_have_one_colour(built_sample):
    """Code loses no colour when its marks are named alike, in light and in dark."""
    style = (built_sample / "_build/.work/student/html/_static/pygments.css").read_text()
    for theme in ("light", "dark"):
        rules = re.findall(rf'theme="{theme}"\] \.highlight \.(\w+) \{{ (.*?) \}}', style)
        looks = {name: look for name, look in rules if look}
        assert looks["s"] != looks["k"]
        for names in ONE_COLOUR:
            assert len({looks[name] for name in names.split() if name in looks}) == 1, names


def test_used_selectors_stay_of_a_list():
    """Of several selectors those stay that may match, with the declarations as they were."""
    style = ".unused, .used::before,\n.open a { content: '}' ; top: calc(1px + 2px) }"
    assert trimmed(style, NAMES) == '.used::before,.open a{content: "}" ; top: calc(1px + 2px)}\n'


def test_neighbours_in_code_are_marked_together():
    """Words, blanks and lines are as they were; words of text, which may not be joined, too."""
    code = '<span class="s1">1</span> <span class="s2">2.</span>\n<span class="s1">3</span>'
    other = ', <span class="k">if</span> <span class="kc">True</span> <span class="sa">f</span>'
    assert marked_once(code + other) == (
        "<i class=s>1 2.\n3</i>, <i class=k>if True</i> <i class=s>f</i>"
    )
    words = '<span class="pre">a</span> <span class="pre">b</span>'
    assert marked_once(words) == words


def plot():
    """Draw lines and words, which have many shades of grey at their edges."""
    from matplotlib.figure import Figure

    drawing = Figure()
    drawing.subplots().plot([0, 1, 0.5], label="a line")
    buffer = io.BytesIO()
    drawing.savefig(buffer, format="png")
    return buffer.getvalue()


def test_plot_is_packed_and_looks_the_same():
    """A plot takes half of its bytes, and has the same size and nearly the same pixels."""
    content = plot()
    packed = smaller(content)
    assert len(packed) < len(content) / 2
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(packed)) as after:
        assert after.size == before.size
        difference = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 1


def test_small_mark_keeps_its_colour():
    """A star of an orange that the rest of a picture has not stays orange, among many shades."""
    shades = Image.merge("RGB", [Image.linear_gradient("L")] * 3).resize((600, 600))
    orange = (213, 94, 0)
    shades.paste(orange, (300, 300, 310, 310))
    buffer = io.BytesIO()
    shades.save(buffer, "PNG")
    with Image.open(io.BytesIO(smaller(buffer.getvalue()))) as after:
        kept = after.convert("RGB").getpixel((305, 305))
    assert max(abs(a - b) for a, b in zip(kept, orange, strict=True)) <= 12


def test_picture_with_many_colours_is_left_alone():
    """Where fewer colours would show, the file stays as it is, byte for byte."""
    picture = Image.effect_noise((120, 120), 90)
    picture = Image.merge("RGB", [picture, picture.rotate(90), picture.rotate(180)])
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    assert smaller(buffer.getvalue()) == buffer.getvalue()


def pages(site):
    return {page: page.read_text(encoding="utf-8") for page in sorted(site.rglob("*.html"))}


def test_pages_load_neither_icon_scripts_nor_the_search_index(built_sample):
    """Only the search page loads the index, and it can still search."""
    site = built_sample / "_build/html"
    assert not list(site.rglob("fontawesome.js"))
    assert not list(site.rglob("*.map"))
    for page, text in pages(site).items():
        assert "fontawesome.js" not in text
        assert ("searchindex.js" in text) is (page.name == "search.html"), page
        assert ("searchtools.js" in text) is (page.name == "search.html"), page


def test_every_icon_of_the_pages_is_in_the_font(built_sample):
    """The font holds each icon that a page shows, and few more."""
    site = built_sample / "_build/html"
    style = (site / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    shown = {
        name
        for text in pages(site).values()
        for classes in re.findall(r'<(?:i|span) class="([^"]*)"', text)
        for name in classes.split()
        if name.startswith("fa-") and name not in ("fa-solid", "fa-lg")
    }
    assert {"fa-bars", "fa-print", "fa-download"} <= shown
    with TTFont(site / ICON_FONT) as font:
        signs = set(font.getBestCmap())
        for name in shown:
            (sign,) = re.findall(rf'\.{name}(?:::?before)?[,{{][^}}]*?"(.)"', style)[:1]
            assert ord(sign) in signs, name
        assert len(signs) < 100
    assert [path.name for path in (site / ICON_FONT).parent.iterdir()] == ["fa-solid-900.ttf"]


def test_pictures_are_loaded_late_and_keep_their_place(built_sample):
    """Each picture of a notebook is lazy and has its size, so that text does not jump."""
    page = built_sample / "_build/html/book/alpha/alpha.html"
    (image,) = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("article img")
    assert image["loading"] == "lazy"
    with Image.open(page.parent / image["src"]) as picture:
        assert (image["width"], image["height"]) == tuple(map(str, picture.size))


def test_site_is_small(built_sample):
    """What MathJax does not load is not in the site, and the licence of nothing is lost."""
    site = built_sample / "_build/html"
    files = [path for path in site.rglob("*") if path.is_file()]
    on_demand = site / "_static" / PYTHON
    pages_own = [path for path in files if not path.is_relative_to(on_demand)]
    assert sum(path.stat().st_size for path in pages_own) < 6_000_000
    assert (site / "_static/mathjax/output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff").is_file()
    assert not (site / "_static/mathjax/tex-svg.js").exists()


def test_indentation_stays_where_it_shows():
    """Code keeps its lines and blanks; between words a line's end is left, which is a blank."""
    code = "<pre>if x:\n\n    y\n</pre>"
    script = "<script>\n  go();\n</script>"
    page = f"<p>one\n   two</p>\n\n  <div>\n    {code}\n\n</div>{script}\n"
    assert unindented(page) == f"<p>one\ntwo</p>\n<div>\n{code}\n</div>{script}\n"


def test_short_code_is_not_broken():
    """Words that are short together are one piece; longer ones keep the places to break at."""
    words = '<span class="pre">(N,</span> <span class="pre">C)</span>'
    (short,) = CODE_IN_LINE.finditer(f'<code class="docutils literal">{words}</code>')
    assert code_in_line(short) == '<code class="docutils literal short">(N, C)</code>'
    long = short[0].replace("(N,", "a" * 30)
    assert CODE_IN_LINE.sub(code_in_line, long) == long


def test_pages_do_without_bootstraps_script(built_sample):
    """Their tips are titles; a page that uses more of the script keeps it."""
    for path in sorted((built_sample / "_build/html").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert "bootstrap.js" not in text, path
        for button in BeautifulSoup(text, "html.parser").select("header button, .bd-header button"):
            assert button.get("title") or button.get_text(strip=True), button
    menu = '<script src="scripts/bootstrap.js"></script><a data-bs-toggle="dropdown">menu</a>'
    assert without_tips(menu) == menu
