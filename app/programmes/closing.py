"""Closing a programme: two officers; nobody applies any more, what is left goes back to the town.

What residents were promised stays, also where their vouchers are not made yet.
Money that was promised and never used comes back to the fund later, so a closed programme can be
asked to return its rest again.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import i18n
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.db import run_tx
from app.errors import ConflictError
from app.policy import ROUND_OFFICER, Actor
from app.programmes import fund, queries
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.programmes.service import held

CLOSE = "programme.close"


def propose(actor: Actor, slug: str) -> ApprovalRow:
    """Ask a second officer to close a programme, or to return what came back to a closed one."""

    def proposed(session: Session) -> ApprovalRow:
        row = _closable(session, slug)
        return approvals.propose(session, actor, CLOSE, slug, {"state": row.state})

    return run_tx(proposed)


def _describe(session: Session, approval: ApprovalRow) -> str:
    row = queries.by_slug(session, approval.subject)
    left = i18n.money(fund.rest_minor(session, row), row.unit)
    if approval.payload["state"] == ProgrammeState.CLOSED:
        return str(
            _("Return %(left)s from the fund of “%(name)s” to the town.", left=left, name=row.name)
        )
    return str(
        _(
            "Close “%(name)s”: nobody can apply any more, and what is left of its fund, %(left)s "
            "now, goes back to the town. Vouchers that are out can still be spent.",
            name=row.name,
            left=left,
        )
    )


@approvals.act(CLOSE, roles=frozenset({ROUND_OFFICER}), describe=_describe)
def close(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """End the taking of applications, and post what is left of the fund to the town."""
    row = _closable(session, approval.subject)
    fund.return_rest(session, row, f"close/{approval.id}", actor=str(actor.account_id))
    row.state = ProgrammeState.CLOSED
    row.version += 1
    session.add(row)
    audit.record(session, actor, "programme.closed", row.slug)


def _closable(session: Session, slug: str) -> ProgrammeRow:
    row = held(session, slug, ProgrammeState.OPEN, ProgrammeState.CLOSED)
    if row.state == ProgrammeState.CLOSED and fund.rest_minor(session, row) == 0:
        raise ConflictError(
            lazy(
                "This programme is closed, and there is nothing to return: what its fund may "
                "still hold is promised to residents."
            )
        )
    return row
