"""What the pages show of a schedule: figures and sentences, drawn up once."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from flask_babel import gettext as _

from app import i18n
from app.programmes import preview, schedule, words
from app.programmes.households import SINGLE, Scale, equivalised_minor
from app.programmes.knob import KnobSchedule
from app.programmes.population import Population
from app.programmes.schedule import Schedule
from app.programmes.wishes import Wish

Rows = list[list[str]]
Bars = list[tuple[str, float, str, bool]]


@dataclass(frozen=True)
class ScheduleView:
    """Tables and charts of a schedule; `summary` says in a sentence how values come about."""

    summary: str
    cost: str
    face_value: str
    values: Bars
    tenths: Bars
    tenth_rows: Rows
    income_columns: list[str]
    examples: Rows
    losses: Bars
    costs: Rows
    worked: list[str]
    caution: str = ""
    """That the solver's time was over before it had proven these values to be the best."""


def schedule_view(made: Schedule, scale: Scale, people: Population, unit: str) -> ScheduleView:
    def money(amount_minor: int) -> str:
        return i18n.money(amount_minor, unit)

    tenths = preview.tenths(made, people)
    examples = preview.examples(made, scale)
    return ScheduleView(
        summary=_summary(made, unit),
        cost=money(ceil(schedule.cost(made, people))),
        face_value=money(preview.face_value_minor(made, people)),
        values=[
            (money(income), value, money(value), False)
            for income in preview.EXAMPLE_INCOMES_MINOR
            for value in [made.value_minor(Fraction(income))]
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
        losses=[
            (
                words.household(one.household),
                float(one.loss_per_100),
                _loss(one.loss_per_100),
                False,
            )
            for one in examples
        ],
        costs=[[_share(part), money(cost)] for part, cost in preview.cost_range(made, people)],
        worked=_worked(made, scale, examples, unit),
        caution=_caution(made),
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
