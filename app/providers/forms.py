"""The forms of providers: the points of an application, the organisation's own, the desk's."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from app.forms import (
    DatePartsField,
    IntegerField,
    MingaForm,
    MoneyField,
    Required,
    choice,
    length_up_to,
)
from app.forms.bank import BankFields
from app.forms.percent import PercentField
from app.providers import point_words
from app.providers.criteria import Point

COUNT_MAX = 1_000


def _choices(words: Mapping[Any, object]) -> list[Any]:
    return [choice(str(value), label) for value, label in words.items()]


class BeginForm(MingaForm):
    key = HiddenField()
    name = StringField(
        lazy("Name of the organisation"),
        [Required(lazy("Enter the name of the organisation.")), length_up_to(120)],
        description=lazy("As residents know it."),
    )
    kind = RadioField(
        lazy("What kind of organisation is it?"),
        [Required(lazy("Choose the kind of organisation."))],
        choices=_choices(point_words.TYPES),
    )


class ServicesForm(MingaForm):
    services = SelectMultipleField(
        lazy("Which services do you offer?"),
        [Required(lazy("Choose at least one service."))],
        choices=_choices(point_words.SERVICES),
    )


class PointForm(MingaForm):
    """A point of the application: its answers are kept as they are read here."""

    file = FileField(
        lazy("Add a file"),
        description=lazy("PDF, JPEG or PNG, up to 8 MB. You can add several, one after another."),
    )

    def answers(self) -> dict[str, Any]:
        """Return the answers as they are stored; days as text."""
        kept = {}
        for name, value in self.data.items():
            if name not in ("file", "csrf_token"):
                kept[name] = value.isoformat() if isinstance(value, date) else value
        return kept


class UserControlForm(PointForm):
    form = RadioField(
        lazy("How do users control it?"),
        [Required(lazy("Choose how users control the organisation."))],
        choices=_choices(point_words.CONTROL),
    )
    clause = StringField(
        lazy("Where is it written?"),
        [Required(lazy("Name the clause.")), length_up_to(200)],
        description=lazy("Such as “Article 12 of the statutes”."),
    )
    in_force_on = DatePartsField(
        lazy("Since when does it hold?"), [Required(lazy("Enter since when it holds."))]
    )
    minutes_on = DatePartsField(
        lazy("Date of the newest minutes that show it in use"),
        [Required(lazy("Enter the date of the newest minutes."))],
    )


class BoardForm(PointForm):
    total = IntegerField(
        lazy("People on the board"), [Required(lazy("Enter how many."))], most=COUNT_MAX
    )
    user_members = IntegerField(
        lazy("Of these, members who use the services"),
        [Required(lazy("Enter how many, or 0."))],
        most=COUNT_MAX,
    )
    non_members = IntegerField(
        lazy("Of these, people who are not members"),
        [Required(lazy("Enter how many, or 0."))],
        description=lazy("A person sent by the town counts here."),
        most=COUNT_MAX,
    )


class DeclarationForm(PointForm):
    signed_on = DatePartsField(
        lazy("When was it signed?"), [Required(lazy("Enter the day of the signature."))]
    )


class ComplaintsForm(PointForm):
    route = TextAreaField(
        lazy("How do users complain?"),
        [Required(lazy("Say how users complain.")), length_up_to(1_000)],
    )
    answer_days = IntegerField(
        lazy("Days until they get an answer"),
        [Required(lazy("Enter the number of days."))],
        most=COUNT_MAX,
    )
    outside_body = StringField(
        lazy("Who outside your organisation hears them next?"),
        [Required(lazy("Name a body outside your organisation.")), length_up_to(200)],
    )


class LicencesForm(PointForm):
    licences = TextAreaField(
        lazy("Licences"), [Required(lazy("Name your licences.")), length_up_to(1_000)]
    )
    insurance = StringField(
        lazy("Insurance"), [Required(lazy("Name insurer and policy.")), length_up_to(200)]
    )
    guarding = TextAreaField(
        lazy("How do you protect people from harm?"),
        [Required(lazy("Say how you protect people from harm.")), length_up_to(1_000)],
    )


class BankForm(BankFields, PointForm):
    """Where the town pays."""


POINT_FORMS: dict[Point, type[PointForm]] = {
    Point.USER_CONTROL: UserControlForm,
    Point.BOARD: BoardForm,
    Point.RESERVE: DeclarationForm,
    Point.OPEN_BOOKS: DeclarationForm,
    Point.COMPLAINTS: ComplaintsForm,
    Point.LICENCES: LicencesForm,
    Point.BANK: BankForm,
}
"""Tariffs have a page of their own."""


def point_form(point: Point, answers: Mapping[str, Any]) -> PointForm:
    """Draw a point's form with what was answered before."""
    days = ("signed_on", "in_force_on", "minutes_on")
    shown = {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in answers.items()
    }
    return POINT_FORMS[point](data=shown)


class TariffForm(MingaForm):
    service = SelectField(lazy("Service"), choices=_choices(point_words.SERVICES))
    unit = SelectField(lazy("Unit"), choices=_choices(point_words.UNITS))
    amount = MoneyField(lazy("Price of a unit"), [Required(lazy("Enter the price."))])
    valid_from = DatePartsField(
        lazy("From which day on?"), [Required(lazy("Enter the first day."))]
    )

    def validate_amount(self, field: MoneyField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(lazy("Enter an amount above 0."))


class ProfileForm(MingaForm):
    about = TextAreaField(
        lazy("What should people know about you?"), [Optional(), length_up_to(2_000)]
    )
    areas = SelectMultipleField(
        lazy("Areas that you serve"), description=lazy("None chosen: the whole town.")
    )
    languages = StringField(
        lazy("Languages"),
        [Optional(), length_up_to(200)],
        description=lazy("With commas between them: Spanish, Quechua."),
    )
    accessibility = SelectMultipleField(lazy("Accessibility"), choices=_choices(point_words.ACCESS))

    def language_list(self) -> list[str]:
        parts = (one.strip() for one in (self.languages.data or "").split(","))
        return list(dict.fromkeys(one for one in parts if one))


class PersonForm(MingaForm):
    email = StringField(lazy("E-mail address"), [Required(lazy("Enter an e-mail address."))])
    role = RadioField(
        lazy("What may this person do?"),
        [Required(lazy("Choose what this person may do."))],
        choices=_choices(point_words.ROLES),
    )


class DeviceForm(MingaForm):
    label = StringField(
        lazy("Name of the device"),
        [Required(lazy("Enter a name for the device.")), length_up_to(60)],
        description=lazy("Such as “Till in Calle Mayor”."),
    )


class SearchForm(MingaForm):
    class Meta:
        csrf = False

    service = SelectField(lazy("Service"), default="")
    area = SelectField(lazy("Area"), default="")
    language = SelectField(lazy("Language"), default="")
    access = SelectField(lazy("Accessibility"), default="")


class JudgeForm(MingaForm):
    judgement = RadioField(
        lazy("What does the evidence show?"),
        [Required(lazy("Choose what the evidence shows."))],
        choices=_choices(point_words.JUDGEMENTS),
    )
    text = TextAreaField(
        lazy("Why?"),
        [Optional(), length_up_to(2_000)],
        description=lazy("The organisation reads this."),
    )


class ReasonForm(MingaForm):
    text = TextAreaField(
        lazy("Why?"),
        [
            Required(lazy("Write the reason, in words that the organisation understands.")),
            length_up_to(4_000),
        ],
        description=lazy("The organisation reads this."),
    )


class OutcomeForm(ReasonForm):
    outcome = RadioField(
        lazy("Should it be accredited?"),
        [Required(lazy("Choose yes or no."))],
        choices=[choice("yes", lazy("Yes")), choice("no", lazy("No"))],
    )


class DecideForm(OutcomeForm):
    fee = PercentField(
        lazy("Fee of the town, in percent"),
        description=lazy(
            "As agreed with the organisation; it is kept from each payment. Empty: none."
        ),
    )


class MemberForm(MingaForm):
    email = StringField(lazy("E-mail address"), [Required(lazy("Enter an e-mail address."))])
    side = RadioField(
        lazy("Side of the council"),
        [Required(lazy("Choose the side."))],
        choices=_choices(point_words.SIDES),
    )
