"""A reader's comforts: how long a chapter takes, what of it is read, symbols that can be searched.

The estimate is a rule that anybody can check: 200 words a minute, a formula within a line as one
word; half a minute for a displayed formula; three seconds for a line of code; ten minutes for each
exercise. Reading is rounded to five minutes, the whole to a quarter of an hour.
"""

from docutils import nodes

WORDS_A_MINUTE = 200
MINUTES_A_FORMULA = 0.5
MINUTES_A_CODE_LINE = 0.05
MINUTES_AN_EXERCISE = 10

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


def exercise_count(doctree):
    """Count the exercises of a page, derivations by hand included."""
    containers = doctree.findall(nodes.container)
    return sum(1 for container in containers if "exercise" in container["classes"])


def time_in_words(reading, exercises):
    """Say how long a chapter takes.

    Parameters
    ----------
    reading : float
        Minutes, from `reading_minutes`.
    exercises : int
        Their number.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> time_in_words(38.2, 6)
    'Reading takes about 40 minutes; with the 6 exercises, about 1 hour 45 minutes.'
    >>> time_in_words(2, 0)
    'Reading takes about 5 minutes.'
    """
    minutes = max(5, round(reading / 5) * 5)
    told = f"Reading takes about {_duration(minutes)}"
    if exercises:
        whole = max(15, round((reading + exercises * MINUTES_AN_EXERCISE) / 15) * 15)
        named = "exercise" if exercises == 1 else f"{exercises} exercises"
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
        told = time_in_words(reading_minutes(doctree), exercise_count(doctree))
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
