"""The bundle: what is in it, that it leads nowhere else, and what is refused."""

import shutil
import zipfile
from pathlib import Path

import pytest

from publishing.site.bundle import BundleError, bundle, way_out
from publishing.site.leaks import find_leaks

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def bundled(course):
    """The small course with what a bundle needs besides."""
    shutil.copy(REPOSITORY / "requirements-student.txt", course)
    return course


def test_bundle_holds_book_and_notebooks(bundled, tmp_path):
    """Unpacked elsewhere, it has the book, each released notebook, and no way out and no secret.

    The same sources give the same bytes.
    """
    first = bundle(bundled).read_bytes()
    again = bundle(bundled)
    assert again.read_bytes() == first
    with zipfile.ZipFile(again) as archive:
        archive.extractall(tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / "linear-classification"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.txt",
        "book",
        "notebooks",
        "requirements-student.txt",
    ]
    for chapter in ("alpha", "beta"):
        released = bundled / "release" / chapter / f"{chapter}.ipynb"
        notebook = folder / "notebooks" / chapter / f"{chapter}.ipynb"
        assert notebook.read_bytes() == released.read_bytes()
    assert (folder / "book" / "index.html").is_file()
    assert way_out(folder) == []
    assert find_leaks(folder, bundled) == []


def test_solution_in_the_book_stops_the_bundle(bundled):
    """A leak in the site is named, and there is no archive."""
    page = bundled / "_build/html/book/alpha/alpha.html"
    secret = "<p>secret_halved = np.asarray(values) * 0.5  # the alpha trick</p>"
    page.write_text(page.read_text().replace("</article>", secret + "</article>"))
    with pytest.raises(BundleError, match=r"book/book/alpha/alpha\.html: leaks a line"):
        bundle(bundled)
    assert not (bundled / "_build" / "linear-classification.zip").exists()


def test_course_without_a_book_is_not_bundled(tmp_path):
    """The command to run is named."""
    with pytest.raises(BundleError, match="make book"):
        bundle(tmp_path)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/etc/hosts", "leads out of the bundle"),
        ("../../above.html", "leads out of the bundle"),
        ("missing.html", "is not in the bundle"),
        ("file:///tmp/a.html", "is on one machine only"),
    ],
)
def test_way_out_is_found(tmp_path, address, told):
    """Absolute paths, paths above the folder and dead ends are reported with their page."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "a.html").write_text(
        f'<a href="{address}">out</a><a href="#here">h</a><a href="https://example.org">e</a>'
    )
    assert way_out(folder) == [f"a.html: {address} {told}"]
