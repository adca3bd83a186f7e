"""Interactive figures: what an Altair cell of a notebook becomes in the book.

The output of such a cell is a Vega-Lite specification. A page holds a still picture of it, which
readers without scripts and printers get. The specification, compiled to Vega's own language, is a
script of its own; ``static/vega-figure.js`` loads it when the figure comes near the window, and
with the first one the scripts that `write_bundle` puts into the site once. Scripts are all that is
loaded, so the figures move in a page opened from a folder, too.
"""

import hashlib
import html
import json
import re
from importlib.metadata import version
from pathlib import Path

import vl_convert
from docutils import nodes
from myst_nb.core.render import MimeRenderPlugin

VEGALITE = "application/vnd.vegalite.v5+json"
VEGALITE_VERSION = "5.20"
BUNDLE = "vega-bundle.js"
SCRIPT = "vega-figure.js"
SPECS = "figures"
"""The folder of the specifications, in the site's ``_static``."""

# Text and lines take the colour of the page's text, so that a figure follows the reader's choice
# of light or dark without being drawn again. What a figure sets for itself has precedence.
_INK = "currentColor"
_LETTERS = {"labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal"}
CONFIG = {
    "aria": False,  # a figure is one picture with one description, not hundreds of marks
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "range": {"category": ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"]},
    "axis": {
        **_LETTERS,
        "domainColor": _INK,
        "domainOpacity": 0.6,
        "gridColor": _INK,
        "gridOpacity": 0.15,
        "labelColor": _INK,
        "tickColor": _INK,
        "tickOpacity": 0.6,
        "titleColor": _INK,
    },
    "header": {"labelColor": _INK, "titleColor": _INK, **_LETTERS},
    "legend": {"labelColor": _INK, "titleColor": _INK, **_LETTERS},
    "rule": {"color": _INK},
    "text": {"color": _INK, "fontSize": 13},
    "title": {
        **{"color": _INK, "subtitleColor": _INK, "fontSize": 14, "subtitleFontSize": 13},
        "fontWeight": 600,
    },
    "view": {"stroke": _INK, "strokeOpacity": 0.2},
}


# What is the default of SVG, or said once for the whole drawing.
SAID_ANYWAY = re.compile(r' (?:opacity="1"|pointer-events="none"|aria-hidden="true")(?=[ />])')
# Vega's names of the parts of a drawing, which is one picture here: nobody hears or styles them.
NAMES_OF_PARTS = re.compile(r' (?:class|role|aria-roledescription|aria-label)="[^"]*"')


class vega_figure(nodes.General, nodes.Element):
    """An interactive figure: ``description``, ``spec`` (JSON of Vega) and ``still`` (SVG)."""


class FigureRenderer(MimeRenderPlugin):
    """Makes a `vega_figure` of a Vega-Lite output, for myst-nb's ``myst_nb.mime_renderers``."""

    mime_priority_overrides = (("*", VEGALITE, 1),)

    @staticmethod
    def handle_mime(renderer, data, inline):
        """Return the node of a Vega-Lite output, None for any other."""
        if data.mime_type != VEGALITE or inline:
            return None
        for problem in figure_problems(data.content):
            renderer.logger.warning(
                f"interactive figure: {problem}", subtype="figure", line=data.line
            )
        spec = compiled(data.content)
        figure = vega_figure(
            "",
            description=" ".join(data.content.get("description", "").split()),
            spec=json.dumps(spec, ensure_ascii=False, separators=(",", ":")),
            still=vl_convert.vega_to_svg(spec, allowed_base_urls=[]),
        )
        return [figure]


def figure_problems(spec):
    """Tell what keeps a Vega-Lite specification from being a figure of the book.

    Parameters
    ----------
    spec : dict
        The specification, as Altair writes it.

    Returns
    -------
    list of str
        Empty when it is described in words and brings all of its data along.
    """
    found = []
    if not str(spec.get("description", "")).strip():
        found.append("has no description; give one with .properties(description=...)")
    found += [f"fetches {address!r}; its data must be in it" for address in _addresses(spec)]
    return found


def _addresses(part):
    """Yield the addresses of data in a specification and all that is nested in it."""
    if isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, dict) and "url" in data:
            yield data["url"]
        for key, value in part.items():
            if key != "datasets":
                yield from _addresses(value)
    elif isinstance(part, list):
        for value in part:
            yield from _addresses(value)


def compiled(spec):
    """Compile a Vega-Lite specification to Vega in the book's colours.

    What Vega-Lite has to say is said while the book is built, not in the reader's browser.

    Parameters
    ----------
    spec : dict
        The Vega-Lite specification.

    Returns
    -------
    dict
        The Vega specification, without the address of its schema.
    """
    spec = {**spec, "config": _merged(CONFIG, spec.get("config", {}))}
    vega = vl_convert.vegalite_to_vega(spec, vl_version=VEGALITE_VERSION)
    return {key: value for key, value in vega.items() if key != "$schema"}


def _merged(lower, upper):
    """Merge two settings; `upper` has precedence, key by key."""
    merged = dict(lower)
    for key, value in upper.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def spec_name(node):
    """Name the specification of a `vega_figure` by its content, which no cache mistakes."""
    return hashlib.sha256(node["spec"].encode()).hexdigest()[:16]


def write_figure(translator, node):
    """Write the figure as HTML, and its specification beside the page's scripts."""
    order = list(translator.document.findall(vega_figure)).index(node) + 1
    name = f"vega-figure-{order}"
    described = f'role="img" aria-label="{html.escape(node["description"])}"'
    spec = spec_name(node)
    folder = Path(translator.builder.outdir) / "_static" / SPECS
    folder.mkdir(parents=True, exist_ok=True)
    text = f'(window.vegaFigures ??= {{}})["{spec}"] = {node["spec"]};\n'
    (folder / f"{spec}.js").write_text(text, encoding="utf-8")
    translator.body.append(
        f'<div class="vega-figure" id="{name}" data-spec="{spec}" data-state="still">\n'
        f'<div class="vega-figure-still" {described}>{_inlined(node["still"], name)}</div>\n'
        f'<div class="vega-figure-live" {described} hidden></div>\n'
        '<div class="vega-figure-controls" hidden></div>\n'
        "</div>\n"
    )
    raise nodes.SkipNode


def skip_figure(translator, node):
    """Leave the figure out of a format that has no scripts."""
    raise nodes.SkipNode


def _inlined(svg, name):
    """Make an SVG part of a page: its ids its own, its marks one picture."""
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)  # a hundredth of a pixel is fine enough
    svg = NAMES_OF_PARTS.sub("", SAID_ANYWAY.sub("", svg))
    svg = svg.replace('<path d="" display="none"/>', "")
    families = set(re.findall(r' font-family="[^"]*"', svg))
    if len(families) == 1:  # said once, for all of its words
        family = families.pop()
        svg = svg.replace(family, "").replace("<svg", f"<svg{family}", 1)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def note_figures(app, doctree):
    """Remember the figures of a page by the names of their specifications."""
    names = [spec_name(figure) for figure in doctree.findall(vega_figure)]
    app.env.metadata[app.env.docname]["interactive_figures"] = names


def load_script(app, pagename, templatename, context, doctree):
    """Give a page with figures, and no other, the script that draws them."""
    if app.env.metadata.get(pagename, {}).get("interactive_figures"):
        app.add_js_file(SCRIPT, loading_method="defer")


def write_bundle(app):
    """Put Vega's script into the site when a page needs it; remove what no figure needs.

    Parameters
    ----------
    app : Sphinx
        After the pages are written.
    """
    static = Path(app.outdir) / "_static"
    pages = app.env.metadata.values()
    needed = {name for page in pages for name in page.get("interactive_figures", ())}
    for spec in (static / SPECS).glob("*.js"):
        if spec.stem not in needed:
            spec.unlink()
    path = static / BUNDLE
    if not needed:
        path.unlink(missing_ok=True)
        return
    notice = (
        f"/* Vega, Vega-Lite and Vega-Embed, BSD-3-Clause, https://vega.github.io,"
        f" as vl-convert-python {version('vl-convert-python')} carries it */\n"
    )
    if path.is_file() and path.read_text(encoding="utf-8").startswith(notice):
        return
    script = vl_convert.javascript_bundle(vl_version=VEGALITE_VERSION)
    # Its names stay its own: the bundle's variables would be the page's.
    path.write_text(f"{notice}(() => {{\n{script}\n}})();\n", encoding="utf-8")


def setup(app):
    """Connect the figures to Sphinx."""
    app.add_node(
        vega_figure,
        html=(write_figure, None),
        latex=(skip_figure, None),
        text=(skip_figure, None),
    )
    app.connect("doctree-read", note_figures)
    app.connect("html-page-context", load_script)
