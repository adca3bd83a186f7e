"""The scripts of the page: bundled, typed, linted and tested, where Node and its packages are."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IN_PAGE = ROOT / "publishing" / "in_page"
SCRIPTS = IN_PAGE / "scripts"
LOADED = (
    "publishing/audit",
    "publishing/sphinx_extension/static",
    "book/_scripts",
    "engine/nbjudge",
)
BUILT = ("exercises.js", "workbench.js")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """A copy of the sources with their packages, as the lock pins them."""
    if not shutil.which("npm"):
        pytest.skip("no Node on this machine: the bundle that is committed is used as it is")
    folder = tmp_path_factory.mktemp("in_page") / "scripts"
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("node_modules", ".tests"))
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    if installed.returncode and "EUSAGE" not in installed.stderr:
        pytest.skip(f"the packages are not to be had: {installed.stderr[-500:]}")
    assert installed.returncode == 0, installed.stderr
    return folder


def npm(scripts, *command):
    """Run one of the package's scripts."""
    result = subprocess.run(
        ["npm", "run", "--silent", *command], cwd=scripts, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout[-5000:] + result.stderr[-5000:]


def test_the_committed_bundle_is_what_the_sources_give(scripts):
    """Byte for byte: who changes a source bundles it anew, `npm run build`."""
    npm(scripts, "build")
    for name in BUILT:
        made = (scripts.parent / "bundle" / name).read_bytes()
        assert made == (IN_PAGE / "bundle" / name).read_bytes(), f"{name} is not up to date"


def test_sources_have_types_and_form(scripts):
    """TypeScript's checker and the linter find nothing."""
    npm(scripts, "check")


def test_scripts_of_the_book_and_its_audit_have_no_fault_that_a_linter_sees(scripts):
    """Those that pages load as they are, and those that the audit runs in a page, name by name."""
    ours = [path for folder in LOADED for path in (ROOT / folder).rglob("*.js")]
    assert len(ours) > 8
    for path in ours:
        copy = scripts / "loaded" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    # A script that is no module has its own `use strict`, and what stands in it is used elsewhere.
    skipped = (
        "correctness/noUnusedVariables",
        "suspicious/noRedundantUseStrict",
        "suspicious/useIterableCallbackReturn",
    )
    npm(scripts, "lint", "--", *(f"--skip={rule}" for rule in skipped), "loaded")


def test_the_unit_tests_of_the_scripts_pass(scripts):
    """Packs, notebooks, storage, formulas, and the test double of Python."""
    npm(scripts, "test")


def test_what_every_page_loads_is_small():
    """A reader who never presses loads one script of a few kilobytes."""
    assert (IN_PAGE / "bundle" / "exercises.js").stat().st_size < 8_000


def test_every_package_is_pinned_by_its_hash():
    """Of the editor, the shim and the tools."""
    lock = json.loads((SCRIPTS / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry.get("integrity", "").startswith("sha512-") for entry in packages.values())
