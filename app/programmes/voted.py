"""Programmes that residents voted for: a funded project becomes a draft with its fund open."""

import uuid
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.policy import Actor
from app.programmes import fund, queries
from app.programmes.models import Funding, ProgrammeRow
from app.programmes.service import free_slug
from app.programmes.terms import Terms

NAME_LENGTH_MAX, ACT_LENGTH_MAX = 120, 200


@dataclass(frozen=True)
class FundedProject:
    """A project of a published result that is a voucher programme, on the terms of the vote."""

    round_id: uuid.UUID
    round_slug: str
    round_title: str
    reference: str
    title: str
    description: str
    cost_minor: int
    currency: str
    terms: Terms


def open_from_result(session: Session, project: FundedProject, actor: Actor) -> ProgrammeRow:
    """Make the programme that residents voted for, once, and open its fund with one transfer.

    However often a result is counted or published: round and project are the key of both. Raises
    ConflictError when an earlier publication gave another amount.
    """
    row = queries.of_project(session, project.round_id, project.reference)
    if row is None:
        row = _draft(session, project, actor)
    fund.open_fund_from_result(
        session,
        project.round_id,
        project.reference,
        project.cost_minor,
        actor=str(actor.account_id),
    )
    return row


def _draft(session: Session, project: FundedProject, actor: Actor) -> ProgrammeRow:
    row = ProgrammeRow(
        slug=free_slug(session, project.title),
        name=project.title[:NAME_LENGTH_MAX],
        summary=project.description,
        services=list(project.terms.services),
        starts_on=project.terms.starts_on,
        ends_on=project.terms.ends_on,
        unit=project.currency,
        funding=Funding.PROJECT,
        council_act=_("Result of “%(round)s”", round=project.round_title)[:ACT_LENGTH_MAX],
        round_id=project.round_id,
        round_slug=project.round_slug,
        project_reference=project.reference,
        terms=project.terms.to_document(),
        budget_minor=project.cost_minor,
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "programme.voted", row.slug, {"project": project.reference})
    return row
