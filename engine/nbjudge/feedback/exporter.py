"""nbconvert's pages of feedback, without reading each of them a second time."""

from __future__ import annotations

import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from traitlets import default

_PICTURE = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
_DESCRIBED = re.compile(r"""\salt\s*=""", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_LABELS = {"Student's answer": "Your answer", "Student's task": "Task", "Grade cell:": "Test"}
_LABEL = re.compile(rf'(?<=<span class="nbgrader-label">)(?:{"|".join(_LABELS)})')
_NO_DESCRIPTION = "No description has been provided for this image"


class FeedbackExporter(HTMLExporter):
    """nbconvert's exporter; what it does to a page in the end is done to its pictures alone.

    nbgrader's labels speak of the student; here they speak to them.

    nbconvert parses the page that it has written, gives pictures without a description one, makes
    the cells of JupyterLab's templates focusable, of which feedback has none, and writes the page
    again. That is more than half of the time of a page.
    """

    @default("optimistic_validation")
    def _validate_once(self) -> bool:
        return True

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Write the page of a notebook."""
        resources = self._init_resources(resources)
        self.register_filter(
            "filter_data_type",
            WidgetsDataTypeFilter(
                notebook_metadata=self._nb_metadata, parent=self, resources=resources
            ),
        )
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        highlight = self.filters.get(
            "highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self)
        )
        self.register_filter("highlight_code", highlight)
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kwargs)
        html = _LABEL.sub(lambda label: _LABELS[label[0]], html)
        html = html.replace("<html>", '<html lang="en">', 1)  # the language of the page's own words
        return _PICTURE.sub(_described, html), resources


def _described(picture: re.Match[str]) -> str:
    if _DESCRIBED.search(_QUOTED.sub("", picture[0])):
        return picture[0]
    return f'<img alt="{_NO_DESCRIPTION}"{picture[0].removeprefix("<img")}'
