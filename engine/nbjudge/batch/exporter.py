"""nbconvert's way of a notebook through steps and back into a file, without the copies.

nbconvert and nbformat copy a notebook four times on the way, so that whoever called them can go on
with theirs. Here the notebook was read from a file a moment ago, and nobody else has it.
"""

from __future__ import annotations

import json
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, ValidationError, validate
from nbformat.v4 import nbjson
from nbformat.v4.rwbase import split_lines, strip_transient
from nbformat.validator import normalize

_MAJOR = 4


class LeanExporter(NotebookExporter):
    """nbconvert's exporter of notebooks, for one that nobody else has.

    Attributes
    ----------
    indents : bool
        Whether to write as nbformat does, or everything in a line, which takes half the time: for
        a file that is read again at once.
    """

    indents = True

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own class does
        self, nb: NotebookNode, resources: Any | None = None, **kw: Any
    ) -> tuple[str, Any]:
        """Run the steps on a notebook; return its text and the resources."""
        if nb.nbformat != _MAJOR or self.nbformat_version != _MAJOR:
            return super().from_notebook_node(nb, resources, **kw)  # type: ignore[no-any-return]
        resources = self._init_resources(resources)
        _, nb = normalize(nb)
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        try:
            validate(nb, relax_add_props=True)
        except ValidationError:
            self.log.error("Notebook is invalid after its steps")
            raise
        resources["output_suffix"] = ".nbconvert"
        form: dict[str, Any] = {"indent": 1, "separators": (",", ": ")} if self.indents else {}
        text = json.dumps(
            strip_transient(split_lines(nb)),
            cls=nbjson.BytesEncoder, sort_keys=True, ensure_ascii=False, **form,
        )  # fmt: skip
        return f"{text}\n", resources
