"""A number and its percent sign stay on one line."""

from docutils.core import publish_doctree

from publishing.sphinx_extension.percent_signs import join_percent_signs


def test_no_line_ends_before_a_percent_sign():
    """After a number and after a formula; code and words are left alone."""
    page = publish_doctree(
        "From 94.8 % to *5 %*, or :math:`x` % of all; a % b, ``100 % 7``, and :math:`7` percent."
    )
    join_percent_signs(page)
    assert page.astext() == (
        "From 94.8\xa0% to 5\xa0%, or x\xa0% of all; a % b, 100 % 7, and 7 percent."
    )
