"""The town's side: assess, recommend, decide, confirm."""

import uuid
from datetime import timedelta

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.accounts import queries as accounts
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.policy import Actor, account_of
from app.providers import checking, criteria, nights, queries
from app.providers.criteria import Point, State
from app.providers.days import today
from app.providers.models import (
    AccreditationRow,
    CouncilMemberRow,
    EvidenceRow,
    Judgement,
    ProviderBankRow,
    Side,
)
from app.providers.service import MovedOnError, hold_untied, move


def take(session: Session, actor: Actor, accreditation_id: uuid.UUID) -> None:
    """Make an application one's own to assess; somebody else's too, until it is recommended."""
    row = hold_untied(session, actor, accreditation_id)
    if row.state == State.SUBMITTED:
        move(session, actor, row, State.IN_REVIEW)
    elif row.state not in (State.IN_REVIEW, State.MORE_INFORMATION):
        raise MovedOnError
    row.assessed_by = account_of(actor)
    session.add(row)
    _record(session, actor, row, "assigned")


def judge(
    session: Session,
    actor: Actor,
    accreditation_id: uuid.UUID,
    point: Point,
    *,
    judgement: Judgement,
    text: str,
) -> None:
    """Say what the evidence of a point shows, and why."""
    row = _hold_as_assessor(session, actor, accreditation_id)
    kept = session.get(EvidenceRow, (row.id, point)) or EvidenceRow(
        accreditation_id=row.id, point=point
    )
    kept.judgement, kept.note = judgement, text
    session.add(kept)


def ask(session: Session, actor: Actor, accreditation_id: uuid.UUID, text: str) -> None:
    """Ask the applicant for more; it can change its answers until it has sent them again."""
    row = _hold_as_assessor(session, actor, accreditation_id)
    move(session, actor, row, State.MORE_INFORMATION, text)
    _record(session, actor, row, "asked")


def recommend(
    session: Session, actor: Actor, accreditation_id: uuid.UUID, *, granted: bool, text: str
) -> None:
    """Hand the application on to whoever decides. In favour only if every point is met."""
    row = _hold_as_assessor(session, actor, accreditation_id)
    if granted:
        _check_points(session, row)
    row.recommendation = text
    move(session, actor, row, State.RECOMMENDED)
    _record(session, actor, row, "recommended")


def decide(
    session: Session,
    actor: Actor,
    accreditation_id: uuid.UUID,
    *,
    granted: bool,
    reason: str,
    fee_basis_points: int = 0,
) -> None:
    """Decide with a reason that the applicant reads; it counts once both sides have confirmed.

    `fee_basis_points`: the part of what it takes that the town keeps, as agreed with it.
    """
    row = hold_untied(session, actor, accreditation_id)
    if row.state != State.RECOMMENDED or row.decided_by is not None:
        raise MovedOnError
    if row.assessed_by == account_of(actor):
        raise ForbiddenError(
            lazy("You assessed this application yourself. Another person has to decide about it.")
        )
    if granted:
        _check_points(session, row)
    row.decided_by, row.decided_at = account_of(actor), clock.now()
    row.granted, row.reason = granted, reason
    row.fee_basis_points = fee_basis_points if granted else 0
    session.add(row)
    _record(session, actor, row, "decided")


def confirm(session: Session, actor: Actor, accreditation_id: uuid.UUID) -> AccreditationRow:
    """Confirm a decision for one's side of the joint council; the second side makes it count."""
    row = hold_untied(session, actor, accreditation_id)
    member = session.get(CouncilMemberRow, account_of(actor))
    if row.state != State.RECOMMENDED or row.decided_by is None:
        raise MovedOnError
    if member is None:
        raise ForbiddenError(lazy("Only members of the joint council confirm decisions."))
    if member.account_id in (row.assessed_by, row.decided_by):
        raise ForbiddenError(
            lazy("You assessed or decided this yourself. Another member has to confirm it.")
        )
    if member.side == Side.GOVERNMENT:
        row.confirmed_government_by = row.confirmed_government_by or member.account_id
    else:
        row.confirmed_civil_by = row.confirmed_civil_by or member.account_id
    session.add(row)
    _record(session, actor, row, "confirmed")
    if row.confirmed_government_by and row.confirmed_civil_by:
        _take_effect(session, actor, row)
    return row


def name_member(session: Session, actor: Actor, email: str, side: Side) -> None:
    """Name a person of the staff as a member of one side of the joint council."""
    person = accounts.by_email(session, email)
    if person is None or not accounts.roles(session, person.id):
        raise InvalidError(
            lazy(
                "Nobody of the staff has this address. Members need an account of the staff, "
                "so that they sign in with a second factor: add it first."
            )
        )
    row = session.get(CouncilMemberRow, person.id) or CouncilMemberRow(
        account_id=person.id, side=side
    )
    row.side = side
    session.add(row)
    audit.record(session, actor, "council.named", str(person.id), {"side": side})


def _take_effect(session: Session, actor: Actor, row: AccreditationRow) -> None:
    if not row.granted:
        move(session, actor, row, State.REFUSED, row.reason)
        return
    past = queries.accreditations(session, row.provider_id)
    _set_bank(session, row, first=not any(one.state in criteria.GRANTED for one in past))
    row.valid_from = today()
    row.valid_to = criteria.valid_until(row.valid_from)
    for old in past:
        if old.id != row.id and old.state in criteria.GRANTED:
            old.ended_on = row.valid_from - timedelta(days=1)
            move(session, actor, old, State.ENDED)
    move(session, actor, row, State.ACCREDITED, row.reason)
    nights.plan(session)


def _set_bank(session: Session, row: AccreditationRow, *, first: bool) -> None:
    """Take the bank of the application: at once the first time, later after seven days."""
    said = session.get_one(EvidenceRow, (row.id, Point.BANK)).answers
    if row.submitted_by is None or row.decided_by is None:
        raise MovedOnError
    session.add(
        ProviderBankRow(
            provider_id=row.provider_id,
            **{name: said[name] for name in checking.BANK_FIELDS},
            asked_by=row.submitted_by,
            asked_at=row.submitted_at or clock.now(),
            confirmed_by=row.decided_by,
            effective_at=clock.now() + timedelta(days=0 if first else criteria.IBAN_WAIT_DAYS),
        )
    )


def bank(session: Session, provider_id: uuid.UUID) -> ProviderBankRow | None:
    """Return where a provider is paid now; None before its first accreditation."""
    query = select(ProviderBankRow).where(
        ProviderBankRow.provider_id == provider_id,
        col(ProviderBankRow.effective_at) <= clock.now(),
        col(ProviderBankRow.stopped_at).is_(None),
    )
    newest = query.order_by(
        col(ProviderBankRow.effective_at).desc(), col(ProviderBankRow.id).desc()
    )
    return session.exec(newest).first()


def _check_points(session: Session, row: AccreditationRow) -> None:
    known = queries.evidence(session, row.id)
    judged = all(point in known and known[point].judgement == Judgement.MET for point in Point)
    if not judged or not checking.is_complete(session, row):
        raise ConflictError(
            lazy(
                "Not every point is met, so it cannot be granted. Nothing was changed. "
                "Judge the open points, or ask the organisation."
            )
        )


def _hold_as_assessor(
    session: Session, actor: Actor, accreditation_id: uuid.UUID
) -> AccreditationRow:
    row = hold_untied(session, actor, accreditation_id)
    if row.state != State.IN_REVIEW:
        raise MovedOnError
    if row.assessed_by != account_of(actor):
        raise ForbiddenError(lazy("Take the application first, then assess it."))
    return row


def _record(session: Session, actor: Actor, row: AccreditationRow, act: str) -> None:
    audit.record(session, actor, f"accreditation.{act}", str(row.id))
