"""What the public pages of a round show, read in one go."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for
from sqlmodel import Session

from allocation.errors import RuleOptionError
from allocation.rule_sheet import RuleSheet
from app.rounds import ballot_words, phase_words, queries, rule_words, rules, service
from app.rounds.browse import Catalogue, Item
from app.rounds.models import Origin, PotRow, ProjectRow, RoundRow, RuleSheetRow
from app.rounds.phases import Phase, PhaseName, phase
from voting.limits import BallotType, Limits


@dataclass(frozen=True)
class RoundView:
    """A round as residents see it at `now`."""

    row: RoundRow
    now: datetime
    pots: list[PotRow] = field(default_factory=list)
    project_counts: dict[uuid.UUID, int] = field(default_factory=dict)
    sheet: RuleSheetRow | None = None

    @cached_property
    def phase(self) -> Phase:
        return phase(self.row, self.now)

    @property
    def tag(self) -> tuple[object, str]:
        return phase_words.TAGS[self.phase.name]

    @property
    def sentence(self) -> str:
        return phase_words.sentence(self.row, self.now)

    @property
    def stages(self) -> list[phase_words.Stage]:
        return [] if self.imported else phase_words.stages(self.row, self.now)

    @property
    def imported(self) -> bool:
        return self.row.origin == Origin.IMPORTED

    @property
    def over(self) -> bool:
        return self.phase.name is PhaseName.RESULTS

    @property
    def budget_minor(self) -> int:
        return sum(pot.budget_minor for pot in self.pots)

    @property
    def project_count(self) -> int:
        return sum(self.project_counts.values())

    @property
    def projects_public(self) -> bool:
        """Projects and prices appear together: at their release, or with the rule sheet."""
        return self.row.state in service.FIXED or self.row.prices_released_at is not None

    @cached_property
    def limits(self) -> Limits | None:
        return rules.ballot_limits(self.row.ballot)

    @property
    def ballot_name(self) -> str | None:
        return ballot_words.name(self.limits.ballot_type) if self.limits else None

    @property
    def ballot_sentences(self) -> list[str]:
        return ballot_words.sentences(self.limits, self.row) if self.limits else []

    @cached_property
    def rule(self) -> RuleSheet | None:
        """The rule with its options filled in; None while there is none that fits the ballot."""
        if not self.row.rule:
            return None
        kind = self.limits.ballot_type if self.limits else BallotType.APPROVAL
        try:
            return rules.counting_rule(self.row.rule, kind)
        except RuleOptionError:
            return None

    @property
    def rule_answers(self) -> list[rule_words.Answer]:
        return rule_words.answers(self.rule) if self.rule else []

    @property
    def rule_summary(self) -> str | None:
        if self.rule is None:
            return None
        return f"{rule_words.name(self.rule.rule)}. {rule_words.summary(self.rule.rule)}"


def round_view(session: Session, row: RoundRow, now: datetime) -> RoundView:
    """Read what the pages of a round show."""
    counts: dict[uuid.UUID, int] = {}
    for project in queries.projects(session, row.id):
        counts[project.pot_id] = counts.get(project.pot_id, 0) + 1
    return RoundView(
        row=row,
        now=now,
        pots=queries.pots(session, row.id),
        project_counts=counts,
        sheet=queries.rule_sheet(session, row.id),
    )


def catalogue(session: Session, row: RoundRow) -> Catalogue:
    """Read what filters and cards of a round are made of."""
    return Catalogue(row, queries.areas(session, row), queries.categories(session, row.id))


def project_item(row: RoundRow, project: ProjectRow, alt_text: str = "") -> Item:
    """Return a project as something to look through."""
    return Item(
        key=project.reference,
        title=project.title,
        href=url_for("rounds.project", slug=row.slug, reference=project.reference),
        text=project.description,
        reference=project.reference,
        cost_minor=project.cost_minor,
        area_id=project.area_id,
        category_id=project.category_id,
        latitude=project.latitude,
        longitude=project.longitude,
        picture=url_for("pictures.small", picture_id=project.picture_id)
        if project.picture_id
        else None,
        picture_alt=alt_text,
    )


def project_points(row: RoundRow, projects: list[ProjectRow]) -> dict[str, Any]:
    """Return the places of projects as GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [project.longitude, project.latitude],
                },
                "properties": {
                    "reference": project.reference,
                    "title": project.title,
                    "cost_minor": project.cost_minor,
                    "currency": row.currency,
                },
            }
            for project in projects
            if project.longitude is not None
        ],
    }
