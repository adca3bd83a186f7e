"""Figures that answer to the hand: data in the notebook, drawn without a kernel or a network."""

from __future__ import annotations

import copy
import json

import pytest
import vl_convert
from courses import CHAPTERS, instructor_notebook

VEGA_LITE = "application/vnd.vegalite.v5+json"

chapters = pytest.mark.parametrize("chapter", CHAPTERS)


def outputs(chapter):
    return [
        output
        for cell in instructor_notebook(chapter).cells
        for output in cell.get("outputs", [])
        if VEGA_LITE in output.get("data", {})
    ]


def parameters(spec):
    """Every parameter of a specification, however deep, that an input sets."""
    if isinstance(spec, dict):
        found = [p for p in spec.get("params", []) if "bind" in p]
        return found + [p for value in spec.values() for p in parameters(value)]
    return [p for value in spec for p in parameters(value)] if isinstance(spec, list) else []


def drawn(spec):
    return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version="5.20")


def settings(bind):
    """Give values of an input that are far apart."""
    if bind["input"] == "range":
        return bind["min"], (bind["min"] + bind["max"]) / 2, bind["max"]
    if bind["input"] == "checkbox":
        return False, True
    return tuple(bind["options"])


@chapters
def test_every_chapter_has_one(chapter):
    """It is shown as JupyterLab draws it, without a script or a picture of its own."""
    assert outputs(chapter), "no interactive figure"
    for output in outputs(chapter):
        assert set(output.data) == {VEGA_LITE, "text/plain"}
        assert len(json.dumps(output.data)) < 100_000


@chapters
def test_each_is_described_in_words(chapter):
    """Its description tells what is seen and what an input changes; each input has a label."""
    for output in outputs(chapter):
        spec = output.data[VEGA_LITE]
        assert len(spec.get("description", "")) > 100
        assert parameters(spec)
        for parameter in parameters(spec):
            assert parameter["bind"].get("name", "").strip(), parameter["name"]


@chapters
def test_every_input_changes_the_picture(chapter):
    """From one end of an input to the other, something in the drawing moves."""
    for output in outputs(chapter):
        spec = output.data[VEGA_LITE]
        for number, parameter in enumerate(parameters(spec)):
            pictures = set()
            for value in settings(parameter["bind"]):
                changed = copy.deepcopy(spec)
                step = parameter["bind"].get("step")
                if step == 1 or (step and float(step).is_integer()):
                    value = round(value)
                parameters(changed)[number]["value"] = value
                pictures.add(drawn(changed))
            assert len(pictures) > 1, f"{parameter['name']} changes nothing"
