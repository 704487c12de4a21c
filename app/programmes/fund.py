"""A programme's fund in the ledger: opened once, by a council's act or by a published result."""

import uuid
from collections.abc import Callable

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app.errors import ConflictError
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.errors import EventReusedError
from app.programmes.models import Funding, Mode, ProgrammeRow, ProgrammeState

Promised = Callable[[Session, uuid.UUID], int]
_promised: list[Promised] = []
_EVENTS = uuid.UUID("6a1d0c0e-6d1b-5d0c-9a53-0b8d7a4f2c11")
"""The name space of the events below: the same key is the same event for ever."""


def open_fund(session: Session, row: ProgrammeRow, *, actor: str) -> None:
    """Appropriate what the council's act gives. Again changes nothing."""
    _appropriate(session, row, f"act/{row.id}", row.budget_minor, actor)


def open_fund_from_result(
    session: Session,
    round_id: uuid.UUID,
    project_reference: str,
    amount_minor: int,
    *,
    actor: str,
) -> uuid.UUID | None:
    """Open the fund of the programme that this project of a published result is.

    One transfer, keyed by round and project: however often a result is counted or published, the
    money is there once. None when the project is no programme. Raises ConflictError when an
    earlier publication gave another amount.
    """
    query = select(ProgrammeRow).where(
        ProgrammeRow.round_id == round_id, ProgrammeRow.project_reference == project_reference
    )
    row = session.exec(query.with_for_update()).first()
    if row is None:
        return None
    key = f"result/{round_id}/{project_reference}"
    _appropriate(session, row, key, amount_minor, actor)
    return row.id


def promises(promised: Promised) -> Promised:
    """Declare a function that says what of a programme's fund is promised and not reserved yet."""
    _promised.append(promised)
    return promised


def rest_minor(session: Session, row: ProgrammeRow) -> int:
    """Return what is appropriated and promised to nobody."""
    # Promises first: one that is reserved in between is then counted twice, and never not at all.
    promised = sum(one(session, row.id) for one in _promised)
    return max(0, balance_minor(session, row) - promised)


def return_rest(session: Session, row: ProgrammeRow, key: str, *, actor: str) -> int:
    """Return what is appropriated and not promised to the town; the amount, 0 if there is none."""
    left = rest_minor(session, row)
    if left > 0:
        treasury = ledger.account(session, AccountKind.TREASURY, unit=row.unit)
        account = ledger.account(session, AccountKind.FUND, unit=row.unit, subject_id=row.id)
        ledger.post(
            session,
            TransferKind.CLOSE,
            account,
            treasury,
            left,
            event_id=uuid.uuid5(_EVENTS, key),
            reference=row.slug,
            actor=actor,
        )
    return left


def balance_minor(session: Session, row: ProgrammeRow) -> int:
    """Return what is appropriated and not yet reserved for promises."""
    account = ledger.account(session, AccountKind.FUND, unit=row.unit, subject_id=row.id)
    return ledger.balance_minor(session, account)


def held_minor(session: Session, row: ProgrammeRow) -> int:
    """Return what the fund holds, for pages, which open no account: 0 before it is opened."""
    opened = row.funding == Funding.PROJECT or row.state not in (
        ProgrammeState.DRAFT,
        ProgrammeState.PROPOSED,
    )
    return balance_minor(session, row) if opened else 0


def _appropriate(
    session: Session, row: ProgrammeRow, key: str, amount_minor: int, actor: str
) -> None:
    ledger.open_unit(session, row.unit)
    treasury = ledger.account(session, AccountKind.TREASURY, unit=row.unit)
    fund = ledger.account(session, AccountKind.FUND, unit=row.unit, subject_id=row.id)
    try:
        ledger.post(
            session,
            TransferKind.APPROPRIATE,
            treasury,
            fund,
            amount_minor,
            event_id=uuid.uuid5(_EVENTS, key),
            reference=row.slug if row.funding == Funding.COUNCIL else row.project_reference or "",
            actor=actor,
        )
    except EventReusedError as error:
        raise ConflictError(
            lazy(
                "The fund of this programme was opened with another amount before. Nothing was "
                "changed. Look at the programme and at the result."
            )
        ) from error
    if row.mode == Mode.COVERED:
        ledger.account(
            session,
            AccountKind.COVER,
            unit=row.unit,
            subject_id=row.id,
            floor_minor=-row.cover_minor,
        )
