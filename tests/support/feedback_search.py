"""Search the feedback of a submission for what it must not hold, and for what it must."""

from __future__ import annotations

import functools
import html
from pathlib import Path

import nbformat
from courses import ROOT
from nbgrader import utils

from publishing.site.leaks import views
from publishing.site.secret_lines import collapsed, find_secrets

KINDS = {"hidden test", "solution", "reference library"}


@functools.cache
def secrets() -> list[str]:
    """Return the lines of hidden tests and of the reference library that students never get."""
    found = [secret.line for secret in find_secrets(ROOT) if secret.kind in KINDS]
    assert len(found) > 100
    return found


def text_of(page: Path) -> str:
    """Return what a page of feedback says, white space collapsed, markup and all."""
    return collapsed("\n".join(text for _, text in views(page.name, page.read_bytes())))


def leaks(page: Path, submitted: Path) -> list[str]:
    """List the secrets in a page of feedback that are not the student's own words."""
    text = text_of(page)
    own = collapsed("\n".join(c.source for c in nbformat.read(submitted, as_version=4).cells))
    found = [line for line in secrets() if line in text and line not in own]
    # A traceback names the file or the cell that it goes through.
    return found + [place for place in ("<test cell", "solutions/", "nbjudge/") if place in text]


def missing(page: Path, autograded: Path) -> list[str]:
    """List the messages of failed checks, and the student's output, that a page does not hold."""
    text, wanted = text_of(page), []
    for cell in nbformat.read(autograded, as_version=4).cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and utils.is_grade(cell):
                wanted.append(f"{output.ename}: {output.evalue}")
            elif output.output_type == "stream":
                wanted.append(output.text)
    return [
        words
        for words in map(collapsed, wanted)
        if words not in text and words not in html.unescape(text)
    ]
