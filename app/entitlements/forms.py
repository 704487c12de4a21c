"""The forms of entitlements: a question each for residents, and those of the desk."""

import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app.entitlements import words
from app.entitlements.rules import AGE_MAX
from app.forms import IntegerField, MingaForm, MoneyField, Required, choice, length_up_to
from app.town.models import AreaKind, AreaRow

NUMBER_LENGTH_MAX = 40


def _age(label: object, missing: object) -> IntegerField:
    """An age in whole years, refused in words about ages."""
    return IntegerField(
        label,
        [Required(missing)],
        most=AGE_MAX,
        sentence=lazy("Enter the age in whole years, from 0 to %(most)d, in figures."),
    )


class ProveForm(MingaForm):
    code = StringField(
        lazy("Code"),
        [Required(lazy("Type the code from the paper.")), length_up_to(100)],
        description=lazy("Twelve characters. Capital letters, hyphens and blanks do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class AgeForm(MingaForm):
    age = _age(lazy("How old are you?"), lazy("Enter your age."))


class MemberForm(MingaForm):
    age = _age(lazy("Age"), lazy("Enter the age."))
    number = StringField(
        lazy("Number in the town’s register, if you have it at hand"),
        [Optional(), length_up_to(NUMBER_LENGTH_MAX)],
        description=lazy(
            "With it, a person under 18 gets a voucher of their own with yours. We keep only a "
            "fingerprint of the number."
        ),
    )


class IncomeForm(MingaForm):
    answer = RadioField(
        lazy("Do you want to tell us your household’s income?"),
        [Required(lazy("Choose one of the two. Both are fine."))],
        choices=[
            choice("none", lazy("No, it stays private"), hint=lazy("You get the basic amount.")),
            choice("declared", lazy("Yes"), hint=lazy("You may get more than the basic amount.")),
        ],
    )
    income = MoneyField(
        lazy("Income of all in your household in a month"),
        description=lazy("Wages, pensions and benefits together, after taxes."),
    )

    def validate_income(self, field: MoneyField) -> None:
        if self.answer.data == "declared" and field.data is None and not field.errors:
            raise ValidationError(lazy("Enter the income, or choose that it stays private."))

    def income_minor(self) -> int | None:
        return self.income.data if self.answer.data == "declared" else None


class EvidenceForm(MingaForm):
    file = FileField(
        lazy("Add a document"),
        description=lazy(
            "A payslip, a letter about a pension or a benefit, a tax statement. PDF, JPEG or PNG, "
            "up to 8 MB. You can add several, one after another."
        ),
    )
    at_desk = BooleanField(lazy("I show my papers at a desk instead"))


class CarrierForm(MingaForm):
    carrier = RadioField(
        lazy("How do you want your voucher?"),
        [Required(lazy("Choose how you want it."))],
        choices=[choice(str(key), label) for key, label in words.CARRIERS.items()],
        description=lazy("On paper you get it at the town hall, with a PIN apart from it."),
    )


class AreaForm(MingaForm):
    area = SelectField(
        lazy("In which part of the town do you live?"),
        description=lazy(
            "It changes nothing in what you get. The open books count in which parts of the town "
            "vouchers arrive, in groups of ten people or more."
        ),
    )

    def offer(self, areas: Sequence[AreaRow]) -> None:
        parts = [(str(one.id), one.name) for one in areas if one.kind != AreaKind.TOWN]
        self.area.choices = [("", lazy("I would rather not say")), *parts]

    def area_id(self) -> uuid.UUID | None:
        """Return the area that was chosen, after validation; None: not said."""
        return uuid.UUID(self.area.data) if self.area.data else None


class TextForm(MingaForm):
    text = TextAreaField(
        lazy("In your words"),
        [Required(lazy("Write a sentence or more.")), length_up_to(4_000)],
    )


class AppealForm(TextForm):
    text = TextAreaField(
        lazy("What is wrong with the decision?"),
        [Required(lazy("Write what is wrong with the decision.")), length_up_to(4_000)],
        description=lazy("You need no reasons in law. Say it as you would say it to a neighbour."),
    )


class AskForm(TextForm):
    text = TextAreaField(
        lazy("Your question"),
        [Required(lazy("Write the question.")), length_up_to(4_000)],
        description=lazy("The applicant reads this."),
    )


class DecideForm(MingaForm):
    verified = BooleanField(lazy("I have seen evidence of the income"))
    granted = RadioField(
        lazy("Is this person entitled?"),
        [Required(lazy("Choose yes or no."))],
        choices=[choice("yes", lazy("Yes")), choice("no", lazy("No"))],
    )
    text = TextAreaField(
        lazy("Why?"),
        [
            Required(lazy("Write the reason, in words that the applicant understands.")),
            length_up_to(4_000),
        ],
        description=lazy("The applicant reads this."),
    )


class AnswerForm(MingaForm):
    upheld = RadioField(
        lazy("Is the appeal right?"),
        [Required(lazy("Choose yes or no."))],
        choices=[
            choice("yes", lazy("Yes: others decide anew")),
            choice("no", lazy("No: the decision stays")),
        ],
    )
    text = TextAreaField(
        lazy("Your answer"),
        [Required(lazy("Write the answer, with its reasons.")), length_up_to(4_000)],
        description=lazy("The applicant reads this."),
    )


class IdentityForm(MingaForm):
    number = StringField(
        lazy("Number in the town’s register"),
        [Required(lazy("Enter the number from the register.")), length_up_to(NUMBER_LENGTH_MAX)],
    )
    channel = RadioField(
        lazy("How does the person get the code?"),
        [Required(lazy("Choose how the person gets the code."))],
        choices=[choice(str(key), label) for key, label in words.CHANNELS.items()],
    )
    name = StringField(lazy("Name"), [length_up_to(120)])
    address = TextAreaField(lazy("Address in the register"), [length_up_to(400)])

    def validate_address(self, field: TextAreaField) -> None:
        if self.channel.data == "post" and not (field.data and self.name.data):
            raise ValidationError(lazy("Enter name and address for the letter."))


class SerialForm(MingaForm):
    serial = StringField(
        lazy("Serial"),
        [Required(lazy("Enter the serial from the paper.")), length_up_to(20)],
        description=lazy("It stands under the code and begins with V-."),
    )

    def written(self) -> str:
        """Return it as it is stored, however it was typed."""
        return (self.serial.data or "").replace(" ", "").upper()


class FindVoucherForm(MingaForm):
    wanted = StringField(
        lazy("Serial of the voucher, or number in the town’s register"),
        [
            Required(lazy("Enter a serial or a number from the register.")),
            length_up_to(NUMBER_LENGTH_MAX),
        ],
        description=lazy("The serial begins with V-. Who lost the paper may not know it."),
    )


class ReplaceForm(MingaForm):
    reason = RadioField(
        lazy("Why does it need another voucher?"),
        [Required(lazy("Choose why."))],
        choices=[choice(str(key), label) for key, label in words.REPLACED_FOR.items()],
    )


class BlockForm(MingaForm):
    text = TextAreaField(
        lazy("Why?"),
        [
            Required(lazy("Write the reason, in words that the holder understands.")),
            length_up_to(4_000),
        ],
        description=lazy("The holder reads this, and so does the second person."),
    )


class AnswerBlockForm(MingaForm):
    upheld = RadioField(
        lazy("Is the appeal right?"),
        [Required(lazy("Choose yes or no."))],
        choices=[
            choice("yes", lazy("Yes: the voucher pays again at once")),
            choice("no", lazy("No: it stays blocked")),
        ],
    )
    text = TextAreaField(
        lazy("Your answer"),
        [Required(lazy("Write the answer, with its reasons.")), length_up_to(4_000)],
        description=lazy("The holder reads this."),
    )
