"""A picture reduced to what it shows: shapes and text, nothing that loads, runs or is read out.

What a drawing library writes besides (roles, English labels, classes, fonts, identifiers) would
clash with the page or be noise. What is not known here is refused, not passed on.
"""

import re
from xml.etree import ElementTree as ET

SHAPES: dict[str, tuple[str, ...]] = {
    "svg": ("viewBox",),
    "g": ("transform", "opacity"),
    "path": ("d", "transform"),
    "rect": ("x", "y", "width", "height", "transform"),
    "line": ("x1", "x2", "y1", "y2", "transform"),
    "text": ("text-anchor", "transform", "font-size"),
}
PAINT = ("fill", "stroke", "stroke-width", "opacity", "fill-opacity", "stroke-opacity")
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d+")
_VALUE = re.compile(r"[\w\s.,#()+-]*")


def plain(drawn: str) -> str:
    """Reduce an SVG document to one that a page can hold. Raises ValueError for what is foreign.

    >>> plain('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9"><g/></svg>')
    '<svg viewBox="0 0 9 9" focusable="false" aria-hidden="true"></svg>'
    """
    root = ET.fromstring(drawn)  # noqa: S314 (what was drawn by this very process)
    made = _copy(root)
    if made is None:
        raise ValueError("an empty picture")
    made.set("focusable", "false")
    made.set("aria-hidden", "true")
    return ET.tostring(made, encoding="unicode", short_empty_elements=False)


def _copy(element: ET.Element) -> ET.Element | None:
    """Copy what is seen; None for what draws nothing."""
    name = element.tag.removeprefix(_NAMESPACE)
    if name not in SHAPES:
        raise ValueError(f"a picture with <{name}>")
    kept = {
        key: _NUMBER.sub(_short, value)
        for key, value in element.attrib.items()
        if key in SHAPES[name] or (key in PAINT and name != "svg")
    }
    foreign = [value for value in kept.values() if not _VALUE.fullmatch(value) or "url" in value]
    if foreign:
        raise ValueError(f"a picture with {foreign[0][:40]!r}")
    made = ET.Element(name, kept)
    made.text = element.text if name == "text" else None
    made.extend([copy for child in element if (copy := _copy(child)) is not None])
    return made if _draws(made, element) else None


def _draws(made: ET.Element, element: ET.Element) -> bool:
    if element.get("display") == "none":
        return False
    if made.tag in ("svg", "g"):
        return made.tag == "svg" or len(made) > 0
    if made.tag == "text":
        return bool(made.text)
    return made.get("fill", "none") != "none" or made.get("stroke", "none") != "none"


def _short(number: re.Match[str]) -> str:
    """Tenths of a pixel are enough for every eye."""
    return f"{float(number.group()):.1f}".removesuffix(".0")
