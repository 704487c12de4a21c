"""The terms of a project that is a voucher programme: fixed and published with the rule sheet."""

from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import SelectMultipleField, StringField, ValidationError

from app.forms import DatePartsField, MingaForm, MoneyField, Required, choice, filled
from app.programmes.entering import read_percent
from app.programmes.population import PER_WHOLE
from app.programmes.services import Service
from app.programmes.words import SERVICES
from app.rounds.models import ProjectProgrammeRow

GRID_MINOR = 50


class ProgrammeForm(MingaForm):
    services = SelectMultipleField(
        lazy("Which services do the vouchers pay for?"),
        [Required(lazy("Choose at least one service."))],
        choices=[choice(one, SERVICES[one]) for one in Service],
    )
    starts_on = DatePartsField(lazy("First day"), [Required(lazy("Enter the first day."))])
    ends_on = DatePartsField(lazy("Last day"), [Required(lazy("Enter the last day."))])
    floor = MoneyField(
        lazy("Lowest value of a voucher"),
        [Required(lazy("Enter the lowest value: above zero, for everybody."))],
        description=lazy("What everybody gets, also without telling an income."),
    )
    cap = MoneyField(lazy("Highest value"), [Required(lazy("Enter the highest value."))])
    slope = StringField(
        lazy("Fall per euro of income, in percent"),
        [Required(lazy("Enter the fall per euro, such as 5."))],
        description=lazy("Who earns a euro more loses so many cents of the voucher, at most."),
        default="5",
    )

    def validate_ends_on(self, field: Any) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(lazy("Enter a last day that is not before the first."))

    def validate_floor(self, field: Any) -> None:
        if field.data is not None and (field.data < 1 or field.data % GRID_MINOR):
            raise ValidationError(lazy("Enter an amount above zero in steps of 0.50."))

    def validate_cap(self, field: Any) -> None:
        if field.data is not None and field.data % GRID_MINOR:
            raise ValidationError(lazy("Enter an amount in steps of 0.50."))
        if field.data is not None and self.floor.data and field.data < self.floor.data:
            raise ValidationError(lazy("Enter an amount that is not below the lowest value."))

    def validate_slope(self, field: Any) -> None:
        if field.data and read_percent(field.data) is None:
            raise ValidationError(lazy("Enter a percentage from 0 to 100, such as 7.5."))

    def values(self) -> dict[str, Any]:
        return {
            "services": [one for one in Service if one in filled(self.services)],
            "starts_on": filled(self.starts_on),
            "ends_on": filled(self.ends_on),
            "floor_minor": filled(self.floor),
            "cap_minor": filled(self.cap),
            "slope_millionths": int((read_percent(filled(self.slope)) or Fraction(0)) * PER_WHOLE),
        }


def programme(terms: ProjectProgrammeRow | None, *, currency: str) -> ProgrammeForm:
    """Make the form of a project's terms, empty while it is no programme."""
    meta = {"currency": currency}
    if terms is None:
        return ProgrammeForm(meta=meta)
    data = terms.model_dump() | {
        "floor": terms.floor_minor,
        "cap": terms.cap_minor,
        "slope": f"{100 * terms.slope_millionths / PER_WHOLE:g}",
    }
    return ProgrammeForm(data=data, meta=meta)
