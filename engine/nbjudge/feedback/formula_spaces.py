r"""What latex2mathml leaves to the reader of its output: spaces about functions, signs and primes.

TeX knows ``\log`` for a function, and sets ``a \log p`` with a thin space on either side; it sees
from what stands before a minus whether that is a sign. MathML is told such things.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_SPACE = "http://www.w3.org/1998/Math/MathML"
_FUNCTION = re.compile(r"[A-Za-z]{2,}")
_APPLY = "\u2061"
_PRIMES = "\u2032\u2033\u2034\u2057"
_SIGNS = "\u2212-+\u00b1\u2213"
_OPEN = "([{\u27e8\u2308\u230a|\u2016\u2225"
_CLOSE = ")]}\u27e9\u2309\u230b|\u2016\u2225!" + _PRIMES
_THIN = "0.1667em"
_OPERANDS = {
    "mfrac", "mi", "mn", "mover", "mroot", "mrow", "ms", "msqrt", "msub", "msubsup", "msup",
    "munder", "munderover",
}  # fmt: skip
_SCRIPTED = {"mover", "msub", "msubsup", "msup", "munder", "munderover"}
_ROWS = {"math", "menclose", "mpadded", "mphantom", "mrow", "msqrt", "mstyle", "mtd"}


def with_spaces(mathml: str) -> str:
    r"""Return a formula with its spaces, signs and primes set as TeX would.

    Parameters
    ----------
    mathml : str
        From latex2mathml.

    Returns
    -------
    str
        The formula, or what was given if it is not well formed.

    Examples
    --------
    >>> from latex2mathml.converter import convert
    >>> with_spaces(convert(r"(-\log p)")).count('form="prefix"')
    1
    """
    try:
        formula = ET.fromstring(mathml)
    except ET.ParseError:  # a student may write anything
        return mathml
    for element in formula.iter():
        element.tag = element.tag.removeprefix(f"{{{_SPACE}}}")
    _lower_primes(formula)
    for sign in formula.iter("mo"):
        text = (sign.text or "").strip()
        if text == "\u221e":  # a number, as it were
            sign.tag = "mi"
        elif text == "/":
            sign.attrib.update(lspace="0", rspace="0")
    for element in list(formula.iter()):
        if element.tag in _ROWS:
            _set_row(element)
    formula.set("xmlns", _SPACE)
    return ET.tostring(formula, encoding="unicode", short_empty_elements=False)


def _lower_primes(element: ET.Element) -> None:
    """Put primes into the line: fonts have them at their height, and a superscript lifts them."""
    for child in element:
        _lower_primes(child)
    if element.tag not in ("msup", "msubsup"):
        return
    prime = element[-1]
    while prime.tag == "mrow" and len(prime) == 1:
        prime = prime[0]
    text = (prime.text or "").strip()
    if len(prime) or not text or set(text) - set(_PRIMES):
        return
    mark = ET.Element("mo", lspace="0", rspace="0")
    mark.text = text
    base = element[0]
    if element.tag == "msubsup":
        base = ET.Element("msub")
        base.extend(list(element)[:2])
    element.tag = "mrow"
    element[:] = [base, mark]


def _set_row(row: ET.Element) -> None:
    made: list[ET.Element] = []
    children = list(row)
    for index, child in enumerate(children):
        before = children[index - 1] if index else None
        after = children[index + 1] if index + 1 < len(children) else None
        name = _function_name(child)
        if name is None:
            if child.tag == "mo" and (child.text or "").strip() in _SIGNS and _is_sign(made):
                child.set("form", "prefix")
            made.append(child)
            continue
        if name.tag == "mo":  # with the spaces of an operator otherwise
            name.tag = "mi"
            name.attrib.clear()
        if before is not None and _function_name(before) is None and _ends_operand(before):
            made.append(ET.Element("mspace", width=_THIN))
        made.append(child)
        if after is not None and (_begins_operand(after) or _opens(after)):
            apply = ET.Element("mo")
            apply.text = _APPLY
            made.append(apply)
            if not _opens(after):
                made.append(ET.Element("mspace", width=_THIN))
    row[:] = made


def _function_name(element: ET.Element) -> ET.Element | None:
    """Return the name of a function, which may have a base or limits; None if it is none."""
    while element.tag in _SCRIPTED and len(element):
        element = element[0]
    named = element.tag in ("mi", "mo") and "mathvariant" not in element.attrib
    return element if named and _FUNCTION.fullmatch((element.text or "").strip()) else None


def _is_sign(before: list[ET.Element]) -> bool:
    """Whether a plus or minus stands before a term, by what stands before itself."""
    for element in reversed(before):
        if element.tag == "mspace":
            continue
        return element.tag == "mo" and (element.text or "").strip() not in _CLOSE
    return True


def _ends_operand(element: ET.Element) -> bool:
    if element.tag == "mo":
        return (element.text or "").strip() in _CLOSE
    return element.tag in _OPERANDS


def _begins_operand(element: ET.Element) -> bool:
    while element.tag in _SCRIPTED | {"mrow"} and len(element):
        element = element[0]
    if element.tag == "mo":  # such as a sum
        return (element.text or "").strip() in ("\u2211", "\u220f", "\u222b", "\u221a")
    return element.tag in _OPERANDS


def _opens(element: ET.Element) -> bool:
    while element.tag in _SCRIPTED | {"mrow"} and len(element):
        element = element[0]
    return element.tag == "mo" and (element.text or "").strip() in tuple(_OPEN)
