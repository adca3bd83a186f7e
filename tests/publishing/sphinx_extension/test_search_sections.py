"""What the search page searches: sections with their words, formulas in signs."""

import json

import pytest

from publishing.sphinx_extension.search_sections import NAME, in_signs, sections_of


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        (r"\(\hat y\)", "ŷ"),
        (r"\mathbf{w}^\top \mathbf{x} + b", "wᵀ x + b"),
        (r"-\log p", "-log p"),
        (r"\tfrac{1}{2} \lambda", "1/2 λ"),
        (r"\frac{e^{a_c}}{\sum_k e^{a_k}}", "…"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", "…"),
    ],
)
def test_formulas_are_signs(tex, signs):
    """No command of TeX is left; what has two dimensions is left out."""
    assert in_signs(tex) == signs


PAGE = """<article class="bd-article"><section id="page"><h1>1. Page<a class="headerlink">#</a></h1>
<p>Above all <span class="math">\\(\\sigma\\)</span>.</p>
<section id="one"><h2>1.1. One</h2><p>A <strong><em>stone</em></strong> falls.</p><pre>code</pre>
<section id="deep"><h3>Deep</h3><p>A well.</p></section></section>
<dl class="glossary"><dt id="term-odds">odds</dt><dd><p>A share.</p></dd></dl>
<fieldset class="quiz-question">Which?</fieldset></section></article>"""


def test_sections_have_their_own_words():
    """Each word belongs to one section; code and quizzes are left out; terms are known."""
    assert sections_of(PAGE, "p.html") == [
        ["p.html", "1. Page", "1. Page", "Above all σ.", []],
        ["p.html#one", "1.1. One", "1. Page", "A stone falls.", ["stone"]],
        ["p.html#deep", "Deep", "1. Page", "A well.", []],
        ["p.html#term-odds", "odds", "1. Page", "A share.", ["odds"]],
    ]


def test_site_has_its_sections(built_sample):
    """The student's edition has them, and nothing that it must not know."""
    text = (built_sample / "_build/html/_static" / NAME).read_text(encoding="utf-8")
    sections = json.loads(text.removeprefix("window.searchSections = ").rstrip(";\n"))
    addresses = [address for address, *_ in sections]
    assert "book/alpha/alpha.html" in addresses
    assert any(address.startswith("book/glossary.html#term-") for address in addresses)
    assert "Zugzwang" not in text
