"""What a voter sees in the booth: one's ballots, the projects on each, where a draft stands."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import url_for
from sqlmodel import Session

from app.ballots import casting, drafts, queries
from app.ballots.casting import Place
from app.ballots.fixed_rules import ballot_rules
from app.ballots.receipts import Receipt
from app.ballots.sentences import blocker_sentences
from app.ballots.status import status_sentence
from app.i18n import money
from app.roll.passes import VotingPass
from app.rounds import queries as rounds
from app.rounds.browse import Catalogue, Criteria, Item, find
from app.rounds.models import PotRow, ProjectRow, RoundRow
from voting.ballots import Standing, standing
from voting.choices import Choices
from voting.form_fields import Entered
from voting.limits import BallotType
from voting.receipts import Record
from voting.rules import BallotRules


@dataclass(frozen=True)
class PotStanding:
    """One line of the voter's list: `cast` whether a ballot counts, `changed` whether there is
    something that is not cast yet."""

    pot: PotRow
    cast: bool
    changed: bool


@dataclass(frozen=True)
class BallotView:
    """One ballot as its page shows it. `entered` differs from the draft after a slip of typing."""

    round_row: RoundRow
    pot: PotRow
    place: Place = field(repr=False)
    rules: BallotRules
    projects: Sequence[ProjectRow]
    catalogue: Catalogue
    entered: Entered
    cast: Choices | None
    pots: Sequence[PotStanding] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    """Field -> text as typed, when it cannot be read."""

    @cached_property
    def choices(self) -> Choices:
        return self.entered.choices

    @cached_property
    def standing(self) -> Standing:
        return standing(self.rules, self.choices, self.entered.blockers)

    @cached_property
    def titles(self) -> dict[str, str]:
        return {row.reference: row.title for row in self.projects}

    @property
    def status(self) -> str:
        return status_sentence(self.rules, self.standing, self.round_row)

    @property
    def blockers(self) -> list[str]:
        return blocker_sentences(self.standing.blockers, self.titles, self.round_row)

    @property
    def unchanged(self) -> bool:
        """Whether the draft is what has been cast."""
        return self.cast is not None and self.cast == self.choices and not self.entered.blockers

    def card(self, row: ProjectRow) -> dict[str, Any]:
        """Return what `ballot_project` draws."""
        names, categories = self.catalogue.area_names, self.catalogue.category_names
        return {
            "id": row.reference,
            "title": row.title,
            "cost": money(row.cost_minor, self.round_row.currency, self.round_row.minor_per_unit),
            "area": names.get(row.area_id) if row.area_id else None,
            "category": categories.get(row.category_id) if row.category_id else None,
            "picture": url_for("pictures.small", picture_id=row.picture_id)
            if row.picture_id
            else None,
            "description": row.description,
        }

    def value(self, reference: str) -> Any:
        """Return what is entered for a project: a tick, a number, a place, or nothing."""
        match self.rules.ballot_type:
            case BallotType.APPROVAL | BallotType.KNAPSACK:
                return reference in self.choices.ids
            case BallotType.RANKING:
                shown = self.typed.get(f"rank-{reference}")
                place = {p: n for n, p in enumerate(self.choices.ids, 1)}.get(reference)
                return place if shown is None else shown
            case BallotType.POINTS | BallotType.SCORES:
                shown = self.typed.get(f"points-{reference}")
                return self.choices.numbers.get(reference) if shown is None else shown

    def error(self, reference: str) -> str | None:
        """Return what is wrong with a project's own entry."""
        mine = [b for b in self.standing.blockers if reference in b.projects]
        found = blocker_sentences(mine, self.titles, self.round_row)
        return found[0] if found else None

    def faults(self, shown: Sequence[ProjectRow]) -> list[dict[str, str]]:
        """Return what is in the way, each with the first field on the page that it is about."""
        fields = {row.reference: f"#choice-{n}" for n, row in enumerate(shown, 1)}
        found = []
        for blocker, sentence in zip(self.standing.blockers, self.blockers, strict=True):
            field = next((fields[one] for one in blocker.projects if one in fields), None)
            found.append({"text": sentence} | ({"href": field} if field else {}))
        return found

    def found(self, criteria: Criteria) -> list[ProjectRow]:
        """Sift the projects, in the order of this voter, which the slot decides."""
        rows = {row.reference: row for row in self.projects}
        items = (_item(row) for row in self.projects)
        return [rows[item.key] for item in find(items, criteria, seed=self.place.slot)]

    def chosen_rows(self) -> list[tuple[ProjectRow, int | None]]:
        """Return what is chosen, with its points, score or place, in the order to read it."""
        rows = {row.reference: row for row in self.projects}
        numbers = self.choices.numbers
        if self.rules.ballot_type is BallotType.RANKING:
            numbers = {reference: n for n, reference in enumerate(self.choices.ids, 1)}
            return [(rows[r], numbers[r]) for r in self.choices.ids]
        ordered = sorted(self.choices.ids, key=lambda r: (-numbers.get(r, 0), rows[r].title))
        return [(rows[r], numbers.get(r)) for r in ordered]

    def fields(self, but: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """Return the choices as fields of a form, save those of some projects."""
        return [
            (name, value)
            for reference, name, value in _fields(self.choices)
            if reference not in but
        ]


def ballot_view(
    session: Session,
    known: VotingPass,
    pot_id: uuid.UUID,
    entered: Entered | None = None,
    typed: Mapping[str, str] | None = None,
) -> BallotView:
    """Read a ballot with its draft, or with what was cast, or empty."""
    place = casting.place_of(known, pot_id)
    round_row = rounds.round_by_id(session, known.round_id)
    pot_row = rounds.pot(session, pot_id)
    rules = ballot_rules(session, round_row, pot_row)
    cast = cast_choices(session, place, rules.ballot_type)
    draft = drafts.load(session, place.round_id, place.slot, rules.ballot_type)
    return BallotView(
        round_row=round_row,
        pot=pot_row,
        place=place,
        rules=rules,
        projects=rounds.projects(session, round_row.id, pot_row.id),
        catalogue=Catalogue(
            round_row, rounds.areas(session, round_row), rounds.categories(session, round_row.id)
        ),
        entered=entered or Entered(draft or cast or Choices(rules.ballot_type), ()),
        cast=cast,
        pots=pot_standings(session, known),
        typed=typed or {},
    )


def pot_standings(session: Session, known: VotingPass) -> list[PotStanding]:
    """Say which of one's ballots is cast and which is open."""
    round_row = rounds.round_by_id(session, known.round_id)
    ballot_type = BallotType(round_row.ballot["ballot_type"])
    found = []
    for pot_row in rounds.eligible_pots(session, round_row, known.district):
        if pot_row.id not in known.slots:
            continue
        place = casting.place_of(known, pot_row.id)
        cast = cast_choices(session, place, ballot_type)
        draft = drafts.load(session, place.round_id, place.slot, ballot_type)
        changed = draft is not None and draft != (cast or Choices(ballot_type))
        found.append(PotStanding(pot_row, cast is not None, changed))
    return found


def cast_choices(session: Session, place: Place, ballot_type: BallotType) -> Choices | None:
    """Return what one has cast. For the voter alone, and only while voting is open."""
    record = queries.live_record(session, place.round_id, place.slot)
    return None if record is None else Record.decode(record, ballot_type).choices


def live_receipt(session: Session, known: VotingPass, pot_id: uuid.UUID) -> Receipt | None:
    """Return the receipt of the ballot that counts; None if none is cast."""
    place = casting.place_of(known, pot_id)
    live = queries.live_commitments(session, place.round_id, {pot_id: place.slot})
    if pot_id not in live:
        return None
    round_row = rounds.round_by_id(session, place.round_id)
    return casting.receipt(session, round_row, place, live[pot_id], counts=True)


def _item(row: ProjectRow) -> Item:
    return Item(
        key=row.reference,
        title=row.title,
        href="",
        text=row.description,
        reference=row.reference,
        cost_minor=row.cost_minor,
        area_id=row.area_id,
        category_id=row.category_id,
    )


def _fields(choices: Choices) -> list[tuple[str, str, str]]:
    """Write choices as (project, name of the field, value)."""
    if choices.points:
        return [(p, f"points-{p}", str(number)) for p, number in choices.numbers.items()]
    if choices.ballot_type is BallotType.RANKING:
        return [(p, f"rank-{p}", str(place)) for place, p in enumerate(choices.ids, 1)]
    return [(p, "project", p) for p in choices.ids]
