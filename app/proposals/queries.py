"""Reading proposals. Every function joins the session it is given."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Lead, NotFoundError
from app.policy import Actor, object_rule
from app.proposals import rules
from app.proposals.models import MessageKind, ProposalMessageRow, ProposalRow, ReviewRow
from app.proposals.similar import SHOWN_MAX, similar
from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow
from voting import eligibility


@object_rule(ProposalRow)
def is_own(_session: Session, actor: Actor, row: ProposalRow) -> bool:
    """Whether this is the author's; staff reach a proposal through the review desk instead."""
    return actor.signed_in and row.author_id == actor.account_id


@dataclass(frozen=True)
class Work:
    """A proposal on the review desk, with what staff noted about it so far."""

    proposal: ProposalRow
    review: ReviewRow | None


def of_author(session: Session, account_id: uuid.UUID) -> list[ProposalRow]:
    """Return everything that a person has written, the last touched first."""
    query = select(ProposalRow).where(ProposalRow.author_id == account_id)
    return list(session.exec(query.order_by(col(ProposalRow.updated_at).desc())).all())


def listed(session: Session, round_id: uuid.UUID) -> list[ProposalRow]:
    """Return what everybody can look through."""
    return _of_round(session, round_id, rules.LISTED)


def by_number(session: Session, round_id: uuid.UUID, number: int) -> ProposalRow:
    """Load a proposal that was sent in; NotFoundError for drafts and for what is not there."""
    row = session.exec(
        select(ProposalRow).where(ProposalRow.round_id == round_id, ProposalRow.number == number)
    ).first()
    if row is None or row.state not in rules.HAS_PAGE:
        raise NotFoundError(
            lazy("This round has no such proposal. See all proposals on the page of the round."),
            lead=Lead(lazy("All proposals"), "proposals.browse"),
        )
    return row


def by_ids(session: Session, ids: Iterable[uuid.UUID]) -> list[ProposalRow]:
    query = select(ProposalRow).where(col(ProposalRow.id).in_(set(ids)))
    return list(session.exec(query.order_by(col(ProposalRow.number))).all())


def review(session: Session, proposal_id: uuid.UUID) -> ReviewRow | None:
    return session.get(ReviewRow, proposal_id)


def messages(
    session: Session, proposal_id: uuid.UUID, *, notes: bool = False
) -> list[ProposalMessageRow]:
    """Return questions and answers in their order; the notes among staff only when asked for."""
    query = select(ProposalMessageRow).where(ProposalMessageRow.proposal_id == proposal_id)
    if not notes:
        query = query.where(ProposalMessageRow.kind != MessageKind.NOTE)
    return list(session.exec(query.order_by(col(ProposalMessageRow.at))).all())


def work(session: Session, round_id: uuid.UUID) -> list[Work]:
    """Return what staff have on the desk in a round, and had: all that was ever sent in."""
    rows = _of_round(session, round_id, rules.HAS_PAGE)
    query = select(ReviewRow).where(col(ReviewRow.proposal_id).in_([row.id for row in rows]))
    reviews = {one.proposal_id: one for one in session.exec(query).all()}
    return [Work(row, reviews.get(row.id)) for row in rows]


def count_of(
    session: Session, author_id: uuid.UUID, round_id: uuid.UUID, states: Iterable[str]
) -> int:
    """Count a person's proposals in a round that are in one of `states`."""
    query = select(func.count()).where(
        col(ProposalRow.author_id) == author_id,
        col(ProposalRow.round_id) == round_id,
        col(ProposalRow.state).in_(list(states)),
    )
    return int(session.exec(query).one())


def highest_number(session: Session, round_id: uuid.UUID) -> int:
    query = select(func.max(ProposalRow.number)).where(ProposalRow.round_id == round_id)
    return session.exec(query).one() or 0


def similar_to(session: Session, row: ProposalRow) -> list[ProposalRow]:
    """Return proposals of the same round that seem to be about the same thing."""
    others = {one.id: one for one in listed(session, row.round_id) if one.id != row.id}
    by_title = similar(row.title, {key: one.title for key, one in others.items()})
    whole = {key: f"{one.title} {one.description}" for key, one in others.items()}
    by_text = similar(f"{row.title} {row.description}", whole)
    return [others[key] for key in list(dict.fromkeys([*by_title, *by_text]))[:SHOWN_MAX]]


def pots_by_area(session: Session, round_row: RoundRow) -> dict[uuid.UUID, PotRow]:
    """Return each area with the budget that pays for projects there: the smallest around it."""
    areas = rounds.areas(session, round_row)
    parents = {area.id: area.parent_id for area in areas}
    pots = {pot.area_id: pot for pot in rounds.pots(session, round_row.id)}
    found = {}
    for area in areas:
        around = eligibility.enclosing_areas(area.id, parents)
        pot = next((pots[one] for one in around if one in pots), None)
        if pot is not None:
            found[area.id] = pot
    return found


def cost_max_minor(session: Session, round_row: RoundRow, row: ProposalRow) -> int:
    """Return the most that this proposal may cost. Raises NotFoundError without a pot."""
    pot = pots_by_area(session, round_row).get(row.area_id or row.id)
    if pot is None:
        raise NotFoundError(
            lazy("No budget of this round covers the area of this proposal. Ask for another area.")
        )
    return rules.cost_max_minor(
        per_project_minor=round_row.proposal_budget_max_minor, pot_minor=pot.budget_minor
    )


def _of_round(session: Session, round_id: uuid.UUID, states: Iterable[str]) -> list[ProposalRow]:
    query = select(ProposalRow).where(
        ProposalRow.round_id == round_id, col(ProposalRow.state).in_(list(states))
    )
    return list(session.exec(query.order_by(col(ProposalRow.number))).all())
