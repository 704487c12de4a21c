"""Naming who acts for a resident: a person by a one-time code, an organisation by its workers.

A person is never looked up by an address: whoever has the code accepts it with an account of their
own, and so nobody learns who has one.
"""

import uuid
from collections.abc import Collection
from datetime import date

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app import clock
from app.accounts import audit, throttle
from app.accounts.sign_in import draw_paper_code
from app.db import run_tx
from app.delegation import notices, organisations, queries, rules
from app.delegation.models import DelegateRow, DelegationRow
from app.delegation.rules import Power
from app.delegation.service import check_open, hold
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.policy import Actor, account_of, fetch
from app.providers.days import today
from app.providers.models import ProviderRow
from app.vouchers import codes, keys
from app.vouchers.models import ResidentRow
from app.vouchers.queries import resident_of
from voting.errors import CodeError

ATTEMPTS_MAX = 10
WINDOW_SECONDS = 900


def begin(
    session: Session,
    actor: Actor,
    *,
    label: str = "",
    provider_id: uuid.UUID | None = None,
) -> DelegationRow:
    """Note whom a resident wants to act; there are no powers yet.

    Raises ForbiddenError for who has not proven who they are, ConflictError for an organisation
    that may not help or was named already, and when too many may act.
    """
    holder = resident_of(session, account_of(actor))
    if holder is None:
        raise ForbiddenError(
            lazy("Prove who you are first, under “Applying for care vouchers”. Then come back.")
        )
    return add(session, holder, label=label, provider_id=provider_id)


def add(
    session: Session,
    holder: ResidentRow,
    *,
    label: str = "",
    provider_id: uuid.UUID | None = None,
    powers: Collection[str] = (),
    ends_on: date | None = None,
) -> DelegationRow:
    """Add a delegation of this resident, whoever writes it down; see `begin`."""
    on = today()
    # The resident's row is the lock: two pages cannot name an eleventh, or one twice.
    session.exec(select(ResidentRow.id).where(ResidentRow.id == holder.id).with_for_update()).one()
    there = queries.open_ones(session, holder.id, on)
    if len(there) >= rules.OPEN_MAX:
        raise ConflictError(
            lazy("Ten may act for you at a time. End one of them, then name somebody else.")
        )
    if provider_id is not None:
        label = organisation(session, provider_id, on).name
        if provider_id in {row.provider_id for row in there}:
            raise ConflictError(lazy("This organisation is on your list already. Change it there."))
    row = DelegationRow(
        resident_id=holder.id,
        label=label[: rules.LABEL_LENGTH_MAX],
        provider_id=provider_id,
        powers=known(powers),
        starts_on=on,
        ends_on=checked_end(ends_on or on + rules.USUAL, on),
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    notices.named(session, row)
    return row


def choose_powers(
    session: Session, actor: Actor, delegation_id: uuid.UUID, powers: Collection[str]
) -> None:
    """Change what may be done; it counts from now on. Raises EndedError."""
    row = _mine(session, actor, delegation_id)
    row.powers = known(powers)
    session.add(row)
    audit.record(session, actor, "delegation.powers", str(row.id), {"powers": row.powers})


def set_end(session: Session, actor: Actor, delegation_id: uuid.UUID, ends_on: date) -> None:
    """Change the last day: today or later, within two years. Raises EndedError, InvalidError."""
    row = _mine(session, actor, delegation_id)
    row.ends_on = checked_end(ends_on, today())
    session.add(row)


def make_code(session: Session, row: DelegationRow) -> str:
    """Return the code with which a person accepts; codes of before are void.

    The caller has found that the row is theirs to change. Raises EndedError, and ConflictError
    when somebody has accepted already or an organisation was named.
    """
    row = hold(session, row.id)
    check_open(row)
    if row.provider_id is not None or queries.delegates(session, row.id):
        raise ConflictError(lazy("No code is needed: it was accepted already."))
    code = draw_paper_code()
    row.code_hash, row.code_expires_at = _hashed(code), clock.now() + rules.INVITED_FOR
    session.add(row)
    return code


def make_own_code(session: Session, actor: Actor, delegation_id: uuid.UUID) -> str:
    """Return a code for a delegation of one's own; see `make_code`."""
    return make_code(session, fetch(session, actor, DelegationRow, delegation_id))


def accept(actor: Actor, typed: str) -> uuid.UUID:
    """Make the signed-in person the delegate for whom the code was made; returns the delegation.

    Raises InvalidError for a code that is wrong, used or too old, TooManyError for guessing,
    ConflictError for who would act for themselves, and ForbiddenError for the two of the staff who
    wrote it down at the desk.
    """
    account_id = account_of(actor)
    throttle.spend(f"delegate:{account_id}", limit=ATTEMPTS_MAX, window_seconds=WINDOW_SECONDS)
    try:
        code = codes.read(typed)
    except CodeError:
        raise InvalidError(
            lazy("A character of the code is wrong. Compare it and type it again.")
        ) from None
    return run_tx(lambda session: _accept(session, actor, account_id, code))


def stop(session: Session, row: DelegationRow, account_id: uuid.UUID) -> None:
    """End one person's part in a delegation that the caller holds."""
    delegate = session.get(DelegateRow, (row.id, account_id))
    if delegate is not None and delegate.ended_at is None:
        delegate.ended_at = clock.now()
        session.add(delegate)


def revoke(session: Session, actor: Actor, delegation_id: uuid.UUID) -> None:
    """End a delegation of one's own at once; again changes nothing."""
    end(session, actor, fetch(session, actor, DelegationRow, delegation_id))


def end(session: Session, actor: Actor, row: DelegationRow) -> None:
    """End a delegation; the caller has found that the actor may. A use after this is refused."""
    row = hold(session, row.id)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = clock.now(), account_of(actor)
        row.code_hash, row.code_expires_at = None, None
        session.add(row)
        audit.record(session, actor, "delegation.ended", str(row.id))


def _accept(session: Session, actor: Actor, account_id: uuid.UUID, code: str) -> uuid.UUID:
    query = select(DelegationRow).where(DelegationRow.code_hash == _hashed(code))
    row = session.exec(query.with_for_update()).first()
    expires_at = row.code_expires_at if row else None
    if row is None or expires_at is None or expires_at <= clock.now() or row.ends_on < today():
        raise InvalidError(
            lazy(
                "This code does not work, or not any more. "
                "Ask the person who gave it to you for a new one."
            )
        )
    holder = session.get_one(ResidentRow, row.resident_id)
    if holder.account_id == account_id:
        raise ConflictError(
            lazy("This is your own invitation. Give the code to the person who is to act for you.")
        )
    if account_id in (row.prepared_by, row.confirmed_by):
        raise ForbiddenError(
            lazy("You signed for this at the desk, so you cannot be the one who acts.")
        )
    row.code_hash, row.code_expires_at = None, None
    session.add(row)
    let(session, row, account_id, named_by=account_id)
    notices.accepted(session, row, account_id)
    audit.record(session, actor, "delegation.accepted", str(row.id))
    return row.id


def let(
    session: Session, row: DelegationRow, account_id: uuid.UUID, *, named_by: uuid.UUID
) -> None:
    there = session.get(DelegateRow, (row.id, account_id))
    if there is not None and there.ended_at is None:
        return
    now = clock.now()
    if there is None:
        there = DelegateRow(
            delegation_id=row.id, account_id=account_id, since=now, named_by=named_by
        )
    there.since, there.named_by, there.ended_at = now, named_by, None
    session.add(there)


def _mine(session: Session, actor: Actor, delegation_id: uuid.UUID) -> DelegationRow:
    row = hold(session, fetch(session, actor, DelegationRow, delegation_id).id)
    check_open(row)
    return row


def organisation(session: Session, provider_id: uuid.UUID, on: date) -> ProviderRow:
    if not organisations.may_help(session, provider_id, on):
        raise ConflictError(lazy("This organisation cannot act for residents now. Choose another."))
    return session.get_one(ProviderRow, provider_id)


def known(powers: Collection[str]) -> list[str]:
    """Return the powers in the order in which pages name them; unknown ones are no powers."""
    return [power.value for power in Power if power in powers]


def checked_end(ends_on: date, on: date) -> date:
    if not on <= ends_on <= rules.latest_end(on):
        raise InvalidError(lazy("Enter a day from today on, at most two years ahead."))
    return ends_on


def _hashed(code: str) -> bytes:
    return codes.keyed_hash(f"delegation/{code}", keys.pepper())
