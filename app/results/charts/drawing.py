"""Pictures by Altair. Slow to load (a second and 100 MB), so nothing imports this at its head.

What would depend on the fonts of a computer is left to no library: places are given in pixels and
text is kept as text, so the same result gives the same bytes, in the letters of the page.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

from app.results.charts import svg
from app.results.charts.flow import Flow, curve
from app.results.charts.sizes import Size
from app.results.charts.worth import Step, step_labels, ticks

INK, INK_SOFT, RULE = "#1d2524", "#4d5957", "#d8dcd6"
TEAL, TEAL_LIGHT = "#2f8f83", "#d5e8e4"
WOOL = ("#2f8f83", "#f2b134", "#c8552b", "#7a6fb0", "#6f9a3c", "#4a86b8")
"""Neighbouring groups differ; the names say which is which."""
TEXT: dict[str, Any] = {"fontSize": 14, "color": INK, "baseline": "middle"}
EDGE = 10
BASE_HEIGHT, AXIS_BELOW, AXIS_LEFT = 220, 26, 56


def flow_picture(found: Flow, size: Size) -> str:
    """Draw the money from groups to projects."""
    left, right = size.names[0], size.width - size.names[1]
    height = found.height + 2 * EDGE
    colours = [WOOL[number % len(WOOL)] for number in range(len(found.groups))]
    bands = [
        {
            "band": number,
            "colour": colours[band.group],
            "x": left + 12 + way * (right - left - 24),
            "y": EDGE + middle - band.thickness / 2,
            "y2": EDGE + middle + band.thickness / 2,
        }
        for number, band in enumerate(found.bands)
        for way, middle in curve(band)
    ]
    ends = [
        _end(left + 4, EDGE + group.middle, group.thickness, colours[number])
        for number, group in enumerate(found.groups)
    ] + [
        _end(right - 12, EDGE + band.right, band.thickness, colours[band.group])
        for band in found.bands
    ]
    names = [
        {"x": left - 4, "y": EDGE + group.middle + 17 * (n - (len(group.lines) - 1) / 2), "t": line}
        for group in found.groups
        for n, line in enumerate(group.lines)
    ]
    titles = [{"x": right + 4, "y": EDGE + band.right, "t": band.title} for band in found.bands]
    layers = [
        _chart(bands)
        .mark_area(opacity=0.6)
        .encode(
            x=_place("x", size.width),
            y=_place("y", height, down=True),
            y2="y2:Q",
            detail="band:N",
            color=alt.Color("colour:N", scale=None),
        ),
        _chart(ends)
        .mark_rect(opacity=1)
        .encode(
            x=_place("x", size.width),
            x2="x2:Q",
            y=_place("y", height, down=True),
            y2="y2:Q",
            color=alt.Color("colour:N", scale=None),
        ),
        _words(names, size.width, height, "right"),
        _words(titles, size.width, height, "left"),
    ]
    return _svg(alt.layer(*layers), size.width, height)


def worth_picture(steps: Sequence[Step], size: Size) -> str:
    """Draw all votes of each chosen project as an outline, effective votes as a bar within."""
    width, height = size.width, BASE_HEIGHT + AXIS_BELOW + EDGE
    marks = ticks(max(max(one.votes, one.effective) for one in steps))
    pitch = (width - AXIS_LEFT - EDGE) / len(steps)

    def level(value: float) -> float:
        return EDGE + BASE_HEIGHT * (1 - value / marks[-1])

    def bar(number: int, value: float, part: float) -> dict[str, float]:
        middle = AXIS_LEFT + pitch * (number + 0.5)
        half = max(pitch * part / 2, 0.5)
        return {"x": middle - half, "x2": middle + half, "y": level(value), "y2": level(0)}

    lines = [{"x": AXIS_LEFT, "x2": width - EDGE, "y": level(one)} for one in marks]
    values = [{"x": AXIS_LEFT - 6, "y": level(one), "t": _thousands(one)} for one in marks]
    numbers = [
        {"x": AXIS_LEFT + pitch * (one - 0.5), "y": height - AXIS_BELOW / 2, "t": str(one)}
        for one in step_labels(steps, width=width - AXIS_LEFT - EDGE)
    ]
    box: dict[str, Any] = {
        "x": _place("x", width), "x2": "x2:Q", "y": _place("y", height, down=True), "y2": "y2:Q",
    }  # fmt: skip
    layers = [
        _chart(lines)
        .mark_rule(color=RULE)
        .encode(x=_place("x", width), x2="x2:Q", y=_place("y", height, down=True)),
        _chart([bar(n, one.votes, 0.86) for n, one in enumerate(steps)])
        .mark_rect(fill=TEAL_LIGHT, stroke=INK_SOFT, strokeWidth=1)
        .encode(**box),
        _chart([bar(n, one.effective, 0.5) for n, one in enumerate(steps)])
        .mark_rect(fill=TEAL)
        .encode(**box),
        _words(values, width, height, "right"),
        _words(numbers, width, height, "center"),
    ]
    return _svg(alt.layer(*layers), width, height)


def _end(x: float, middle: float, thickness: float, colour: str) -> dict[str, Any]:
    top, bottom = middle - thickness / 2, middle + thickness / 2
    return {"x": x, "x2": x + 8, "y": top, "y2": bottom, "colour": colour}


def _chart(values: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call] # Altair's gap


def _place(field: str, size: float, *, down: bool = False) -> Any:
    """Take a field for pixels, as they are; `down`: counted from the top."""
    scale = alt.Scale(domain=[size, 0] if down else [0, size], nice=False, zero=False)
    return (alt.Y if down else alt.X)(f"{field}:Q", scale=scale, axis=None)


def _words(values: list[dict[str, Any]], width: float, height: float, align: Any) -> Any:
    return (
        _chart(values)
        .mark_text(align=align, **TEXT)
        .encode(x=_place("x", width), y=_place("y", height, down=True), text="t:N")
    )


def _thousands(value: int) -> str:
    """Part thousands in a way that no language misreads."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _svg(chart: Any, width: float, height: float) -> str:
    spec = (
        chart.properties(width=width, height=height, padding=0, background="transparent")
        .configure_view(strokeWidth=0)
        .to_dict()
    )
    spec["autosize"] = "none"
    # No address is allowed: a picture is made of what was counted and of nothing else.
    return svg.plain(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
