"""What is known of each chapter before its page is written, gathered in one place.

The time that it takes, its exercises and figures, the question that stands in italics below its
title, and the chapters that its paragraph "You need" links to. Openers and the first page show
these facts; no page states a second number of its own.
"""

from dataclasses import asdict, dataclass, field

from docutils import nodes
from sphinx import addnodes

from .captions import figure_captions
from .figures import vega_figure
from .reading_time import exercise_points, reading_minutes, whole_minutes

KEY = "chapter"
NEEDS = "You need"


@dataclass
class Facts:
    """What is told of a chapter.

    Parameters
    ----------
    title : str
        Its title.
    question : str
        What it answers; empty where the chapter does not say.
    reading, whole : float
        Minutes to read it, and to read it and do its exercises.
    points : list of float
        Those of each exercise.
    by_hand : float
        The points that a person grades.
    figures, moving : int
        How many figures it has, and how many of them move.
    needs : list of str
        The docnames of the chapters that its paragraph "You need" links to.
    """

    title: str
    question: str = ""
    reading: float = 0.0
    whole: float = 0.0
    points: list = field(default_factory=list)
    by_hand: float = 0.0
    figures: int = 0
    moving: int = 0
    needs: list = field(default_factory=list)


def is_chapter(docname):
    """Tell whether a page is a chapter, ``book/<chapter>/<chapter>``."""
    folders = docname.split("/")
    return len(folders) == 3 and folders[1] == folders[2]


def gather(app, doctree):
    """Note the facts of a chapter when its page was read; take its question out of the text."""
    docname = app.env.docname
    app.env.metadata[docname].pop(KEY, None)
    title = next(iter(doctree.findall(nodes.title)), None)
    if not is_chapter(docname) or title is None:
        return
    question = _take_question(title)
    points = exercise_points(doctree)
    reading = reading_minutes(doctree)
    moving = sum(1 for _ in doctree.findall(vega_figure))
    facts = Facts(
        title=title.astext(),
        question=question,
        reading=reading,
        whole=whole_minutes(reading, points),
        points=points,
        by_hand=sum(exercise_points(doctree, by_hand=True)),
        figures=sum(1 for _ in figure_captions(doctree)),
        moving=moving,
        needs=_needs(title.parent, docname),
    )
    app.env.metadata[docname][KEY] = asdict(facts)


def _take_question(title):
    """Take a paragraph that is all in italics, right below the title, out of a chapter."""
    following = title.next_node(nodes.Element, descend=False, siblings=True)
    if not isinstance(following, nodes.paragraph):
        return ""
    spoken = [child for child in following if child.astext()]
    if len(spoken) != 1 or not isinstance(spoken[0], nodes.emphasis):
        return ""
    following.parent.remove(following)
    return spoken[0].astext()


def _needs(section, docname):
    """Return the chapters that the paragraph "You need" links to, each once."""
    found = []
    for paragraph in section.findall(nodes.paragraph):
        if paragraph.astext().startswith(NEEDS):
            found += [link["reftarget"] for link in paragraph.findall(addnodes.pending_xref)]
    named = dict.fromkeys(found)
    return [target for target in named if is_chapter(target) and target != docname]


def chapters(env):
    """Return the facts of all chapters.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        After all pages were read.

    Returns
    -------
    dict of str to Facts
        By docname, in the order of the book.
    """
    order = [docname for docname in env.toc_secnumbers if KEY in env.metadata[docname]]
    order.sort(key=lambda docname: env.toc_secnumbers[docname].get("", ()))
    return {docname: Facts(**env.metadata[docname][KEY]) for docname in order}


def number(env, docname):
    """Return the number of a chapter as text, empty where it has none."""
    return ".".join(map(str, env.toc_secnumbers.get(docname, {}).get("", ())))


def directly_needed(found):
    """Return what each chapter needs, less what these chapters need in their turn.

    Parameters
    ----------
    found : dict of str to Facts
        From `chapters`.

    Returns
    -------
    dict of str to list of str
        Docnames by docname.

    Examples
    --------
    >>> one, two = Facts("One"), Facts("Two", needs=["one"])
    >>> directly_needed({"one": one, "two": two, "three": Facts("Three", needs=["one", "two"])})
    {'one': [], 'two': ['one'], 'three': ['two']}
    """

    def all_needed(name, seen):
        for needed in found[name].needs:
            if needed in found and needed not in seen:
                seen.add(needed)
                all_needed(needed, seen)
        return seen

    direct = {}
    for name, facts in found.items():
        needs = [needed for needed in facts.needs if needed in found]
        further = set().union(*(all_needed(needed, set()) for needed in needs))
        direct[name] = [needed for needed in needs if needed not in further]
    return direct


def setup(app):
    """Connect the gathering to Sphinx."""
    app.connect("doctree-read", gather)
