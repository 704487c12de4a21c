"""The two widths in which every picture is made: no scaling makes small letters readable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Widths in pixels. `names`: room for what stands left and right of a drawing."""

    name: str
    width: int
    names: tuple[int, int]


WIDE = Size("wide", 736, (176, 300))
NARROW = Size("narrow", 320, (96, 148))
SIZES = (WIDE, NARROW)

LETTER_WIDTH = 6.7
"""Of usual text at 14 px, with some room: lines are broken by it, the same on every computer."""


def letters(pixels: float) -> int:
    """Say how many letters surely fit."""
    return max(4, int(pixels / LETTER_WIDTH))
