"""The forms of delegation."""

import uuid
from datetime import date

from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from app.delegation import rules, words
from app.forms import DatePartsField, MingaForm, Required, choice, length_up_to

PERSON, ORGANISATION = "person", "organisation"
NUMBER_LENGTH_MAX = 40


class WhoForm(MingaForm):
    """A person by what the resident calls them, or one of the organisations that may help."""

    kind = RadioField(
        lazy("Who is it?"),
        [Required(lazy("Choose a person or an organisation."))],
        choices=[
            choice(PERSON, lazy("A person, such as a relative or a carer")),
            choice(
                ORGANISATION,
                lazy("A helper organisation"),
                hint=lazy("Its users run it. It names the people who act for you."),
            ),
        ],
    )
    label = StringField(
        lazy("What do you call this person?"),
        [length_up_to(rules.LABEL_LENGTH_MAX)],
        description=lazy("Only for your list, such as: my daughter Rosa. No address is needed."),
    )
    organisation = SelectField(lazy("Which organisation?"), choices=[], validate_choice=False)

    def offer(self, organisations: list[tuple[uuid.UUID, str]]) -> None:
        """Put the organisations that may help into the list."""
        self.organisation.choices = [
            choice("", lazy("Choose one")),
            *(choice(str(key), name) for key, name in organisations),
        ]
        self.known = {str(key) for key, _name in organisations}

    def validate_label(self, field: StringField) -> None:
        if self.kind.data == PERSON and not field.data:
            raise ValidationError(lazy("Enter what you call this person."))

    def validate_organisation(self, field: SelectField) -> None:
        if self.kind.data == ORGANISATION and field.data not in self.known:
            raise ValidationError(lazy("Choose an organisation from the list."))

    def provider_id(self) -> uuid.UUID | None:
        return uuid.UUID(self.organisation.data) if self.kind.data == ORGANISATION else None


def _powers(description: str) -> SelectMultipleField:
    choices = [choice(str(power), name, hint=hint) for power, (name, hint) in words.POWERS.items()]
    return SelectMultipleField(
        lazy("What may they do?"),
        choices=choices,
        validate_choice=False,
        description=description,
    )


class PowersForm(MingaForm):
    powers = _powers(
        lazy(
            "Whoever acts for you always sees the number, the state and the last day of your "
            "vouchers. Nobody ever sees your income. Mark only what is needed."
        ),
    )


class EndForm(MingaForm):
    ends_on = DatePartsField(
        lazy("What is the last day?"),
        [Required(lazy("Enter the last day."))],
        description=lazy("At most two years ahead. You can end it at any time before."),
    )

    def last_day(self) -> date:
        """Return the day; one that is never allowed if none was entered."""
        return self.ends_on.data or date.min


class AcceptForm(MingaForm):
    code = StringField(
        lazy("Code"),
        [Required(lazy("Type the code that you were given.")), length_up_to(100)],
        description=lazy("Twelve characters. Capital letters, hyphens and blanks do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    agreed = BooleanField(
        lazy("I act only as this person wants, and know that they see what I do"),
        [Required(lazy("Mark this to go on."))],
    )


class NumberForm(MingaForm):
    number = StringField(
        lazy("Number in the town’s register"),
        [Required(lazy("Enter the number from the register.")), length_up_to(NUMBER_LENGTH_MAX)],
    )


class DeskForm(WhoForm):
    """All that a resident says at the desk, to be agreed to by a second person."""

    powers = _powers(lazy("Read each one out. Mark only what the resident says yes to."))
    ends_on = DatePartsField(lazy("What is the last day?"), [Required(lazy("Enter the last day."))])
    present = BooleanField(
        lazy("The resident is here, and I saw an identity document"),
        [Required(lazy("This is done only with the resident at the desk."))],
    )

    def last_day(self) -> date:
        """Return the day; one that is never allowed if none was entered."""
        return self.ends_on.data or date.min
