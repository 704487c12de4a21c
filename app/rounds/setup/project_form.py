"""A project that the town enters by hand, or corrects before the freeze."""

import uuid
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, StopValidation

from app.forms import MoneyField, Required, choice, filled, offered
from app.rounds.browse import Catalogue
from app.rounds.models import PotRow, ProjectRow
from app.rounds.setup.forms import StepForm
from app.rounds.setup.steps import Setup

DESCRIPTION_LENGTH_MAX = 8_000
REFERENCE = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,38}[A-Za-z0-9])?"


class Degrees:
    """Refuse what is no number of degrees up to `most`, with one sentence."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: DecimalField) -> None:  # noqa: ARG002 (WTForms)
        wrong = bool(field.errors)
        field.errors = []
        if not any(str(text).strip() for text in field.raw_data or []):
            return
        if wrong or field.data is None or not field.data.is_finite() or abs(field.data) > self.most:
            raise StopValidation(
                _("Enter degrees from −%(most)s to %(most)s, such as 40.41650.", most=self.most)
            )


class ProjectForm(StepForm):
    title = StringField(
        lazy("Title"),
        [
            Required(lazy("Enter what the project is, such as “Benches on the river walk”.")),
            Length(max=200, message=lazy("Shorten the title to 200 characters or fewer.")),
        ],
    )
    reference = StringField(
        lazy("Number on the ballot"),
        [
            Required(lazy("Enter a number or short code, such as 12 or P12.")),
            Regexp(
                rf"^{REFERENCE}$",
                message=lazy("Use up to 40 letters, figures, points, hyphens; no gaps or commas."),
            ),
        ],
        description=lazy("Each project of the round has its own. It stays with it for good."),
    )
    description = TextAreaField(
        lazy("Description"),
        [
            Required(lazy("Describe in a few sentences what is done, where and for whom.")),
            Length(
                max=DESCRIPTION_LENGTH_MAX,
                message=lazy("Shorten the description to 8,000 characters or fewer."),
            ),
        ],
    )
    cost_minor = MoneyField(
        lazy("Cost"), [Required(lazy("Enter the cost that the town has worked out."))]
    )
    pot = SelectField(lazy("Paid from the budget of"), validate_choice=False)
    area = SelectField(
        lazy("Area"), validate_choice=False, description=lazy("Where it is, as exactly as known.")
    )
    category = SelectField(lazy("Category"), validate_choice=False)
    latitude = DecimalField(lazy("Latitude"), [Degrees(90)], places=None)
    longitude = DecimalField(lazy("Longitude"), [Degrees(180)], places=None)

    def __init__(self, *args: Any, setup: Setup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        depths = Catalogue(setup.row, setup.areas, setup.categories).depths
        self.budgets = {pot.id: pot.budget_minor for pot in setup.pots}
        self.pot.choices = [choice(str(pot.id), pot.name) for pot in setup.pots]
        self.area.choices = [choice("", lazy("The whole area of the budget"))] + [
            choice(str(area.id), "\u2003" * depths[area.id] + area.name) for area in setup.areas
        ]
        self.category.choices = [choice("", lazy("No category"))] + [
            choice(str(category.id), category.name) for category in setup.categories
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for field in (self.pot, self.area, self.category):
            if (field.data or "") not in offered(field):
                self.refuse(_("Choose one of the list."), field=field.name)
                valid = False
        if (self.latitude.data is None) is not (self.longitude.data is None):
            self.refuse(_("Enter both latitude and longitude, or neither."), field="latitude")
            valid = False
        return valid and self._check_cost()

    def _check_cost(self) -> bool:
        budget = self.budgets[uuid.UUID(str(filled(self.pot)))]
        if 0 < filled(self.cost_minor) <= budget:
            return True
        self.refuse(
            _("Enter an amount above 0 and not above the budget of the area."), field="cost_minor"
        )
        return False

    def values(self) -> dict[str, Any]:
        return {
            "title": str(filled(self.title)),
            "reference": str(filled(self.reference)),
            "description": str(filled(self.description)),
            "cost_minor": int(filled(self.cost_minor)),
            "pot_id": uuid.UUID(str(filled(self.pot))),
            "area_id": uuid.UUID(self.area.data) if self.area.data else None,
            "category_id": uuid.UUID(self.category.data) if self.category.data else None,
            "latitude": _float(self.latitude),
            "longitude": _float(self.longitude),
        }


def _float(field: DecimalField) -> float | None:
    return None if field.data is None else float(field.data)


def project(setup: Setup, row: ProjectRow | None = None, *, reference: str = "") -> ProjectForm:
    """Make the form of a project, or of a new one with a proposed reference."""
    money = {"currency": setup.row.currency, "minor_per_unit": setup.row.minor_per_unit}
    if row is None:
        first: list[PotRow] = setup.pots[:1]
        data = {"reference": reference, "pot": str(first[0].id) if first else ""}
        return ProjectForm(setup=setup, data=data, meta=money)
    data = {"pot": str(row.pot_id), "area": str(row.area_id or "")}
    data["category"] = str(row.category_id or "")
    return ProjectForm(setup=setup, obj=row, data=data, meta=money)
