"""What the manuals say is there, is there."""

import re
from pathlib import Path

import click
import pytest

from app.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "seed_data/*.md", "templates/**/*.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"\bminga ([a-z]+(?: [a-z]+)?)")
VARIABLE = re.compile(r"\b(?:MINGA_[A-Z_]+|DATABASE_URL)\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_exists(page: Path) -> None:
    code = re.findall(r"`[^`\n]*`|^ *\.venv/bin/minga .*", page.read_text("utf-8"), re.MULTILINE)
    named = {words for line in code for words in COMMAND.findall(line)}

    assert [words for words in sorted(named) if not _exists(words.split())] == []


def test_the_operators_manual_lists_every_setting() -> None:
    settings = VARIABLE.findall((ROOT / "app" / "config.py").read_text("utf-8"))
    manual = VARIABLE.findall((ROOT / "docs" / "operators.md").read_text("utf-8"))

    assert set(manual) == set(settings)


def _exists(words: list[str]) -> bool:
    """Say whether a command is there; behind a command that is no group anything may follow."""
    command: click.Command | None = main
    for word in words:
        if not isinstance(command, click.Group):
            return True
        command = command.get_command(click.Context(command), word)
        if command is None:
            return False
    return True
