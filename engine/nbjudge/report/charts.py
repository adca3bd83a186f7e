"""Charts, drawn by Altair and Vega-Lite while the report is written, as pictures in its pages.

A picture has no script and asks nobody for anything. Its ink is the colour of the page's text, so
that it follows light and dark. The packages come with ``nbjudge[report]``; without them a report
has its tables only.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from markupsafe import Markup

VEGALITE_VERSION = "5.20"
SHARE_COLOURS = {
    "full": "#2f8f6b", "partial": "#c99a2e", "zero": "#c8553d", "blank": "#8a8f98"
}  # fmt: skip
_ACCENT = "#4c78c8"
_INK = "currentColor"
_WIDTH = 430
_ROW = 22
_LONGEST_LABEL = 170  # pixels
_CONFIG = {
    "aria": False,  # a chart is one picture with one description
    "background": "transparent",
    "padding": 12,
    "font": "system-ui, sans-serif",
    "axis": {
        "domainColor": _INK, "domainOpacity": 0.6, "gridColor": _INK, "gridOpacity": 0.15,
        "labelColor": _INK, "labelFontSize": 12, "tickColor": _INK, "tickOpacity": 0.6,
        "titleColor": _INK, "titleFontSize": 13, "labelLimit": _LONGEST_LABEL,
    },
    "header": {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 12, "titleFontSize": 13},
    "legend": {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 12, "titleFontSize": 13},
    "text": {"color": _INK, "fontSize": 11},
    "rule": {"color": _INK},
    "view": {"stroke": _INK, "strokeOpacity": 0.2},
}  # fmt: skip
_SAID_ANYWAY = re.compile(r' (?:opacity="1"|pointer-events="none"|aria-hidden="true")(?=[ />])')
_NAMES_OF_PARTS = re.compile(r' (?:class|role|aria-roledescription|aria-label|style)="[^"]*"')


@dataclass(frozen=True)
class Chart:
    """A chart with the numbers that it shows.

    Attributes
    ----------
    name : str
        By which its file is called.
    title, words : str
        Its heading, and what it shows in a sentence.
    heads : sequence of str
        The columns of its table.
    rows : sequence of sequence
        The table; numbers as they are.
    picture : Markup or None
        The chart as SVG; None without the packages that draw it, or where there is nothing.
    """

    name: str
    title: str
    words: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    picture: Markup | None


def missing_packages() -> list[str]:
    """Name the packages that charts need and that are not installed."""
    needed = {"altair": "altair", "vl_convert": "vl-convert-python"}
    return [package for module, package in needed.items() if find_spec(module) is None]


def draw(chart: Any) -> Markup | None:
    """Draw an Altair chart.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        The chart, with all of its data in it.

    Returns
    -------
    Markup
        SVG for a page: one picture, without names or ids.
    """
    import vl_convert

    spec = chart.to_dict()
    spec["config"] = _CONFIG
    svg = vl_convert.vegalite_to_svg(
        json.dumps(spec), vl_version=VEGALITE_VERSION, allowed_base_urls=[]
    )
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)  # a hundredth of a pixel is fine enough
    svg = _NAMES_OF_PARTS.sub("", _SAID_ANYWAY.sub("", svg))
    svg = svg.replace('<path d="" display="none"/>', "")
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))


def _data(rows: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.Data(values=[{k: _plain(v) for k, v in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def histogram(name: str, title: str, counts: Sequence[int], edges: Sequence[float]) -> Chart:
    """Draw how many submissions got how many points.

    Parameters
    ----------
    name, title : str
        Of the chart.
    counts : sequence of int
        The submissions in each bin.
    edges : sequence of float
        Where bins begin and end; one more.
    """
    bins = list(zip(edges, edges[1:], counts, strict=False))
    picture = None
    if not missing_packages() and any(counts):
        import altair as alt

        rows = [{"from": low, "to": high, "submissions": n} for low, high, n in bins]
        picture = draw(
            alt.Chart(_data(rows), width=_WIDTH, height=150)
            .mark_bar(color=_ACCENT)
            .encode(
                x=alt.X("from:Q").bin("binned").title("points").scale(domain=[edges[0], edges[-1]]),
                x2="to:Q",
                y=alt.Y("submissions:Q").title("submissions").axis(tickMinStep=1),
            )
        )
    words = "How many submissions got how many points, what lateness costs taken off."
    return Chart(name, title, words, ("from", "to", "submissions"), bins, picture)


def trend(rows: Sequence[tuple[str, float, float, float]]) -> Chart:
    """Draw the share of the points from assignment to assignment.

    Parameters
    ----------
    rows : sequence of (str, float, float, float)
        An assignment, and the lower quartile, median and upper quartile of the shares.
    """
    picture = None
    known = [row for row in rows if not math.isnan(row[2])]
    if not missing_packages() and known:
        import altair as alt

        data = _data([dict(zip("alhm", (r[0], r[1], r[3], r[2]), strict=True)) for r in known])
        x = alt.X("a:N").sort(None).title(None).axis(labelAngle=-35, labelLimit=120)
        base = alt.Chart(data, width=max(_WIDTH, 45 * len(known)), height=200).encode(x=x)
        y = alt.Y("m:Q").title("share of the points").scale(domain=[0, 1]).axis(format="%")
        picture = draw(
            base.mark_rule(size=6, opacity=0.35, color=_ACCENT).encode(
                y=alt.Y("l:Q").scale(domain=[0, 1]).title("share of the points"), y2="h:Q"
            )
            + base.mark_line(color=_ACCENT).encode(y=y)
            + base.mark_point(color=_ACCENT, filled=True, size=60, opacity=1).encode(y=y)
        )
    return Chart(
        "trend", "Over the term",
        "The median share of the points in each assignment, and, as bars, the middle half of the "
        "class.",
        ("assignment", "lower quartile", "median", "upper quartile"), rows, picture,
    )  # fmt: skip


def stacked_shares(rows: Sequence[tuple[str, float, float, float, float]]) -> Chart:
    """Draw what became of each exercise.

    Parameters
    ----------
    rows : sequence of (str, float, float, float, float)
        An exercise, and the shares full, partial, zero and blank.
    """
    picture = None
    known = [row for row in rows if not math.isnan(row[1])]
    if not missing_packages() and known:
        import altair as alt

        kinds = list(SHARE_COLOURS)
        data = _data(
            [
                {"exercise": row[0], "what": kind, "share": share, "order": n}
                for row in known
                for n, (kind, share) in enumerate(zip(kinds, row[1:], strict=True))
            ]
        )
        picture = draw(
            alt.Chart(data, width=_WIDTH, height=_ROW * len(known))
            .mark_bar()
            .encode(
                y=alt.Y("exercise:N").sort(None).title(None),
                x=alt.X("share:Q").title("share of the submissions").axis(format="%", tickCount=5)
                .scale(domain=[0, 1]),
                color=alt.Color("what:N").title(None).scale(
                    domain=kinds, range=list(SHARE_COLOURS.values())
                ).legend(orient="top"),
                order="order:Q",
            )
        )  # fmt: skip
    return Chart(
        "shares", "What became of each exercise",
        "The share of the submissions with all points, a part, and none, of those who changed the "
        "answer, and of those who left it as it was released.",
        ("exercise", *SHARE_COLOURS), rows, picture,
    )  # fmt: skip


def bars(
    name: str, title: str, words: str, label: str, measure: str, rows: Sequence[tuple[str, float]],
    domain: tuple[float, float], percent: bool = False,
) -> Chart:  # fmt: skip
    """Draw a bar for each of some things.

    Parameters
    ----------
    name, title, words : str
        Of the chart.
    label, measure : str
        What things and numbers are called.
    rows : sequence of (str, float)
        Each thing and its number.
    domain : tuple of float
        The ends of the axis.
    percent : bool
        Whether the numbers are shares.
    """
    picture = None
    known = [row for row in rows if not math.isnan(row[1])]
    if not missing_packages() and known:
        import altair as alt

        data = _data([{"thing": thing, "value": value} for thing, value in known])
        x = alt.X("value:Q").title(measure).scale(domain=list(domain)).axis(tickCount=5)
        if percent:
            x = x.axis(format="%", tickCount=5)
        picture = draw(
            alt.Chart(data, width=_WIDTH, height=_ROW * len(known))
            .mark_bar()
            .encode(
                y=alt.Y("thing:N").sort(None).title(None),
                x=x,
                color=alt.condition(
                    "datum.value < 0", alt.value(SHARE_COLOURS["zero"]), alt.value(_ACCENT)
                ),
            )
        )
    return Chart(name, title, words, (label, measure), rows, picture)


def quintiles(rows: Sequence[tuple[str, Sequence[float]]]) -> Chart:
    """Draw the mean share of the points of each exercise in each fifth of the class.

    Parameters
    ----------
    rows : sequence of (str, sequence of float)
        An exercise, and the means from the lowest fifth to the highest.
    """
    names = ("lowest fifth", "second", "third", "fourth", "highest fifth")
    picture = None
    known = [row for row in rows if not math.isnan(row[1][0])]
    if not missing_packages() and known:
        import altair as alt

        data = _data(
            [
                {"exercise": exercise, "fifth": fifth, "share": share}
                for exercise, means in known
                for fifth, share in zip(names, means, strict=True)
            ]
        )
        base = alt.Chart(data, width=_WIDTH, height=_ROW * len(known)).encode(
            y=alt.Y("exercise:N").sort(None).title(None),
            x=alt.X("fifth:N").sort(None).title(None).axis(labelAngle=0, orient="top"),
        )
        picture = draw(
            base.mark_rect(color=_ACCENT).encode(
                opacity=alt.Opacity("share:Q").scale(domain=[0, 1], range=[0.05, 0.6]).legend(None)
            )
            + base.mark_text().encode(text=alt.Text("share:Q").format(".0%"))
        )
    return Chart(
        "quintiles", "Who solves what",
        "The mean share of the points of each exercise in each fifth of the class, ordered by the "
        "points in all exercises that are graded.",
        ("exercise", *names), [(exercise, *means) for exercise, means in rows], picture,
    )  # fmt: skip
