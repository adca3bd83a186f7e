"""How a chapter opens, and the book: title, question, drawing, and a line of generated facts.

The drawing of a chapter is ``book/_pictures/<chapter>.svg``. The first page has two directives:
``{book-opening}`` ends what opens the book and shows ``book/_pictures/home.svg``, which
``book/_scripts/home.js`` moves; ``{book-map}`` lists the chapters along lines that show which of
them needs which.
"""

import html
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms.post_transforms import SphinxPostTransform

from publishing.notebooks.exercises import points_in_words

from .book_map import rows
from .chapters import chapters, directly_needed, number
from .reading_time import reading_in_words, whole_in_words

PICTURES = "book/_pictures"
SCRIPTS = "book/_scripts"
HOME_SCRIPT = "home.js"


class opener(nodes.General, nodes.Element):
    """Where the opener of a page ``begins`` or ends."""


class book_opening(nodes.General, nodes.Element):
    """The end of what opens the book."""


class book_map(nodes.General, nodes.Element):
    """The map of the chapters."""


class BookOpening(Directive):
    """Read the directive that ends the opening of the book."""

    def run(self):
        """Return its node."""
        return [book_opening("")]


class BookMap(Directive):
    """Read the directive that draws the map."""

    def run(self):
        """Return its node."""
        return [book_map("")]


class Openers(SphinxPostTransform):
    """Put the title of a chapter, and of the book, into an opener."""

    default_priority = 3

    def run(self, **kwargs):
        """Change the page."""
        title = next(iter(self.document.findall(nodes.title)), None)
        if title is None:
            return
        section = title.parent
        opening = next(iter(self.document.findall(book_opening)), None)
        if opening is not None and opening.parent is section:
            section.insert(section.index(title), opener("", kind="book", begins=True))
            opening.replace_self(opener("", kind="book", begins=False))
        elif self.env.docname in chapters(self.env):
            section.insert(section.index(title) + 1, opener("", kind="chapter", begins=False))
            section.insert(section.index(title), opener("", kind="chapter", begins=True))


def picture(root, name):
    """Return a drawing of the book as a part of a page, empty where there is none."""
    path = Path(root) / PICTURES / f"{name}.svg"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _link(translator, docname, words):
    builder = translator.builder
    target = builder.get_relative_uri(builder.current_docname, docname)
    return f'<a href="{html.escape(target)}">{words}</a>'


def _write_opener(translator, node):
    write = _chapter_opener if node["kind"] == "chapter" else _book_opener
    if node["begins"]:
        translator.body.append(f'<header class="{node["kind"]}-opener">\n')
    else:
        translator.body.append(f"{write(translator)}</header>\n")
    raise nodes.SkipNode


def _counted(count, singular, plural=None):
    return f"<b>{count:g}</b> {singular if count == 1 else plural or f'{singular}s'}"


def _chapter_opener(translator):
    env, docname = translator.builder.env, translator.builder.current_docname
    found = chapters(env)
    facts = found[docname]
    told = [f'<li class="reading-time">{_time(facts)}</li>']
    if facts.points:
        points = sum(facts.points)
        hand = f", {facts.by_hand:g} of them graded by a person" if facts.by_hand else ""
        worth = points_in_words(points).replace(f"{points:g}", f"<b>{points:g}</b>")
        told.append(f"<li>{_counted(len(facts.points), 'exercise')}, {worth}{hand}</li>")
    if facts.figures:
        moving = f", {facts.moving} of them move{'s' * (facts.moving == 1)}" if facts.moving else ""
        told.append(f"<li>{_counted(facts.figures, 'figure')}{moving}</li>")
    needed = directly_needed(found)[docname]
    if needed:
        links = " and ".join(
            _link(translator, name, f"{number(env, name)} {html.escape(found[name].title)}")
            for name in needed
        )
        told.append(f"<li>comes after {links}</li>")
    question = f'<p class="opener-question">{html.escape(facts.question)}</p>\n'
    return (
        (question if facts.question else "")
        + f'<div class="opener-picture">{picture(env.srcdir, Path(docname).name)}</div>\n'
        + f'<ul class="chapter-facts">{"".join(told)}</ul>\n'
    )


def _time(facts):
    reading = reading_in_words(facts.reading)
    if not facts.points:
        return f"<b>{reading}</b> to read"
    whole = whole_in_words(facts.whole)
    return f"<b>{whole}</b> with the exercises, <b>{reading}</b> to read alone"


def _book_opener(translator):
    env = translator.builder.env
    found = chapters(env)
    first = next(iter(found), None)
    start = _link(translator, first, "Start with chapter 1") if first else ""
    exercises = sum(len(facts.points) for facts in found.values())
    hours = round(sum(facts.whole for facts in found.values()) / 60)
    told = [
        _counted(len(found), "chapter"),
        f"{_counted(exercises, 'exercise')}, tested while you write them",
        f"{_counted(sum(facts.moving for facts in found.values()), 'figure')} that move",
        f"about <b>{hours}</b> hours with everything",
        "works without internet",
    ]
    facts = "".join(f"<li>{one}</li>" for one in told)
    return (
        f'<p class="home-start">{start}<a href="#the-chapters">See the chapters</a></p>\n'
        f'<ul class="chapter-facts">{facts}</ul>\n'
        f'<div class="home-picture">{picture(env.srcdir, "home")}</div>\n'
    )


def _write_map(translator, node):
    env = translator.builder.env
    found = chapters(env)
    needed = directly_needed(found)
    items = []
    for (docname, facts), drawn in zip(found.items(), rows(needed), strict=True):
        after = " and ".join(number(env, name) for name in needed[docname])
        told = f"{whole_in_words(facts.whole)}, {_counted(len(facts.points), 'exercise')}"
        items.append(
            f'<li data-page="{html.escape(docname)}">{drawn}'
            f'<div class="map-picture">{picture(env.srcdir, Path(docname).name)}</div>'
            f'<div class="map-words"><p class="map-number">Chapter {number(env, docname)}'
            f"{f', after {after}' if after else ''}</p>"
            f'<p class="map-title">{_link(translator, docname, html.escape(facts.title))}</p>'
            f'<p class="map-question">{html.escape(facts.question)}</p>'
            f'<p class="map-time">{told}<span class="map-progress"></span></p></div></li>\n'
        )
    translator.body.append(f'<ol class="book-map">\n{"".join(items)}</ol>\n')
    raise nodes.SkipNode


def _skip(translator, node):
    raise nodes.SkipNode


def _with_maps(app, env):
    """Return the pages that show facts of others, to be written with every change of these."""
    return sorted(
        docname for docname, told in env.metadata.items() if told.get("shows_book") and docname
    )


def _note(app, doctree):
    """Remember which page shows the book's facts, and keep the drawings that pages show."""
    shows = any(doctree.findall(book_map)) or any(doctree.findall(book_opening))
    app.env.metadata[app.env.docname]["shows_book"] = shows
    for drawing in (Path(app.srcdir) / PICTURES).glob("*.svg"):
        if drawing.stem == Path(app.env.docname).name or shows:
            app.env.note_dependency(str(drawing))


def _load_script(app, pagename, templatename, context, doctree):
    """Give the first page the script that moves its picture."""
    is_there = (Path(app.srcdir) / SCRIPTS / HOME_SCRIPT).is_file()
    if is_there and app.env.metadata.get(pagename, {}).get("shows_book"):
        app.add_js_file(HOME_SCRIPT, loading_method="defer")


def setup(app):
    """Connect the openers to Sphinx."""
    for node, write in [(opener, _write_opener), (book_map, _write_map), (book_opening, _skip)]:
        app.add_node(node, html=(write, None), latex=(_skip, None), text=(_skip, None))
    app.add_directive("book-opening", BookOpening)
    app.add_directive("book-map", BookMap)
    app.add_post_transform(Openers)
    app.connect("doctree-read", _note)
    app.connect("env-updated", _with_maps)
    app.connect("html-page-context", _load_script)
