"""The private parts of other packages on which the engine hangs, each named once.

When an upgrade moves one of them, the failure here says which package, which release and who depends
on it; without it, a class would be graded with incidents.
"""

from __future__ import annotations

import importlib
import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ENGINE = Path(__file__).resolve().parents[1]

PARTS = {
    "nbgrader": {
        "nbgrader.converters.base:BaseConverter._format_source": "batch/coordinator.py",
        "nbgrader.converters.base:BaseConverter._format_dest": "batch/coordinator.py",
        "nbgrader.converters.base:BaseConverter.init_notebooks": "batch/coordinator.py",
        "nbgrader.converters.base:BaseConverter.convert_notebooks": "batch/coordinator.py",
        "nbgrader.converters.base:BaseConverter.init_assignment": "batch/grade_one.py",
        "nbgrader.converters.base:BaseConverter.run_pre_convert_hook": "batch/coordinator.py",
        "nbgrader.converters:Autograde.init_assignment": "batch/grade_one.py",
        "nbgrader.converters:Autograde.exclude_overwriting": "batch/grade_one.py",
        "nbgrader.preprocessors:AssignLatePenalties.init_plugin": "batch/recorder.py",
        "nbgrader.preprocessors:AssignLatePenalties._check_late_penalty": "batch/recorder.py",
        "nbgrader.preprocessors:OverwriteCells.missing_cell_transform": "gradebook/restore.py",
        "nbgrader.preprocessors:ClearHiddenTests._remove_hidden_test_region": (
            "feedback/preprocessors.py"
        ),
        "nbgrader.preprocessors:ClearMarkScheme._remove_mark_scheme_region": (
            "feedback/preprocessors.py"
        ),
        "nbgrader.preprocessors:GetGrades._get_score": "feedback/points.py",
        "nbgrader.preprocessors:SaveCells._create_notebook": "gradebook/save_cells.py",
        "nbgrader.plugins:CsvExportPlugin.export": "plugins.py",
        "nbgrader.server_extensions.formgrader.handlers:SubmissionFilesHandler.get": (
            "feedback/formgrader.py"
        ),
        "nbgrader.server_extensions.formgrader.handlers:FormgraderHandler.get": (
            "feedback/formgrader.py"
        ),
        "nbgrader.server_extensions.formgrader.apihandlers:AutogradeHandler.post": (
            "feedback/formgrader.py"
        ),
        "nbgrader.utils:determine_grade": "gradebook/steps.py",
    },
    "jupyter_core": {
        "jupyter_core.utils:_loop": "execution/event_loops.py",
        "jupyter_core.utils:_runner_map": "execution/event_loops.py",
    },
    "nbclient": {
        "nbclient.client:NotebookClient._async_cleanup_kernel": "execution/execute.py",
        "nbclient.client:NotebookClient._async_poll_output_msg": "execution/execute.py",
        "nbclient.client:NotebookClient._async_poll_kernel_alive": "execution/execute.py",
        "nbclient.client:NotebookClient._async_poll_for_reply": "execution/kernels.py",
        "nbclient.client:NotebookClient._get_timeout": "execution/execute.py",
        "nbclient.client:NotebookClient.process_message": "execution/execute.py",
        "nbclient.client:NotebookClient.reset_execution_trackers": "execution/execute.py",
    },
    "jupyter_client": {
        "jupyter_client.client:KernelClient._create_connected_socket": "sandbox/provisioner.py",
        "jupyter_client.client:KernelClient._async_wait_for_ready": "sandbox/provisioner.py",
        "jupyter_client.client:KernelClient._handle_kernel_info_reply": "sandbox/provisioner.py",
        "jupyter_client.manager:KernelManager.kernel_spec": "sandbox/provisioner.py",
        "jupyter_client.manager:KernelManager._async_pre_start_kernel": "sandbox/provisioner.py",
        "jupyter_client.provisioning:KernelProvisionerFactory.provisioners": (
            "sandbox/provisioner.py"
        ),
    },
    "ipykernel": {
        "ipykernel.ipkernel:sys": "sandbox/inside/kernel.py",
        "ipykernel.compiler:XCachingCompiler.cache": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp._bind_socket": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp.init_control": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp.init_crash_handler": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp.init_heartbeat": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp.init_kernel": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp.init_connection_file": "sandbox/inside/kernel.py",
        "ipykernel.kernelapp:IPKernelApp.write_connection_file": "sandbox/inside/kernel.py",
    },
    "matplotlib-inline": {
        "matplotlib_inline.backend_inline:_enable_matplotlib_integration": (
            "sandbox/inside/kernel.py"
        ),
        "matplotlib_inline.config:InlineBackend.figure_formats": "sandbox/inside/kernel.py",
    },
    "nbconvert": {
        "nbconvert.preprocessors:ExecutePreprocessor._check_assign_resources": (
            "execution/execute.py"
        ),
        "nbconvert.exporters.html:HTMLExporter.from_notebook_node": "feedback/exporter.py",
        "nbconvert.exporters.html:HTMLExporter._init_resources": "feedback/exporter.py",
        "nbconvert.filters.markdown_mistune:IPythonRenderer.image": "feedback/mathml.py",
        "nbconvert.filters.markdown_mistune:IPythonRenderer.inline_html": "feedback/mathml.py",
        "nbconvert.filters.markdown_mistune:IPythonRenderer.block_html": "feedback/mathml.py",
        "nbconvert.filters.markdown_mistune:IPythonRenderer.inline_math": "feedback/mathml.py",
        "nbconvert.filters.markdown_mistune:IPythonRenderer.block_math": "feedback/mathml.py",
        "nbconvert.filters.markdown_mistune:IPythonRenderer.latex_environment": (
            "feedback/mathml.py"
        ),
        "nbconvert.filters:ansi2html": "feedback/pages.py",
        "nbconvert.exporters:HTMLExporter.sanitize_html": "feedback/pages.py",
    },
    "tornado": {
        "tornado.web:Application.add_handlers": "feedback/formgrader.py",
    },
}
"""What is used or overridden, and the module of the engine that does it, by package."""

SAID = {
    "nbgrader": {
        ("nbgrader.api", r"self\.db\.commit\(\)"): (
            "gradebook/database.py makes each commit a part of one transaction"
        ),
        ("nbgrader.api", r"[\"']alembic[\"']"): (
            "configure() puts alembic on the PATH, because nbgrader starts it by name"
        ),
        ("nbgrader.server_extensions.formgrader.formgrader", r"nbgrader_jinja2_env"): (
            "feedback/formgrader.py lets formgrader's lists escape names"
        ),
    },
    "nbclient": {
        ("nbclient.client", r"task_poll_for_reply"): "execution/execute.py cancels this task",
    },
    "ipykernel": {
        ("ipykernel.kernelapp", r"shell_channel_thread"): (
            "sandbox/inside/kernel.py reads shell messages in the main thread"
        ),
        ("ipykernel.kernelbase", r"shell_handlers"): (
            "sandbox/inside/kernel.py adds the judge's request"
        ),
    },
    "tornado": {
        ("tornado.web", r"self\.default_router\.rules\.insert\(-1"): (
            "feedback/formgrader.py moves its handlers from there to the front"
        ),
    },
}
"""What a module's source must say, where what is used is no name that can be looked up."""

TEMPLATES = {
    "formgrade/index.html.j2": "{{ mathjax() }}",
    "feedback/index.html.j2": "{{ mathjax() }}",
}
"""Where nbgrader's templates leave room for the policy of feedback/share: without it, no policy."""


@pytest.mark.parametrize(
    ("package", "part"), [(package, part) for package, parts in PARTS.items() for part in parts]
)
def test_a_private_part_is_where_the_engine_looks_for_it(package, part):
    """The message names the release that moved it."""
    module, _, names = part.partition(":")
    found = importlib.import_module(module)
    for name in names.split("."):
        assert hasattr(found, name), (
            f"{package} {version(package)} has no {part} any more; "
            f"engine/nbjudge/{PARTS[package][part]} depends on it"
        )
        found = inspect.getattr_static(found, name)


@pytest.mark.parametrize(
    ("package", "place"), [(package, place) for package, places in SAID.items() for place in places]
)
def test_a_package_does_inside_what_the_engine_counts_on(package, place):
    """Read from its source."""
    module, pattern = place
    source = inspect.getsource(importlib.import_module(module))
    assert re.search(pattern, source), (
        f"{package} {version(package)}: {module} says nothing like {pattern} any more; "
        f"{SAID[package][place]}"
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_nbgraders_templates_leave_room_for_the_policy(name):
    """The part that the engine's templates take the place of is still asked for."""
    from nbgrader.server_extensions.formgrader import handlers

    text = (Path(handlers.template_path) / name).read_text(encoding="utf-8")
    assert TEMPLATES[name] in text, f"nbgrader {version('nbgrader')}: {name} sets no mathjax()"


def test_what_is_installed_is_what_the_package_asks_for():
    """The lock keeps within the bounds of engine/pyproject.toml, and private parts have an upper one."""
    text = (ENGINE / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    asked = {}
    for line in re.findall(r'"([^"]+)"', listed[1]):
        requirement = Requirement(line)
        asked[requirement.name.replace("_", "-")] = requirement
    for name, requirement in asked.items():
        assert Version(version(name)) in requirement.specifier, name
    for package in PARTS:
        bounds = {specifier.operator for specifier in asked[package.replace("_", "-")].specifier}
        assert "<" in bounds or package == "matplotlib-inline", package
