"""What the page cannot do, in a sentence beside Python's own words."""

NO_ROOM = "The memory of the page is used up: is an array larger than meant?"
NO_PROGRAMS = "The page's Python starts no other programs."
SENTENCES = {
    "EOFError": "input() has nobody to ask here: give the value in the code.",
    "Unable to allocate": NO_ROOM,
    "MemoryError": "The memory of the page is used up, or the code is nested too deeply.",
    "index-sized integer": NO_ROOM,
    "array is too big": "The memory of the page has room for a hundred million numbers.",
    "RecursionError": "A function calls itself without an end.",
    "SystemExit": "The code ended itself with sys.exit() or exit(): nothing after it was run.",
    "can't start new thread": "Threads cannot be started in the page.",
    "does not support processes": NO_PROGRAMS,
    "module 'os' has no attribute": NO_PROGRAMS,
    "module '_socket'": "The page's Python reaches no network.",
    "'urllib.request'": "The page's Python reaches no network.",
    "ctypes is unavailable": "The page's Python calls no C.",
    "FileNotFoundError": "The page has no files but those that your code writes in the same run.",
}
"""By what stands in the last line of an error."""
ADVICE = ". Site initialization is disabled"
"""Where an error goes on with advice that is of no use in a page."""


def sentence_of(words):
    """Return the sentence for an error, or nothing where its own words are enough."""
    return next((sentence for sign, sentence in SENTENCES.items() if sign in words), "")


def plain(words):
    """Leave advice out of the words of an error."""
    return words.split(ADVICE)[0]
