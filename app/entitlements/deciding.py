"""The town's side: take an application, ask, decide with a reason; a second person above a limit.

What a schedule gives is computed here once, and kept with its arithmetic and the digest of the
parameters, so that the decision can be explained and made again.
"""

import uuid
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import clock, i18n
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.entitlements import queries, rules
from app.entitlements.models import ApplicationRow, EntitlementRow
from app.entitlements.rules import AT_THE_DESK, Income, State
from app.entitlements.service import MovedOnError, check_not_own, hold, save
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.policy import CLERK, ROUND_OFFICER, Actor, account_of
from app.programmes import households
from app.programmes import queries as programmes
from app.programmes.households import Household, Scale
from app.programmes.models import ProgrammeRow
from app.vouchers.rules import Carrier

GRANT = "care.grant"


@dataclass(frozen=True)
class Assessed:
    """What each member gets, for whom, and how it came about."""

    value_minor: int
    people: list[tuple[uuid.UUID, Carrier]]
    arithmetic: dict[str, Any]
    parameter_sha256: str

    @property
    def total_minor(self) -> int:
        return self.value_minor * len(self.people)


def take(session: Session, actor: Actor, application_id: uuid.UUID) -> None:
    """Make an application one's own to assess; a colleague's too, until it is decided."""
    row = hold(session, application_id, *AT_THE_DESK)
    _check_uninvolved(session, actor, row)
    if row.state == State.PROPOSED:
        raise MovedOnError
    if row.state == State.SENT:
        row.state = State.IN_REVIEW
    row.assigned_to = account_of(actor)
    save(session, row)
    audit.record(session, actor, "care.taken", str(row.id))


def ask(session: Session, actor: Actor, application_id: uuid.UUID, text: str) -> None:
    """Ask the applicant, who can then change the answers and send them again."""
    row = _mine(session, actor, application_id)
    row.state, row.question = State.QUESTION, text
    save(session, row)
    audit.record(session, actor, "care.asked", str(row.id))


def assess(session: Session, row: ApplicationRow) -> Assessed:
    """Compute what the schedule gives. Raises ConflictError before the schedule is approved."""
    programme = session.get_one(ProgrammeRow, row.programme_id)
    others = queries.members(session, row.id)
    ages = [row.age or 0, *(one.age or 0 for one in others)]
    adults, children = rules.counts(ages)
    # Who applies runs a household of their own, however young.
    household = Household(max(1, adults), children if adults else children - 1)
    value = programmes.value_of(session, programme.id, row.income_minor, household)
    stored = programmes.schedule_row(session, programme)
    on = max(programme.starts_on, clock.now().date())
    arithmetic: dict[str, Any] = {
        "adults": household.adults,
        "children": household.children,
        "schedule_no": stored.schedule_no if stored else None,
        "schedule_sha256": stored.input_sha256 if stored else "",
    }
    if value.equivalised_minor is not None and stored is not None:
        scale = Scale(stored.scale)
        arithmetic |= {
            "income_minor": row.income_minor,
            "scale": scale,
            "persons": _decimal(_persons(household, scale)),
            "equivalised_minor": rules.written(value.equivalised_minor),
        }
    young = [
        (one.resident_id, Carrier.PAPER)
        for one in others
        if one.resident_id and one.age is not None and one.age < rules.GROWN_UP
    ]
    return Assessed(
        value.value_minor,
        [(row.resident_id, Carrier(row.carrier)), *young],
        arithmetic,
        programmes.parameter_set(session, programme.id, on).sha256,
    )


def decide(
    session: Session,
    actor: Actor,
    application_id: uuid.UUID,
    *,
    granted: bool,
    verified: bool,
    reason: str,
) -> ApplicationRow:
    """Decide, or ask a second person when much is promised.

    Raises InvalidError for an income that the lot wants checked and nobody has checked.
    """
    row = _mine(session, actor, application_id)
    if row.income_kind != Income.NONE:
        row.income_kind = Income.VERIFIED if verified else Income.DECLARED
    if granted and row.sampled and row.income_kind == Income.DECLARED:
        raise InvalidError(
            lazy("The lot wants this income checked. Look at the evidence, or ask for it.")
        )
    found = assess(session, row)
    row.decided_by = account_of(actor)
    row.granted, row.reason = granted, reason
    row.value_minor = found.value_minor if granted else None
    row.arithmetic, row.parameter_sha256 = found.arithmetic, found.parameter_sha256
    if granted and rules.needs_second(found.total_minor):
        row.state = State.PROPOSED
        save(session, row)
        approvals.propose(session, actor, GRANT, str(row.id), _payload(row, found), reason=reason)
        return row
    _finish(session, actor, row, found)
    return row


def back_to_review(session: Session, actor: Actor, application_id: uuid.UUID) -> None:
    """Go on assessing once no second person is asked any more."""
    row = hold(session, application_id, State.PROPOSED)
    check_not_own(session, actor, row)
    if approvals.pending_for(session, GRANT, str(row.id)):
        raise ConflictError(
            lazy("This waits for a second person. Withdraw it there first."),
            lead=approvals.DECISIONS,
        )
    row.state, row.decided_by, row.granted = State.IN_REVIEW, None, None
    row.assigned_to = account_of(actor)
    save(session, row)
    audit.record(session, actor, "care.back_to_review", str(row.id))


def _describe(session: Session, approval: ApprovalRow) -> str:
    row = session.get_one(ApplicationRow, uuid.UUID(approval.subject))
    programme = session.get_one(ProgrammeRow, row.programme_id)
    return str(
        ngettext(
            "Promise %(total)s of “%(name)s”: one voucher of %(value)s for one household.",
            "Promise %(total)s of “%(name)s”: %(num)d vouchers of %(value)s for one household.",
            approval.payload["people"],
            total=i18n.money(approval.payload["total_minor"], programme.unit),
            name=programme.name,
            value=i18n.money(approval.payload["value_minor"], programme.unit),
        )
    )


@approvals.act(GRANT, roles=frozenset({CLERK, ROUND_OFFICER}), describe=_describe)
def grant(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Promise what was proposed, if it is still that."""
    row = hold(session, uuid.UUID(approval.subject), State.PROPOSED)
    _check_uninvolved(session, actor, row)
    found = assess(session, row)
    if _payload(row, found) != approval.payload:
        raise ConflictError(
            _("The application has been changed since this was proposed. Withdraw it, ask again.")
        )
    row.confirmed_by = account_of(actor)
    _finish(session, actor, row, found)


def _finish(session: Session, actor: Actor, row: ApplicationRow, found: Assessed) -> None:
    row.state, row.decided_at, row.question = State.DECIDED, clock.now(), ""
    if row.granted:
        for resident_id, carrier in found.people:
            _promise(session, row, resident_id, carrier, found)
    save(session, row)
    audit.record(session, actor, "care.decided", str(row.id), {"granted": row.granted})


def _promise(
    session: Session,
    row: ApplicationRow,
    resident_id: uuid.UUID,
    carrier: Carrier,
    found: Assessed,
) -> None:
    """Promise a person the value, or what is missing to it; what was promised before stays."""
    programme = session.get_one(ProgrammeRow, row.programme_id)
    parts = queries.parts(session, resident_id=resident_id, programme=programme)
    for one in parts:
        earlier = session.get_one(ApplicationRow, one.application_id)
        if earlier.resident_id != row.resident_id:
            raise _promised_elsewhere()
    promised = sum(one.value_minor for one in parts)
    more = rules.supplement_minor(promised_minor=promised, now_minor=found.value_minor)
    if not more:
        return
    if parts and parts[-1].batch_id is None:
        parts[-1].value_minor += more
        session.add(parts[-1])
        return
    made = EntitlementRow(
        application_id=row.id,
        resident_id=resident_id,
        programme_id=programme.id,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        part=len(parts) + 1,
        value_minor=more,
        parameter_sha256=found.parameter_sha256,
        carrier=carrier,
        granted_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise _promised_elsewhere() from None


def _promised_elsewhere() -> ConflictError:
    return ConflictError(
        lazy(
            "A person of this household has a voucher by another household’s application. "
            "Nothing was decided. Clear up which household it is, then decide."
        )
    )


def _payload(row: ApplicationRow, found: Assessed) -> dict[str, Any]:
    return {
        "version": row.version,
        "value_minor": found.value_minor,
        "people": len(found.people),
        "total_minor": found.total_minor,
    }


def _mine(session: Session, actor: Actor, application_id: uuid.UUID) -> ApplicationRow:
    row = hold(session, application_id, State.IN_REVIEW)
    _check_uninvolved(session, actor, row)
    if row.assigned_to != actor.account_id:
        raise ConflictError(lazy("A colleague assesses this application. Take it first."))
    return row


def _check_uninvolved(session: Session, actor: Actor, row: ApplicationRow) -> None:
    """After an appeal that was right, others decide than those before."""
    check_not_own(session, actor, row)
    appeal = queries.appeal(session, row.id)
    if appeal and actor.account_id in (appeal.decided_by, appeal.confirmed_by):
        raise ForbiddenError(
            lazy("You decided about this before the appeal. Somebody else decides it anew.")
        )


def _persons(household: Household, scale: Scale) -> Fraction:
    return household.size / households.members_per_scale(household, scale)


def _decimal(persons: Fraction) -> str:
    """Write a scale with two decimals, as the sentence shows it."""
    whole, rest = divmod(rules.written(persons * 100), 100)
    return f"{whole}.{rest:02d}"
