"""Reading rounds. Every function joins the session it is given."""

import uuid
from datetime import datetime

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app.errors import Lead, NotFoundError
from app.rounds.models import (
    CategoryRow,
    Origin,
    PotRow,
    ProjectProgrammeRow,
    ProjectRow,
    RoundRow,
    RoundState,
    RuleSheetRow,
)
from app.rounds.phases import Chance, Phase, PhaseName, can_propose, can_vote, phase
from app.town import queries as town_queries
from app.town.models import AreaRow
from voting import eligibility
from voting.limits import Limits
from voting.rules import BallotRules

__all__ = [  # with the phases, so that other features ask one module about a round
    "Chance",
    "Phase",
    "PhaseName",
    "all_rounds",
    "area_parents",
    "areas",
    "ballot_rules",
    "can_propose",
    "can_vote",
    "categories",
    "eligible_pots",
    "phase",
    "pot",
    "pots",
    "programmes",
    "project",
    "projects",
    "public_round",
    "public_rounds",
    "round_by_id",
    "round_by_slug",
    "round_for_ballot",
    "rule_sheet",
]


def round_by_slug(session: Session, slug: str) -> RoundRow:
    """Load a round by its name in addresses; NotFoundError if there is none."""
    row = session.exec(select(RoundRow).where(RoundRow.slug == slug)).first()
    return _found(row)


def public_round(session: Session, slug: str) -> RoundRow:
    """Load a round that residents may see; a draft is not found, like one that is not there."""
    row = session.exec(
        select(RoundRow).where(RoundRow.slug == slug, RoundRow.state != RoundState.DRAFT)
    ).first()
    return _found(row)


def round_by_id(session: Session, round_id: uuid.UUID) -> RoundRow:
    """Load a round; NotFoundError if there is none."""
    return _found(session.get(RoundRow, round_id))


def round_for_ballot(session: Session, round_id: uuid.UUID) -> RoundRow:
    """Load a round and keep it from being closed until this transaction ends.

    Any number of ballots may hold it at once; on SQLite writers take turns anyway.
    """
    query = select(RoundRow).where(RoundRow.id == round_id).with_for_update(read=True)
    return _found(session.exec(query.execution_options(populate_existing=True)).first())


def vote_is_open(session: Session, now: datetime) -> bool:
    """Say whether ballots are taken in any round."""
    query = select(RoundRow.id).where(
        RoundRow.state == RoundState.VOTING, col(RoundRow.voting_closes_at) > now
    )
    return session.exec(query.limit(1)).first() is not None


def public_rounds(session: Session) -> list[RoundRow]:
    """Return the rounds that residents may see, the newest first."""
    return [row for row in all_rounds(session) if row.state != RoundState.DRAFT]


def all_rounds(session: Session) -> list[RoundRow]:
    """Return every round, drafts too, the newest first."""
    query = select(RoundRow).order_by(col(RoundRow.created_at).desc(), col(RoundRow.slug))
    return list(session.exec(query).all())


THE_ROUND = Lead(lazy("The round"), "rounds.show")


def pots(session: Session, round_id: uuid.UUID) -> list[PotRow]:
    """Return the round's budgets in their order."""
    query = select(PotRow).where(PotRow.round_id == round_id)
    return list(session.exec(query.order_by(col(PotRow.position), col(PotRow.name))).all())


def pot(session: Session, pot_id: uuid.UUID) -> PotRow:
    """Load a budget; NotFoundError if there is none."""
    row = session.get(PotRow, pot_id)
    if row is None:
        raise NotFoundError(
            lazy("There is no such budget. Start from the page of the round."), lead=THE_ROUND
        )
    return row


def categories(session: Session, round_id: uuid.UUID) -> list[CategoryRow]:
    query = select(CategoryRow).where(CategoryRow.round_id == round_id)
    in_order = query.order_by(col(CategoryRow.position), col(CategoryRow.name))
    return list(session.exec(in_order).all())


def projects(
    session: Session, round_id: uuid.UUID, pot_id: uuid.UUID | None = None
) -> list[ProjectRow]:
    """Return the projects on the ballot, of one pot or of all, in the order of the rule sheet."""
    query = select(ProjectRow).where(ProjectRow.round_id == round_id)
    if pot_id is not None:
        query = query.where(ProjectRow.pot_id == pot_id)
    in_order = query.order_by(col(ProjectRow.position), col(ProjectRow.reference))
    return list(session.exec(in_order).all())


def project(session: Session, round_id: uuid.UUID, reference: str) -> ProjectRow:
    """Load a project by its reference; NotFoundError if the round has none such."""
    row = session.exec(
        select(ProjectRow).where(ProjectRow.round_id == round_id, ProjectRow.reference == reference)
    ).first()
    if row is None:
        raise NotFoundError(
            lazy("This round has no such project. See all projects on the page of the round."),
            lead=Lead(lazy("All projects"), "rounds.project_list"),
        )
    return row


def programmes(session: Session, round_id: uuid.UUID) -> dict[uuid.UUID, ProjectProgrammeRow]:
    """Return the terms of those projects of a round that are voucher programmes, by project."""
    query = select(ProjectProgrammeRow).where(ProjectProgrammeRow.round_id == round_id)
    return {row.project_id: row for row in session.exec(query).all()}


def areas(session: Session, round_row: RoundRow) -> list[AreaRow]:
    """Return the areas in tree order: the town's, or those that an imported election brought."""
    own = round_row.id if round_row.origin == Origin.IMPORTED else None
    return town_queries.areas(session, round_id=own)


def area_parents(session: Session, round_row: RoundRow) -> dict[str, str | None]:
    """Return the code of each area with the code of the one around it; None for the whole."""
    rows = areas(session, round_row)
    codes = {row.id: row.code for row in rows}
    return {row.code: codes[row.parent_id] if row.parent_id else None for row in rows}


def eligible_pots(session: Session, round_row: RoundRow, district_code: str) -> list[PotRow]:
    """Return the pots that somebody of this district may vote on, the smallest area first.

    Raises UnknownAreaError (of `voting`) for a code that is no area of the round.
    """
    codes = {row.id: row.code for row in areas(session, round_row)}
    by_id = {row.id: row for row in pots(session, round_row.id)}
    found = eligibility.eligible_pots(
        district_code,
        area_parents(session, round_row),
        [(row.id, codes[row.area_id]) for row in by_id.values()],
    )
    return [by_id[pot_id] for pot_id in found]


def ballot_rules(session: Session, round_row: RoundRow, pot_row: PotRow) -> BallotRules:
    """Return what a ballot on this pot may hold; projects go by their references.

    Raises RulesError (of `voting`) while the limits or the projects do not fit each other.
    """
    rows = projects(session, round_row.id, pot_row.id)
    return BallotRules(
        limits=Limits.from_canonical(round_row.ballot),
        budget_minor=pot_row.budget_minor,
        costs_minor={row.reference: row.cost_minor for row in rows},
    )


def rule_sheet(session: Session, round_id: uuid.UUID) -> RuleSheetRow | None:
    """Return the frozen rules; None before the freeze."""
    return session.get(RuleSheetRow, round_id)


def _found(row: RoundRow | None) -> RoundRow:
    if row is None:
        raise NotFoundError(
            lazy("There is no such round. See all rounds of the town on the home page.")
        )
    return row
