"""At the desk: a resident without a phone says who is to act, and two of the staff sign for it."""

import uuid
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import i18n
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.delegation import naming, queries, words
from app.delegation.models import DelegationRow
from app.errors import NotFoundError
from app.policy import CLERK, ROUND_OFFICER, Actor, account_of
from app.providers.days import today
from app.vouchers import issuing
from app.vouchers.models import ResidentRow

NAME = "delegation.at_desk"


def find(session: Session, actor: Actor, register_number: str) -> ResidentRow:
    """Return the resident with this number, and note who looked.

    Raises NotFoundError for who has never proven who they are and is in no household here.
    """
    row = issuing.known_resident(session, register_number)
    if row is None:
        raise NotFoundError(
            lazy("Nobody with this number is known here. Compare it with the register.")
        )
    audit.record(session, actor, "delegation.looked_up", str(row.id))
    return row


def propose(
    session: Session,
    actor: Actor,
    resident_id: uuid.UUID,
    *,
    label: str,
    provider_id: uuid.UUID | None,
    powers: list[str],
    ends_on: date,
) -> None:
    """Write down what the resident said; it counts when a second person has agreed.

    Raises InvalidError for a day that no delegation may end on, ConflictError for an organisation
    that may not help.
    """
    naming.checked_end(ends_on, today())
    if provider_id is not None:
        label = naming.organisation(session, provider_id, today()).name
    payload = {
        "label": label,
        "provider_id": str(provider_id) if provider_id else None,
        "powers": naming.known(powers),
        "ends_on": ends_on.isoformat(),
    }
    approvals.propose(session, actor, NAME, str(resident_id), payload)


def resident(session: Session, resident_id: uuid.UUID) -> ResidentRow:
    row = session.get(ResidentRow, resident_id)
    if row is None:
        raise NotFoundError(lazy("There is no such resident. Enter the number again."))
    return row


def of_resident(
    session: Session, resident_id: uuid.UUID, delegation_id: uuid.UUID
) -> DelegationRow:
    """Return a delegation of this resident. Raises NotFoundError for any other."""
    row = session.get(DelegationRow, delegation_id)
    if row is None or row.resident_id != resident_id:
        raise NotFoundError(lazy("There is no such entry. Look at the list again."))
    return row


def make_code(
    session: Session, actor: Actor, resident_id: uuid.UUID, delegation_id: uuid.UUID
) -> str:
    """Return a code for the resident at the desk to pass on."""
    code = naming.make_code(session, of_resident(session, resident_id, delegation_id))
    audit.record(session, actor, "delegation.code", str(delegation_id))
    return code


def end(session: Session, actor: Actor, resident_id: uuid.UUID, delegation_id: uuid.UUID) -> None:
    """End a delegation at the resident's word: one person is enough to take powers away."""
    naming.end(session, actor, of_resident(session, resident_id, delegation_id))


def _describe(session: Session, approval: ApprovalRow) -> str:
    held = queries.vouchers(session, uuid.UUID(approval.subject))
    said: dict[str, Any] = approval.payload
    powers = ", ".join(words.names(said["powers"])) or _("nothing but see that a voucher is there")
    sentence = _(
        "Let “%(name)s” act for a resident who was at the desk (vouchers: %(serials)s), until "
        "%(day)s: %(powers)s.",
        name=said["label"],
        serials=", ".join(row.serial for row in held) or _("none yet"),
        day=i18n.day(date.fromisoformat(said["ends_on"])),
        powers=powers,
    )
    return str(sentence)


@approvals.act(NAME, roles=frozenset({CLERK, ROUND_OFFICER}), describe=_describe)
def name_at_desk(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Add the delegation that was written down, if it can still be."""
    said: dict[str, Any] = approval.payload
    row = naming.add(
        session,
        resident(session, uuid.UUID(approval.subject)),
        label=said["label"],
        provider_id=uuid.UUID(said["provider_id"]) if said["provider_id"] else None,
        powers=said["powers"],
        ends_on=date.fromisoformat(said["ends_on"]),
    )
    row.prepared_by, row.confirmed_by = approval.proposed_by, account_of(actor)
    session.add(row)
