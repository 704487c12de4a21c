"""The page about the format names every code that a file can be refused or warned with."""

import re
from pathlib import Path

import allocation.pabulib

SOURCES = Path(allocation.pabulib.__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "pb_format.md"
# A code is the first text in a call to one of these, after the line.
REPORTED = re.compile(
    r'(?:PbError|report\.(?:error|warn|fault)|Problem)\(\s*[^"]*?,\s*"([a-z_]+)"'
    r'|code="([a-z_]+)"|_compare(?:_length)?\(\w+, "([a-z_]+)"|Finding\(\s*"\w+",\s*"([a-z_]+)"'
)


def test_every_code_is_on_the_page() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    codes = {code for match in REPORTED.findall(source) for code in match if code}

    documented = {*re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8"))}

    assert len(codes) > 30
    assert codes - documented == set()
