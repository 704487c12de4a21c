"""Objects for tests: every argument has a default, so a test names only what it is about."""

import itertools
import uuid

from app import clock
from app.accounts.models import AccountRoleRow, AccountRow
from app.db import run_tx
from app.town.models import AreaKind, AreaRow, TownRow

_numbers = itertools.count(1)


def make_town(name: str = "Valdeagua", *, demo: bool = False, currency: str = "EUR") -> TownRow:
    row = TownRow(name=name, country="Spain", demo=demo, currency=currency, created_at=clock.now())
    return _add(row)


def make_area(
    code: str = "town",
    *,
    name: str | None = None,
    kind: AreaKind = AreaKind.TOWN,
    parent: AreaRow | None = None,
    round_id: uuid.UUID | None = None,
) -> AreaRow:
    return _add(
        AreaRow(
            code=code,
            name=name or code.title(),
            kind=kind,
            parent_id=parent.id if parent else None,
            round_id=round_id,
        )
    )


def make_account(*roles: str, name: str | None = None, email: str | None = None) -> AccountRow:
    """A resident, or staff with the roles named."""
    number = next(_numbers)
    account = AccountRow(
        name=name or f"Person {number}",
        email=email or f"person{number}@valdeagua.example",
        created_at=clock.now(),
    )

    def add(session: object) -> None:
        session.add(account)
        session.flush()
        for role in roles:
            session.add(AccountRoleRow(account_id=account.id, role=role))

    run_tx(add)
    return account


def _add(row: object) -> object:
    run_tx(lambda session: session.add(row))
    return row
