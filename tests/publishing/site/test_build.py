"""Building: refused, failed, repeated, and by hand with jupyter-book."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from publishing.site.leaks import find_leaks

SITE = "_build/html"


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def edit(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def reword_test(notebook):
    (cell,) = [cell for cell in notebook.cells if cell.id == "alpha_four_is_two"]
    cell.source = cell.source.replace("Visible:", "Clearly visible:")


def test_failed_build_leaves_the_site(course, run):
    """A warning fails the build, names the page, keeps the last site, and fails again."""
    before = contents(course / SITE)
    with (course / "book" / "glossary.md").open("a") as page:
        page.write("\nSee {ref}`no-such-label`.\n")
    for _ in range(2):
        result = run(course, "build", "student")
        assert result.returncode == 1
        assert "book/glossary.md" in result.stderr
        assert "no-such-label" in result.stderr
        assert "_build/html is as it was" in result.stderr
        assert contents(course / SITE) == before


def test_unsound_course_is_refused(course, run):
    """A broken notebook stops the build before anything is written."""
    (course / "book" / "beta" / "beta.ipynb").write_text("{")
    before = contents(course)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "book/beta/beta.ipynb: is not JSON" in result.stderr
    assert contents(course) == before


def test_both_editions_are_built_at_the_same_time(course, run):
    """One that cannot be built says so, and the other is built all the same."""
    (course / "release" / "alpha" / "alpha.ipynb").unlink()
    result = run(course, "build", "student", "instructor", "--quiet")
    assert result.returncode == 1
    assert "run 'make release'" in result.stderr
    assert "The instructor's edition is in" in result.stdout
    assert "The student's edition" not in result.stdout


def test_missing_release_is_refused(course, run):
    """Without the released notebook nothing is built, and the command to run is named."""
    (course / "release" / "alpha" / "alpha.ipynb").unlink()
    before = contents(course)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "release/alpha/alpha.ipynb: is missing: run 'make release'" in result.stderr
    assert contents(course) == before


def test_stale_release_is_refused(course, run):
    """A chapter that was changed since its release must be released again."""
    edit(course / "book" / "alpha" / "alpha.ipynb", reword_test)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "is not what book/alpha/alpha.ipynb releases now: run 'make release'" in result.stderr
    assert "beta" not in result.stderr


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_broken_release_is_refused(course, run, content):
    """A released file that is no notebook is reported, not offered."""
    (course / "release" / "alpha" / "alpha.ipynb").write_text(content)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "release/alpha/alpha.ipynb: is not" in result.stderr
    assert "Traceback" not in result.stderr


def test_only_what_changed_is_built_again(course, run):
    """After a change of one page, one page is read; after none, none.

    A word that is on no page any more is in no search index, either.
    """
    glossary, index = course / "book" / "glossary.md", course / SITE / "searchindex.js"
    text = glossary.read_text()
    glossary.write_text(f"{text}\nThe quagga grazes here.\n")
    # The copy stands in another folder than the original: all of it is read.
    assert run(course, "build", "student").returncode == 0
    assert "quagga" in index.read_text()
    glossary.write_text("# Glossary\n\n```{glossary}\nodds\n  A ratio.\n```\n")
    second = run(course, "build", "student")
    assert "0 added, 1 changed, 0 removed" in second.stdout
    assert "A ratio." in (course / SITE / "book" / "glossary.html").read_text()
    assert "quagga" not in index.read_text()
    third = run(course, "build", "student")
    assert "0 added, 0 changed, 0 removed" in third.stdout
    assert "A ratio." in (course / SITE / "book" / "glossary.html").read_text()


def test_jupyter_book_by_hand_builds_the_students_edition(course):
    """``jupyter-book build .`` over a site full of raw sources leaves a student's site."""
    raw = course / SITE / "_sources" / "book" / "alpha"
    raw.mkdir(parents=True)
    (raw / "alpha.ipynb").write_bytes((course / "book" / "alpha" / "alpha.ipynb").read_bytes())
    assert find_leaks(course / SITE, course)
    result = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", "."],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert find_leaks(course / SITE, course) == []
    assert (course / SITE / "_downloads" / "alpha" / "alpha.ipynb").is_file()


def test_leaking_site_fails_the_build(course, run):
    """A setting that copies the library into the site is caught; the last site stays."""
    config = course / "_config.yml"
    extra = "    html_extra_path: [solutions]\n    include_patterns:"
    config.write_text(config.read_text().replace("    include_patterns:", extra))
    before = contents(course / SITE)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "alpha.py: leaks a line of the reference library" in result.stderr
    assert contents(course / SITE) == before


def test_a_course_whose_site_would_not_be_searched_is_refused(course, run):
    """Without the extension that finds leaks nothing is built."""
    config = course / "_config.yml"
    pages_alone = "- publishing.sphinx_extension.extension"
    text = config.read_text().replace("    publishing.extension: .", "    {}")
    config.write_text(text.replace("- publishing.extension", pages_alone))
    before = contents(course / SITE)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "_config.yml: does not list the extension publishing.extension," in result.stderr
    assert contents(course / SITE) == before
