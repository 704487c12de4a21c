"""How the invented people sign in, for the command line and the page of the demonstration."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app import private_files, web
from app.accounts import queries
from app.accounts.models import Role
from app.accounts.people import ROLE_NAMES
from app.db import read_tx

PASSWORD = "four invented words here"  # noqa: S105 (printed on a public page of a demonstration)
CODES_FILE = "demo-voting-codes.csv"
SHOWN_OF_EACH_ROUND = 3


@dataclass(frozen=True)
class VotingCode:
    """A code as it would stand on a letter, and who would have got the letter."""

    round: str
    neighbourhood: str
    name: str
    code: str


def save_codes(codes: Iterable[VotingCode]) -> None:
    """Keep the codes: in a real town they would be on paper only."""
    text = io.StringIO()
    rows = csv.DictWriter(text, tuple(VotingCode.__dataclass_fields__))
    rows.writeheader()
    rows.writerows(asdict(one) for one in codes)
    private_files.write(_codes_file(), text.getvalue().encode())


def codes() -> list[VotingCode]:
    """Return the codes of this demonstration; none where their file is gone."""
    try:
        with _codes_file().open(encoding="utf-8", newline="") as file:
            return [VotingCode(**row) for row in csv.DictReader(file)]
    except FileNotFoundError:
        return []


def some_codes() -> list[VotingCode]:
    """Return a few codes of each round."""
    by_round: dict[str, list[VotingCode]] = {}
    for one in codes():
        by_round.setdefault(one.round, []).append(one)
    return [one for each in by_round.values() for one in each[:SHOWN_OF_EACH_ROUND]]


def lines() -> Iterator[str]:
    """Say who can sign in as what, and how to vote."""
    base = web.settings().base_url
    yield f"Staff sign in at {base}/account/staff with the password “{PASSWORD}”"
    yield f"and the time code that {base}/demo shows for each of them:"
    for person, roles in read_tx(queries.staff):
        names = ", ".join(str(ROLE_NAMES[Role(role)]) for role in sorted(roles))
        yield f"  {names:<15} {person.email:<44} {person.name}"
    yield f"Residents sign in at {base}/account/sign-in with any address, such as"
    yield f"  ana@valdeagua.example; the mail with the link appears at {base}/demo."
    shown = some_codes()
    if shown:
        yield f"To vote at {base}/ballot, take one of these codes; {_codes_file()} has more:"
    for one in shown:
        yield f"  {one.code}  {one.round}: {one.name}, {one.neighbourhood}"


def _codes_file() -> Path:
    return web.settings().instance / CODES_FILE
