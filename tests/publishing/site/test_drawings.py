"""Drawings of matplotlib: words that can be read on a phone, panels below each other, dark ink."""

import io
import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from publishing.site.dark_drawings import darkened
from publishing.site.drawing_files import lay_out, tag
from publishing.site.drawings import slimmed, wide
from publishing.site.narrow_drawings import NARROW, SMALLEST, narrow
from publishing.site.shared_axes import frames, group_end


def drawn(panels=1, width=7, colours=2, size=10):
    """Draw curves side by side, with words of all kinds; return the SVG."""
    with rc_context({"svg.fonttype": "none", "font.size": size}):
        figure = Figure(figsize=(width, 3), layout="constrained")
        for axes in figure.subplots(1, panels, squeeze=False)[0]:
            for number in range(colours):
                axes.fill_between([0, 1], [number, number + 1], color=(0.1, number / colours, 0.6))
            axes.set(xlabel="weight $w_1$", ylabel="0.00512 of it", title="A title\nof two lines")
            axes.set_xticks([0, 0.5, 1], ["none", "0.00025", "all"])
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def words(svg):
    texts = filter(is_text, ET.fromstring(svg).iter())
    return ["".join("".join(text.itertext()).split()) for text in texts]


def is_text(element):
    return element.tag.endswith("}text")


def test_slim_drawing_says_what_it_said():
    """Numbers of places are rounded, those that are written are not; the paper is gone."""
    full = drawn()
    slim = slimmed(full)
    assert len(slim) < 0.75 * len(full)
    assert words(slim) == words(full)
    assert "0.00025" in words(slim)
    assert "#ffffff" not in slim
    assert wide(slim).letter * wide(slim).width == pytest.approx(7, abs=0.1), "the index of w"


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_narrow_drawing_can_be_read(panels):
    """Each panel has a row of its own, all words are there, and no letter is too small."""
    slim = slimmed(drawn(panels))
    layout = narrow(slim)
    assert layout.letter * NARROW >= SMALLEST
    assert layout.svg.count('<use href="#all"') == panels
    assert words(layout.svg) == words(slim)
    boxes = re.findall(r'<svg x="[\d.-]+" y="([\d.]+)"', layout.svg)
    assert [float(y) for y in boxes] == sorted({float(y) for y in boxes})
    assert layout.width < (wide(slim).width * 0.75 if panels > 1 else 600)


APART = re.compile(
    r"(?:font-style: (\w+); )?(?:font-weight: (\d+); )?font-size: (7px); font-family: ([^;]+)"
)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_words_in_bold_are_words_as_others(weight, together, style="italic"):
    """They count as letters, grow on a phone, are in the page's font, and stay bold.

    However matplotlib writes it: one property for all of a font, or one for each part of it.
    """
    with rc_context({"svg.fonttype": "none", "font.size": 20}):
        figure = Figure(figsize=(7, 3))
        figure.subplots().text(0.2, 0.5, "mean", size=7, weight=weight, style=style)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    svg = buffer.getvalue()
    if together:
        svg = APART.sub(lambda font: f"font: {' '.join(filter(None, font.groups()))}", svg)
    slim = slimmed(svg)
    assert "DejaVu" not in slim
    assert wide(slim).letter * wide(slim).width == pytest.approx(7)
    layout = narrow(slim)
    assert layout.letter * NARROW >= SMALLEST
    (mean,) = re.findall(r"<text[^>]*>mean", layout.svg)
    assert ("700" in mean, "italic" in mean) == (weight == "bold", style == "italic")
    assert "7px" not in mean or "scale" in mean


ALIGNED = {"start": "left", "middle": "center", "end": "right"}


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("anchor", ALIGNED)
def test_lines_of_a_text_stay_below_each_other(anchor, angle):
    """In another font as well, and apart where letters are larger on a narrow screen."""
    with rc_context({"svg.fonttype": "none", "font.size": 7}):
        figure = Figure(figsize=(9, 4))
        figure.subplots().text(
            0.5, 0.5, "true\nand far more so\n& so", rotation=angle,
            ha=ALIGNED[anchor], multialignment=ALIGNED[anchor],
        )  # fmt: skip
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    slim = slimmed(buffer.getvalue())
    grown = narrow(slim).svg
    for svg in (slim, grown):
        lines = [
            text.attrib
            for text in filter(is_text, ET.fromstring(svg).iter())
            if "".join(text.itertext()) in ("true", "and far more so", "& so")
        ]
        assert len(lines) == 3
        assert all(f"text-anchor: {anchor}" in line["style"] for line in lines)
        places = [re.findall(r"translate\((\S+) (\S+)\)", line["transform"]) for line in lines]
        assert len({tuple(place[:-1]) for place in places}) == 1, "all grow around one place"
        across, down = (0, 1) if angle == 0 else (1, 0)
        sides = [float(place[-1][across]) for place in places]
        assert max(sides) - min(sides) < 0.2
        steps = [float(b[-1][down]) - float(a[-1][down]) for a, b in itertools.pairwise(places)]
        assert min(steps) > 7
    assert "scale(" in lines[0]["transform"]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("label", ["euro", "one line\nand another", "$w_1$"])
def test_labels_make_room_for_numbers_that_grow(side, label):
    """The label of a vertical axis moves away from it, as far as the numbers reach."""
    with rc_context({"svg.fonttype": "none", "font.size": 7}):
        figure = Figure(figsize=(9, 4), layout="constrained")
        axes = figure.subplots()
        axes.set_yticks([0, 1], ["1", "100000"])
        axes.set_ylabel(label)
        axes.yaxis.set_label_position(side)
        axes.yaxis.set_ticks_position(side)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    grown = narrow(slimmed(buffer.getvalue())).svg
    axis = grown[grown.index('<g id="matplotlib.axis_2">') :]
    (moved,) = re.findall(r'<g id="text_\d+" transform="translate\((\S+) 0\)">', axis)
    (scale,) = {float(found) for found in re.findall(r"scale\((\S+)\)[^>]*>1(?:0{5})?<", axis)}
    further = (scale - 1) * 7 * 0.6 * len("100000")
    assert (1 if side == "right" else -1) * float(moved) > further > 5


def test_indices_that_grow_stay_beside_each_other():
    """A formula's small letters do not run into those that follow; what is large stays."""
    with rc_context({"svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(9, 4))
        figure.subplots().set_title("$s_{1k}^{23} + y$")
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    slim = slimmed(buffer.getvalue())
    places = [
        {
            part.text: (float(part.attrib["x"].split()[0]), float(size[1]))
            for part in ET.fromstring(svg).iter()
            if part.tag.endswith("}tspan")
            and (size := re.search(r"([\d.]+)px", part.attrib["style"]))
        }
        for svg in (slim, narrow(slim).svg)
    ]
    for first, second in itertools.pairwise("s1k"):
        before, after = (place[second][0] - place[first][0] for place in places)
        assert after >= before * places[1][first][1] / places[0][first][1] - 0.1
    assert places[1]["k"][1] > places[0]["k"][1]
    assert places[1]["y"][0] - places[1]["+"][0] == pytest.approx(
        places[0]["y"][0] - places[0]["+"][0], abs=0.1
    )


def test_groups_end_where_they_are_closed():
    """Empty ones within them, which close themselves, do not count."""
    svg = '<svg><g id="a"><g id="b"/><g><g/><path/></g></g><g id="c"></g></svg>'
    assert svg[: group_end(svg, svg.index("<g"))].endswith("<path/></g></g>")


def test_drawing_that_is_narrow_stays():
    """Where letters are large enough nothing is changed."""
    assert narrow(slimmed(drawn(width=3, size=14))) is None


def test_dark_drawing_changes_its_ink():
    """Black becomes light, hues stay; scales of colours keep their paper."""
    slim = slimmed(drawn())
    dark = darkened(slim)
    assert "#000000" in slim
    assert "#000000" not in dark
    assert words(dark) == words(slim)
    assert darkened(slimmed(drawn(colours=20))) is None


def test_layouts_are_written_once(tmp_path):
    """Beside a drawing stand its layouts; another program's drawing is left alone."""
    images = tmp_path / "site" / "_images"
    images.mkdir(parents=True)
    (images / "a.svg").write_text(drawn(2))
    (images / "b.svg").write_text('<svg viewBox="0 0 1 1"></svg>')
    told = lay_out(tmp_path / "site", tmp_path / "kept")
    assert set(told) == {"a.svg"}
    names = {path.name for path in images.iterdir()}
    assert names == {
        "b.svg",
        *(f"a{kind}.svg" for kind in ("", "-dark", "-narrow", "-narrow-dark")),
    }
    written = tag(' src="_images/a.svg" alt="x"', "_images/a.svg", told["a.svg"])
    assert 'srcset="_images/a-narrow.svg"' in written
    assert lay_out(tmp_path / "site", tmp_path / "kept") == told


def test_panels_that_share_an_axis_all_get_it():
    """Below each other, the numbers and words of the left panel stand beside each of them."""
    with rc_context({"svg.fonttype": "none"}):
        figure = Figure(figsize=(7, 3), layout="constrained")
        for axes in figure.subplots(1, 3, sharey=True):
            axes.plot([0, 1], [0, 700])
            axes.label_outer()
        figure.axes[0].set_ylabel("euro")
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    slim = slimmed(buffer.getvalue())
    first, *others = frames(slim)
    assert first.is_numbered
    assert not any(frame.is_numbered for frame in others)
    layout = narrow(slim)
    uses = re.findall(rf'<use href="#{re.escape(first.axis)}" x="([\d.]+)"', layout.svg)
    assert [float(x) for x in uses] == pytest.approx(
        [frame.left - first.left for frame in others], abs=0.01
    )
    panels = [
        tuple(map(float, box))
        for box in re.findall(
            r'<svg x="[^"]+" y="[^"]+" width="[^"]+" height="[^"]+"'
            r' viewBox="([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+)">(?:<use|<svg)',
            layout.svg,
        )
    ]
    room = first.left - panels[0][0]
    for frame in others:  # there is as much room for the axis as at the first panel
        assert any(frame.left - panel[0] == pytest.approx(room, abs=0.2) for panel in panels)


def test_panels_with_axes_of_their_own_borrow_none():
    """Each has its own numbers already."""
    assert '<use href="#matplotlib.axis' not in narrow(slimmed(drawn(2))).svg
