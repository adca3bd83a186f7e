"""What a course may set for the execution of its submissions: ``c.SandboxedExecute.…``."""

from __future__ import annotations

from typing import Any

from traitlets import Bool, CaselessStrEnum, Dict, Float, HasTraits, Integer, List, Unicode

from nbjudge.sandbox.inside.contract import PRELOAD


class DrawnFigures(CaselessStrEnum[str]):
    """The three values, and the two that there were before."""

    def __init__(self, **metadata: Any) -> None:
        super().__init__(["all", "changed", "none"], "changed", **metadata)

    def validate(self, obj: Any, value: Any) -> Any:
        """Take True for ``all`` and False for ``none``."""
        return super().validate(obj, {True: "all", False: "none"}.get(value, value))

    def from_string(self, s: str) -> Any:
        """Read what stands on a command line."""
        return super().from_string({"True": "all", "False": "none"}.get(s, s))


class ExecutionSettings(HasTraits):
    """The settings of `nbjudge.execution.execute.SandboxedExecute`: defaults and meaning."""

    judge = Bool(
        False,
        help="Run test cells outside the student's process. Names that they do not define "
        "themselves are asked for in the student's kernel.",
    ).tag(config=True)
    judge_off = List(
        Unicode(),
        help="Notebooks whose tests run in the student's process, in the sandbox, although the "
        "judge is on: patterns such as `ps1/part2` or `ps3/*`. A single test cell is excepted by "
        "the line `# judge: off` at its top.",
    ).tag(config=True)
    sandbox = Bool(
        True, help="Confine student code with bubblewrap. Off, it runs with your rights."
    ).tag(config=True)
    preload = List(
        Unicode(),
        [*PRELOAD],
        help="Modules that the process has imported from which kernels are forked: what most "
        "notebooks of the course import, so that it costs time once and not in each kernel. One "
        "that is not installed is left out; one that starts a thread cannot be preloaded.",
    ).tag(config=True)
    python = Unicode(
        "",
        help="The program of the Python that student code runs in, such as "
        "`/srv/course/venv/bin/python`: 3.11 to 3.13, with ipykernel 7 and numpy. By default "
        "the Python of the grader. Test cells that the judge runs stay in the grader's.",
    ).tag(config=True)
    figures = DrawnFigures(
        help="Which cells draw their figures: `all`; those that the student `changed`, answers and "
        "what a person grades; or `none`. Elsewhere cells run as ever and name their figures, "
        "which the grader has seen in the release.",
    ).tag(config=True)
    cells = CaselessStrEnum(
        ["all", "needed"],
        "all",
        help="Which cells are run: `all`; or those that are `needed`: answers, tests, what the "
        "student changed or added, and what these depend on. Elsewhere a line says that the cell "
        "was not run; the grader has seen in the release what it does. With `figures` set to "
        "`all`, all cells are run.",
    ).tag(config=True)
    cpu_seconds = Float(
        None,
        allow_none=True,
        help="The CPU seconds that one cell may use; `timeout` if not given.",
    ).tag(config=True)
    wall_factor = Float(
        5.0,
        help="The wall-clock seconds that one cell or submission may take, in multiples of the "
        "CPU seconds that it may use: a backstop for busy machines.",
    ).tag(config=True)
    wait_factor = Float(
        2.0,
        help="The seconds that one cell may wait, for a person or a timer, while nothing of the "
        "submission uses a CPU; in multiples of `cpu_seconds`.",
    ).tag(config=True)
    submission_seconds = Float(
        None,
        allow_none=True,
        help="The seconds that all cells of one notebook may use together, counting CPU time and "
        "time in which they only wait, what is run again after a kernel was lost included; "
        "twenty times `cpu_seconds` if not given. Cells behind that are not run.",
    ).tag(config=True)
    submission_output = Integer(
        50 << 20,
        help="The bytes of output that all cells of one notebook may have together.",
    ).tag(config=True)
    memory = Integer(
        4 << 30, help="The bytes that each process of a submission may have; also the judge's."
    ).tag(config=True)
    processes = Integer(
        100, help="How many processes and threads a submission may have at a time."
    ).tag(config=True)
    file_size = Integer(100 << 20, help="The bytes that one file may have.").tag(config=True)
    disk = Integer(200 << 20, help="The bytes of scratch, of /tmp and of /dev/shm, each.").tag(
        config=True
    )
    output_size = Integer(5 << 20, help="The bytes of output that one cell may have.").tag(
        config=True
    )
    value_size = Integer(
        64 << 20, help="The bytes that a value may have that comes back to a test."
    ).tag(config=True)
    value_depth = Integer(50, help="How deep such a value may be nested.").tag(config=True)
    restarts = Integer(
        5,
        help="How many lost kernels of one exercise (an answer and the cells up to the next one) "
        "are replaced before the rest of that exercise is left. Other exercises are run.",
    ).tag(config=True)
    course_root = Unicode("", help="The folder from which test cells can import.").tag(config=True)
    shared = List(
        Unicode(),
        help="Folders and files of the course that submissions can import and read, for tests that "
        "run inside the student's process. Only for notebooks with such tests: whatever is "
        "shared, a submission can read.",
    ).tag(config=True)
    released = Dict(
        help="By notebook, what the instructor's own says of the names in its cells. The batch "
        "fills it in; other commands read the assignment's source."
    ).tag(config=True)
    contracts = Dict(
        help="By notebook and test cell, what objects a submission may hand to the test, as the "
        "instructor's own notebook does. Filled in like `released`."
    ).tag(config=True)
    source_files = Dict(
        help="The digests of the files that go with the assignment, by name: a file that has "
        "another was changed by the student. Filled in like `released`."
    ).tag(config=True)

    @property
    def runs_fewer_cells(self) -> bool:
        """Whether cells that nobody needs are left out."""
        return self.cells == "needed" and self.figures != "all"
