"""Copies of notebooks whose cells are to be changed and whose outputs are not."""

import copy


def copied(notebook):
    """Copy a notebook.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook, or a cell.

    Returns
    -------
    NotebookNode
        A copy that shares each output with it: a figure's data are most of a notebook.
    """
    cells = notebook.get("cells", [notebook])
    shared = {id(output): output for cell in cells for output in cell.get("outputs", [])}
    return copy.deepcopy(notebook, shared)
