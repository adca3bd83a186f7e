"""What the search page searches: the sections of the book, with their words.

Sphinx's index knows pages, and shows what stands around a hit by loading the page, which a browser
forbids where the book is opened from its files. So the words of each section are in a script of
their own, which the search page alone loads, formulas in signs instead of TeX.
"""

import json
import re
import unicodedata

from bs4 import BeautifulSoup

from publishing.notebooks.kept_results import KeptResults

NAME = "search-sections.js"

SIGNS = {
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {letter}") for name, letter in [
        *((n, n.upper()) for n in ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta")),
        *((n, n.upper()) for n in ("kappa", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi")),
        *((n, n.upper()) for n in ("chi", "psi", "omega")), ("lambda", "LAMDA"),
        ("varepsilon", "EPSILON"), ("varphi", "PHI"),
    ]},
    **{"Delta": "Δ", "Sigma": "Σ", "Lambda": "Λ", "Phi": "Φ", "Omega": "Ω", "ell": "ℓ"},
    **{"nabla": "∇", "partial": "∂", "sum": "∑", "prod": "∏", "infty": "∞", "sqrt": "√"},
    **{"le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈"},
    **{"in": "∈", "cdot": "·", "times": "×", "to": "→", "mid": "|", "ldots": "…", "dots": "…"},
    **{"cdots": "…", "pm": "±", "lVert": "‖", "rVert": "‖", "|": "‖", "propto": "∝", "sim": "~"},
    **{"log": "log ", "exp": "exp ", "max": "max ", "min": "min ", "arg": "arg "},
}  # fmt: skip
MARKS = {"hat": "\N{COMBINING CIRCUMFLEX ACCENT}", "bar": "\N{COMBINING MACRON}"}
MARKS["tilde"] = "\N{COMBINING TILDE}"
COMMAND = re.compile(r"\\([A-Za-z]+|.) ?")
TEXT = re.compile(
    r"\\(?:text|mathrm|operatorname|mathbf|mathcal|mathsf|boldsymbol|bm) *\{([^{}]*)\}"
)
MARKED = re.compile(r"\\(hat|bar|tilde) *(?:\{([^{}])\}|([A-Za-z]))")
FRACTION = re.compile(r"\\[td]?frac *\{([^{}]*)\} *\{([^{}]*)\}")
LEFT_OUT = {"pre", "script", "style", "svg"}
LEFT_OUT_CLASSES = {
    *("headerlink", "eqno", "quiz-question", "exercise-tests", "map-lines", "formula-source"),
    *("stacked", "chapter-facts", "home-start"),
}
# Code is most of a page's elements: it is emptied before the page is parsed.
CODE = re.compile(r"(<pre\b[^>]*>)(?:(?!<pre\b).)*?</pre>", re.DOTALL)


def in_signs(tex):
    r"""Write a formula in the signs of running text, as well as it can be.

    Parameters
    ----------
    tex : str
        The formula, with or without its delimiters.

    Returns
    -------
    str
        The formula; an ellipsis where it needs two dimensions.

    Examples
    --------
    >>> in_signs(r"\(\hat{y} = \sigma(\mathbf{x} \mathbf{w})\)"), in_signs(r"\frac{1}{N}")
    ('ŷ = σ(x w)', '1/N')
    """
    text = re.sub(r"^\\[(\[]|\\[)\]]$", "", tex.strip())
    if "\\begin" in text or len(text) > 160:
        return "…"
    text = re.sub(r"\^\{?(?:\\top|T)(?![A-Za-z])\}?", "ᵀ", text)
    for _ in range(3):
        text = TEXT.sub(r"\1", text)
        text = MARKED.sub(lambda found: (found[2] or found[3]) + MARKS[found[1]], text)
        text = FRACTION.sub(r"\1/\2", text)
    if "frac" in text:
        return "…"
    text = COMMAND.sub(lambda found: SIGNS.get(found[1], " "), text)
    text = re.sub(r"[{}&$]", "", text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def sections_of(html, page):
    """Split a page into its sections.

    Parameters
    ----------
    html : str
        The page.
    page : str
        Its address, relative to the site.

    Returns
    -------
    list of list
        For each section its address, its heading, that of the page, its words, and the terms that
        it explains.
    """
    soup = BeautifulSoup(CODE.sub(r"\1</pre>", html), "html.parser")
    article = soup.select_one("article.bd-article")
    if article is None or article.h1 is None:
        return []
    for tag in article.find_all(True):
        if not tag.decomposed and (
            tag.name in LEFT_OUT or LEFT_OUT_CLASSES & set(tag.get("class", ()))
        ):
            tag.decompose()
    for formula in article.find_all(class_="math"):
        formula.replace_with(f" {in_signs(formula.get_text())} ")
    title = _words(article.h1)
    found = []
    # From the inside out, so that the words of a section are its own.
    explained = article.select("dl.glossary > dt")
    for part in [*explained, *reversed(article.find_all("section", id=True))]:
        if part.name == "dt":
            told = part.find_next_sibling("dd")
            heading, anchor, terms = _words(part), part.get("id", ""), [_words(part)]
            words = _words(told) if told else ""
            found.append([f"{page}#{anchor}", heading, title, words, terms])
            part["class"] = "searched"
            if told:
                told["class"] = "searched"
            continue
        if explained:
            for searched in part.select(".searched"):
                searched.decompose()
        heading = part.find(["h1", "h2", "h3", "h4"], recursive=False) or part.find("h1")
        if heading is None:
            continue
        named = _words(heading)
        heading.decompose()
        terms = [
            _words(strong)
            for strong in part.find_all(["strong", "em"])
            if {strong.name, strong.parent.name} == {"strong", "em"}
        ]
        anchor = "" if named == title else f"#{part['id']}"
        found.append([f"{page}{anchor}", named, title, _words(part), terms])
        part.decompose()
    return [entry for entry in reversed(found) if entry[3]]


def _words(element):
    return " ".join(element.get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


def write_sections(site, kept=None):
    """Write the sections of all pages of a site.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    kept : Path, optional
        The file that keeps the sections of a page for the next build.
    """
    entries = []
    with KeptResults(kept) as results:
        for path in sorted((site / "book").rglob("*.html")):
            page = path.relative_to(site).as_posix()
            entries += results.of(sections_of, path.read_text(encoding="utf-8"), page)
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    (site / "_static" / NAME).write_text(f"window.searchSections = {text};\n", encoding="utf-8")
