"""Figures and axes of matplotlib by value: what was drawn, as plain data, drawn again.

The other side builds real figures of it, so that whatever a test reads of axes is read of those,
and nothing of a student's. What goes: titles, labels, limits, scales, ticks that were set, lines,
patches, bars, collections, images, texts and legends (`nbjudge.wire.figure_description`). Other
kinds of axes, and artists by themselves, do not go by value.
"""

from __future__ import annotations

import contextlib
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Ellipse, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from nbjudge.wire.codec import Codec
from nbjudge.wire.figure_description import ALIGNED, MOST_ARTISTS, PATCHES, describe_figure
from nbjudge.wire.frames import WireError

_MOST_AXES = 100
_TITLES: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")
_DIRECTIONS: tuple[Literal["x", "y"], ...] = ("x", "y")


def build_figure(described: Any) -> Figure:
    """Draw what was described."""
    figure = Figure()
    draw(figure, described)
    return figure


def refresh_figure(old: Figure, new: Figure) -> None:
    """Draw in a figure what stands in another; its axes stay the objects that they are."""
    draw(old, describe_figure(new))


def draw(figure: Figure, described: Any) -> None:
    """Draw what was described into a figure, in the place of what is in it."""
    if type(described) is not dict or type(described.get("axes")) is not list:
        raise WireError("a figure that is not described")
    if len(described["axes"]) > _MOST_AXES:
        raise WireError(f"a figure with more than {_MOST_AXES} axes")
    figure.set_size_inches(*described["size"])
    figure.suptitle(described["suptitle"])
    for axes in figure.axes[len(described["axes"]) :]:
        axes.remove()
    for number, found in enumerate(described["axes"]):
        many = sum(len(found[k]) for k in ("lines", "patches", "collections", "images", "texts"))
        if many > MOST_ARTISTS:
            raise WireError(f"axes with more than {MOST_ARTISTS} things drawn")
        if number < len(figure.axes):
            axes = figure.axes[number]
            axes.clear()
        elif found["grid"] is None:
            axes = figure.add_axes(tuple(found["place"]))
        else:
            rows, columns, first, last = found["grid"]
            if not (0 < rows <= 100 and 0 < columns <= 100 and 0 <= first <= last):
                raise WireError("a grid of axes that is none")
            axes = figure.add_subplot(rows, columns, (first + 1, last + 1))
        _draw_axes(axes, found)


def _draw_axes(axes: Axes, found: dict[str, Any]) -> None:
    for location, title in zip(_TITLES, found["titles"], strict=True):
        axes.set_title(title, loc=location)
    for name in _DIRECTIONS:
        getattr(axes, f"set_{name}scale")(found[name]["scale"])
    for line in found["lines"]:
        _draw_line(axes, line)
    patches = [axes.add_patch(_patch(patch)) for patch in found["patches"]]
    for places, label, orientation in found["bars"]:
        bars = [patches[place] for place in places]
        axes.add_container(BarContainer(bars, None, orientation=orientation, label=label))
    for collection in found["collections"]:
        axes.add_collection(_collection(collection, axes), autolim=False)
    for image in found["images"]:
        axes.add_image(_image(axes, image))
    for text in found["texts"]:
        _draw_text(axes, text)
    if found["legend"] is not None:
        _draw_legend(axes, found["legend"])
    for name in _DIRECTIONS:
        _draw_axis(axes, name, found[name])
    aspect = found["aspect"]
    axes.set_aspect(aspect if isinstance(aspect, float) else "auto")
    axes.set_facecolor(found["face"])
    axes.set_axis_on() if found["shown"][0] else axes.set_axis_off()
    axes.set_visible(found["shown"][1])


def _draw_axis(axes: Axes, name: Literal["x", "y"], found: dict[str, Any]) -> None:
    axis = getattr(axes, f"{name}axis")
    axis.set_label_text(found["label"])
    if found["ticks"] is not None:
        labels = found["labels"]
        axis.set_ticks(found["ticks"], labels if len(labels) == len(found["ticks"]) else None)
    if found["grid"]:
        axes.grid(visible=True, axis=name)
    getattr(axes, f"set_{name}lim")(*found["limits"])


def _draw_line(axes: Axes, found: dict[str, Any]) -> None:
    x, y = found["x"], found["y"]
    if found["along"] == "data":
        axes.xaxis.update_units(x)
        axes.yaxis.update_units(y)
    line = Line2D(
        x, y,
        color=found["color"], linestyle=found["style"], linewidth=found["width"],
        marker=_marker(found["marker"]), markersize=found["size"],
    )  # fmt: skip
    if found["along"] != "data":
        line.set_transform(getattr(axes, f"get_{found['along']}_transform")())
    axes.add_line(_artist(line, found))


def _marker(marker: Any) -> Any:
    marker = int(marker) if isinstance(marker, float) else marker
    return marker if marker in MarkerStyle.markers else "None"


def _patch(found: dict[str, Any]) -> Any:
    shape = found["shape"]
    style = {
        "facecolor": found["face"],
        "edgecolor": found["edge"],
        "linewidth": found["width"],
        "linestyle": found["style"],
        "fill": found["fill"],
        "hatch": found["hatch"],
    }
    made: Any
    if found["kind"] in PATCHES:
        kind, fields = PATCHES[found["kind"]]
        first = [shape[field] for field in fields if field not in ("angle", "width")]
        rest = {field: shape[field] for field in fields if field in ("angle", "width")}
        if kind in (Rectangle, Ellipse):
            first = [shape[field] for field in fields if field != "angle"]
            rest = {"angle": shape["angle"]}
        made = kind(*first, **rest, **style)
    elif found["kind"] == "Polygon":
        made = Polygon(shape["points"], closed=True, **style)
    else:
        made = PathPatch(Path(shape["points"], shape["codes"]), **style)
    return _artist(made, found)


def _collection(found: dict[str, Any], axes: Axes) -> Any:
    style: dict[str, Any] = {"edgecolors": found["edge"], "linewidths": found["widths"]}
    made: Any
    if found["kind"] == "PathCollection":
        made = PathCollection(
            [Path.unit_circle()],
            sizes=found["sizes"],
            offsets=found["offsets"],
            offset_transform=axes.transData,
            facecolors=found["face"],
            **style,
        )
    elif found["kind"] == "LineCollection":
        made = LineCollection(found["paths"], colors=found["edge"], linewidths=found["widths"])
    else:
        made = PolyCollection(found["paths"], facecolors=found["face"], **style)
    if found["array"] is not None:
        made.set_array(found["array"])
        _mapped(made, found)
    return _artist(made, found)


def _image(axes: Axes, found: dict[str, Any]) -> AxesImage:
    image = AxesImage(axes, extent=found["extent"], origin=found["origin"])
    image.set_data(found["data"])
    _mapped(image, found)
    return _artist(image, found)  # type: ignore[no-any-return]


def _mapped(made: Any, found: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError):  # a map of the student's own
        made.set_cmap(found["map"])
    made.set_clim(*found["range"])


def _draw_text(axes: Axes, found: dict[str, Any]) -> None:
    x, y = (part.item() for part in found["place"])
    aligned = dict(zip(ALIGNED, found["aligned"], strict=True))
    turned = {"rotation": found["turned"], "color": found["color"], "fontsize": found["size"]}
    _artist(axes.text(x, y, found["text"], **aligned, **turned), found)


def _draw_legend(axes: Axes, found: dict[str, Any]) -> None:
    handles = [Line2D([], [], color=color) for color in found["colors"]]
    labels = found["labels"]
    if len(handles) != len(labels):
        handles = [Line2D([], []) for _ in labels]
    axes.legend(handles, labels, title=found["title"] or None)


def _artist(made: Any, found: dict[str, Any]) -> Any:
    made.set_label(found["label"])
    made.set_alpha(found["alpha"])
    made.set_zorder(found["order"])
    made.set_visible(found["visible"])
    return made


# -- codecs ---------------------------------------------------------------------------------------


def _figure_of(axes: Axes) -> Figure:
    figure = axes.get_figure()
    if type(figure) is not Figure:
        raise WireError("axes that are in no figure of their own")
    return figure


def _build_axes(figure: Any, place: Any) -> Axes:
    if type(figure) is not Figure or type(place) is not int or place < 0:
        raise WireError("axes of no figure")
    return figure.axes[place]


def _refresh_axes(old: Axes, new: Axes) -> None:
    """Do nothing: axes are drawn with their figure."""


FIGURE_CODECS = [
    Codec(
        "matplotlib.Figure", Figure, lambda v: (describe_figure(v),), build_figure, refresh_figure
    ),
    Codec(
        "matplotlib.Axes",
        Axes,
        lambda v: (_figure_of(v), _figure_of(v).axes.index(v)),
        _build_axes,
        _refresh_axes,
    ),
]
