"""Style sheets and icons, less what no page of the site uses.

The theme brings the whole of Bootstrap and some 2,000 icons. A rule stays when each class and id of
its selector stands in a page or a script of the site, so that what scripts switch on stays, too.
"""

import io
import logging
import re
from pathlib import Path

import tinycss2
from fontTools import subset

WORD = re.compile(r"[\w-]+")
NAMED = re.compile(r"""\b(?:class|id)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ICON_FONT = "_static/vendor/fontawesome/webfonts/fa-solid-900.ttf"
ICON_FACE = re.compile(r"fa-(?:solid|regular|brands|v4compatibility)-?\d*\.")
ICON = re.compile(r'(?:content|--fa)\s*:\s*"([^"]+)"')
# Kinds of at-rules that hold rules of their own.
NESTED = {"media", "supports", "layer", "container"}
# Not written by hand for this page: a whole library, drawings, or the words of the book.
NOT_READ = ("_static/mathjax/", "_static/vega-bundle.js", "_static/scripts/fontawesome.js")
NOT_READ += ("_static/figures/", "searchindex.js")


def used_names(site):
    """Collect the classes and ids of a site's pages, and every word of its scripts.

    Parameters
    ----------
    site : Path
        The folder of the built site.

    Returns
    -------
    set of str
        Names that a selector may have to match something.
    """
    names = set()
    for page in site.rglob("*.html"):
        for double, single in NAMED.findall(page.read_text(encoding="utf-8")):
            names.update((double or single).split())
    for script in site.rglob("*.js"):
        if not script.relative_to(site).as_posix().startswith(NOT_READ):
            names.update(WORD.findall(script.read_text(encoding="utf-8", errors="replace")))
    return names


def trimmed(style, names):
    """Return a style sheet without the rules that match nothing.

    Parameters
    ----------
    style : str
        The text of a CSS file.
    names : set of str
        From `used_names`.

    Returns
    -------
    str
        The rules that stay, in their order, each on a line of its own.
    """
    rules = tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)
    return "\n".join(_kept(rules, names)) + "\n"


def _kept(rules, names):
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _may_match(s, names)]
            if selectors:
                head = ",".join(tinycss2.serialize(s).strip() for s in selectors)
                yield f"{head}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif (
            rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in NESTED
        ):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = "".join(_kept(inner, names))
            if body:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        elif rule.type == "at-rule":
            text = _only_solid_icons(tinycss2.serialize([rule]))
            if text:
                yield text


def _selectors(prelude):
    """Split a rule's selectors at their commas; those within brackets stay together."""
    selectors = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _may_match(selector, names):
    """Tell whether each class and id outside of brackets is in use."""
    for before, token in zip([None, *selector], selector, strict=False):
        is_class = (
            token.type == "ident"
            and before is not None
            and before.type == "literal"
            and before.value == "."
        )
        if (is_class or token.type == "hash") and token.value not in names:
            return False
    return True


def _only_solid_icons(rule):
    """Keep of the icon fonts the one that is used, in the format that `trim_icons` writes."""
    if not ICON_FACE.search(rule):
        return rule
    if "fa-solid" not in rule or "Free" not in rule:
        return ""
    return re.sub(r"src\s*:[^;}]*", f'src:url(../../{ICON_FONT}) format("truetype")', rule)


def trim_icons(site, styles):
    """Leave in the icon font the icons that the style sheets name; remove the other fonts.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    styles : iterable of str
        The trimmed style sheets.
    """
    font = site / ICON_FONT
    if not font.is_file():
        return
    # tinycss2 writes a character as itself, not as the escape that the theme has.
    icons = {ord(sign) for style in styles for icon in ICON.findall(style) for sign in icon}
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every table
    options = subset.Options(layout_features=[], name_IDs=[], notdef_outline=True)
    original = subset.load_font(io.BytesIO(font.read_bytes()), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=icons)
    subsetter.subset(original)
    for other in font.parent.iterdir():
        other.unlink()
    original.save(font)


def trim_styles(site):
    """Trim every style sheet and the icons of a site.

    Parameters
    ----------
    site : Path
        The folder of the built site; its files are changed.
    """
    names = used_names(site)
    sheets = {}
    for path in sorted(Path(site).rglob("*.css")):
        if "mathjax" not in path.parts:
            sheets[path] = trimmed(path.read_text(encoding="utf-8"), names)
            path.write_text(sheets[path], encoding="utf-8")
    trim_icons(site, sheets.values())
