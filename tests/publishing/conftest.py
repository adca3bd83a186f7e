"""Two courses to build: a small one made here, and the real book as it stands."""

import base64
import functools
import io
import shutil

import nbformat
import pytest
from built_book import REPOSITORY, shared_build
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from warm_command import publish

from publishing.sphinx_extension.api_reference import PAGE

INTRO = """# A small course

Two chapters of halving.

```{book-opening}
```

```{book-map}
```

- Read.
- Write.

Begin with {ref}`alpha`, and look words up in the {ref}`genindex`.
Halving is drawn in {numref}`fig-alpha`.
"""

GLOSSARY = """# Glossary

```{glossary}
odds
  The probability of a thing over that of its contrary.
```
"""

REFERENCES = """# References

```{bibliography}
```
"""

BIBLIOGRAPHY = """@book{mackay2003,
  author = {MacKay, David J. C.},
  title = {Information Theory, Inference, and Learning Algorithms},
  publisher = {Cambridge University Press},
  year = {2003}
}
"""

LIBRARY = '''"""Reference solutions of {chapter}."""

import numpy as np


def halve(values):
    """Halve each value.

    Parameters
    ----------
    values : ndarray of shape (n_values,)
        Any numbers.

    Returns
    -------
    ndarray of shape (n_values,)
        Half of each.
    """
    library_halved_values = np.asarray(values) / 2
    return library_halved_values
'''

# With the words of this book's statements, and with the headings of another's.
STATEMENTS = {
    "alpha": "**Exercise 1.1 (3 points).** Write `halve`.",
    "beta": "## Exercise: halving\n\nWrite `halve`.\n\n### Mind the sign\n\nHalf of $-2$ is $-1$.",
}

OPENING = """({name})=
# Chapter {name}

*What is half of {name}?*

Halving, of which **Figure 2.** is no caption, and Figure 1 a figure.

**A worked example, continued.** Half of 4 is 2. **Predict, then run.** is said too late.

**You need** {needed}.
"""
NEEDED = {
    "alpha": "to count",
    "beta": "[the first chapter](../alpha/alpha.ipynb) and [odds](../glossary.md)",
}

CAPTION = (
    "**Figure 1.** The line of `Figure 1`, as [Figure 1](../glossary.md) and Figure 3 are none."
)
CAPTION += "\n\nA command for what follows: $\\newcommand{\\halved}[1]{\\tfrac{#1}{2}}$"

ANSWER = '''def halve(values):
    """Halve each value; ``halve([4.0])`` is ``[2.0]``."""
    ### BEGIN SOLUTION
    secret_halved = np.asarray(values) * 0.5  # the {chapter} trick
    return secret_halved
    ### END SOLUTION
'''

VISIBLE_TESTS = '''"""Visible: four becomes two."""
assert halve(np.array([4.0]))[0] == 2.0, "half of 4 is 2"
### BEGIN HIDDEN TESTS
assert halve(np.array([-7.0]))[0] == -3.5, "half of -7 in {chapter}"
### END HIDDEN TESTS
'''

HIDDEN_TESTS = """### BEGIN HIDDEN TESTS
from numpy.testing import assert_allclose
assert_allclose(halve(np.array([1e308])), 5e307, err_msg="overflow <{chapter}>")
### END HIDDEN TESTS
"""

TASK = """**Exercise 1.2 (2 points).** Show that halving twice is dividing by four.

=== BEGIN MARK SCHEME ===
One point for writing "$x/2/2$", and one for the *associative* step in {chapter}; don't be strict.
Zugzwang earns nothing.
=== END MARK SCHEME ===
"""

QUIZ = """<details>
<summary>Is halving linear?</summary>

Yes: $h(x + y) = h(x) + h(y)$.

</details>

**Question 1.** Half of $8$? (a) $4$ (b) 16, twice as much (c) 8, as for (a) all, (d) Nothing

<details>
<summary>Explanations</summary>

(a) Yes: $4 + 4 = 8$. (b), (c) No: not as in (a) and (b). (d) True of 0 only.

</details>
"""

WIDE = """## A wide equation

$$
\\frac{1}{2} \\left( x_1 + x_2 + x_3 + x_4 + x_5 + x_6 + x_7 + x_8 + x_9 + x_{10} + x_{11} \
+ x_{12} + x_{13} + x_{14} + x_{15} + x_{16} + x_{17} + x_{18} \\right) = \\sum_{i} \\frac{x_i}{2}
$$ (eq-__CHAPTER__)
<small>[A (1), $n = 18$; B, Halves]</small>

So it is $\\halved{x}$. Equation {eq}`eq-__CHAPTER__` stands here, {eq}`eq-alpha` in chapter 1.
A ***halving map*** keeps the {index}`odds ratio`, as *every* **odd** ***Abel map*** does.
***Abel's test*** is none. ***Halving map*** it is; see {cite:t}`mackay2003`, and the {term}`odds`.
"""

METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

ALT_TEXT = "A straight line through the origin, with slope one half"


SLOPE = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.20.1.json",
    "title": "A line and its slope",
    "description": "A line through the origin; the slider makes it steeper, and a < b stays true.",
    "width": 500,
    "height": 200,
    "data": {"values": [{"x": 0}, {"x": 1}]},
    "params": [
        {
            "name": "slope",
            "value": 0.5,
            "bind": {"input": "range", "min": 0, "max": 2, "step": 0.1, "name": "slope "},
        },
        {
            "name": "shape",
            "value": "line",
            "bind": {"input": "select", "options": ["line", "rule"]},
        },
    ],
    "transform": [{"calculate": "datum.x * slope", "as": "y"}],
    "mark": {"type": "line", "point": True, "clip": True},
    "encoding": {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "quantitative", "scale": {"domain": [0, 2]}},
    },
}


def moving_figure():
    """Write a cell that Altair's mimetype renderer has answered."""
    data = {"application/vnd.vegalite.v5+json": SLOPE, "text/plain": "alt.Chart(...)"}
    return new_code_cell(
        "chart",
        metadata={"tags": ["hide-input"]},
        outputs=[new_output("execute_result", data=data, execution_count=3)],
        execution_count=3,
    )


@functools.cache
def figure():
    """Draw a small picture; return it as base64."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(4, 2.5))
    axes = drawing.subplots()
    axes.plot([0, 1], [0, 0.5])
    axes.set(xlabel="x", ylabel="x / 2")
    buffer = io.BytesIO()
    drawing.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def graded(name, *, points=0, grade=False, solution=False, task=False, kind="code"):
    """Return the metadata that nbgrader gives a cell."""
    return {
        "nbgrader": {
            "grade_id": name,
            "grade": grade,
            "solution": solution,
            "task": task,
            "locked": not solution,
            "points": points,
            "cell_type": kind,
            "schema_version": 3,
        }
    }


def chapter(name):
    """Write one chapter with an answer, visible and hidden tests, a task, a quiz and a figure."""
    picture = new_output("display_data", data={"image/png": figure(), "text/plain": "<Figure>"})
    picture_cell = new_code_cell(
        "draw_the_line()",
        metadata={
            "tags": ["hide-input"],
            "mystnb": {
                "image": {"alt": ALT_TEXT},
                "figure": {"caption": "Halving.", "name": f"fig-{name}"},
            },
        },
        outputs=[picture],
        execution_count=2,
    )
    written = new_markdown_cell(
        "Because the contrapositive holds in every vector space whatsoever.\n\n"
        "![The curve](attachment:the%20curve.png)",
        metadata=graded(f"{name}_written", points=1, grade=True, solution=True, kind="markdown"),
    )
    # As JupyterLab keeps a picture that is pasted; it is another one in each chapter.
    curve = base64.b64encode(base64.b64decode(figure()) + name.encode()).decode()
    written.attachments = {"the curve.png": {"image/png": curve}}
    answer = new_code_cell(
        ANSWER.format(chapter=name), metadata=graded(f"{name}_halve", solution=True)
    )
    answer.outputs = [new_output("stream", text="printed by the solution\n")]
    cells = [
        new_markdown_cell(OPENING.format(name=name, needed=NEEDED[name])),
        new_code_cell(
            "import numpy as np\nprint(1 / 2)",
            outputs=[new_output("stream", text="0.5\n")],
            execution_count=1,
        ),
        picture_cell,
        new_markdown_cell(CAPTION),
        new_markdown_cell(WIDE.replace("__CHAPTER__", name)),
        new_markdown_cell(STATEMENTS[name]),
        answer,
        new_code_cell(
            VISIBLE_TESTS.format(chapter=name),
            metadata=graded(f"{name}_four_is_two", points=1, grade=True),
        ),
        new_code_cell(
            HIDDEN_TESTS.format(chapter=name),
            metadata=graded(f"{name}_large_values", points=2, grade=True),
        ),
        new_markdown_cell(
            TASK.format(chapter=name),
            metadata=graded(f"{name}_twice", points=2, task=True, kind="markdown"),
        ),
        written,
        new_markdown_cell(QUIZ),
    ]
    for position, cell in enumerate(cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{position}")
    return new_notebook(cells=cells, metadata=METADATA)


def remarks():
    """Write a page that is a notebook and no chapter: nothing in it is completed or graded."""
    shown = new_code_cell(
        "print(2 / 2)", outputs=[new_output("stream", text="1.0\n")], execution_count=1
    )
    cells = [new_markdown_cell("# Remarks\n\nHalf of two is one."), shown]
    return new_notebook(cells=cells, metadata=METADATA)


def write_course(root):
    """Write the small course: two chapters, alpha and beta, and a page of remarks."""
    for name in ("_config.yml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root / name)
    for name in ("alpha", "beta"):
        (root / "book" / name).mkdir(parents=True)
        notebook = chapter(name)
        if name == "alpha":  # beta's page is to load nothing of Vega's
            notebook.cells.insert(3, moving_figure())
            notebook.cells[3].id = "alpha-moves"
        nbformat.write(notebook, root / "book" / name / f"{name}.ipynb")
        (root / "solutions").mkdir(exist_ok=True)
        (root / "solutions" / f"{name}.py").write_text(LIBRARY.replace("{chapter}", name))
    (root / "solutions" / "__init__.py").write_text("")
    page = root / f"{PAGE}.md"
    page.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / f"{PAGE}.md", page)
    nbformat.write(remarks(), root / "book" / "remarks.ipynb")
    (root / "book" / "intro.md").write_text(INTRO)
    (root / "book" / "glossary.md").write_text(GLOSSARY)
    (root / "book" / "references.md").write_text(REFERENCES)
    (root / "book" / "references.bib").write_text(BIBLIOGRAPHY)
    (root / "_toc.yml").write_text(
        "format: jb-book\n"
        "root: book/intro\n"
        "parts:\n"
        "  - caption: Chapters\n"
        "    numbered: true\n"
        "    chapters:\n"
        "      - file: book/alpha/alpha\n"
        "      - file: book/beta/beta\n"
        "  - caption: Reference\n"
        "    chapters:\n"
        "      - file: book/remarks\n"
        "      - file: book/glossary\n"
        "      - file: book/references\n"
    )


@pytest.fixture(name="run", scope="session")
def run_fixture():
    """Run ``python -m publishing`` in a course."""
    return publish


@pytest.fixture
def small_course(tmp_path):
    """The small course, neither released nor built, to be broken."""
    write_course(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def built_sample(shared_folder):
    """The small course, released and built in both editions, in a path with a space. Read only."""
    return shared_build(shared_folder, "sample", write_course)


@pytest.fixture(params=["sample", "book"])
def built(request):
    """Each built course in turn."""
    return request.getfixturevalue(f"built_{request.param}")


@pytest.fixture
def course(built_sample, tmp_path):
    """A copy of the small course with its student's edition, to be changed."""
    root = tmp_path / "a course"
    shutil.copytree(built_sample, root, ignore=shutil.ignore_patterns("instructor"))
    return root
