"""What is built and shipped: small, ours, licensed, legible."""

import gzip
import json
import re
from pathlib import Path

import pytest

from app.static_files import DIST

ASSETS = DIST.parents[1] / "assets"
TEXTS = [path for path in DIST.iterdir() if path.suffix in (".css", ".js", ".svg")]
MANIFEST = json.loads((DIST / "manifest.json").read_text("utf-8"))

# Which colour of text stands on which ground, and how much contrast it needs (WCAG 2.2 AA).
PAIRS = [
    ("ink", "white", 7),
    ("ink", "wool", 7),
    ("ink", "wool-dark", 4.5),
    ("ink-soft", "white", 4.5),
    ("ink-soft", "wool", 4.5),
    ("river", "white", 4.5),
    ("river", "wool", 4.5),
    ("river", "river-light", 4.5),
    ("white", "river", 4.5),
    ("white", "pine", 7),
    ("pine", "white", 7),
    ("pine-deep", "ochre", 4.5),
    ("pine-deep", "focus", 4.5),
    ("crimson", "white", 4.5),
    ("crimson", "wool", 4.5),
    ("leaf", "white", 4.5),
    ("terracotta", "white", 3),  # bars and marks
    ("ochre", "pine", 3),  # the edge of the ballot's bar
]


def size_compressed(name: str) -> int:
    return len(gzip.compress((DIST / MANIFEST[name]).read_bytes(), 9))


@pytest.mark.parametrize(
    ("name", "bytes_max"),
    [("app.css", 25_000), ("app.js", 8_000), ("ballot.js", 3_000), ("map.js", 50_000)],
)
def test_a_page_stays_small_for_a_cheap_phone(name: str, bytes_max: int) -> None:
    assert size_compressed(name) <= bytes_max


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_nothing_that_belongs_to_gov_uk_is_shipped(path: Path) -> None:
    text = path.read_text("utf-8").lower()

    found = [name for name in ("gds transport", "crest", "crown", "govuk-logo") if name in text]
    assert found == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_nothing_is_fetched_from_another_host(path: Path) -> None:
    text = path.read_text("utf-8")

    calls = re.findall(r"(?:url|import|fetch)\(\s*[\"']?((?:https?:)?//[^\"')]+)", text)
    assert calls == []


def test_every_file_that_a_style_sheet_names_is_there() -> None:
    for style in DIST.glob("*.css"):
        for name in re.findall(r"url\(\"?\./([^\")]+)\"?\)", style.read_text("utf-8")):
            assert (DIST / name).is_file(), f"{style.name} names {name}"


def test_each_licence_goes_along_with_the_work() -> None:
    licences = (DIST / MANIFEST["licences.txt"]).read_text("utf-8")
    packages = json.loads((ASSETS / "package.json").read_text("utf-8"))["dependencies"]

    assert all(name in licences for name in packages)
    for licence in ("MIT License", "SIL OPEN FONT LICENSE", "BSD 2-Clause License"):
        assert licence in licences


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str, least: float) -> None:
    source = (ASSETS / "scss" / "_colours.scss").read_text("utf-8")
    colours = {"white": "#ffffff"} | dict(re.findall(r"\$([a-z-]+): (#[0-9a-f]{6});", source))

    assert contrast(colours[text], colours[ground]) >= least


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
