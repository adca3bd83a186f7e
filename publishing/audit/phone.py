"""What a page is on a phone: what of it is cut, what scrolls, and how small its letters are.

A browser measures it, page by page, in one window that takes the widths of `PHONES` in turn.
"""

from dataclasses import dataclass, field

from .scripts import function_of

PHONES = (390, 360)
SMALLEST_LETTER = 9.0
"""Pixels of CSS, in a figure as it is displayed."""
MOST_SCROLLING = 15
"""Displayed formulas of the whole book that may scroll at the first of `PHONES`."""

SCROLLING = function_of("phone", "scrolling")
CUT = function_of("phone", "cut")
MARKERS = function_of("phone", "markers")
COVERED = function_of("phone", "covered")
LETTERS = function_of("phone", "letters")
SETTLED = function_of("phone", "settled")


@dataclass
class PhoneAudit:
    """What a phone shows of one page.

    Parameters
    ----------
    scrolling : list of str
        The displayed formulas that scroll at the first of `PHONES`.
    smallest : float
        The smallest letter of its figures, in pixels of CSS; infinite without figures.
    markers : int
        How many markers of lists are seen.
    problems : list of str
        What is cut, hidden or covered, and letters that are too small.
    """

    scrolling: list[str] = field(default_factory=list)
    smallest: float = float("inf")
    markers: int = 0
    problems: list[str] = field(default_factory=list)


def look_as_phone(page, height=844):
    """Measure an open page at the widths of phones.

    Parameters
    ----------
    page : playwright.sync_api.Page
        A page whose formulas are set and whose figures are drawn.
    height : int
        Of the window.

    Returns
    -------
    PhoneAudit
        What was found.
    """
    found = PhoneAudit()
    for width in PHONES:
        resize(page, width, height)
        scrolling = page.evaluate(SCROLLING)
        if width == PHONES[0]:
            found.scrolling = [formula["words"] for formula in scrolling]
            found.problems += [f"covered: {what}" for what in page.evaluate(COVERED)]
        silent = [formula["words"] for formula in scrolling if not formula["is_shown"]]
        markers = page.evaluate(MARKERS)
        found.markers = markers["seen"]
        told = [
            *(f"scrolls without a sign of it: {words}" for words in silent),
            *(f"cut: {what}" for what in page.evaluate(CUT)),
            *(f"marker hidden: {what}" for what in markers["hidden"]),
        ]
        for size, words in page.evaluate(LETTERS):
            found.smallest = min(found.smallest, size)
            if size < SMALLEST_LETTER - 0.05:
                told.append(f"letters of {size:.1f} pixels: {words}")
        found.problems += [f"at {width} pixels, {problem}" for problem in told]
    return found


def resize(page, width, height):
    """Give the window of a page a size, and wait until the page has taken it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("(width) => innerWidth === width", arg=width)
    page.evaluate(SETTLED)
