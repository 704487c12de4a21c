"""Voucher programmes among the funded projects: their funds open as the result becomes public."""

from fractions import Fraction

from sqlmodel import Session

from app.policy import Actor
from app.programmes import voted
from app.programmes.population import PER_WHOLE
from app.programmes.terms import Terms
from app.programmes.voted import FundedProject
from app.results import queries
from app.results.models import AllocationRunRow
from app.rounds import queries as rounds
from app.rounds.models import ProjectProgrammeRow, ProjectRow, RoundRow


def open_funds(session: Session, round_row: RoundRow, run: AllocationRunRow, actor: Actor) -> int:
    """Open the fund of every programme that this run funded; returns how many there are."""
    terms = rounds.programmes(session, round_row.id)
    won = queries.funded_references(session, run.id)
    funded = [
        project
        for project in rounds.projects(session, round_row.id)
        if project.id in terms and project.reference in won
    ]
    for project in funded:
        found = _funded(round_row, project, terms[project.id])
        voted.open_from_result(session, found, actor)
    return len(funded)


def _funded(round_row: RoundRow, project: ProjectRow, terms: ProjectProgrammeRow) -> FundedProject:
    return FundedProject(
        round_id=round_row.id,
        round_slug=round_row.slug,
        round_title=round_row.title,
        reference=project.reference,
        title=project.title,
        description=project.description,
        cost_minor=project.cost_minor,
        currency=round_row.currency,
        terms=Terms(
            services=tuple(terms.services),
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            floor_minor=terms.floor_minor,
            cap_minor=terms.cap_minor,
            slope=Fraction(terms.slope_millionths, PER_WHOLE),
        ),
    )
