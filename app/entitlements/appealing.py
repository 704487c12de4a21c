"""Appeals: 30 days to file, 30 to answer, by somebody who had no part in the decision."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.entitlements import queries, rules
from app.entitlements.models import AppealRow, ApplicationRow
from app.entitlements.rules import State
from app.entitlements.service import MovedOnError, check_not_own, hold, save
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.policy import ROUND_OFFICER, Actor, account_of, fetch


def can_file(session: Session, row: ApplicationRow) -> bool:
    """Say whether an appeal can be filed against this decision today."""
    return (
        row.state == State.DECIDED
        and row.decided_at is not None
        and clock.now() <= rules.appeal_ends(row.decided_at)
        and queries.appeal(session, row.id) is None
    )


def file(session: Session, actor: Actor, application_id: uuid.UUID, text: str) -> None:
    """Appeal against a decision. Raises ConflictError when it is too late or was done."""
    _file(session, actor, fetch(session, actor, ApplicationRow, application_id).id, text)


def file_for(
    session: Session, actor: Actor, resident_id: uuid.UUID, application_id: uuid.UUID, text: str
) -> None:
    """Appeal in a resident's name; the caller has found that the actor may.

    Raises NotFoundError for another resident's application, and as `file` does.
    """
    row = session.get(ApplicationRow, application_id)
    if row is None or row.resident_id != resident_id:
        raise NotFoundError(lazy("There is no such application. Look at the list again."))
    _file(session, actor, row.id, text)


def appealable(session: Session, resident_id: uuid.UUID) -> list[ApplicationRow]:
    """Return a resident's decisions against which an appeal can be filed today, newest first."""
    query = select(ApplicationRow).where(
        ApplicationRow.resident_id == resident_id, ApplicationRow.state == State.DECIDED
    )
    rows = session.exec(query.order_by(col(ApplicationRow.id).desc())).all()
    return [row for row in rows if can_file(session, row)]


def _file(session: Session, actor: Actor, application_id: uuid.UUID, text: str) -> None:
    row = hold(session, application_id, *State)
    if not can_file(session, row) or row.decided_by is None:
        raise ConflictError(
            lazy("An appeal is possible once, within 30 days of the decision. Ask at the desk.")
        )
    now = clock.now()
    made = AppealRow(
        application_id=row.id,
        text=text,
        filed_at=now,
        due_at=rules.answer_due(now),
        decided_by=row.decided_by,
        confirmed_by=row.confirmed_by,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # pressed twice
        raise MovedOnError from None
    audit.record(session, actor, "care.appealed", str(row.id))


def answer(
    session: Session, actor: Actor, application_id: uuid.UUID, *, upheld: bool, text: str
) -> None:
    """Answer an appeal; if it is right, the application is decided anew, by others.

    After the 30 days only a round officer answers. Raises ForbiddenError for who took part in the
    decision, and MovedOnError when it was answered.
    """
    row = hold(session, application_id, State.DECIDED)
    check_not_own(session, actor, row)
    held = select(AppealRow).where(AppealRow.application_id == row.id).with_for_update()
    appeal = session.exec(held.execution_options(populate_existing=True)).first()
    if appeal is None or appeal.answered_at is not None:
        raise MovedOnError
    if actor.account_id in (appeal.decided_by, appeal.confirmed_by):
        raise ForbiddenError(
            lazy("You took part in the decision. Somebody else has to answer the appeal.")
        )
    if clock.now() > appeal.due_at and not actor.has(ROUND_OFFICER):
        raise ForbiddenError(lazy("The 30 days are over. A round officer has to answer now."))
    appeal.upheld, appeal.answer = upheld, text
    appeal.answered_by, appeal.answered_at = account_of(actor), clock.now()
    session.add(appeal)
    if upheld:
        row.state, row.assigned_to = State.SENT, None
        row.granted, row.decided_by, row.confirmed_by = None, None, None
        save(session, row)
    audit.record(session, actor, "care.appeal_answered", str(row.id), {"upheld": upheld})
