"""Pictures that JupyterLab keeps within a cell: whose they are, and who gets them.

A picture that is pasted into a Markdown cell becomes an *attachment* of the cell. It belongs to the
text that names it: where only a solution or a mark scheme does, it goes with that.
"""

import base64
import re
from urllib.parse import unquote

from nbgrader.preprocessors import NbGraderPreprocessor

from .copies import copied

ADDRESS = re.compile(r"attachment:(?P<name>[^\s\"'<>]+)")


def is_named(name, source):
    """Tell whether a text shows an attachment, whose name it may write with ``%20`` for blanks."""
    return any(f"attachment:{name}" in text for text in (source, unquote(source)))


def without_unnamed(notebook):
    """Return a copy of a notebook without the attachments that no text of their cell names.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook whose secret parts have been taken out.

    Returns
    -------
    NotebookNode
        The same cells.
    """
    notebook = copied(notebook)
    for cell in notebook.cells:
        kept = {
            name: data
            for name, data in cell.get("attachments", {}).items()
            if is_named(name, cell.source)
        }
        if kept:
            cell.attachments = kept
        else:
            cell.pop("attachments", None)
    return notebook


class DropAttachments(NbGraderPreprocessor):
    """The last preprocessor of ``nbgrader generate_assignment``."""

    def preprocess(self, nb, resources):
        """Take out the pictures of what has been taken out."""
        return without_unnamed(nb), resources


def pictures(cell):
    """Yield name and content of each attachment of a cell."""
    for name, data in cell.get("attachments", {}).items():
        for content in data.values():
            text = "".join(content) if isinstance(content, list) else content
            yield name, base64.b64decode(text)


def shown_inline(cell):
    """Return the source of a cell with its attachments in the place of their names."""
    source = cell.source
    for name, data in cell.get("attachments", {}).items():
        for kind, content in data.items():
            text = "".join(content) if isinstance(content, list) else content
            address = f"data:{kind};base64,{''.join(text.split())}"
            for written in (name, name.replace(" ", "%20")):
                source = source.replace(f"attachment:{written}", address)
    return source
