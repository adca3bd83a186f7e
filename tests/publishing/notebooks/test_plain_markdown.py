"""Released chapters are in Markdown that every Jupyter program reads."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from publishing.notebooks.checks import find_problems
from publishing.notebooks.files import chapter_names, page_notebooks, released_notebook
from publishing.notebooks.plain_markdown import MarkdownError, plain

# What Jupyter programs show as it is typed: roles, directives, labels and targets of MyST.
RAW = re.compile(r"\{[\w:-]+\}`|^[`:~]{3,}\{|\$\$[ \t]*\(|^\([\w:-]+\)=|\[\^|\{\{", re.MULTILINE)


def released(root):
    """Read the released notebooks of a course, and its other notebooks as they are offered."""
    paths = [released_notebook(root, chapter) for chapter in chapter_names(root)]
    downloads = root / "_build" / "html" / "_downloads"
    paths += [downloads / path.stem / path.name for path in page_notebooks(root)]
    assert len(paths) > 2
    return {path.stem: nbformat.read(path, as_version=4) for path in paths}


def markdown(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_nothing_of_myst_is_left(built):
    """No cell of a notebook that students get holds what only the book's program understands."""
    for name, notebook in released(built).items():
        for source in markdown(notebook):
            assert not RAW.search(source), f"{name}: {source}"


def test_equations_have_the_numbers_of_the_book(built):
    """Each number that the page of a chapter shows stands in its notebook, in the same order."""
    for chapter in chapter_names(built):
        page = built / "_build/html/book" / chapter / f"{chapter}.html"
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        shown = [number.find(string=True).strip() for number in soup.select(".eqno")]
        source = "\n".join(markdown(released(built)[chapter]))
        assert [f"({tag})" for tag in re.findall(r"\\tag\{(.*?)\}", source)] == shown
        assert shown
        # Where an equation is named, in its own chapter or another.
        named = [link.text for link in soup.select('article a.reference[href*="#equation-"]')]
        text = re.sub(r"\$\$.*?\$\$", "", source, flags=re.DOTALL)
        missing = [number for number in named if number not in text]
        assert not missing, chapter


@pytest.fixture
def write(small_course):
    """Return a function that puts Markdown of the small course's chapter beta into plain form."""

    def put(*sources):
        cells = [new_markdown_cell(source) for source in sources]
        return markdown(plain(new_notebook(cells=cells), small_course, PAGE))

    return put


PAGE = "book/beta/beta.ipynb"
IN_PLACE = {
    "an equation of this chapter": ("By {eq}`eq-beta`.", "By (2.1)."),
    "an equation of another": ("By {eq}`eq-alpha`.", "By (1.1)."),
    "a numbered equation": ("$$\nx\n$$ (eq-beta)", "$$\nx \\tag{2.1}\n$$"),
    "a numbered equation in a line": ("$$ x $$ (eq-beta)", "$$ x \\tag{2.1} $$"),
    "an equation without a number": ("$$\nx\n$$", "$$\nx\n$$"),
    "an equation before brackets": ("$$\nx\n$$\n\n(as said)", "$$\nx\n$$\n\n(as said)"),
    "a term": ("The {term}`odds` and {term}`their log <odds>`.", "The odds and their log."),
    "a word of the index": ("{index}`odds ratio`", "odds ratio"),
    "a target": ("(here)=\n## Here", "## Here"),
    "a link to a chapter": ("[one](../alpha/alpha.ipynb)", "[one](../alpha/alpha.ipynb)"),
    "a link to elsewhere": ("[one](https://example.org/x)", "[one](https://example.org/x)"),
    "a link to a page, by its title": ("The [glossary](../glossary.md).", "The *glossary*."),
    "a link to a page, in other words": (
        "See [the words](../glossary.md).",
        "See the words (page *Glossary* of the book).",
    ),
    "a heading of this page": (
        "[wide](#a-wide-equation)",
        "[wide](#A-wide-equation)",
    ),
    "code": ("`{eq}` and ``{eq}`x` ``", "`{eq}` and ``{eq}`x` ``"),
    "a block of code": ("```python\n{eq}`x`\n```", "```python\n{eq}`x`\n```"),
    "a formula like a link": ("$f[x](y)$ and $$g[x](y)$$", "$f[x](y)$ and $$g[x](y)$$"),
    "a formula over a line's end": ("$a\n+ {b}`c` d$", "$a\n+ {b}`c` d$"),
    "an escaped dollar": (r"\$5 and {eq}`eq-beta`$", r"\$5 and (2.1)$"),
    "a box": (
        "```{note}\nBy {eq}`eq-beta`.\n\nSo.\n```\nAfter.",
        "> **Note**\n>\n> By (2.1).\n>\n> So.\nAfter.",
    ),
    "a box with a title": (
        ":::{admonition} Why\n:class: tip\n\nSo.\n:::",
        "> **Why**\n>\n> So.",
    ),
    "a folded answer": (
        "<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>",
        "<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>",
    ),
}


@pytest.mark.parametrize(("myst", "expected"), IN_PLACE.values(), ids=IN_PLACE)
def test_what_is_written_in_its_place(write, myst, expected):
    """Each thing that a chapter may say has a form that reads well where it stands."""
    assert write(myst) == [expected]


def test_works_are_named_and_listed(write, small_course):
    """A work is named by authors and year, and told in full at the end, once."""
    with (small_course / "book" / "references.bib").open("a") as file:
        file.write(
            "@book{two, author = {{The Group} and Daum{\\'e} III, Hal}, title = {Pairs},"
            " publisher = {P}, year = {n.d.}}\n"
            "@book{three, author = {van der Berg, Ada and B, B and C, C}, title = {T},"
            " publisher = {P}, year = {2001}}\n"
        )
    said, references = write(
        "{cite:t}`mackay2003` and {cite:t}`three` say so {cite}`two`, {cite:p}`three,mackay2003`."
    )
    assert said == (
        "MacKay (2003) and van der Berg et al. (2001) say so "
        "(The Group and Daumé III, n.d.), (van der Berg et al., 2001; MacKay, 2003)."
    )
    title, _, *works = references.split("\n")
    assert title == "## References"
    assert len(works) == 3
    wanted = (
        "- David J. C. MacKay. *Information Theory, Inference, and Learning Algorithms*. "
        "Cambridge University Press, 2003."
    )
    assert wanted in works


REFUSED = {
    "an unknown label": ("{eq}`nowhere`", "no numbered equation has the label nowhere"),
    "an unknown work": ("{cite}`nobody1900`", "references.bib has no nobody1900"),
    "a work without a year": ("{cite}`undated`", "undated in references.bib has no author or no"),
    "a role without a plain form": ("{numref}`fig-beta`", "{numref} has no plain form"),
    "a directive without one": ("```{figure} a.png\n```", "{figure} has no plain form"),
    "a footnote": ("So.[^1]", r"the footnote \[\^1\] has no plain form"),
    "a substitution": ("{{ name }}", "the substitution {{ name }} has no plain form"),
    "an environment that would be numbered": ("\\begin{align}\nx\n\\end{align}", " align has"),
    "a page that there is not": ("[x](../gone.md)", "there is no page book/gone.md"),
    "a heading that there is not": ("[x](#gone)", "has no heading for #gone"),
}  # fmt: skip


@pytest.mark.parametrize(("myst", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_plain_form_is_refused(write, small_course, myst, message):
    """Nothing raw is released: the cell is named, by the check of the course, too."""
    with (small_course / "book" / "references.bib").open("a") as file:
        file.write("@book{undated, author = {A}, title = {B}, publisher = {C}}")
    with pytest.raises(MarkdownError, match=message):
        write("# A title", myst)
    path = small_course / PAGE
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_markdown_cell(myst, id="the-cell"))
    nbformat.write(notebook, path)
    (problem,) = find_problems(small_course)
    assert problem.path == PAGE
    assert re.search(rf"cell {len(notebook.cells)} \(the-cell\): .*{message}", problem.what)


def test_folded_code_is_folded_in_jupyterlab_too(small_course):
    """What the book folds away, JupyterLab folds away; other cells stay open."""
    cells = [new_code_cell("1", metadata={"tags": ["hide-input"]}), new_code_cell("2")]
    hidden, shown = plain(new_notebook(cells=cells), small_course, PAGE).cells
    assert hidden.metadata.jupyter.source_hidden is True
    assert "jupyter" not in shown.metadata
    assert "jupyter" not in cells[0].metadata
