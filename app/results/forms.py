"""What staff enter around the count."""

from typing import Any

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from app.forms import MingaForm, Required, choice, offered
from app.results import candidates
from app.results.importer import TITLE_LENGTH_MAX
from app.results.publication import DRAW_LENGTH_MAX
from app.results.runs import REASON_LENGTH_MAX
from voting.limits import BallotType


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
            choice(one.key, one.label) for one in candidates.fitting(BallotType(ballot_type))
        ]

    def validate_rule(self, field: RadioField) -> None:
        if field.data not in offered(field):
            raise ValidationError(lazy("Choose the rule to try."))

    def to_rule(self) -> dict[str, Any]:
        return dict(candidates.BY_KEY[str(self.rule.data)].rule)


class ComparisonForm(MingaForm):
    """Several rules to be counted side by side, for one reason."""

    rules = SelectMultipleField(
        lazy("Rules to compare"),
        description=lazy("Each is a count of its own. What is counted already is not repeated."),
        validators=[Required(lazy("Choose at least one rule to compare."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        lazy("Why are these counts made?"),
        description=lazy("The counts and this reason are public."),
        validators=[
            Required(lazy("Say why these counts are made.")),
            Length(max=REASON_LENGTH_MAX),
        ],
    )

    def __init__(self, *args: Any, ballot_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules.choices = [
            choice(one.key, one.label, hint=one.consequence)
            for one in candidates.fitting(BallotType(ballot_type))
        ]

    def validate_rules(self, field: SelectMultipleField) -> None:
        if not set(field.data or ()) <= set(offered(field)):
            raise ValidationError(lazy("Choose among the rules of this list."))

    def to_rules(self) -> list[dict[str, Any]]:
        return [dict(candidates.BY_KEY[key].rule) for key in self.rules.data or ()]


class ImportForm(MingaForm):
    file = FileField(
        lazy("File in the Pabulib format (.pb)"),
        description=lazy("Up to 10 MB. Larger files: use the command minga round import."),
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
