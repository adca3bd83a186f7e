"""An exercise as one object of a page: statement, place for the answer, tests.

`publishing.notebooks.edition_reader` puts marks around the cells of an exercise, which Sphinx reads
as it reads any other cell. When the page is written, what stands between the marks is gathered into
one element, whatever sections its headings have made of it:

    <section class="exercise" data-exercise="softmax" data-points="5">
      <div class="exercise-statement">…</div>
      <div class="exercise-place" data-cell="softmax">…</div>
      <ul class="exercise-tests"><li data-test="softmax_of_one_observation">…</li></ul>
    </section>

One that a person grades has the class ``by-hand`` and no tests. Code cells keep their ids.
"""

import html
import json
import re

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms.post_transforms import SphinxPostTransform

from publishing.notebooks.edition_reader import PART
from publishing.notebooks.exercises import points_in_words

MORE_TESTS = "more tests run when you hand in"
CODE = re.compile(r"`([^`]+)`")


class exercise_part(nodes.Invisible, nodes.Element):
    """Where a ``part`` of an exercise begins: 'begin', 'place', 'test' or 'end'."""


class exercise(nodes.General, nodes.Element):
    """An exercise, with its ``name``, its ``points`` and whether it is graded ``by_hand``."""


class exercise_statement(nodes.General, nodes.Element):
    """What is asked."""


class exercise_heading(nodes.General, nodes.TextElement):
    """A heading within an exercise, with its ``level``."""


class exercise_place(nodes.General, nodes.Element):
    """Where the answer goes, with the id of the ``cell``."""


class exercise_tests(nodes.General, nodes.Element):
    """The tests of the answer."""


class exercise_test(nodes.General, nodes.Element):
    """One test cell: ``name``, ``points``, and whether a part of it is hidden, ``hides``."""


class test_line(nodes.General, nodes.TextElement):
    """What a test is for, in words, and its ``points``."""


class notebook_cell(nodes.container):
    """A code cell, with the id that it has in the notebook, ``cell``."""


class ExercisePart(Directive):
    """Read a mark, whose content is JSON."""

    has_content = True

    def run(self):
        """Return the mark."""
        return [exercise_part("", **json.loads("\n".join(self.content)))]


def parts_of(doctree, part):
    """Return the marks of a kind on a page that was read, and not yet written."""
    return [mark for mark in doctree.findall(exercise_part) if mark["part"] == part]


class Exercises(SphinxPostTransform):
    """Gather each exercise of a page; give code cells their ids."""

    # Before myst-nb and Sphinx replace what they find in the places where they find it.
    default_priority = 2

    def run(self, **kwargs):
        """Change the page."""
        for begin in parts_of(self.document, "begin"):
            gathered = exercise("", **begin.attributes)
            parent, position = begin.parent, begin.parent.index(begin)
            content = []
            if begin["has_heading"] and isinstance(parent, nodes.section) and position:
                content.append(_heading(parent))
                position -= 1
            content += _taken(parent, position + 1)
            begin.replace_self(gathered)
            gathered += _arranged(content, begin)
        taken_ids = {name for node in self.document.findall(nodes.Element) for name in node["ids"]}
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") == "cell_code":
                _identify(cell, taken_ids)


def _taken(parent, position):
    """Take out of a page what follows a place, up to the mark that ends an exercise."""
    while True:
        while position < len(parent):
            child = parent[position]
            if isinstance(child, exercise_part) and child["part"] == "end":
                parent.remove(child)
                return
            if isinstance(child, nodes.section):
                if child.children and isinstance(child[0], nodes.title):
                    yield _heading(child)
                if any(mark["part"] == "end" for mark in child.findall(exercise_part)):
                    yield from _taken(child, 0)
                    if not child.children:
                        parent.remove(child)
                    return
                parent[position : position + 1] = child.children
                continue
            parent.remove(child)
            yield child
        if parent.parent is None:
            return
        parent, position = parent.parent, parent.parent.index(parent) + 1


def _heading(section):
    """Take the heading of a section, with the section's ids, which links lead to."""
    title, level, above = section[0], 1, section.parent
    while above is not None:
        level += isinstance(above, nodes.section)
        above = above.parent
    heading = exercise_heading("", "", *title.children, level=level, ids=section["ids"])
    section["ids"] = []
    section.remove(title)
    return heading


def _arranged(content, begin):
    """Arrange what was taken: statement, place and tests, in this order."""
    statement, place, tests = exercise_statement(""), exercise_place("", cell=""), []
    now = statement
    for node in content:
        if isinstance(node, exercise_part) and node["part"] == "place":
            now = place
            place["cell"] = node["cell"]
        elif isinstance(node, exercise_part) and node["part"] == "test":
            now = exercise_test("", **node.attributes)
            tests.append(now)
        else:
            now += node
    if not begin["tells_points"]:
        told = points_in_words(begin["points"])
        statement += nodes.paragraph("", told, classes=["exercise-points"])
    arranged = [statement, place]
    if tests:
        arranged.append(exercise_tests("", *tests))
    for number, test in enumerate(tests, start=1):
        line = test_line("", "", *_words(test["purpose"] or f"Test {number}"))
        line["points"] = test["points"]
        test.insert(0, line)
    return arranged


def _words(text):
    """Make code of what stands between backquotes."""
    for position, piece in enumerate(CODE.split(text)):
        if piece:
            yield nodes.literal("", piece) if position % 2 else nodes.Text(piece)


def _identify(cell, taken_ids):
    """Give a code cell its id in the notebook, where no other element of the page has it."""
    name = cell.get("cell_metadata", {}).get("notebook_cell", "")
    known = notebook_cell("", *cell.children, **{**cell.attributes, "cell": name})
    if name and name not in taken_ids:
        known["ids"] = [*known["ids"], name]
        taken_ids.add(name)
    cell.replace_self(known)


def _open_exercise(translator, node):
    by_hand = " by-hand" if node["by_hand"] else ""
    name = html.escape(node["name"])
    translator.body.append(
        f'<section class="exercise{by_hand}" data-exercise="{name}"'
        f' data-points="{node["points"]:g}">\n'
    )


def _open_heading(translator, node):
    tag = f"h{min(node['level'], 6)}"
    translator.body.append(translator.starttag(node, tag, "", CLASS="exercise-heading"))
    anchor = f"#{node['ids'][0]}" if node["ids"] else ""
    number = getattr(translator.builder, "secnumbers", {}).get(anchor)
    if number:
        translator.body.append(
            f'<span class="section-number">{".".join(map(str, number))}. </span>'
        )


def _close_heading(translator, node):
    translator.body.append(f"</h{min(node['level'], 6)}>\n")


def _open_place(translator, node):
    cell = f' data-cell="{html.escape(node["cell"])}"' if node["cell"] else ""
    translator.body.append(f'<div class="exercise-place"{cell}>\n')


def _open_test(translator, node):
    translator.body.append(
        f'<li data-test="{html.escape(node["name"])}" data-points="{node["points"]:g}">\n'
    )
    if len(node.children) > 1:  # there is something to show behind the line
        translator.body.append("<details>\n")


def _close_test(translator, node):
    if len(node.children) > 1:
        translator.body.append("</details>\n")
    if node["hides"] and translator.config.publishing_edition == "student":
        translator.body.append(f'<p class="test-hidden">{MORE_TESTS}</p>\n')
    translator.body.append("</li>\n")


def _open_line(translator, node):
    tag = "summary" if len(node.parent.children) > 1 else "p"
    translator.body.append(f'<{tag} class="test-line"><span class="test-purpose">')


def _close_line(translator, node):
    tag = "summary" if len(node.parent.children) > 1 else "p"
    told = points_in_words(node["points"])
    translator.body.append(f'</span> <span class="test-points">{told}</span></{tag}>\n')


def _open_cell(translator, node):
    name = {"data-cell": node["cell"]} if node["cell"] else {}
    translator.body.append(translator.starttag(node, "div", CLASS="docutils container", **name))


def _open(tag):
    return lambda translator, node: translator.body.append(tag)


HTML = {
    exercise: (_open_exercise, _open("</section>\n")),
    exercise_statement: (_open('<div class="exercise-statement">\n'), _open("</div>\n")),
    exercise_heading: (_open_heading, _close_heading),
    exercise_place: (_open_place, _open("</div>\n")),
    exercise_tests: (_open('<ul class="exercise-tests">\n'), _open("</ul>\n")),
    exercise_test: (_open_test, _close_test),
    test_line: (_open_line, _close_line),
    notebook_cell: (_open_cell, _open("</div>\n")),
}


def setup(app):
    """Connect the exercises to Sphinx."""
    for node, methods in HTML.items():
        app.add_node(node, html=methods)
    app.add_node(exercise_part)
    app.add_directive(PART, ExercisePart)
    app.add_post_transform(Exercises)
