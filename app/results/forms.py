"""What staff enter around the count."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from allocation.errors import RuleOptionError
from app.forms import MingaForm, Required, choice, offered
from app.results.importer import TITLE_LENGTH_MAX
from app.results.publication import DRAW_LENGTH_MAX
from app.results.runs import REASON_LENGTH_MAX
from app.rounds.rules import counting_rule
from voting.limits import BallotType

# Rules to try besides the published one; what each does stands in docs/rules.md.
WHAT_IF_RULES: dict[str, tuple[object, dict[str, Any]]] = {
    "equal-shares": (lazy("Equal shares, completed (the usual setting)"), {}),
    "equal-shares-plain": (
        lazy("Equal shares without completion: money may be left over"),
        {"completion": "none"},
    ),
    "equal-shares-utilitarian": (
        lazy("Equal shares, the rest to the projects with the most votes"),
        {"completion": "utilitarian"},
    ),
    "greedy": (lazy("Most votes first"), {"rule": "greedy"}),
    "knapsack": (lazy("Most support within the budget"), {"rule": "knapsack"}),
    "phragmen": (lazy("Phragmén’s method"), {"rule": "phragmen"}),
    "maximin": (lazy("Maximin support"), {"rule": "maximin"}),
}


class DrawForm(MingaForm):
    draw = StringField(
        lazy("Outcome of the public draw"),
        description=lazy("As it stands in the minutes, such as 3 1 6 6 2."),
        validators=[
            Required(lazy("Enter the outcome of the draw, such as 3 1 6 6 2.")),
            Length(max=DRAW_LENGTH_MAX),
        ],
    )


class WhatIfForm(MingaForm):
    rule = RadioField(
        lazy("Rule to try"),
        validators=[Required(lazy("Choose the rule to try."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        lazy("Why is this count made?"),
        description=lazy("The count and this reason are public."),
        validators=[Required(lazy("Say why this count is made.")), Length(max=REASON_LENGTH_MAX)],
    )

    def __init__(self, *args: Any, ballot_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [
            choice(key, label)
            for key, (label, rule) in WHAT_IF_RULES.items()
            if _fits(rule, BallotType(ballot_type))
        ]

    def validate_rule(self, field: RadioField) -> None:
        if field.data not in offered(field):
            raise ValidationError(lazy("Choose the rule to try."))

    def to_rule(self) -> dict[str, Any]:
        return dict(WHAT_IF_RULES[str(self.rule.data)][1])


def _fits(rule: Mapping[str, Any], ballot_type: BallotType) -> bool:
    """Say whether the ballots carry what a rule counts."""
    try:
        counting_rule(rule, ballot_type)
    except RuleOptionError:
        return False
    return True


class ImportForm(MingaForm):
    file = FileField(
        lazy("File in the Pabulib format (.pb)"),
        description=lazy("Up to 9 MB. Larger files: use the command minga round import."),
        validators=[FileRequired(lazy("Choose the file of the election."))],
    )
    name = StringField(
        lazy("Name of the round (optional)"),
        description=lazy("Left empty, it is taken from the file."),
        validators=[Length(max=TITLE_LENGTH_MAX)],
    )
    lenient = BooleanField(
        lazy("Repair small faults"),
        description=lazy("Many published files have some. Every repair is listed with its line."),
    )
