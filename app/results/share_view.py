"""The page on which a voter enters the choices again and sees what the share paid for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import i18n
from app.ballots.sentences import blocker_sentences
from app.errors import Lead, NotFoundError
from app.results import my_share, queries
from app.results.my_share import Chosen, MyShare
from app.rounds import ballot_words
from app.rounds import queries as rounds
from app.rounds.models import PotRow, ProjectRow, RoundRow
from voting.ballots import standing
from voting.choices import Choices
from voting.form_fields import POINTS_PREFIX, RANK_PREFIX, Entered, Fields, choices_from_fields
from voting.limits import BallotType
from voting.rules import BallotRules

TYPED_LENGTH_MAX = 40


@dataclass(frozen=True)
class ChosenLine:
    project: ProjectRow
    funded: bool
    from_the_rest: bool
    paid: str


@dataclass(frozen=True)
class ShareView:
    """The form, and after it was sent `answer`: the account, or `blockers` in its way."""

    round_row: RoundRow
    pot: PotRow
    rules: BallotRules
    projects: Sequence[ProjectRow]
    areas: Mapping[Any, str]
    entered: Entered
    typed: Mapping[str, str]
    blockers: Sequence[str]
    answer: MyShare | None

    @property
    def sentences(self) -> list[str]:
        return ballot_words.sentences(self.rules.limits, self.round_row)

    @property
    def lines(self) -> list[ChosenLine]:
        return [self._line(one) for one in self.answer.chosen] if self.answer else []

    @property
    def share(self) -> str:
        return self.money(self.answer.share) if self.answer else ""

    @property
    def rest(self) -> str:
        return self.money(self.answer.rest) if self.answer else ""

    @property
    def paid(self) -> str:
        """The difference of what stands beside it, so that the three add up in print."""
        if self.answer is None:
            return ""
        shown = int(self.answer.share) - int(self.answer.rest)
        return self.money(Fraction(shown))

    @property
    def paid_part(self) -> str:
        """What was paid, in per cent of the share, for the bar."""
        if self.answer is None or not self.answer.share:
            return "0"
        return f"{float(100 * self.answer.paid / self.answer.share):.2f}"

    def money(self, amount: Fraction) -> str:
        """Write an amount rounded down to whole minor units."""
        return i18n.money(int(amount), self.round_row.currency, self.round_row.minor_per_unit)

    def card(self, row: ProjectRow) -> dict[str, Any]:
        """Return what `ballot_project` draws, without pictures and texts."""
        cost = i18n.money(row.cost_minor, self.round_row.currency, self.round_row.minor_per_unit)
        area = self.areas.get(row.area_id) if row.area_id else None
        return {"id": row.reference, "title": row.title, "cost": cost, "area": area}

    def value(self, reference: str) -> Any:
        """Return what was entered for a project: a tick, a number, a place, or nothing."""
        choices = self.entered.choices
        match self.rules.ballot_type:
            case BallotType.APPROVAL | BallotType.KNAPSACK:
                return reference in choices.ids
            case BallotType.RANKING:
                places = {p: n for n, p in enumerate(choices.ids, 1)}
                return self.typed.get(f"{RANK_PREFIX}{reference}", places.get(reference))
            case BallotType.POINTS | BallotType.SCORES:
                return self.typed.get(f"{POINTS_PREFIX}{reference}", choices.numbers.get(reference))

    def _line(self, one: Chosen) -> ChosenLine:
        project = next(row for row in self.projects if row.reference == one.reference)
        return ChosenLine(
            project=project,
            funded=one.funded,
            from_the_rest=one.from_the_rest,
            paid=self.money(one.paid) if one.paid else "",
        )


def share_view(
    session: Session, round_row: RoundRow, pot: PotRow, fields: Fields | None
) -> ShareView:
    """Read the published result of a pot and, with `fields`, work out the share.

    Raises NotFoundError before the publication, and where the rule gives nobody a share.
    """
    document = _document(session, round_row, pot)
    rules = rounds.ballot_rules(session, round_row, pot)
    projects = rounds.projects(session, round_row.id, pot.id)
    entered, blockers = _entered(rules, fields)
    titles = {row.reference: row.title for row in projects}
    return ShareView(
        round_row=round_row,
        pot=pot,
        rules=rules,
        projects=projects,
        areas={row.id: row.name for row in rounds.areas(session, round_row)},
        entered=entered,
        typed=_typed(fields or {}),
        blockers=blocker_sentences(blockers, titles, round_row),
        answer=None
        if fields is None or blockers
        else my_share.my_share(document, rules, entered.choices),
    )


def _document(session: Session, round_row: RoundRow, pot: PotRow) -> Mapping[str, Any]:
    run = queries.published_run(session, round_row)
    result = queries.result(session, run.id) if run else None
    if result is None or result.outcome is None:
        raise NotFoundError(lazy("What a share paid for is told together with the result."))
    for document in result.outcome["pots"]:
        if document["pot"] == str(pot.id) and document.get("tariff"):
            found: Mapping[str, Any] = document
            return found
    raise NotFoundError(
        lazy("By the rule of this count nobody has a share of their own. See the result instead."),
        lead=Lead(lazy("The result"), "results.show"),
    )


def _entered(rules: BallotRules, fields: Fields | None) -> tuple[Entered, Sequence[Any]]:
    if fields is None:
        return Entered(Choices(rules.ballot_type), ()), ()
    entered = choices_from_fields(rules, fields)
    return entered, standing(rules, entered.choices, entered.blockers).blockers


def _typed(fields: Fields) -> dict[str, str]:
    """Return the number fields as they were typed, to show them again."""
    return {
        name: values[0][:TYPED_LENGTH_MAX]
        for name, values in fields.items()
        if name.startswith((POINTS_PREFIX, RANK_PREFIX)) and values
    }
