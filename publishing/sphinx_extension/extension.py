"""The Sphinx extension that both editions of the book are built with.

It holds for ``jupyter-book build .`` as for ``python -m publishing build``: an unsound course is
refused before anything is written. A book's configuration names `publishing.extension`, which also
has the site searched in the end.
"""

import json
import re
import shutil
import zlib
from functools import cache
from pathlib import Path

import nbformat
import pybtex.plugin

from publishing.in_page import pages as in_page
from publishing.notebooks.checks import CourseError, Problem, check
from publishing.notebooks.files import (
    book_notebooks,
    chapter_names,
    page_notebooks,
    released_notebook,
)
from publishing.notebooks.plain_markdown import plain
from publishing.notebooks.student_version import nbgrader_settings

from . import (
    captions,
    chapters,
    equation_marks,
    exercise_page,
    figures,
    mathjax,
    openers,
    percent_signs,
    quizzes,
    row_gaps,
)
from .api_reference import write_sections
from .index_terms import IndexTerms
from .search_sections import write_sections as write_sections_for_search

CHAPTER_NUMBER = re.compile(r'(<h1><span class="section-number">\d+)\. ')
HERE = Path(__file__).resolve().parent
SEARCH = "publishing.site.search"
"""The extension that searches a built site. Its folder may import this one, never the reverse."""
READING_SCRIPT = "reading.js"
SEARCH_SCRIPT = "search-symbols.js"


def setup(app):
    """Connect the extension to Sphinx."""
    app.add_config_value("publishing_edition", "student", "env", str)
    # Set by `publishing.site.build`, which checks the course before it writes anything.
    app.add_config_value("publishing_checked", False, "", bool)
    # Where `publishing.site.build` keeps results for its next build.
    app.add_config_value("publishing_kept", "", "", str)
    app.add_config_value("publishing_hub", "", "html", str)
    # Before sphinx-external-toc, which stops at the first thing that is wrong.
    app.connect("config-inited", prepare, priority=100)
    app.connect("source-read", write_sections)
    app.add_transform(IndexTerms)
    captions.setup(app)
    chapters.setup(app)
    openers.setup(app)
    row_gaps.setup(app)
    percent_signs.setup(app)
    equation_marks.setup(app)
    exercise_page.setup(app)
    figures.setup(app)
    quizzes.setup(app)
    app.connect("html-page-context", load_script)
    in_page.setup(app)
    # Before the theme looks which parts of the header are empty (500), and after it has made its
    # list of buttons (501).
    app.connect("html-page-context", offer_download, priority=400)
    app.connect("html-page-context", offer_launch, priority=400)
    app.connect("html-page-context", offer_print, priority=510)
    app.connect("html-page-context", list_references)
    # When the search index is complete, and before it is written.
    app.connect("html-collect-pages", forget_old_words)
    # After every extension has copied its files.
    app.connect("build-finished", finish, priority=900)
    for style in ("type.css", "course.css", "openers.css"):
        app.add_css_file(style)
    # Each citation looks for the same styles, among all that is installed.
    pybtex.plugin._load_entry_point = cache(pybtex.plugin._load_entry_point)
    # jupyter-book sets it for sphinx_comments, which this book leaves out.
    app.add_config_value("comments_config", {}, "", dict)
    # Pages that another state of this code has read are read again.
    code = b"".join(path.read_bytes() for path in sorted(HERE.parent.rglob("*.py")))
    return {
        "version": "1",
        "env_version": zlib.crc32(code),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def prepare(app, config):
    """Check the course unless that was done; give the reader its edition and settings."""
    root = Path(app.srcdir)
    if SEARCH not in app.extensions:
        what = "does not list the extension publishing.extension, which searches the site for leaks"
        raise CourseError([Problem("_config.yml", what)])
    if not config.publishing_checked:
        check(root, config.publishing_edition)
    hub = config.publishing_hub
    if hub and not (hub.startswith(("https://", "http://")) and "{chapter}" in hub):
        what = f"publishing_hub is {hub!r}, and not an address with {{chapter}} in it"
        raise CourseError([Problem("_config.yml", what)])
    reader = config.nb_custom_formats.get(".ipynb")
    if reader != "publishing.extension.read_notebook":
        raise CourseError([Problem("_config.yml", f"reads .ipynb files with {reader!r}")])
    options = {"edition": config.publishing_edition, "settings": nbgrader_settings(root)}
    config.nb_custom_formats = {**config.nb_custom_formats, ".ipynb": (reader, options, False)}
    config.html_copy_source = False
    config.html_favicon = str(HERE / "static" / "favicon.svg")
    config.mathjax_path = mathjax.PATH
    config.mathjax3_config = {**mathjax.CONFIG, **(config.mathjax3_config or {})}
    config.templates_path = [*config.templates_path, str(HERE / "templates")]
    own = [str(folder) for folder in [root / openers.SCRIPTS] if folder.is_dir()]
    config.html_static_path = [*config.html_static_path, *own, str(HERE / "static")]


def downloads(app):
    """Map each page made from a notebook to the notebook that it offers.

    Returns
    -------
    dict of str to Path
        Files by docname: the release of a chapter in the student's edition, the source in the
        instructor's. A page that is no chapter has no secrets; students are offered it in plain
        Markdown. Other notebooks, beside a chapter's own, are offered to instructors alone.
    """
    root = Path(app.srcdir)
    offered = {
        f"book/{chapter}/{chapter}": released_notebook(root, chapter)
        for chapter in chapter_names(root)
    }
    offered |= {f"book/{path.stem}": path for path in page_notebooks(root)}
    if app.config.publishing_edition == "instructor":
        offered = {
            path.relative_to(root).with_suffix("").as_posix(): path for path in book_notebooks(root)
        }
    return {docname: path for docname, path in offered.items() if docname in app.env.found_docs}


def download_path(notebook):
    """Return where a site keeps a notebook, relative to its root."""
    return f"_downloads/{notebook.stem}/{notebook.name}"


def offer_download(app, pagename, templatename, context, doctree):
    """Name the notebook that the header of a page offers, for ``chapter-download.html``."""
    notebook = downloads(app).get(pagename)
    if notebook is not None:
        whose = "instructor's" if app.config.publishing_edition == "instructor" else "chapter's"
        if notebook in page_notebooks(app.srcdir):
            whose = "page's"
        context["chapter_download"] = {
            "path": download_path(notebook),
            "name": notebook.name,
            "tooltip": f"Download the {whose} notebook",
        }
        app.add_js_file("download.js", loading_method="defer")


def offer_launch(app, pagename, templatename, context, doctree):
    """Name the address of a chapter's released notebook on the instructor's JupyterHub, if any."""
    chapter = Path(pagename).name
    if app.config.publishing_hub and pagename == f"book/{chapter}/{chapter}":
        context["chapter_launch"] = app.config.publishing_hub.replace("{chapter}", chapter)


def offer_print(app, pagename, templatename, context, doctree):
    """Add the print button, which the theme has in its download menu only."""
    if doctree is not None:
        button = {
            "type": "javascript",
            "javascript": "window.print()",
            "tooltip": "Print this page",
            "icon": "fas fa-print",
            "label": "print-button",
        }
        context["header_buttons"].insert(0, button)


def load_script(app, pagename, templatename, context, doctree):
    """Give pages the script of ticks and print, and the search page that of symbols."""
    if pagename == "search":
        app.add_js_file(SEARCH_SCRIPT, loading_method="defer")
    elif doctree is not None:
        app.add_js_file(READING_SCRIPT, loading_method="defer")


def list_references(app, pagename, templatename, context, doctree):
    """Make the entries of a list of references its items, for those who hear the page.

    docutils writes a list whose entries have a role of books, which is deprecated and no item. And
    myst-nb gives all fold-outs one name, which would be heard instead of what stands there. The
    number of a chapter stands above its title, and needs no stop.
    """
    if context.get("body"):
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        body = CHAPTER_NUMBER.sub(r"\1 ", body)
        context["body"] = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")


def forget_old_words(app):
    """Take words that are on no page any more out of the search index.

    An incremental build of Sphinx 7 keeps them, so that a word would stay in the index after it had
    become the secret of a hidden test.

    Returns
    -------
    list
        No further pages.
    """
    indexer = getattr(app.builder, "indexer", None)
    if indexer is not None:
        for index in (indexer._mapping, indexer._title_mapping):
            for word in [word for word, pages in index.items() if not pages]:
                del index[word]
    return []


def finish(app, exception):
    """Put the downloads in place, and the files that are written once for all pages."""
    if exception is not None or app.builder.format != "html":
        return
    site, root = Path(app.outdir), Path(app.srcdir)
    # Left there by a build without this extension.
    shutil.rmtree(site / "_sources", ignore_errors=True)
    shutil.rmtree(site / "_downloads", ignore_errors=True)
    for template in (site / "_static").glob("*webpack-macros.html"):
        template.unlink()  # the theme's, and no page
    figures.write_bundle(app)
    in_page.copy_files(app)
    kept = app.config.publishing_kept
    write_sections_for_search(site, Path(kept) / "sections.json" if kept else None)
    pages = page_notebooks(root)
    for docname, notebook in downloads(app).items():
        target = site / download_path(notebook)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, target)
        if app.config.publishing_edition == "student":  # instructors have the notebooks
            if notebook in pages:
                read = nbformat.read(notebook, as_version=4)
                nbformat.write(plain(read, root, f"{docname}.ipynb"), target)
            # For ``static/download.js``: a page opened from its file can read scripts only.
            text = json.dumps(target.read_text(encoding="utf-8"))
            target.with_name(f"{target.name}.js").write_text(f"window.downloaded = {text};\n")
