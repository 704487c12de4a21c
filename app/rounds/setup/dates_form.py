"""The dates of a round, each after the one before it."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField

from app import clock
from app.forms import MomentField, Required, choice
from app.i18n import moment
from app.rounds import rules
from app.rounds.models import RoundState
from app.rounds.setup.forms import StepForm
from app.rounds.setup.steps import Setup

_LABELS = {
    "proposals_open_at": lazy("Residents can propose from"),
    "proposals_close_at": lazy("Residents can propose until"),
    "voting_opens_at": lazy("Voting opens"),
    "voting_closes_at": lazy("Voting closes"),
    "results_at": lazy("The result is published by"),
}


class DatesForm(StepForm):
    proposals = RadioField(
        lazy("Do residents propose the projects?"),
        [Required(lazy("Choose whether residents propose the projects."))],
        choices=[
            choice("yes", lazy("Yes, between two dates")),
            choice("no", lazy("No, the town enters them")),
        ],
    )
    proposals_open_at = MomentField(_LABELS["proposals_open_at"])
    proposals_close_at = MomentField(_LABELS["proposals_close_at"])
    voting_opens_at = MomentField(
        _LABELS["voting_opens_at"],
        [Required(lazy("Enter when voting opens."))],
        description=lazy("Rules and projects have to be fixed and published before."),
    )
    voting_closes_at = MomentField(
        _LABELS["voting_closes_at"],
        [Required(lazy("Enter when voting closes."))],
        description=lazy("At this minute the first ballot is too late."),
    )
    results_at = MomentField(
        _LABELS["results_at"],
        [Required(lazy("Enter when residents can expect the result."))],
        description=lazy("A promise to residents. Publishing the result is an act of its own."),
    )

    announced = False
    """Whether residents know the round: then some of its dates may be over."""

    def validate(self, extra_validators: Any = None) -> bool:
        complete = super().validate(extra_validators)
        complete = self._check_proposal_dates() and complete and self._check_order()
        return complete and self._check_future()

    def _check_proposal_dates(self) -> bool:
        if self.proposals.data != "yes":
            for field in (self.proposals_open_at, self.proposals_close_at):
                field.errors = []
            return True
        for field in (self.proposals_open_at, self.proposals_close_at):
            if field.data is None and not field.errors:
                self.refuse(
                    _("Enter this date, or choose that the town enters projects."), field=field.name
                )
        return not (self.proposals_open_at.errors or self.proposals_close_at.errors)

    def _check_order(self) -> bool:
        wrong = rules.first_out_of_order(self.values())
        if wrong is None:
            return True
        late, before = wrong
        sentence = _(
            "This comes after “%(before)s”: enter a date and time later than %(moment)s.",
            before=_LABELS[before],
            moment=moment(self[before].data),
        )
        self.refuse(sentence, field=late)
        return False

    def _check_future(self) -> bool:
        """Refuse at once what would later stand in the way of the announcement or the freeze."""
        values = self.values()
        first = "proposals_close_at" if values["proposals_close_at"] else "voting_opens_at"
        name = "voting_closes_at" if self.announced else first
        if values[name] > clock.now():
            return True
        sentence = _("This is in the past. Enter a date and time that are still to come.")
        self.refuse(sentence, field=name)
        return False

    def values(self) -> dict[str, Any]:
        with_proposals = self.proposals.data == "yes"
        return {name: self._moment(name, with_proposals=with_proposals) for name in rules.DATES}

    def _moment(self, name: str, *, with_proposals: bool) -> datetime | None:
        if name.startswith("proposals") and not with_proposals:
            return None
        found: datetime | None = self[name].data
        return found


def dates(setup: Setup) -> DatesForm:
    row = setup.row
    chosen = "yes" if row.proposals_open_at else "no" if row.voting_opens_at else None
    moments = {name: getattr(row, name) for name in rules.DATES}
    form = DatesForm(data={"proposals": chosen, **moments})
    form.announced = row.state != RoundState.DRAFT
    return form
