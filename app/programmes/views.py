"""What the pages show of a schedule: figures and sentences, drawn up once."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil

from flask_babel import gettext as _

from app import i18n
from app.programmes import preview, schedule, words
from app.programmes.households import (
    REFERENCE_HOUSEHOLDS,
    SINGLE,
    Household,
    Scale,
    equivalised_minor,
    members_per_scale,
)
from app.programmes.knob import KnobSchedule
from app.programmes.pictures import WIDTHS, Drawing, bars, curve, staircase
from app.programmes.population import Population
from app.programmes.schedule import Schedule
from app.programmes.wishes import Wish

Rows = list[list[str]]
Drawings = dict[str, Drawing]
Bars = list[tuple[str, float, str, bool]]
INCOMES_DRAWN_MINOR = range(0, 500_001, 2_500)
"""What the pictures reach: beyond it nearly every schedule is flat."""


@dataclass(frozen=True)
class ScheduleView:
    """Tables and charts of a schedule; `summary` says in a sentence how values come about."""

    summary: str
    cost: str
    face_value: str
    value_rows: Rows
    tenths: Bars
    tenth_rows: Rows
    income_columns: list[str]
    examples: Rows
    loss_rows: Rows
    costs: Rows
    worked: list[str]
    value_picture: Drawings
    loss_picture: Drawings
    loss_words: str
    cost_picture: Drawings
    caution: str = ""
    """That the solver's time was over before it had proven these values to be the best."""


def schedule_view(
    made: Schedule, scale: Scale, people: Population, unit: str, budget_minor: int
) -> ScheduleView:
    def money(amount_minor: int) -> str:
        return i18n.money(amount_minor, unit)

    tenths = preview.tenths(made, people)
    examples = preview.examples(made, scale)
    return ScheduleView(
        summary=_summary(made, unit),
        cost=money(ceil(schedule.cost(made, people))),
        face_value=money(preview.face_value_minor(made, people)),
        value_rows=[
            [money(income), money(made.value_minor(Fraction(income)))]
            for income in preview.EXAMPLE_INCOMES_MINOR
        ],
        tenths=[
            (_tenth(one.number), one.value_mean_minor, money(one.value_mean_minor), False)
            for one in tenths
        ],
        tenth_rows=[
            [
                _tenth(one.number),
                f"{money(one.income_from_minor)} – {money(one.income_to_minor)}",
                money(one.value_mean_minor),
                money(one.spent_minor),
            ]
            for one in tenths
        ],
        income_columns=[money(income) for income in preview.EXAMPLE_INCOMES_MINOR],
        examples=[
            [words.household(one.household), *(money(value) for value in one.values_minor)]
            for one in examples
        ],
        loss_rows=[[words.household(one.household), _loss(one.loss_per_100)] for one in examples],
        costs=[[_share(part), money(cost)] for part, cost in preview.cost_range(made, people)],
        worked=_worked(made, scale, examples, unit),
        value_picture=_value_picture(made, unit),
        loss_picture=_loss_picture(made, scale, unit),
        loss_words=_loss_words(examples),
        cost_picture=_cost_picture(made, people, unit, budget_minor),
        caution=_caution(made),
    )


def _value_picture(made: Schedule, unit: str) -> Drawings:
    """Draw what a voucher is worth by income per person, as it is paid: rounded to the grid."""
    points = [(income, made.value_minor(Fraction(income))) for income in INCOMES_DRAWN_MINOR]
    money = partial(i18n.money, currency=unit)
    return {
        name: curve([points], width=width, across=money, up=money) for name, width in WIDTHS.items()
    }


def _loss_picture(made: Schedule, scale: Scale, unit: str) -> Drawings:
    """Draw what two households lose of 100 that they earn more, by income per person."""
    end = INCOMES_DRAWN_MINOR[-1]
    lines = []
    for home in _extremes(scale):
        of_home = 10_000 * members_per_scale(home, scale)
        steps = [(start, round(fall * of_home)) for start, fall in made.falls() if start < end]
        lines.append(staircase(steps, end))
    money = partial(i18n.money, currency=unit)
    return {
        name: curve(lines, width=width, across=money, up=lambda part: f"{part / 100:g}")
        for name, width in WIDTHS.items()
    }


def _cost_picture(made: Schedule, people: Population, unit: str, budget_minor: int) -> Drawings:
    rows = [(_share(part), cost) for part, cost in preview.cost_range(made, people)]
    return {
        name: bars(rows, width=width, words=partial(i18n.money, currency=unit), limit=budget_minor)
        for name, width in WIDTHS.items()
    }


def _extremes(scale: Scale) -> tuple[Household, Household]:
    """Return the households that lose least and most of what they earn more."""
    found = sorted(REFERENCE_HOUSEHOLDS, key=lambda one: members_per_scale(one, scale))
    return found[0], found[-1]


def _loss_words(examples: Sequence[preview.Example]) -> str:
    by_loss = sorted(examples, key=lambda one: one.loss_per_100)
    return str(
        _(
            "The full line: %(least)s. The dotted line: %(most)s. Left to right: monthly income "
            "per person. Upwards: what the household loses of 100 that it earns more.",
            least=words.household(by_loss[0].household),
            most=words.household(by_loss[-1].household),
        )
    )


def _worked(
    made: Schedule, scale: Scale, examples: Sequence[preview.Example], unit: str
) -> list[str]:
    """Say for each type of household how its value comes about, at one income."""
    income = preview.EXAMPLE_INCOMES_MINOR[2]
    sentences = []
    for one in examples:
        shared = equivalised_minor(income, one.household, scale)
        value = schedule.value_of(made, income, one.household, scale).value_minor
        sentences.append(
            _(
                "%(household)s with %(income)s a month: that counts as %(shared)s per person, "
                "so each member gets %(value)s.",
                household=words.household(one.household),
                income=i18n.money(income, unit),
                shared=i18n.money(round(shared), unit),
                value=i18n.money(value, unit),
            )
            if one.household != SINGLE
            else _(
                "%(household)s with %(income)s a month gets %(value)s.",
                household=words.household(one.household),
                income=i18n.money(income, unit),
                value=i18n.money(value, unit),
            )
        )
    return [str(sentence) for sentence in sentences]


def _summary(made: Schedule, unit: str) -> str:
    rules = made.rules
    if isinstance(made, KnobSchedule):
        top = min(made.top_minor, rules.cap_minor)
        return str(
            _(
                "Everybody gets at least %(floor)s, and %(top)s at most. Above an income of "
                "%(start)s the value falls by %(slope)s cents per euro.",
                floor=i18n.money(rules.floor_minor, unit),
                top=i18n.money(max(top, rules.floor_minor), unit),
                start=i18n.money(made.rules.start_minor, unit),
                slope=f"{float(100 * rules.slope):g}",
            )
        )
    return str(
        _(
            "Everybody gets at least %(floor)s, and %(top)s at most. Nowhere does the value fall "
            "by more than %(slope)s cents per euro of income.",
            floor=i18n.money(made.values_minor[-1], unit),
            top=i18n.money(made.values_minor[0], unit),
            slope=f"{float(100 * made.steepest()):.3g}",
        )
    )


def _caution(made: Schedule) -> str:
    """Say what is not proven of a schedule; nothing for nearly all of them."""
    if isinstance(made, KnobSchedule) or not made.unproven:
        return ""
    near = Fraction(made.gap or 0)
    if made.unproven in (Wish.WORTH, Wish.NEEDS) and near:
        return str(
            _(
                "Every rule is kept, checked exactly. Whether another schedule would give more "
                "was not settled in time: at most %(part)s percent more.",
                part=f"{float(100 * near):.1g}",
            )
        )
    return str(
        _(
            "Every rule is kept, checked exactly, and nothing gives more. Which of equally good "
            "schedules falls most evenly was not settled in time."
        )
    )


def _tenth(number: int) -> str:
    return str(_("Tenth %(number)s", number=number))


def _loss(loss: Fraction) -> str:
    return str(_("%(loss)s of 100", loss=f"{float(loss):.1f}"))


def _share(part: Fraction) -> str:
    if part < 1:
        return str(_("A quarter fewer use it"))
    return str(_("As expected") if part == 1 else _("A quarter more use it"))
