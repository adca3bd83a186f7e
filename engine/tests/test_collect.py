"""Submissions come from the universities' systems: whose they are, when, and what is refused."""

from __future__ import annotations

import shutil
import stat
import struct
import warnings
import zipfile

import pytest
import small_course
from downloads import CLASS, canvas_gradebook, make_zip, moodle_worksheet, roster
from in_a_fork import nbjudge
from nbjudge.lms.archive import Archive, ArchiveError
from nbjudge.lms.collectors import COLLECTORS
from small_course import NAME

EARLY, LATE = (2026, 11, 3, 10, 15, 0), (2026, 11, 5, 9, 0, 0)


@pytest.fixture(scope="module")
def prepared(small_course_made, tmp_path_factory):
    """Return a course to which the class was imported and nothing handed in."""
    root = tmp_path_factory.mktemp("collect") / "course"
    shutil.copytree(small_course_made, root)
    shutil.rmtree(root / "submitted")
    small_course.configure(root)
    (root / "students.csv").write_bytes(roster())
    with small_course.open_course(root).gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-04 00:00:00")
    done = nbjudge(root, "students", "import", "students.csv")
    assert done.code == 0, done.err
    return root


@pytest.fixture
def course(prepared, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(prepared, root)
    small_course.configure(root)
    return root


@pytest.fixture(scope="module")
def answers(prepared):
    """Return some notebooks that can be told apart."""
    text = (prepared / "release" / NAME / f"{NAME}.ipynb").read_text()
    return [text.replace("# YOUR CODE HERE", f"# answer {n}", 1) for n in range(6)]


def collect(root, system, *options, code=0):
    done = nbjudge(
        root, "collect", "--from", system, str(root / "download.zip"), "--timezone", "UTC", *options
    )
    assert done.code == code, done.out + done.err
    return done.out if code == 0 else done.out + done.err


def handed_in(root):
    """Return the answer and the time of each submission."""
    found = {}
    for path in sorted((root / "submitted").glob(f"*/{NAME}/{NAME}.ipynb")):
        stamp = path.with_name("timestamp.txt")
        text = path.read_text()
        number = next((n for n in range(6) if f"# answer {n}" in text), None)
        found[path.parts[-3]] = (number, stamp.read_text().strip() if stamp.exists() else None)
    return found


def test_moodles_folders_are_told_by_name_and_by_worksheet(course, answers):
    """Groups, umlauts, apostrophes; a time that is late; who is not in the class is listed."""
    make_zip(course / "download.zip", {
        "Ada Lovelace_101900_assignsubmission_file_/tiny.ipynb": answers[0],
        "Ada Lovelace_101900_assignsubmission_file_/data/mine.csv": "1,2",
        "Tutorium A-O'Brien-Müller Zoë_102900_assignsubmission_file_/tiny (1).ipynb": (answers[1], LATE),
        "Kurt Gödel_103900_assignsubmission_file_tiny.ipynb": answers[2],
        "Emmy Noether_104900_assignsubmission_onlinetext_/onlinetext.html": "<p>sorry",
        "Niels Bohr_105900_assignsubmission_file_/tiny.ipynb": answers[3],
        "__MACOSX/._tiny.ipynb": "x",
    })  # fmt: skip
    said = collect(course, "moodle")
    assert handed_in(course) == {
        "ada": (0, "2026-11-03 10:15:00 UTC"),
        "kurt": (2, "2026-11-03 10:15:00 UTC"),
        "zoe": (1, "2026-11-05 09:00:00 UTC"),
    }
    assert (course / "submitted" / "ada" / NAME / "data" / "mine.csv").read_text() == "1,2"
    assert "tiny from download.zip: 3 new; 1 late: zoe." in said
    assert "zoe: handed in tiny (1).ipynb, taken for tiny.ipynb" in said
    assert "Niels Bohr_105900_assignsubmission_file_/tiny.ipynb: no student of this name" in said
    assert "Not in this download: emmy" in said
    graded = nbjudge(course, "grade", NAME)
    assert graded.code == 0, graded.err
    assert small_course.contents(small_course.sqlite(course))["zoe",][0] > 0

    # The worksheet knows who is whom where names are hidden.
    (course / "worksheet.csv").write_bytes(moodle_worksheet())
    make_zip(course / "download.zip", {
        "Teilnehmer_104900_assignsubmission_file_/tiny.ipynb": answers[4],
        "Teilnehmer_101900_assignsubmission_file_/tiny.ipynb": (answers[5], LATE),
    })  # fmt: skip
    said = collect(course, "moodle", "--roster", "worksheet.csv")
    assert handed_in(course)["emmy"][0] == 4
    assert handed_in(course)["ada"] == (5, "2026-11-05 09:00:00 UTC")
    assert "1 new, 1 replaced" in said
    kept = list((course / ".nbjudge" / "replaced" / NAME / "ada").glob("*/tiny.ipynb"))
    assert [path.read_text() for path in kept] == [answers[0]]
    assert "Replaced by a later attempt, kept in .nbjudge/replaced/tiny/: ada" in said

    # The same again changes nothing, and an earlier attempt does not replace a later one.
    make_zip(course / "download.zip", {
        "Teilnehmer_104900_assignsubmission_file_/tiny.ipynb": answers[4],
        "Teilnehmer_101900_assignsubmission_file_/tiny.ipynb": answers[0],
    })  # fmt: skip
    before = handed_in(course)
    said = collect(course, "moodle", "--roster", "worksheet.csv")
    assert handed_in(course) == before
    assert "0 new, 1 unchanged, 1 older" in said


def test_canvas_says_what_is_late_and_numbers_attempts(course, answers):
    """Of several the last counts; its mark counts against a time that is the download's."""
    make_zip(course / "download.zip", {
        "lovelaceada_101_7001_tiny.ipynb": answers[0],
        "lovelaceada_101_7002_tiny-1.ipynb": answers[1],
        "lovelaceada_101_7010_tiny-2.ipynb": answers[2],
        "obrienmüllerzoë_LATE_102_7003_tiny.ipynb": answers[3],
        "godelkurt_103_7004_tiny-final.ipynb": answers[4],
        "noetheremmy_104_7005_text.html": "<p>",
        "bohrniels_105_7006_tiny.ipynb": answers[5],
    }, when=(2026, 11, 9, 8, 0, 0))  # fmt: skip
    (course / "gradebook.csv").write_bytes(canvas_gradebook())
    said = collect(course, "canvas", "--roster", "gradebook.csv", "--dry-run")
    assert "tiny from download.zip: would be 3 new" in said
    assert handed_in(course) == {}
    said = collect(course, "canvas", "--roster", "gradebook.csv")
    assert handed_in(course) == {
        "ada": (2, None),
        "kurt": (4, None),
        "zoe": (3, "2026-11-04 00:00:01 UTC"),
    }
    assert "zoe: late; the download does not say by how much: taken for one day" in said
    assert "kurt: handed in tiny-final.ipynb, taken for tiny.ipynb" in said
    assert "noetheremmy_104_7005_text.html: emmy handed in no notebook" in said
    assert "bohrniels_105_7006_tiny.ipynb: no student of this name or number is known" in said


def test_brightspace_has_the_time_in_a_folders_name(course, answers):
    """Each attempt is a folder of its own; the page that it adds is nobody's."""
    make_zip(course / "download.zip", {
        "index.html": "<table>",
        "11-901 - Ada Lovelace - Nov 3, 2026 1015 AM/tiny.ipynb": answers[0],
        "11-902 - Ada Lovelace - Nov 5, 2026 130 PM/tiny.ipynb": answers[1],
        "12-903 - Zoë O'Brien-Müller - 3 November, 2026 2215 - tiny.ipynb": answers[2],
    })  # fmt: skip
    said = collect(course, "brightspace")
    assert handed_in(course) == {
        "ada": (1, "2026-11-05 13:30:00 UTC"),
        "zoe": (2, "2026-11-03 22:15:00 UTC"),
    }
    assert "1 late: ada" in said


@pytest.mark.parametrize("names", ["{}/tiny.ipynb", "class/{}/tiny.ipynb", "{}/tiny/tiny.ipynb"])
def test_folders_of_students_in_a_zip_or_unpacked(course, answers, names):
    """By their ids, however deep."""
    make_zip(course / "download.zip", {
        names.format("ada"): answers[0], names.format("emmy"): answers[1], names.format("x"): "{}",
    })  # fmt: skip
    said = collect(course, "folder", NAME)
    assert handed_in(course) == {
        "ada": (0, "2026-11-03 10:15:00 UTC"), "emmy": (1, "2026-11-03 10:15:00 UTC"),
    }  # fmt: skip
    assert f"{names.format('x')}: no student of this name" in said
    with zipfile.ZipFile(course / "download.zip") as made:
        made.extractall(course / "unpacked")
    done = nbjudge(course, "collect", NAME, "--from", "folder", "unpacked")
    assert done.code == 0, done.err
    assert "0 new, 2 unchanged" in done.out


def test_a_zip_in_the_zip_is_looked_at_as_the_download_is(course, answers, tmp_path):
    """Students pack their folder; one whose zip is hostile is left out by name."""
    good = make_zip(tmp_path / "a.zip", {"my work/tiny.ipynb": answers[0], "my work/d/x.csv": "1"})
    evil = make_zip(tmp_path / "b.zip", {"tiny.ipynb": answers[1], "../../evil.ipynb": "x"})
    bomb = make_zip(tmp_path / "c.zip", {"tiny.ipynb": bytes(300 << 20)})
    names = ("Ada Lovelace_101900", "Kurt Gödel_103900", "Emmy Noether_104900")
    make_zip(course / "download.zip", {
        f"{name}_assignsubmission_file_/work.zip": path.read_bytes()
        for name, path in zip(names, (good, evil, bomb), strict=True)
    })  # fmt: skip
    said = collect(course, "moodle")
    assert handed_in(course) == {"ada": (0, "2026-11-03 10:15:00 UTC")}
    assert (course / "submitted" / "ada" / NAME / "d" / "x.csv").read_text() == "1"
    assert "of kurt: Kurt Gödel_103900_assignsubmission_file_/work.zip: ../../evil.ipynb" in said
    assert f"of emmy: {names[2]}_assignsubmission_file_/work.zip: tiny.ipynb: {300 << 20}" in said


def test_a_zip_in_the_zip_is_unpacked_once(tmp_path, monkeypatch):
    """Each of its files is read from what is in memory: a student packs thousands beside a film."""
    names = [f"d/{number}.txt" for number in range(20)]
    inner = make_zip(tmp_path / "inner.zip", {name: name for name in names})
    outer = make_zip(tmp_path / "outer.zip", {"a.zip": inner.read_bytes()})
    opened = []
    usual = zipfile.ZipFile.open
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda *given: opened.append(given[1].filename) or usual(*given)
    )
    with Archive(outer) as archive:
        files = archive.inside(archive.entries[0])
        assert [archive.read(file).decode() for file in files] == names
    assert opened == ["a.zip", *names]


def test_without_a_roster_canvas_numbers_are_students(course, answers):
    """A course that knows nobody yet can be graded all the same."""
    with small_course.open_course(course).gradebook as gradebook:
        for student in CLASS:
            gradebook.remove_student(student)
    make_zip(course / "download.zip", {"lovelaceada_101_7001_tiny.ipynb": answers[0]})
    collect(course, "canvas")
    assert [*handed_in(course)] == ["101"]


def test_two_of_a_name_are_nobodys(course, answers):
    """Unless a table of the system is named, which the message asks for, and which tells them."""
    (course / "students.csv").write_text("student_id,first_name,last_name\nada2,Ada,Lovelace\n")
    assert nbjudge(course, "students", "import", "students.csv").code == 0
    make_zip(
        course / "download.zip",
        {"Ada Lovelace_101900_assignsubmission_file_/tiny.ipynb": answers[0]},
    )
    said = collect(course, "moodle", code=1)
    assert "ada and ada2 are called so" in said
    assert "Moodle's grading worksheet says whose they are: --roster FILE" in said
    assert handed_in(course) == {}
    (course / "worksheet.csv").write_bytes(moodle_worksheet())
    assert "--roster" not in collect(course, "moodle", "--roster", "worksheet.csv")
    assert list(handed_in(course)) == ["ada"]


GOOD = "Ada Lovelace_101900_assignsubmission_file_/tiny.ipynb"


def climbs(path, answer):
    make_zip(path, {GOOD: answer, "../../evil.ipynb": "x"})


def climbs_behind_a_backslash(path, answer):
    make_zip(path, {GOOD: answer, "a\\..\\..\\evil.ipynb": "x"})


def is_absolute(path, answer):
    make_zip(path, {GOOD: answer, "/tmp/evil.ipynb": "x"})


def has_a_drive(path, answer):
    make_zip(path, {GOOD: answer, "C:/evil.ipynb": "x"})


def is_a_link(path, answer):
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(GOOD, answer)
        link = zipfile.ZipInfo("Kurt Gödel_1_assignsubmission_file_/evil.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")


def is_twice_there(path, answer):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(GOOD, answer)
            made.writestr(GOOD, "evil")


def overlaps(path, answer):
    """Many entries of one and the same data, as in Fifield's bombs."""
    make_zip(path, {GOOD: answer, **{f"evil{n:03}": "x" for n in range(50)}})
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", data, place + 20, 1 << 20)
        place = data.find(b"PK\x01\x02", place + 4)
    path.write_bytes(data)


def is_no_zip(path, answer):
    path.write_bytes(b"\x1f\x8b evil" + answer.encode())


def is_cut(path, answer):
    make_zip(path, {GOOD: answer})
    path.write_bytes(path.read_bytes()[:-40])


HOSTILE = {
    climbs: "evil.ipynb: its path climbs out",
    climbs_behind_a_backslash: "its path climbs out",
    is_absolute: "/tmp/evil.ipynb: its path is absolute",
    has_a_drive: "its path is absolute",
    is_a_link: "evil.ipynb: it is a link",
    is_twice_there: "is in the zip twice",
    overlaps: "a zip bomb",
    is_no_zip: "not a zip",
    is_cut: "not a zip",
}


@pytest.mark.parametrize(("make", "said"), HOSTILE.items(), ids=[f.__name__ for f in HOSTILE])
def test_a_zip_that_no_system_makes_is_refused_whole(course, answers, make, said):
    """By the entry's name, in one line, and nothing is written."""
    make(course / "download.zip", answers[0])
    before = sorted(course.rglob("*"))
    done = nbjudge(course, "collect", NAME, "--from", "moodle", "download.zip")
    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert sorted(course.rglob("*")) == before
    assert not (course.parent / "evil.ipynb").exists()


def test_what_a_student_has_sent_is_left_out_alone(course, answers):
    """A bomb and an absurd name cost the others nothing, and the command says so by its code."""
    bomb = "Kurt Gödel_103900_assignsubmission_file_/tiny.ipynb"
    absurd = f"Emmy Noether_104900_assignsubmission_file_/{'x' * 300}.ipynb"
    make_zip(course / "download.zip", {
        GOOD: answers[0], bomb: bytes(300 << 20), absurd: answers[1],
        "Zoë O'Brien-Müller_102900_assignsubmission_file_/a\nb.ipynb": answers[2],
    })  # fmt: skip
    said = collect(course, "moodle", code=1)
    assert [*handed_in(course)] == ["ada"]
    assert f"{bomb}: {300 << 20} bytes, more than" in said
    assert "its name is too long" in said
    assert "a\\nb.ipynb: its name has control characters" in said


def test_a_file_that_is_larger_than_it_claims_is_refused(tmp_path):
    """The zip says ten bytes, and a megabyte comes out."""
    path = make_zip(tmp_path / "x.zip", {"a.ipynb": bytes(1 << 20)})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(mark) + place, 10)
    path.write_bytes(data)
    with Archive(path) as archive, pytest.raises(ArchiveError, match=r"a\.ipynb: (larger|damaged)"):
        archive.read(archive.entries[0])


MISTAKEN = {
    "another system": (["--from", "canvas"], "looks like one for --from moodle"),
    "no system": ([], "--from is needed: canvas, moodle, brightspace, folder"),
    "an unknown system": (["--from", "ilias"], "--from ilias: canvas, moodle"),
    "no such zip": (["--from", "moodle", "no.zip"], "name an assignment and one download"),
    "a zone": (["--from", "moodle", "--timezone=Mars/Base"], "--timezone Mars/Base: no such zone"),
    "a student twice": (
        ["--from", "moodle", "--roster=twice.csv"],
        "twice.csv, line 3: this is ada, whose row is",
    ),
    "another assignment": (["--from", "moodle", "tinny"], "did you mean 'tiny'?"),
    "a roster twice": (["--from", "moodle", "--roster=none.csv"], "none.csv: cannot be read"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKEN.values(), ids=list(MISTAKEN))
def test_what_is_mistaken_is_said_in_one_line(course, answers, arguments, said):
    make_zip(course / "download.zip", {GOOD: answers[0]})
    (course / "twice.csv").write_text("student_id,email\nada,\nADA,\n")
    done = nbjudge(course, "collect", "download.zip", *arguments)
    assert done.code in (1, 2)
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not (course / "submitted").exists()


@pytest.mark.parametrize("system", ["canvas", "moodle", "brightspace", "folder"])
def test_the_patterns_are_nbgraders_own_plugins(system):
    """``nbgrader zip_collect --collector=…`` reads the same names."""
    kind = COLLECTORS[system]
    found = kind().collect(f"/course/downloaded/tiny/extracted/{kind.example}")
    assert found["file_id"] == "ps1.ipynb"
    assert found["student_id"]


def test_times_are_the_systems_clock(course, answers):
    """A zone counts, daylight saving included."""
    make_zip(course / "download.zip", {GOOD: answers[0]}, when=(2026, 7, 1, 12, 0, 0))
    done = nbjudge(
        course, "collect", "--from", "moodle", "download.zip", "--timezone", "Europe/Berlin"
    )
    assert done.code == 0, done.err
    assert handed_in(course)["ada"][1] == "2026-07-01 10:00:00 UTC"
