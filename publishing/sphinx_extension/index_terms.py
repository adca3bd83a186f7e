"""An index without markup of its own: a term in bold italics is explained there, and is indexed.

Roles and directives of Sphinx would stand raw in JupyterLab; bold italics read well everywhere.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

BEARS_A_NAME = re.compile(r"\w+(?:['’]s?)\s")


class IndexTerms(SphinxTransform):
    """Make an index entry of every term that a page sets in bold italics."""

    default_priority = 700  # before the domains collect a page's entries, at 850

    def apply(self, **kwargs):
        """Put an entry and its target in front of each term."""
        for outer in list(self.document.findall(_is_term)):
            term = " ".join(outer.astext().split())
            target = nodes.target("", "", ids=[self._new_id(term)])
            parent = outer.parent
            before = "".join(node.astext() for node in parent[: parent.index(outer)]).rstrip()
            begins = not before or before[-1] in ".?!:"  # its capital may be that of the sentence
            if begins and not BEARS_A_NAME.match(term):
                term = term[0].lower() + term[1:]
            entry = ("single", term, target["ids"][0], "", None)
            parent.insert(parent.index(outer), [addnodes.index(entries=[entry]), target])

    def _new_id(self, term):
        base = name = f"term-{nodes.make_id(term) or 'unnamed'}"
        number = 1
        while name in self.document.ids:
            number += 1
            name = f"{base}-{number}"
        self.document.ids[name] = None
        return name


def _is_term(node):
    """Tell whether a node is emphasis that holds strong text only, or the other way round."""
    if not isinstance(node, nodes.emphasis | nodes.strong):
        return False
    other = nodes.strong if isinstance(node, nodes.emphasis) else nodes.emphasis
    inner = [child for child in node if child.astext()]  # the parser leaves empty text behind
    return len(inner) == 1 and isinstance(inner[0], other)
