"""What was drawn in a figure of matplotlib, as plain data."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Ellipse, Polygon, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.ticker import FixedLocator

from nbjudge.wire.frames import WireError

MOST_ARTISTS = 5000
ALIGNED = ("horizontalalignment", "verticalalignment")
PATCHES: dict[str, tuple[type, tuple[str, ...]]] = {
    "Rectangle": (Rectangle, ("xy", "width", "height", "angle")),
    "Circle": (Circle, ("center", "radius")),
    "Ellipse": (Ellipse, ("center", "width", "height", "angle")),
    "Wedge": (Wedge, ("center", "r", "theta1", "theta2", "width")),
}
"""Patches that are known by their own sizes; others are their paths."""


def describe_figure(figure: Figure) -> dict[str, Any]:
    """Describe a figure and its axes by plain data."""
    return {
        "size": _numbers(figure.get_size_inches()),
        "suptitle": str(figure.get_suptitle()) if hasattr(figure, "get_suptitle") else "",
        "axes": [_describe_axes(axes) for axes in figure.axes],
    }


def _describe_axes(axes: Axes) -> dict[str, Any]:
    if type(axes) is not Axes:
        raise WireError(f"a value of the type {type(axes).__name__}")
    spec = axes.get_subplotspec()
    patches = list(axes.patches)
    legend = axes.get_legend()
    return {
        "grid": None if spec is None else [int(n) for n in spec.get_geometry()],
        "place": _numbers(axes.get_position().bounds),
        "titles": [str(axes.get_title(loc)) for loc in ("left", "center", "right")],
        "x": _describe_axis(axes, "x"),
        "y": _describe_axis(axes, "y"),
        "aspect": _plain(axes.get_aspect()),
        "shown": [bool(axes.axison), bool(axes.get_visible())],
        "face": _numbers(colors.to_rgba(axes.get_facecolor())),
        "lines": [_describe_line(line, axes) for line in axes.lines],
        "patches": [_describe_patch(patch) for patch in patches],
        "bars": [
            [
                [patches.index(patch) for patch in bars.patches],
                str(bars.get_label()),
                str(bars.orientation),
            ]
            for bars in axes.containers
            if isinstance(bars, BarContainer) and all(patch in patches for patch in bars.patches)
        ],
        "collections": [_describe_collection(found) for found in axes.collections],
        "images": [_describe_image(image) for image in axes.images],
        "texts": [_describe_text(text) for text in axes.texts],
        "legend": None if legend is None else _describe_legend(legend),
    }


def _describe_axis(axes: Axes, name: str) -> dict[str, Any]:
    axis = getattr(axes, f"{name}axis")
    fixed = isinstance(axis.get_major_locator(), FixedLocator)
    labels = [str(label.get_text()) for label in axis.get_ticklabels()] if fixed else []
    lines = axis.get_gridlines()
    return {
        "label": str(axis.get_label_text()),
        "scale": str(axis.get_scale()),
        "limits": _numbers(getattr(axes, f"get_{name}lim")()),
        "ticks": _numbers(axis.get_majorticklocs()) if fixed else None,
        "labels": labels,
        "grid": bool(lines and lines[0].get_visible()),
    }


def _describe_line(line: Line2D, axes: Axes) -> dict[str, Any]:
    along = "data"
    for name in ("xaxis", "yaxis"):
        if line.get_transform() == getattr(axes, f"get_{name}_transform")():
            along = name
    return {
        "x": _data(line.get_xdata()),
        "y": _data(line.get_ydata()),
        "along": along,
        "color": _numbers(colors.to_rgba(line.get_color())),
        "style": str(line.get_linestyle()),
        "width": float(line.get_linewidth()),
        "marker": _plain(line.get_marker()),
        "size": float(line.get_markersize()),
        **_describe_artist(line),
    }


def _describe_patch(patch: Any) -> dict[str, Any]:
    kind, name = type(patch), type(patch).__name__
    if name in PATCHES and PATCHES[name][0] is kind:
        fields = PATCHES[name][1]
        values = [getattr(patch, f if kind is Wedge else f"get_{f}") for f in fields]
        read = values if kind is Wedge else [value() for value in values]
        shape = {field: _numbers(value) for field, value in zip(fields, read, strict=True)}
    else:
        name = "Polygon" if kind is Polygon else "Path"
        path = patch.get_path()
        if name == "Path":
            path = patch.get_patch_transform().transform_path(path)
        shape = {"points": np.array(path.vertices, float), "codes": _codes(path)}
    return {
        "kind": name,
        "shape": shape,
        "face": _numbers(patch.get_facecolor()),
        "edge": _numbers(patch.get_edgecolor()),
        "width": float(patch.get_linewidth()),
        "style": str(patch.get_linestyle()),
        "fill": bool(patch.get_fill()),
        "hatch": _plain(patch.get_hatch()),
        **_describe_artist(patch),
    }


def _describe_collection(found: Any) -> dict[str, Any]:
    paths = [] if isinstance(found, PathCollection) else found.get_paths()[:MOST_ARTISTS]
    array, mapped = found.get_array(), found.get_cmap()
    return {
        "kind": next(
            (kind.__name__ for kind in (PathCollection, LineCollection) if isinstance(found, kind)),
            "PolyCollection",
        ),
        "offsets": np.ma.getdata(np.ma.asarray(found.get_offsets())).astype(float),
        "paths": [np.array(path.vertices, float) for path in paths],
        "sizes": _numbers(found.get_sizes()) if hasattr(found, "get_sizes") else [],
        "face": np.array(found.get_facecolor(), float),
        "edge": np.array(found.get_edgecolor(), float),
        "widths": _numbers(found.get_linewidth()),
        "array": None if array is None else np.ma.getdata(np.ma.asarray(array)).astype(float),
        "map": str(mapped.name),
        "range": [None if v is None else float(v) for v in found.get_clim()],
        **_describe_artist(found),
    }


def _describe_image(image: Any) -> dict[str, Any]:
    return {
        "data": np.ma.getdata(np.ma.asarray(image.get_array())).copy(),
        "extent": _numbers(image.get_extent()),
        "origin": str(image.origin),
        "map": str(image.get_cmap().name),
        "range": [None if v is None else float(v) for v in image.get_clim()],
        **_describe_artist(image),
    }


def _describe_text(text: Any) -> dict[str, Any]:
    return {
        "place": _data(np.asarray(text.get_position())),
        "text": str(text.get_text()),
        "color": _numbers(colors.to_rgba(text.get_color())),
        "size": float(text.get_fontsize()),
        "aligned": [str(getattr(text, f"get_{name}")()) for name in ALIGNED],
        "turned": float(text.get_rotation()),
        **_describe_artist(text),
    }


def _describe_legend(legend: Legend) -> dict[str, Any]:
    handles = legend.legend_handles
    return {
        "labels": [str(text.get_text()) for text in legend.get_texts()],
        "title": str(legend.get_title().get_text()),
        "colors": [_color_of(handle) for handle in handles],
    }


def _color_of(handle: Any) -> list[float]:
    for name in ("get_color", "get_facecolor"):
        with contextlib.suppress(Exception):
            found = np.asarray(colors.to_rgba_array(getattr(handle, name)()), float)
            color: list[float] = _numbers(found[0])
            return color
    return [0.0, 0.0, 0.0, 1.0]


def _describe_artist(artist: Any) -> dict[str, Any]:
    alpha = artist.get_alpha()
    return {
        "label": str(artist.get_label()),
        "alpha": float(alpha) if isinstance(alpha, (int, float)) else None,
        "order": float(artist.get_zorder()),
        "visible": bool(artist.get_visible()),
    }


def _numbers(values: Any) -> Any:
    """Make floats of numbers, and lists of them of anything longer."""
    if values is None:
        return None
    found = np.asarray(values, float)
    return found.tolist()


def _data(values: Any) -> np.ndarray:
    """Make an array of what was drawn: numbers, dates or names."""
    found = np.array(np.ma.getdata(np.ma.asarray(values)))
    if found.dtype.kind in "biufmMU":
        return found
    if found.dtype.kind == "O" and all(type(value) is str for value in found.ravel()):
        return found.astype(str)
    return found.astype(float)


def _plain(value: Any) -> Any:
    return (
        float(value) if isinstance(value, (int, float)) else None if value is None else str(value)
    )


def _codes(path: Path) -> list[int] | None:
    return None if path.codes is None else [int(code) for code in np.asarray(path.codes)]
