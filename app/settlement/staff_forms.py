"""The forms of staff who settle."""

from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.forms import (
    DatePartsField,
    MingaForm,
    MoneyField,
    Required,
    choice,
    length_up_to,
)
from app.forms.bank import BankFields


class CutOffForm(MingaForm):
    cut_off_on = DatePartsField(
        lazy("Cut off at the beginning of"),
        [Required(lazy("Enter the day."))],
        description=lazy(
            "What was paid with vouchers more than seven days before is settled. Usually this is "
            "the newest Monday."
        ),
    )


class BankStatementForm(MingaForm):
    booked = MoneyField(
        lazy("Booked by the bank, less what it sent back"),
        [Required(lazy("Enter the sum, 0 if everything came back."))],
        description=lazy("As the statement of the town’s account shows it."),
    )
    returned = SelectMultipleField(lazy("What did the bank send back?"), choices=[])
    why = StringField(
        lazy("Why did it come back?"),
        [length_up_to(200)],
        description=lazy("In the words of the bank. Only if you ticked something."),
    )

    def validate_why(self, field: StringField) -> None:
        if self.returned.data and not field.data:
            raise ValidationError(lazy("Write why the bank sent it back."))


class ReturnForm(MingaForm):
    why = StringField(
        lazy("Why did it come back?"),
        [Required(lazy("Write why the bank sent it back.")), length_up_to(200)],
        description=lazy("In the words of the bank."),
    )


ALL, PART, NOTHING = "all", "part", "nothing"


class DisputeDecisionForm(MingaForm):
    outcome = RadioField(
        lazy("Does the money go back to the voucher?"),
        [Required(lazy("Choose what goes back."))],
        choices=[
            choice(ALL, lazy("Yes, all of it")),
            choice(PART, lazy("Yes, a part")),
            choice(NOTHING, lazy("No, the payment stands")),
        ],
    )
    part = MoneyField(lazy("Which part?"))
    answer = TextAreaField(
        lazy("Why?"),
        [Required(lazy("Write why you decide so.")), length_up_to(2_000)],
        description=lazy("The holder and the organisation read it."),
    )

    def validate_part(self, field: MoneyField) -> None:
        if self.outcome.data == PART and not field.data and not field.errors:
            raise ValidationError(lazy("Enter how much goes back."))

    def back_minor(self, standing_minor: int) -> int:
        """Return what goes back of a payment of which so much stands."""
        wanted = {ALL: standing_minor, PART: self.part.data or 0, NOTHING: 0}
        return wanted.get(str(self.outcome.data), 0)


class PayerForm(BankFields):
    """The town's own account."""
