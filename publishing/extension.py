"""What a book's ``_config.yml`` names: the Sphinx extension, and what reads its notebooks.

The extension is two: the pages of `publishing.sphinx_extension.extension`, and
`publishing.site.search`, which refuses a site that leaks or reaches out.
"""

from publishing.notebooks.edition_reader import read_notebook

__all__ = ["read_notebook", "setup"]


def setup(app):
    """Connect both to Sphinx."""
    for name in ("publishing.site.search", "publishing.sphinx_extension.extension"):
        app.setup_extension(name)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
