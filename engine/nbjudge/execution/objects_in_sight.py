"""Whether an assignment needs a contract at all, by the looks of its source.

To run an instructor's notebook takes as long as to grade a submission. Where the answers define no
class and no generator, and import nothing whose objects do not cross by value, there is no object
that a test could be handed, and the run is saved.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import nbformat
from nbgrader import utils

from nbjudge.execution.cell_names import names_read
from nbjudge.judge.cell_source import bound_names, plain_python, tree_of

_PLAIN_PACKAGES = frozenset(
    {"numpy", "pandas", "math", "cmath", "random", "typing", "collections", "itertools", "os"}
    | {"fractions", "decimal", "statistics", "string", "operator", "json", "time", "datetime"}
    | {"warnings", "__future__", "sys", "functools", "copy", "pathlib", "IPython", "pytest"}
)
"""Packages whose values cross, or which make none that an answer returns."""
_OF_FIGURES = frozenset({"plt", "ax", "axes", "fig", "figure", "line", "lines"})
_MISSING = re.compile(
    r"\.ma\b|\bmasked|\bNA\b|\bU?Int\d|\bFloat\d|convert_dtypes|dtype_backend|'(boolean|string)'"
)
"""What makes values that may be missing in part."""
_LAZY = frozenset({"iter", "map", "zip", "filter", "enumerate", "reversed", "object"})


def may_hand_objects(path: Path, root: str) -> bool:
    """Whether a notebook's answers may hand a test what does not cross by value.

    Parameters
    ----------
    path : Path
        The instructor's notebook.
    root : str
        The course's folder, whose library the answers may call.
    """
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # nbformat raises whatever it meets; what is no notebook has no tests
        return False
    code = [cell for cell in cells if cell.cell_type == "code"]
    tests = [cell.source for cell in code if utils.is_grade(cell) and not utils.is_solution(cell)]
    if not tests:
        return False
    others = [cell.source for cell in code if not utils.is_grade(cell) or utils.is_solution(cell)]
    tested = {name for test in tests for name in _global_names(test) - bound_names(test)}
    plain = set(_PLAIN_PACKAGES)
    if not tested & _OF_FIGURES:
        plain.add("matplotlib")
    lines = [line for cell in others for line in _statements(cell)]
    answers, used = _reached([ast.unparse(n) for n in lines if not _imports(n)], tested)
    imports = [ast.unparse(n) for n in lines if _imports(n) and bound_names(ast.unparse(n)) & used]
    if any(map(_MISSING.search, (*imports, *answers, *tests))):
        return True
    looked_at: set[str] = set()
    return any(
        _makes_objects(source, Path(root), plain, looked_at) for source in (*imports, *answers)
    )


def _reached(statements: list[str], names: set[str]) -> tuple[list[str], set[str]]:
    """Return the statements that names come from, directly or not, and the names in them."""
    left, reached = list(statements), []
    while found := [statement for statement in left if bound_names(statement) & names]:
        reached += found
        left = [statement for statement in left if statement not in found]
        names = names.union(*map(_global_names, found))
    return reached, names


def _global_names(source: str) -> frozenset[str]:
    """Return the global names that code reads, in its functions too, without their own."""
    try:
        return names_read(plain_python(source))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()


def _statements(source: str) -> list[ast.stmt]:
    try:
        return tree_of(source).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _makes_objects(
    source: str, root: Path, plain: set[str], looked_at: set[str], *, library: bool = False
) -> bool:
    """Whether code makes objects; of a library's, what it has for others to use."""
    try:
        tree = tree_of(source)
    except (SyntaxError, ValueError, RecursionError):
        return True
    for node in tree.body:
        private = library and getattr(node, "name", "").startswith("_")
        if not private and any(map(_is_of_objects, ast.walk(node))):
            return True
    packages = {package for node in ast.walk(tree) for package in _imports(node)}
    for package in packages - plain - looked_at:
        looked_at.add(package)
        files = _of_the_course(package, root)
        if not files and not (library and package in sys.stdlib_module_names):
            return True
        texts = (file.read_text(errors="replace") for file in files)
        if any(_makes_objects(text, root, plain, looked_at, library=True) for text in texts):
            return True
    return False


def _is_of_objects(node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef):
        return not any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)
    if isinstance(node, (ast.Yield, ast.YieldFrom, ast.AsyncFunctionDef)):
        return True
    if isinstance(node, (ast.Return, ast.Assign)):
        value = node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            return value.func.id in _LAZY
        return isinstance(value, ast.GeneratorExp)
    return False


def _imports(node: ast.AST) -> set[str]:
    """Name the packages that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.split(".")[0]}
    return set()


def _of_the_course(package: str, root: Path) -> list[Path]:
    """List the files of a module or package of the course that it has for others to use."""
    if (root / f"{package}.py").is_file():
        return [root / f"{package}.py"]
    files = sorted((root / package).rglob("*.py"))
    return [file for file in files if file.stem == "__init__" or file.stem[:1] != "_"]
