"""The resident's side: begin, answer question by question, send; say again when income falls."""

import secrets
import uuid

from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.entitlements import queries, retention, rules
from app.entitlements.models import ApplicationFileRow, ApplicationRow, MemberRow
from app.entitlements.rules import EDITABLE, UNDER_WAY, WITHDRAWABLE, Income, State
from app.entitlements.service import MovedOnError, hold, save
from app.errors import ConflictError, InvalidError, Lead
from app.policy import Actor, account_of, fetch
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeState
from app.town import service as towns
from app.vouchers import issuing
from app.vouchers.queries import resident_of
from app.vouchers.rules import Carrier

FILES_MAX = 20
PROVE = Lead(lazy("Prove who you are"), "entitlements.prove")


def begin(session: Session, actor: Actor, slug: str) -> ApplicationRow:
    """Return the application under way, or a new one; a second one says what has changed.

    Raises ConflictError before the person has proven who they are, or when nobody can apply.
    """
    account_id = account_of(actor)
    person = resident_of(session, account_id)
    if person is None:
        raise ConflictError(lazy("Prove first who you are. You do that once."), lead=PROVE)
    programme = programmes.by_slug(session, slug)
    there = select(ApplicationRow).where(
        ApplicationRow.resident_id == person.id, ApplicationRow.programme_id == programme.id
    )
    before = session.exec(there.order_by(col(ApplicationRow.id).desc())).first()
    if before is not None and before.state in UNDER_WAY:
        return before
    if programme.state != ProgrammeState.OPEN:
        raise ConflictError(lazy("Nobody can apply to this programme at the moment."))
    row = ApplicationRow(
        programme_id=programme.id,
        resident_id=person.id,
        account_id=account_id,
        age=before.age if before else None,
        carrier=before.carrier if before else Carrier.PHONE,
        area_id=before.area_id if before else None,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # begun a moment ago in another window
        return session.exec(there.order_by(col(ApplicationRow.id).desc())).one()
    for one in queries.members(session, before.id) if before else ():
        if one.age is not None:
            session.add(MemberRow(application_id=row.id, resident_id=one.resident_id, age=one.age))
    session.flush()
    retention.plan(session)
    return row


def tell_age(session: Session, actor: Actor, application_id: uuid.UUID, age: int) -> None:
    row = _open(session, actor, application_id)
    row.age = age
    save(session, row)


def add_member(
    session: Session, actor: Actor, application_id: uuid.UUID, *, age: int, number: str
) -> None:
    """Add a person of the household. Raises InvalidError for somebody who is there already."""
    row = _open(session, actor, application_id)
    there = queries.members(session, row.id)
    if len(there) + 1 >= rules.MEMBERS_MAX:
        raise InvalidError(lazy("This household is too large for this page. Ask at the desk."))
    resident_id = issuing.resident(session, number).id if number else None
    if resident_id is not None and (
        resident_id == row.resident_id or resident_id in {one.resident_id for one in there}
    ):
        raise InvalidError(lazy("This person is counted already. Check the number."))
    session.add(MemberRow(application_id=row.id, resident_id=resident_id, age=age))
    save(session, row)


def remove_member(
    session: Session, actor: Actor, application_id: uuid.UUID, member_id: uuid.UUID
) -> None:
    """Take a person out of the household; again changes nothing."""
    row = _open(session, actor, application_id)
    found = session.get(MemberRow, member_id)
    if found is not None and found.application_id == row.id:
        session.delete(found)
        save(session, row)


def tell_income(
    session: Session, actor: Actor, application_id: uuid.UUID, income_minor: int | None
) -> None:
    """Declare the household's monthly income; None: it stays private."""
    row = _open(session, actor, application_id)
    row.income_minor = income_minor
    row.income_kind = Income.NONE if income_minor is None else Income.DECLARED
    save(session, row)


def show_evidence(
    session: Session,
    actor: Actor,
    application_id: uuid.UUID,
    *,
    at_desk: bool,
    file: ApplicationFileRow | None = None,
) -> None:
    """Add a document, or say that it is brought to a desk."""
    row = _open(session, actor, application_id)
    row.shown_at_desk = at_desk
    if file is not None:
        if len(queries.files(session, row.id)) >= FILES_MAX:
            raise InvalidError(lazy("There are 20 documents already. Send these first."))
        session.add(file)
    save(session, row)


def choose_carrier(
    session: Session, actor: Actor, application_id: uuid.UUID, carrier: Carrier
) -> None:
    row = _open(session, actor, application_id)
    row.carrier = carrier
    save(session, row)


def tell_area(
    session: Session, actor: Actor, application_id: uuid.UUID, area_id: uuid.UUID | None
) -> None:
    """Say in which area of the town the household lives; None: it stays private."""
    row = _open(session, actor, application_id)
    row.area_id = None if area_id is None else towns.area(session, area_id).id
    save(session, row)


def is_complete(row: ApplicationRow) -> bool:
    """Say whether all that has to be answered was answered."""
    return row.age is not None and row.income_kind is not None


def send(session: Session, actor: Actor, application_id: uuid.UUID) -> None:
    """Hand an application in, or the answer to a question. A lot decides whether it is checked."""
    row = _open(session, actor, application_id)
    if not is_complete(row):
        raise InvalidError(lazy("Something is not answered yet. Look at the list, then send."))
    first = row.state == State.DRAFT
    row.state = State.SENT if first or row.assigned_to is None else State.IN_REVIEW
    if first:
        row.sent_at = clock.now()
        row.sampled = row.income_kind == Income.DECLARED and rules.is_sampled(draw())
    save(session, row)
    audit.record(session, actor, "care.sent", str(row.id))


def withdraw(session: Session, actor: Actor, application_id: uuid.UUID) -> None:
    """Take an application back before it is decided; what it says is forgotten the next night."""
    fetch(session, actor, ApplicationRow, application_id)
    row = hold(session, application_id, *WITHDRAWABLE)
    row.state = State.WITHDRAWN
    save(session, row)
    audit.record(session, actor, "care.withdrawn", str(row.id))


def draw() -> int:
    """Draw the lot by which declared incomes are checked, from 0 to 99."""
    return secrets.randbelow(100)


def _open(session: Session, actor: Actor, application_id: uuid.UUID) -> ApplicationRow:
    """Load one's own application to change it. Raises MovedOnError after sending."""
    row = fetch(session, actor, ApplicationRow, application_id)
    query = select(ApplicationRow).where(ApplicationRow.id == row.id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).one()
    if row.state not in EDITABLE:
        raise MovedOnError
    return row
