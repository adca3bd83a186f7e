"""One line in a course's configuration: it changes what it must, and keeps what the course wrote."""

from __future__ import annotations

import shutil
import subprocess
import sys
import types

import nbjudge
import pytest
from nbgrader import preprocessors
from nbgrader.converters import Autograde, GenerateFeedback
from nbjudge import configuration
from nbjudge.configuration import (
    EXECUTE,
    EXPORT,
    HIDE_TESTS,
    LEAVE_OUT_CODE,
    LIST_POINTS,
    RESTORE,
    ConfigurationError,
    missing_steps,
)  # fmt: skip
from nbjudge.feedback import pages
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

OWN = "coursesteps.Own"


def configured(before="", after=""):
    """Run a configuration file with the engine's line, and return what it says."""
    c = Config()
    exec(before, {"c": c, "preprocessors": preprocessors})
    nbjudge.configure(c)
    exec(after, {"c": c, "preprocessors": preprocessors})
    return c


def names(steps):
    """Name steps by their last words."""
    return [(s if isinstance(s, str) else s.__name__).rpartition(".")[2] for s in steps]


def test_nbgraders_lists_are_changed_in_as_few_places_as_can_be():
    """Whatever this nbgrader has besides stays, in its order."""
    c = configured()
    theirs = names(Autograde.sanitize_preprocessors.default())
    ours = [n.replace("OverwriteCells", "RestoreCells") for n in theirs if n != "DeduplicateIds"]
    assert names(c.Autograde.sanitize_preprocessors) == ours
    theirs = names(Autograde.autograde_preprocessors.default())
    ours = [name.replace("Execute", "SandboxedExecute") for name in theirs]
    assert names(c.Autograde.autograde_preprocessors) == ours
    theirs = names(GenerateFeedback.preprocessors.default())
    ours = [name.replace("GetGrades", "ListPoints") for name in theirs]
    assert names(c.GenerateFeedback.preprocessors) == ["HideTests", "LeaveOutCode", *ours]
    assert c.SandboxedExecute.judge is True
    assert c.ExportApp.plugin_class == EXPORT
    assert c.HTMLExporter.preprocessors == [pages.DEFUSE]
    assert missing_steps(c) == []


@pytest.mark.parametrize(
    "line",
    [
        f"c.Autograde.autograde_preprocessors.append({OWN!r})",
        f"c.Autograde.autograde_preprocessors.extend([{OWN!r}])",
        f"c.Autograde.autograde_preprocessors.insert(1, {OWN!r})",
        f"c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute', {OWN!r}]",
        f"c.Autograde.autograde_preprocessors = [preprocessors.Execute, {OWN!r}]",
        f"c.Autograde.autograde_preprocessors = [{EXECUTE!r}, {OWN!r}]",
        f"c.Autograde.sanitize_preprocessors.append({OWN!r})",
        f"c.Autograde.sanitize_preprocessors = ['nbgrader.preprocessors.OverwriteCells', {OWN!r}]",
        f"c.GenerateFeedback.preprocessors.append({OWN!r})",
        f"c.GenerateFeedback.preprocessors.insert(0, {OWN!r})",
        f"c.GenerateFeedback.preprocessors = ['nbgrader.preprocessors.GetGrades', {OWN!r}]",
        f"c.HTMLExporter.preprocessors = [{OWN!r}]",
        f"c.HTMLExporter.preprocessors.append({OWN!r})",
        "c.HTMLExporter.filters = {'shout': 'coursesteps.shout'}",
        "c.HTMLExporter.filters.update({'shout': 'coursesteps.shout'})",
    ],
)
def test_what_a_course_wrote_before_the_line_stays(line):
    """By assignment, with `append`, `extend`, `insert` and `update`."""
    c = configured(before=line)
    section, setting = line.split("=")[0].split("(")[0].strip().split(".")[1:3]
    kept = c[section][setting]
    assert kept.get("shout") == "coursesteps.shout" if "shout" in line else kept.count(OWN) == 1
    assert missing_steps(c) == []
    execute = c.Autograde.autograde_preprocessors
    assert EXECUTE in execute and "Execute" not in names(execute)
    assert c.GenerateFeedback.preprocessors[:2] == [HIDE_TESTS, LEAVE_OUT_CODE]
    assert c.HTMLExporter.preprocessors[-1] == pages.DEFUSE


def test_what_a_course_writes_after_the_line_stays():
    """Lists are lists by then, so that each way to change one works."""
    c = configured(
        after=f"c.Autograde.autograde_preprocessors.append({OWN!r})\n"
        f"c.Autograde.sanitize_preprocessors.insert(0, {OWN!r})\n"
        f"c.GenerateFeedback.preprocessors += [{OWN!r}]\n"
        f"c.SandboxedExecute.judge = False"
    )
    assert c.Autograde.autograde_preprocessors[-1] == OWN
    assert c.Autograde.sanitize_preprocessors[0] == OWN
    assert c.GenerateFeedback.preprocessors[-1] == OWN
    assert c.SandboxedExecute.judge is False
    assert missing_steps(c) == []


def test_the_line_twice_is_the_line_once():
    """nbgrader reads a configuration twice where the working folder is the course's."""
    c = configured()
    before = c.copy()
    nbjudge.configure(c)
    assert c == before


def test_settings_of_the_course_are_not_overwritten():
    """Its own exporter of grades, and a judge that it switched off."""
    c = configured("c.SandboxedExecute.judge = False\nc.ExportApp.plugin_class = 'own.Export'")
    assert c.SandboxedExecute.judge is False
    assert c.ExportApp.plugin_class == "own.Export"


def test_a_step_that_bears_the_name_of_nbgraders_is_the_courses_own():
    """It is matched as a class: by its module and not by its last word."""
    own = types.new_class("OverwriteCells")
    c = Config()
    c.Autograde.sanitize_preprocessors = ["mysteps.DeduplicateIds", own, "mysteps.OverwriteCells"]
    nbjudge.configure(c)
    kept = ["mysteps.DeduplicateIds", own, "mysteps.OverwriteCells"]
    assert c.Autograde.sanitize_preprocessors == kept


def test_a_course_without_nbgraders_execute_is_refused():
    """Otherwise its own step would run submissions, without a sandbox and without a word."""
    with pytest.raises(ConfigurationError, match=r"no nbgrader\.preprocessors\.Execute"):
        configured("c.Autograde.autograde_preprocessors = ['mysteps.Execute']")


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("c.Autograde.autograde_preprocessors = ['grading.preprocessor.SandboxedExecute']",
         "c.Autograde.autograde_preprocessors names 'grading.preprocessor.SandboxedExecute'", EXECUTE),
        ("c.Autograde.sanitize_preprocessors.append('grading.restore.RestoreCells')",
         "grading.restore.RestoreCells", RESTORE),
        ("c.GenerateFeedback.preprocessors.insert(0, 'grading.feedback.HideTests')",
         "grading.feedback.HideTests", HIDE_TESTS),
        ("c.GenerateFeedback.preprocessors = ('grading.points.ListPoints',)",
         "grading.points.ListPoints", LIST_POINTS),
        ("c.AssignLatePenalties.plugin_class = 'grading.late.LatePenalty'",
         "c.AssignLatePenalties.plugin_class names", "nbjudge.plugins.LatePenalty"),
        ("c.HTMLExporter.filters = {'clean_html': 'grading.sanitising.clean_html'}",
         "c.HTMLExporter.filters['clean_html']", "nbjudge.feedback.sanitise.clean_html"),
    ],
)  # fmt: skip
def test_an_old_name_is_answered_with_the_new_line(line, old, new):
    """The setting, the name of today, and the line that takes the place of the old ones."""
    with pytest.raises(ConfigurationError) as error:
        configured(line)
    assert old in str(error.value) and new in str(error.value)
    assert "import nbjudge; nbjudge.configure(c)" in str(error.value)


def test_a_course_may_have_a_package_of_the_old_name():
    """`grading` is a common name: only the engine's own old classes are refused."""
    c = configured("c.Autograde.autograde_preprocessors.append('grading.ours.Round')")
    assert "grading.ours.Round" in c.Autograde.autograde_preprocessors


def test_a_filter_of_the_course_in_the_place_of_one_that_cleans_is_refused():
    """Neither is lost without a word: the course's, or what keeps scripts out."""
    with pytest.raises(ValueError, match="'markdown2html' of the course's own"):
        configured("c.HTMLExporter.filters = {'markdown2html': 'own.markdown'}")


def test_missing_templates_are_an_error(monkeypatch, tmp_path):
    """A package without them would show pages without their policy."""
    shutil.copytree(pages.Path(pages.__file__).parent / "share", tmp_path / "share")
    (tmp_path / "share/nbconvert/templates/formgrade/mathjax.html.j2").unlink()
    monkeypatch.setattr(pages, "__file__", str(tmp_path / "pages.py"))
    with pytest.raises(FileNotFoundError, match=r"formgrade/mathjax\.html\.j2 is missing"):
        configured()


def test_a_list_that_is_replaced_after_the_line_is_found():
    """What `nbjudge doctor` says then: which list lacks which step."""
    c = configured(after="c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']")
    assert missing_steps(c) == [f"c.Autograde.autograde_preprocessors has no {EXECUTE}"]


def test_the_line_in_a_file_finds_alembic(tmp_path, monkeypatch):
    """nbgrader starts `alembic` by name, from wherever its Python is."""
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\n{configuration.THE_LINE}\nc.CourseDirectory.course_id = 'x'\n"
    )
    monkeypatch.setenv("PATH", "/usr/bin")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    assert shutil.which("alembic") is not None
    assert missing_steps(config) == []


@pytest.mark.parametrize(
    "text",
    [
        "from grading import pages\nc = get_config()\npages.configure(c)\n",
        "c = get_config()\nc.ExportApp.plugin_class = 'grading.showing.SafeCsvExport'\n",
    ],
)
def test_a_command_answers_an_old_configuration_with_the_new_line(tmp_path, text):
    """Also where the line is not there yet: one line, no traceback, and nothing is graded."""
    (tmp_path / "nbgrader_config.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "nbjudge", "grade"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "import nbjudge; nbjudge.configure(c)" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


def test_importing_the_package_is_cheap():
    """A sandbox imports its first file, and a configuration its one function."""
    code = "import sys, nbjudge; print(*(m for m in sys.modules if m.split('.')[0] in " \
        "('nbjudge', 'nbgrader', 'traitlets', 'numpy')))"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["nbjudge"]
