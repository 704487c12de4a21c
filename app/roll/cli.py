"""`minga roll …`: the voter roll and its letters on the command line."""

import sys
from pathlib import Path

import click
from flask_babel import ngettext

from app import private_files
from app.db import read_tx, run_tx
from app.errors import InvalidError
from app.policy import ANONYMOUS
from app.roll import batches, csv_file, imports, issuing, letters
from app.roll.batches import Addressees
from app.roll.codes import IssuedCode
from app.roll.rules import AGE_DEFAULT
from app.roll.sentences import problem_sentence
from app.rounds import queries as rounds

PROBLEMS_SHOWN_MAX = 100


@click.group("roll")
def roll_group() -> None:
    """Voter roll: import, letters."""


def register(group: click.Group) -> None:
    group.add_command(roll_group)


@roll_group.command("import")
@click.argument("round_slug", metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--age", default=AGE_DEFAULT, show_default=True, help="Age from which people vote.")
def import_(round_slug: str, file: Path, age: int) -> None:
    """Read a CSV file and keep it until two persons approve it in the browser.

    Every problem is shown with its line; with a single one nothing is kept.
    """
    staged = imports.stage(
        ANONYMOUS, round_slug, file_name=file.name, data=_read(file), age_min=age
    )
    for problem in staged.problems[:PROBLEMS_SHOWN_MAX]:
        click.echo(f"line {problem.line}: {problem_sentence(problem)}", err=True)
    if staged.problems:
        number = len(staged.problems)
        raise InvalidError(
            ngettext(
                "The file has %(num)s problem, so nothing was kept. Correct it and try again.",
                "The file has %(num)s problems, so nothing was kept. Correct them and try again.",
                number,
            )
        )
    for district, number in staged.report["districts"].items():
        click.echo(f"{district}: {number}")
    click.echo(
        f"{staged.report['people']} people were read. In the browser, a clerk now asks for "
        "approval, and a second person approves."
    )


@roll_group.command("letters")
@click.argument("round_slug", metavar="ROUND")
@click.argument("out", type=click.Path(path_type=Path))
def letters_(round_slug: str, out: Path) -> None:
    """Give everybody without a code one, and write the letters to OUT, a PDF.

    The codes are nowhere else: guard the file, print it, delete it.
    """
    if out.exists():
        raise InvalidError(f"{out} exists already. Name another file.")
    who = read_tx(
        lambda session: batches.addressees(session, rounds.round_by_slug(session, round_slug), None)
    )
    issued = _make_codes(who)
    pdf = letters.make_pdf(who.letters(issued), who.texts)
    draft = _write_privately(out, pdf)
    try:
        run_tx(lambda session: batches.store_all(session, who, issued))
        draft.rename(out)
    finally:
        draft.unlink(missing_ok=True)  # codes that did not become valid
    click.echo(f"{len(issued)} letters are in {out}.")


def _make_codes(who: Addressees) -> list[IssuedCode]:
    with click.progressbar(length=len(who.entry_ids), label="Making codes", file=sys.stderr) as bar:
        return issuing.make_codes(
            who.round_row.id, who.entry_ids, lambda done: bar.update(done - bar.pos)
        )


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(csv_file.BYTES_MAX + 1)
    except OSError as error:
        raise InvalidError(f"{file} cannot be read ({error.strerror}). Check its name.") from error


def _write_privately(out: Path, data: bytes) -> Path:
    """Write beside `out`, for its owner alone; it gets its name when the codes are valid."""
    draft = out.with_name(f".{out.name}.part")
    try:
        private_files.write(draft, data)
    except OSError as error:
        raise InvalidError(f"{out} cannot be written ({error.strerror}). Name another.") from error
    return draft
