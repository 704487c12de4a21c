"""The forms of the shared pool."""

from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import ValidationError

from app.forms import MingaForm, MoneyField, Required, choice, length_up_to
from app.pool import rules, words


def _above_zero(_form: Any, field: MoneyField) -> None:
    if field.data == 0:
        raise ValidationError(lazy("Enter an amount above zero."))


class GiveForm(MingaForm):
    amount = MoneyField(
        lazy("How much do you want to give?"),
        [Required(lazy("Enter how much you want to give.")), _above_zero],
    )


class SureForm(MingaForm):
    key = HiddenField()


class NeedForm(MingaForm):
    need = RadioField(
        lazy("What is it for?"),
        [Required(lazy("Choose what comes closest."))],
        choices=[choice(str(key), label) for key, label in words.NEEDS.items()],
        description=lazy("Choose what comes closest. You need to prove nothing."),
    )


class AmountForm(MingaForm):
    amount = MoneyField(
        lazy("How much would help?"),
        [Required(lazy("Enter how much would help.")), _above_zero],
        description=lazy("A rough figure is enough, such as what two more hours of help cost."),
    )


class WordsForm(MingaForm):
    words = TextAreaField(
        lazy("Do you want to tell us more?"),
        [length_up_to(rules.WORDS_LENGTH_MAX)],
        description=lazy(
            "You need not. Two officers read it; it is deleted when they have decided."
        ),
    )


class DecideForm(MingaForm):
    granted = RadioField(
        lazy("Is something granted?"),
        [Required(lazy("Choose yes or no."))],
        choices=[choice("yes", lazy("Yes")), choice("no", lazy("No"))],
    )
    amount = MoneyField(lazy("How much?"))
    reason = TextAreaField(
        lazy("Why?"),
        [
            Required(lazy("Write the reason, in words that the resident understands.")),
            length_up_to(rules.REASON_LENGTH_MAX),
        ],
        description=lazy("The resident reads this."),
    )

    def validate_amount(self, field: MoneyField) -> None:
        if self.granted.data == "yes" and not field.data and not field.errors:
            raise ValidationError(lazy("Enter how much is granted."))

    def granted_minor(self) -> int:
        return self.amount.data or 0 if self.granted.data == "yes" else 0
