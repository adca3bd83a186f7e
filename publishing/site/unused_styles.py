"""Style sheets and icons, less what no page of the site uses.

The theme brings the whole of Bootstrap and some 2,000 icons. A rule stays when each class and id of
its selector stands in a page or a script of the site, so that what scripts switch on stays, too.
"""

import hashlib
import io
import json
import logging
import re
from pathlib import Path

import tinycss2
from fontTools import subset

WORD = re.compile(r"[\w-]+")
PROPERTY = re.compile(r"--[\w-]+")
PROPERTY_IN_USE = re.compile(r"var\(\s*(--[\w-]+)")
NAMED = re.compile(r"""\b(?:class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))""")
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
        for found in NAMED.findall(page.read_text(encoding="utf-8")):
            names.update("".join(found).split())
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


def without_idle_properties(sheets, asked):
    """Take out of style sheets the custom properties whose value nothing asks for.

    Parameters
    ----------
    sheets : dict of Path to str
        The style sheets of a site, which may use each other's properties.
    asked : set of str
        Properties that pages and scripts name.

    Returns
    -------
    dict of Path to str
        The style sheets, which set what they set before, and no palette that is not looked at.
    """
    while True:
        used = asked | {name for text in sheets.values() for name in PROPERTY_IN_USE.findall(text)}
        kept = {path: _without_others(text, used) for path, text in sheets.items()}
        if kept == sheets:
            return kept
        sheets = kept  # what only a removed property used is idle, too


def _without_others(style, used):
    if not set(PROPERTY.findall(style)) - used:
        return style
    rules = tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)
    return "\n".join(_with_properties(rules, used)) + "\n"


def _with_properties(rules, used):
    for rule in rules:
        if rule.type == "qualified-rule":
            rule.content = [
                declaration
                for declaration in tinycss2.parse_blocks_contents(rule.content, skip_comments=True)
                if not (declaration.type == "declaration" and _is_idle(declaration, used))
            ]
            if any(part.type != "whitespace" for part in rule.content):
                yield tinycss2.serialize([rule])
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword in NESTED:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = "".join(_with_properties(inner, used))
            if body:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        else:
            yield tinycss2.serialize([rule])


def _is_idle(declaration, used):
    return declaration.name.startswith("--") and declaration.name not in used


def trim_styles(site, kept):
    """Trim every style sheet and the icons of a site.

    Parameters
    ----------
    site : Path
        The folder of the built site; its files are changed.
    kept : Path
        A folder to keep trimmed style sheets in, for the next time.
    """
    site, names = Path(site), used_names(site)
    sheets = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*.css"))
        if "mathjax" not in path.parts
    }
    asked = {name for name in names if name.startswith("--") and PROPERTY.fullmatch(name)}
    for page in site.rglob("*.html"):
        asked.update(PROPERTY.findall(page.read_text(encoding="utf-8")))
    icons, sheets = _trimmed_once(sheets, names, asked, kept)
    for path, style in sheets.items():
        (site / path).write_text(style, encoding="utf-8")
    trim_icons(site, icons)


class _Answers:
    """A set of names that notes which names were looked for in it."""

    def __init__(self, names):
        self.names, self.given = names, {}

    def __contains__(self, name):
        return self.given.setdefault(name, name in self.names)


def _trimmed_once(sheets, names, asked, kept):
    """Trim style sheets, or take them from last time if all that matters is what it was.

    To parse the theme's takes a second, and a new page seldom has a class that they name.
    """
    code = Path(__file__).read_bytes(), tinycss2.__version__
    key = hashlib.sha256(repr([code, sheets, sorted(asked)]).encode()).hexdigest()[:16]
    path = kept / "styles" / f"{key}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    for one in known:
        if all((name in names) is given for name, given in one["names"].items()):
            return one["trimmed"].values(), one["sheets"]
    answers = _Answers(names)
    some = {name: trimmed(style, answers) for name, style in sheets.items()}
    all_of_it = without_idle_properties(some, asked)
    made = {"names": answers.given, "trimmed": some, "sheets": all_of_it}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([made, *known[:3]]), encoding="utf-8")
    return some.values(), all_of_it
