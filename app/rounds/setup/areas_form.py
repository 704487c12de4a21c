"""Which areas have a budget: the whole town, its districts, or both."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field

from app.forms import MoneyField
from app.rounds.setup.forms import StepForm
from app.rounds.setup.steps import Setup
from app.town.models import AreaKind, AreaRow


class AreasForm(StepForm):
    """Has one field of money for each area besides those named here; see `areas`."""

    proposal_budget_max_minor = MoneyField(
        lazy("The most that one project may cost"),
        description=lazy(
            "Leave it empty if a project may cost as much as the whole budget of its area."
        ),
    )
    areas: list[AreaRow]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for field in self._budgets():
            if field.data == 0:
                self.refuse(_("Enter an amount above 0, or leave it empty."), field=field.name)
                valid = False
        if valid and not self.values()["budgets"]:
            first = next(self._budgets())
            self.refuse(_("Give at least one area a budget."), field=first.name)
            valid = False
        return valid and self._check_most()

    def _check_most(self) -> bool:
        most = self.proposal_budget_max_minor.data
        if most is None or 0 < most <= max(self.values()["budgets"].values()):
            return True
        self.refuse(
            _("Enter an amount above 0 and not above the largest budget, or leave it empty."),
            field="proposal_budget_max_minor",
        )
        return False

    def fields_of(self, *kinds: str) -> list[Field]:
        """Return the fields of the areas of these kinds, in tree order."""
        return [self[field_name(area.id)] for area in self.areas if area.kind in kinds]

    def _budgets(self) -> Iterator[Field]:
        yield from self.fields_of(*AreaKind)

    def values(self) -> dict[str, Any]:
        typed = ((area.id, self[field_name(area.id)].data) for area in self.areas)
        return {
            "budgets": {area_id: amount for area_id, amount in typed if amount is not None},
            "proposal_budget_max_minor": self.proposal_budget_max_minor.data,
        }


def field_name(area_id: uuid.UUID) -> str:
    return f"budget_{area_id.hex}"


def areas(setup: Setup) -> AreasForm:
    """Make the form for the areas that there are."""
    budgets = {field_name(pot.area_id): pot.budget_minor for pot in setup.pots}
    fields = {field_name(area.id): MoneyField(area.name) for area in setup.areas}
    form_class = type("AreasForm", (AreasForm,), {**fields, "areas": setup.areas})
    row = setup.row
    made: AreasForm = form_class(
        data={**budgets, "proposal_budget_max_minor": row.proposal_budget_max_minor},
        meta={"currency": row.currency, "minor_per_unit": row.minor_per_unit},
    )
    return made
