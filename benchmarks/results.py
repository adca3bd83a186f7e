"""``benchmarks/RESULTS.md``: each benchmark writes a section of its own and leaves the others."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Measured\n\n`make bench` writes this file. Each section says on what it was measured.\n"


def machine(*packages: str) -> str:
    """Describe this machine and the versions that matter, in one line."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = f"{os.cpu_count()} cores ({model[1] if model else platform.machine()})"
    system = f"Linux {platform.release()}, Python {platform.python_version()}"
    return f"{cores}, {system}, {versions}"


def met(value: float, target: float, *, at_most: bool = False) -> str:
    """Say whether a target is met, by what is measured at least, or at most."""
    return "met" if (value <= target if at_most else value >= target) else "**missed**"


def others_used(share: float) -> str:
    """Say how busy the machine was with other work just before."""
    return f"Just before, other work used {share:.0%} of the cores."


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Lay out a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_section(title: str, text: str, path: Path = RESULTS, *, first: bool = False) -> None:
    """Put a section into the file, in the place of the one of the same title.

    Parameters
    ----------
    title : str
        The section's head.
    text : str
        What stands below it; heads in it are of a deeper level.
    path : Path
        The file.
    first : bool, default False
        Whether it comes before all others.
    """
    old = path.read_text(encoding="utf-8") if path.exists() else HEAD
    head, *sections = re.split(r"^## ", old, flags=re.MULTILINE)
    kept = dict(section.split("\n", 1) for section in sections)
    kept[title] = text
    if first:
        kept = {title: kept.pop(title), **kept}
    parts = [head.strip(), *(f"## {name}\n\n{kept[name].strip()}" for name in kept)]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
