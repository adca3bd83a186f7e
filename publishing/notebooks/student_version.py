"""What a student may see of a notebook, as nbgrader decides it.

The same preprocessors that ``nbgrader generate_assignment`` runs put a chapter into plain Markdown
and take solutions, hidden tests and mark schemes out, with the course's own ``nbgrader_config.py``.
"""

from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config, PyFileConfigLoader

from .attachments import without_unnamed
from .copies import copied
from .files import released_notebook
from .plain_markdown import plain

# In nbgrader's own order; the keys are what a person calls the part that goes.
STAGES = {
    "solution": ClearSolutions,
    "hidden test": ClearHiddenTests,
    "mark scheme": ClearMarkScheme,
}


class ReleaseError(Exception):
    """A notebook from which nbgrader cannot take the secret parts."""


def nbgrader_settings(root):
    """Read the settings of the three preprocessors from the course's ``nbgrader_config.py``.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    dict of str to dict
        Options by preprocessor; plain data, which Sphinx can compare between two builds.
    """
    path = Path(root) / "nbgrader_config.py"
    if not path.is_file():
        return {}
    config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    names = [stage.__name__ for stage in STAGES.values()]
    return {name: dict(config[name]) for name in names if name in config}


def stages(settings):
    """Return nbgrader's preprocessors by what each takes out, configured by `settings`."""
    config = Config(settings or {})
    return {kind: stage(config=config) for kind, stage in STAGES.items()}


def clear_in_stages(notebook, settings):
    """Take the secret parts out one kind after the other.

    Parameters
    ----------
    notebook : NotebookNode
        The instructor's notebook, left as it is.
    settings : dict
        From `nbgrader_settings`.

    Yields
    ------
    kind : str
        A key of `STAGES`.
    notebook : NotebookNode
        A copy without this kind and those before it, with the same cells in the same order.

    Raises
    ------
    ReleaseError
        When a region is not closed, is nested, or stands in a cell that nbgrader does not know.
    """
    for kind, stage in stages(settings).items():
        before, notebook = notebook, copied(notebook)
        try:
            notebook, _ = stage.preprocess(notebook, {})
        except (RuntimeError, ValueError) as error:
            where, why = _culprit(before, stage), " ".join(str(error).split())
            raise ReleaseError(f"{where}: its {kind}s cannot be taken out: {why}") from error
        yield kind, notebook


def _culprit(notebook, stage):
    """Name the first cell that a preprocessor refuses; nbgrader's message does not."""
    for number, cell in enumerate(notebook.cells, start=1):
        alone = nbformat.v4.new_notebook(metadata=notebook.metadata, cells=[copied(cell)])
        try:
            stage.preprocess(alone, {})
        except (RuntimeError, ValueError):
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            return f"cell {number}" + (f" ({grade_id})" if grade_id else "")
    return "the notebook"


def clear(notebook, settings):
    """Return a copy of a notebook without solutions, hidden tests and mark schemes.

    Pictures that only such a part shows go with it. Outputs stay; see
    `publishing.notebooks.edition_reader` for which of them a page shows.
    """
    *_, (_, cleared) = clear_in_stages(notebook, settings)
    return without_unnamed(cleared)


def release_problem(root, chapter):
    """Tell why the released notebook of a chapter cannot be offered, if so.

    Contents are compared, not dates: a release is good when its cells are those that releasing the
    chapter now would give. Cells before and after them (nbgrader's header and footer) are allowed.

    Parameters
    ----------
    root : Path
        The folder of the course.
    chapter : str
        Its folder's name.

    Returns
    -------
    str or None
        What is wrong with ``release/<chapter>/<chapter>.ipynb``.
    """
    path = released_notebook(root, chapter)
    if not path.is_file():
        return "is missing: run 'make release', then build again"
    page = f"book/{chapter}/{chapter}.ipynb"
    try:
        released = _identities(nbformat.read(path, as_version=4))
    except Exception as error:  # nbformat lets KeyError, AttributeError... through
        return f"is not a notebook ({error!r}): run 'make release', then build again"
    source = plain(nbformat.read(Path(root) / page, as_version=4), root, page)
    wanted = _identities(clear(source, nbgrader_settings(root)))
    starts = range(len(released) - len(wanted) + 1)
    if not any(released[start : start + len(wanted)] == wanted for start in starts):
        return (
            f"is not what book/{chapter}/{chapter}.ipynb releases now: "
            "run 'make release', then build again"
        )
    return None


def saved_cells(root, chapter):
    """Return the cells of a chapter that nbgrader saves in the gradebook when it is released.

    Parameters
    ----------
    root : Path
        The folder of the course.
    chapter : str
        Its folder's name.

    Returns
    -------
    dict of str to tuple of str and str
        Type and source by name; solutions are out of them, hidden tests and mark schemes are not.
    """
    page = f"book/{chapter}/{chapter}.ipynb"
    source = plain(nbformat.read(Path(root) / page, as_version=4), root, page)
    _, cleared = next(clear_in_stages(source, nbgrader_settings(root)))
    kinds = (utils.is_grade, utils.is_solution, utils.is_locked, utils.is_task)
    return {
        cell.metadata.nbgrader["grade_id"]: (cell.cell_type, cell.source)
        for cell in cleared.cells
        if any(kind(cell) for kind in kinds)
    }


def _identities(notebook):
    return [
        (
            cell.cell_type,
            cell.source,
            cell.metadata.get("nbgrader", {}).get("grade_id"),
            cell.metadata.get("nbgrader", {}).get("points"),
            cell.get("attachments", {}),
        )
        for cell in notebook.cells
    ]
