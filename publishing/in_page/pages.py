"""Exercises in the page: what the build adds to the book for them.

A page gets one small script, with buttons. What these load stands in the book's own folder: the
workbench (editor and notebook), and the Python that `publishing.in_page.runtime` makes. Nothing on
a page says more than the notebook that students get.
"""

import re
import shutil
from pathlib import Path

from sphinx.util import logging

from .runtime import PYTHON, RuntimeMissing, runtime

LOGGER = logging.getLogger(__name__)
BUNDLE = Path(__file__).resolve().parent / "bundle"
SCRIPTS = "in_page"
"""The folder of the scripts, in ``_static``."""


def prepare(app):
    """Make the runtime, where the book is to have one; say so where that cannot be."""
    app.publishing_runtime = None
    is_wanted = app.config.publishing_in_page and app.config.publishing_edition == "student"
    if not is_wanted or app.builder.format != "html":
        return
    try:
        app.publishing_runtime = runtime()
    except RuntimeMissing as missing:
        LOGGER.info("exercises cannot be done in the page: %s", missing)


def add_script(app, pagename, templatename, context, doctree):
    """Give a page its script, with what that must know."""
    made = getattr(app, "publishing_runtime", None)
    if made is None:
        return
    root = context.get("content_root") or context["pathto"]("", 1) or "./"
    download = context.get("chapter_download")
    is_chapter = download is not None and doctree is not None and _has_exercises(doctree)
    told = {
        "data-book": re.sub(r"\W+", "-", app.config.html_title).strip("-"),
        "data-page": pagename,
        "data-root": root,
        "data-notebook": f"{root}{download['path']}.js" if is_chapter else "",
        "data-runtime": f"{root}_static/{PYTHON}/{made.key}/",
    }
    app.add_js_file(f"{SCRIPTS}/exercises.js", loading_method="defer", **told)


def _has_exercises(doctree):
    return any(node.__class__.__name__ == "exercise" for node in doctree.findall())


def copy_files(app):
    """Put the scripts and the runtime into the site."""
    static = Path(app.outdir) / "_static"
    shutil.rmtree(static / PYTHON, ignore_errors=True)
    shutil.rmtree(static / SCRIPTS, ignore_errors=True)
    made = getattr(app, "publishing_runtime", None)
    if made is not None:
        shutil.copytree(BUNDLE, static / SCRIPTS)
        shutil.copytree(made.folder, static / PYTHON / made.key)


def setup(app):
    """Connect the exercises in the page to Sphinx."""
    app.add_config_value("publishing_in_page", False, "html", bool)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", add_script, priority=450)
