"""Where a formula comes from: a quiet mark beside its number.

A notebook names the source of a displayed formula on the line below it, in words that every Jupyter
program shows small, and no formula holds:

    $$
    a = \\mathbf{x} \\mathbf{w}
    $$ (logit)
    <small>[A (25)]</small>

In the book the line becomes a mark below the number of the formula, which says in a tooltip what
the line says and leads to the page of sources. A formula without such a line has no mark.
"""

import contextlib
import html
import re

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

SOURCES_PAGE = "book/sources"
LINE = re.compile(r"\[(?P<source>.+)\]", re.DOTALL)
# Of each source the letter, and the numbers of formulas: A (26), D 2. The rest is in the tooltip.
SHORT = re.compile(r"\w+(?: (?:\(\d+\w?\)(?:–\(\d+\))?|\d+)(?=[;,]|$))?")
NUMBER_ENDS = "</span>"


class sourced_formula(nodes.math_block):
    """A displayed formula with its ``source``."""


class FormulaSources(SphinxTransform):
    """Note with each formula what the line below it names as its source."""

    default_priority = 610

    def apply(self, **kwargs):
        """Give formulas their ``source``; take the lines out."""
        for opening in list(self.document.findall(_opens)):
            paragraph = opening.parent
            position = paragraph.parent.index(paragraph)
            formula = paragraph.parent[position - 1] if position else None
            inside = list(_until_close(opening))
            line = LINE.fullmatch("".join(node.astext() for node in inside))
            if line and paragraph[0] is opening and isinstance(formula, nodes.math_block):
                formula["source"] = " ".join(line["source"].split())
                for node in [opening, *inside, paragraph[len(inside) + 1]]:
                    paragraph.remove(node)
                if not paragraph.astext().strip():
                    paragraph.parent.remove(paragraph)


class FormulaMarks(SphinxPostTransform):
    """Make a `sourced_formula` of each formula with a source; Sphinx has numbered them by now."""

    default_priority = 200

    def run(self, **kwargs):
        """Replace the formulas."""
        for formula in list(self.document.findall(nodes.math_block)):
            if formula.get("source"):
                formula.replace_self(
                    sourced_formula(formula.rawsource, *formula.children, **formula.attributes)
                )


def _opens(node):
    return (
        isinstance(node, nodes.raw)
        and node.astext() == "<small>"
        and isinstance(node.parent, nodes.paragraph)
    )


def _until_close(opening):
    """Yield what stands between ``<small>`` and ``</small>``."""
    paragraph = opening.parent
    for node in paragraph[paragraph.index(opening) + 1 :]:
        if isinstance(node, nodes.raw):
            return
        yield node


def short(source):
    """Name a source in as few signs as will do beside a formula.

    Parameters
    ----------
    source : str
        In full, such as ``"A (26); B, Softmax"``.

    Returns
    -------
    str
        Its documents, and the numbers of their formulas.

    Examples
    --------
    >>> short("A (26), (34); B, Softmax; D 2")
    'A (26), B, D 2'
    """
    parts = [SHORT.match(part.strip()) for part in source.split(";")]
    return ", ".join(part[0] for part in parts if part)


def write_formula(translator, node):
    """Write the formula as Sphinx does, and the mark at its number."""
    body = translator.body
    start = len(body)
    with contextlib.suppress(nodes.SkipNode):
        translator.visit_math_block(node)
    written = "".join(body[start:])
    mark = _mark(translator.builder, node["source"])
    if 'class="eqno"' in written:
        written = written.replace(NUMBER_ENDS, mark + NUMBER_ENDS, 1)
    else:
        written = written.replace(">", f'><span class="eqno">{mark}{NUMBER_ENDS}', 1)
    body[start:] = [written]
    raise nodes.SkipNode


def _mark(builder, source):
    told = html.escape(f"From {source}")
    words = html.escape(short(source))
    address = _address(builder, source)
    if address is None:
        return f' <span class="formula-source" title="{told}">{words}</span>'
    return f' <a class="formula-source" href="{address}" title="{told}">{words}</a>'


def _address(builder, source):
    """Return where the page of sources treats the first document of a source, if it does."""
    if SOURCES_PAGE not in builder.env.found_docs:
        return None
    letter = source[0].lower()
    slugs = builder.env.metadata[SOURCES_PAGE].get("myst_slugs", {})
    anchors = [slug for slug in slugs if re.match(rf"document-{letter}\b", slug)]
    page = relative_uri(
        builder.get_target_uri(builder.current_docname), builder.get_target_uri(SOURCES_PAGE)
    )
    return f"{page}#{anchors[0]}" if anchors else page


def setup(app):
    """Connect the marks to Sphinx."""
    app.add_node(sourced_formula, html=(write_formula, None))
    app.add_transform(FormulaSources)
    app.add_post_transform(FormulaMarks)
