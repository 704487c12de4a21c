"""What staff enter about a programme, its money, its people, its schedule and its parameters."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length

from app.forms import DatePartsField, MoneyField, Required, VersionedForm, choice, filled
from app.programmes import words
from app.programmes.entering import read_amounts, read_groups, read_percent, write_groups
from app.programmes.households import Scale
from app.programmes.knob import KnobRules
from app.programmes.models import Mode
from app.programmes.parameters import Parameter, ParameterSet, is_valid
from app.programmes.piecewise import PiecewiseRules
from app.programmes.schedule import Rules
from app.programmes.services import Service

SCHEDULE_KINDS = [
    choice("knob", lazy("One knob"), hint=lazy("A straight fall from a start of income on.")),
    choice("piecewise", lazy("Values at knots"), hint=lazy("Straight lines between incomes.")),
]


class _ProgrammeForm(VersionedForm):
    """A step of a programme; what residents voted on is not asked for again."""

    def drop(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self:
                del self[name]


class AboutForm(_ProgrammeForm):
    name = StringField(
        lazy("What is the programme called?"),
        [
            Required(lazy("Enter a name.")),
            Length(max=120, message=lazy("Shorten the name to 120 characters or fewer.")),
        ],
    )
    summary = TextAreaField(
        lazy("What is it, in a few sentences for residents?"),
        [
            Required(lazy("Say what the programme is.")),
            Length(max=2000, message=lazy("Shorten this to 2,000 characters or fewer.")),
        ],
    )
    services = SelectMultipleField(
        lazy("Which services does it pay for?"),
        [Required(lazy("Choose at least one service."))],
        choices=[choice(one, words.SERVICES[one]) for one in Service],
    )
    eligibility = TextAreaField(
        lazy("Who can apply?"),
        [
            Required(lazy("Say who can apply.")),
            Length(max=2000, message=lazy("Shorten this to 2,000 characters or fewer.")),
        ],
    )
    starts_on = DatePartsField(lazy("First day"), [Required(lazy("Enter the first day."))])
    ends_on = DatePartsField(lazy("Last day"), [Required(lazy("Enter the last day."))])

    def validate_ends_on(self, field: Any) -> None:
        first = self.starts_on.data
        if first and field.data and field.data < first:
            raise ValidationError(lazy("Enter a last day that is not before the first."))

    def values(self) -> dict[str, Any]:
        names = ("name", "summary", "services", "eligibility", "starts_on", "ends_on")
        return {name: self[name].data for name in names if name in self}


class MoneyForm(_ProgrammeForm):
    budget = MoneyField(
        lazy("Budget for the whole period"),
        [Required(lazy("Enter the budget."))],
    )
    council_act = StringField(
        lazy("Act of the council"),
        [
            Required(lazy("Enter the act by which the council gave the money.")),
            Length(max=200, message=lazy("Shorten this to 200 characters or fewer.")),
        ],
    )
    mode = RadioField(
        lazy("How much may be promised?"),
        [Required(lazy("Choose how much may be promised."))],
        choices=[choice(one, words.MODES[one]) for one in Mode],
    )
    cover = MoneyField(
        lazy("Limit that the council adopted"),
        description=lazy("How much more than the fund may be promised."),
    )

    def validate_cover(self, field: Any) -> None:
        if self.mode.data == Mode.COVERED and not field.data and not field.errors:
            raise ValidationError(lazy("Enter the limit that the council adopted."))

    def values(self) -> dict[str, Any]:
        covered = self.mode.data == Mode.COVERED
        given = (
            {
                "budget_minor": filled(self.budget),
                "council_act": self.council_act.data,
            }
            if "budget" in self
            else {}
        )
        return given | {
            "mode": self.mode.data,
            "cover_minor": filled(self.cover) if covered else 0,
        }


class PeopleForm(VersionedForm):
    people = TextAreaField(
        lazy("Residents by income"),
        [Required(lazy("Enter at least one group of residents."))],
        description=lazy(
            "A line per group: equivalised income a month; number of people; percentage who will "
            "use the voucher. Such as: 1450; 320; 34.5"
        ),
    )
    people_source = StringField(
        lazy("Where these figures are from"),
        [
            Required(lazy("Say where these figures are from.")),
            Length(max=200, message=lazy("Shorten this to 200 characters or fewer.")),
        ],
    )

    def validate_people(self, field: Any) -> None:
        found = read_groups(field.data or "")
        if isinstance(found, int):
            raise ValidationError(
                lazy(
                    "Line %(number)s cannot be read. Enter an income, a number of people and a "
                    "percentage, parted by semicolons.",
                    number=found,
                )
            )

    def show(self, groups: list[list[int]]) -> None:
        self.people.data = write_groups(groups)

    def values(self) -> dict[str, Any]:
        return {
            "people": read_groups(filled(self.people)),
            "people_source": self.people_source.data,
        }


class DesignForm(VersionedForm):
    """The rules of a schedule. Everything below the kind belongs to one of the two."""

    kind = RadioField(lazy("Kind of schedule"), choices=SCHEDULE_KINDS, default="knob")
    floor = MoneyField(
        lazy("Lowest value"),
        [Required(lazy("Enter the lowest value: above zero, for everybody."))],
        description=lazy("What everybody gets, also without telling an income."),
    )
    cap = MoneyField(lazy("Highest value"), [Required(lazy("Enter the highest value."))])
    slope = StringField(
        lazy("Fall per euro of income, in percent"),
        [Required(lazy("Enter the fall per euro, such as 5."))],
        default="5",
    )
    start = MoneyField(lazy("Income from which the value falls"), default=80_000)
    knots = StringField(
        lazy("Incomes of the knots"),
        default="0 800 1200 1600 2200 3000 4500",
        description=lazy("Rising from 0, parted by spaces."),
    )
    aversion = SelectField(
        lazy("How much more a euro counts at low income"),
        choices=[
            choice("0", lazy("Not more")),
            choice("1", lazy("In proportion")),
            choice("2", lazy("Much more")),
        ],
        default="1",
    )
    taper = BooleanField(lazy("Never fall more steeply at higher income"))
    last_year = StringField(
        lazy("Last year's values at the knots"), description=lazy("Leave empty if there are none.")
    )
    loss_max = StringField(lazy("Greatest loss from last year, in percent"))
    need = MoneyField(
        lazy("What care costs a person"),
        description=lazy("Leave empty if costs that remain do not matter."),
    )
    out_of_pocket = StringField(lazy("Most of an income that should remain to pay, in percent"))

    GRID_MINOR = 50

    def _check_percent(self, field: Any) -> None:
        if field.data and read_percent(field.data) is None:
            raise ValidationError(lazy("Enter a percentage from 0 to 100, such as 7.5."))

    validate_slope = validate_loss_max = validate_out_of_pocket = _check_percent

    def validate_floor(self, field: Any) -> None:
        if field.data is not None and (field.data < 1 or field.data % self.GRID_MINOR):
            raise ValidationError(lazy("Enter an amount above zero in steps of 0.50."))

    def validate_cap(self, field: Any) -> None:
        if field.data is not None and field.data % self.GRID_MINOR:
            raise ValidationError(lazy("Enter an amount in steps of 0.50."))
        if field.data is not None and self.floor.data and field.data < self.floor.data:
            raise ValidationError(lazy("Enter an amount that is not below the lowest value."))

    def validate_start(self, field: Any) -> None:
        if self.kind.data == "knob" and field.data is None and not field.errors:
            raise ValidationError(lazy("Enter an income from which the value falls."))

    def validate_knots(self, field: Any) -> None:
        self._amounts(field)

    def validate_last_year(self, field: Any) -> None:
        values = self._amounts(field)
        if values and len(values) != len(self._amounts(self.knots)):
            raise ValidationError(lazy("Enter as many values as there are knots."))
        if values and not self.loss_max.data:
            raise ValidationError(lazy("Enter the greatest loss below, or leave this empty."))

    def validate_need(self, field: Any) -> None:
        if field.data and not self.out_of_pocket.data:
            raise ValidationError(lazy("Enter the percentage below, or leave this empty."))

    def _amounts(self, field: Any) -> tuple[int, ...]:
        if self.kind.data != "piecewise":
            return ()
        try:
            return read_amounts(field.data or "")
        except ValueError as error:
            raise ValidationError(lazy("Enter amounts parted by spaces, such as 0 800.")) from error

    def rules(self, known: ParameterSet) -> Rules:
        """Return the rules entered. Raises ValueError for knots that do not rise."""
        slope = read_percent(filled(self.slope)) or Fraction(0)
        floor, cap = filled(self.floor), filled(self.cap)
        if self.kind.data == "knob":
            start = filled(self.start)
            return KnobRules(floor, cap, slope, start, contingency=known.contingency)
        last_year = self._amounts(self.last_year)
        need = self.need.data
        return PiecewiseRules(
            self._amounts(self.knots),
            floor,
            cap,
            slope,
            contingency=known.contingency,
            aversion=Fraction(self.aversion.data),
            taper=self.taper.data,
            last_year_minor=last_year or None,
            loss_max=read_percent(self.loss_max.data or "") if last_year else None,
            need_minor=need or None,
            out_of_pocket_max=read_percent(self.out_of_pocket.data or "") if need else None,
        )


class ParameterForm(VersionedForm):
    name = RadioField(
        lazy("Parameter"),
        [Required(lazy("Choose a parameter."))],
        choices=[choice(one, words.PARAMETERS[one]) for one in Parameter],
    )
    value = StringField(
        lazy("Value"),
        [Required(lazy("Enter the value."))],
        description=lazy("A percentage; for the scale: %(scales)s.", scales=", ".join(Scale)),
    )
    valid_from = DatePartsField(lazy("Valid from"), [Required(lazy("Enter the first day."))])
    legal_reference = StringField(
        lazy("Legal source"),
        [
            Required(lazy("Enter the law, ordinance or act.")),
            Length(max=200, message=lazy("Shorten this to 200 characters or fewer.")),
        ],
    )
    adopted_by = StringField(
        lazy("Adopted by"),
        [
            Required(lazy("Enter the body that adopted it.")),
            Length(max=120, message=lazy("Shorten this to 120 characters or fewer.")),
        ],
    )

    def validate_value(self, field: Any) -> None:
        if self.name.data in list(Parameter) and not is_valid(
            Parameter(self.name.data), field.data or ""
        ):
            raise ValidationError(
                lazy("This parameter cannot have that value. Enter one as described above.")
            )

    def day(self) -> date:
        found: date = filled(self.valid_from)
        return found
