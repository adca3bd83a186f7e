"""A reader's comforts: how long a chapter takes, what of it is read, symbols that can be searched.

The estimate is a rule that anybody can check, for a reader in the second year who reads with a
pencil: 150 words a minute, a formula within a line as one word; a minute for a displayed formula;
three seconds for a line of code, most of which is folded away; six minutes for each point of an
exercise. Reading is rounded to five minutes, the whole to half an hour.
"""

from docutils import nodes

from .exercise_page import parts_of

WORDS_A_MINUTE = 150
MINUTES_A_FORMULA = 1
MINUTES_A_CODE_LINE = 0.05
MINUTES_A_POINT = 6

READING_SCRIPT = "reading.js"
SEARCH_SCRIPT = "search-symbols.js"


def reading_minutes(doctree):
    """Estimate how long a page takes to read.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page, before it is written.

    Returns
    -------
    float
        Minutes, without the exercises.
    """
    words = lines = formulas = 0
    for node in doctree.findall(nodes.Node):
        if isinstance(node, nodes.literal_block):
            lines += len(node.astext().splitlines())
        elif isinstance(node, nodes.math_block):
            formulas += 1
        elif isinstance(node, nodes.math):
            words += 1
        elif isinstance(node, nodes.Text) and not _within(node):
            words += len(node.astext().split())
    return words / WORDS_A_MINUTE + formulas * MINUTES_A_FORMULA + lines * MINUTES_A_CODE_LINE


def _within(text):
    """Tell whether a text is counted otherwise, or is markup."""
    return isinstance(text.parent, nodes.literal_block | nodes.math_block | nodes.math | nodes.raw)


def exercise_points(doctree):
    """Find the points of each exercise of a page, derivations by hand included.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page.

    Returns
    -------
    list of float
        In the order of the page.
    """
    return [mark["points"] for mark in parts_of(doctree, "begin")]


def time_in_words(reading, points):
    """Say how long a chapter takes.

    Parameters
    ----------
    reading : float
        Minutes, from `reading_minutes`.
    points : list of float
        Those of each exercise, from `exercise_points`.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> time_in_words(98.2, [3, 4, 2, 4])
    'Reading takes about 1 hour 40 minutes; with the 4 exercises, about 3 hours.'
    >>> time_in_words(2, [])
    'Reading takes about 5 minutes.'
    """
    minutes = max(5, round(reading / 5) * 5)
    told = f"Reading takes about {_duration(minutes)}"
    if points:
        whole = max(30, round((reading + sum(points) * MINUTES_A_POINT) / 30) * 30)
        named = "exercise" if len(points) == 1 else f"{len(points)} exercises"
        told += f"; with the {named}, about {_duration(whole)}"
    return f"{told}."


def _duration(minutes):
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{hours} hour{'' if hours == 1 else 's'}")
    if rest:
        parts.append(f"{rest} minutes")
    return " ".join(parts)


def tell_time(app, doctree):
    """Put the time that a chapter takes below its title."""
    docname = app.env.docname
    folders = docname.split("/")
    is_chapter = len(folders) == 3 and folders[1] == folders[2]
    app.env.metadata[docname]["is_chapter"] = is_chapter
    if not is_chapter:
        return
    for title in doctree.findall(nodes.title):
        told = time_in_words(reading_minutes(doctree), exercise_points(doctree))
        line = nodes.paragraph("", told, classes=["reading-time"])
        title.parent.insert(title.parent.index(title) + 1, line)
        return


def load_script(app, pagename, templatename, context, doctree):
    """Give pages the script of progress and print, and the search page that of symbols."""
    if pagename == "search":
        app.add_js_file(SEARCH_SCRIPT, loading_method="defer")
    elif doctree is not None:
        app.add_js_file(READING_SCRIPT, loading_method="defer")


def setup(app):
    """Connect the comforts to Sphinx."""
    app.connect("doctree-read", tell_time)
    app.connect("html-page-context", load_script)
