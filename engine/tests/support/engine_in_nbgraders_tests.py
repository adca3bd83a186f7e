"""A pytest plugin that runs nbgrader's own tests with the engine's steps in the place of its own.

    python -m pytest -c /dev/null -p engine_in_nbgraders_tests \\
        --pyargs nbgrader.tests.apps.test_nbgrader_autograde

The judge is off: nbgrader's tests share the student's process.
"""

from __future__ import annotations

import functools

import nbgrader.api
import nbjudge
import pytest
from nbgrader.apps import AutogradeApp, GenerateFeedbackApp
from nbjudge.gradebook.restore import RestoreCells


def _configured(start):
    def with_the_engine(self):
        config = self.config
        nbjudge.configure(config)
        config.SandboxedExecute.judge = False
        self.update_config(config)
        return start(self)

    return with_the_engine


def pytest_configure():
    """Put the line of the configuration into every application that grades or gives back.

    And ask alembic its version once: nbgrader asks for each of the many new gradebooks.
    """
    nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)
    for app in (AutogradeApp, GenerateFeedbackApp):
        app.start = _configured(app.start)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Try the step that restores cells as nbgrader's own is tried."""
    for item in items:
        if item.module.__name__.endswith("test_overwritecells"):
            item.module.OverwriteCells = RestoreCells
