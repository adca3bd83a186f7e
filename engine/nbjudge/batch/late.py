"""What lateness costs, as nbgrader's step for late submissions works it out.

nbgrader takes its share of the points that there are when a submission is autograded. Points that a
person gives afterwards, or a due date that is moved, would leave the penalty as it was; so it is
worked out anew for the whole class with each batch.
"""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties

from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.marks import submissions_with_notebooks
from nbjudge.gradebook.steps import resolve

_SLACK = 1e-9


class LatePenalties:
    """The penalties of one assignment.

    Parameters
    ----------
    step : AssignLatePenalties
        nbgrader's step, or a course's own that extends it.
    """

    def __init__(self, step: AssignLatePenalties) -> None:
        self.step = step
        self.step.init_plugin()

    @classmethod
    def of_course(cls, converter: Autograde) -> LatePenalties | None:
        """Return the penalties of a course, if it has a step for them."""
        for step in map(resolve, converter.autograde_preprocessors):
            if isinstance(step, AssignLatePenalties):
                return cls(step)
            if isinstance(step, type) and issubclass(step, AssignLatePenalties):
                return cls(step(parent=converter))
        return None

    def of_notebook(self, submission: Any, notebook: SubmittedNotebook) -> float | None:
        """Work out what lateness costs in one notebook, None if nothing."""
        seconds = submission.total_seconds_late
        if seconds <= 0:
            return None
        penalty = self.step.plugin_inst.late_submission_penalty(
            submission.student.id, notebook.score, seconds
        )
        if penalty is None:
            return None
        return float(self.step._check_late_penalty(notebook, penalty))

    def settle(self, gradebook: Gradebook, assignment: str) -> list[str]:
        """Work out the penalties of a class once more; return whose were others."""
        with one_transaction(gradebook):
            return self.work_out(gradebook, assignment)

    def work_out(self, gradebook: Gradebook, assignment: str) -> list[str]:
        """Do what `settle` does, in the session's transaction."""
        changed = []
        for submission in submissions_with_notebooks(gradebook, assignment):
            for notebook in submission.notebooks:
                penalty = self.of_notebook(submission, notebook)
                before = notebook.late_submission_penalty
                if abs((penalty or 0.0) - (before or 0.0)) > _SLACK:
                    notebook.late_submission_penalty = penalty
                    changed.append(submission.student_id)
        return sorted(set(changed))
