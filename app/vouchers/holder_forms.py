"""The forms of a voucher's holder."""

from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app.forms import MingaForm, MoneyField, Required, choice, length_up_to
from app.vouchers.rules import Carrier


class LostForm(MingaForm):
    carrier = RadioField(
        lazy("Where do you want the new one?"),
        [Required(lazy("Choose the phone or paper."))],
        choices=[
            choice(
                str(Carrier.PHONE),
                lazy("On my phone"),
                hint=lazy("You can use it at once, wherever you sign in."),
            ),
            choice(
                str(Carrier.PAPER),
                lazy("On paper"),
                hint=lazy("Fetch it at the town hall, with an identity document."),
            ),
        ],
    )


class LimitForm(MingaForm):
    day = MoneyField(
        lazy("At most in a day"), [Optional()], description=lazy("Leave it empty for no limit.")
    )
    week = MoneyField(
        lazy("At most in a week"),
        [Optional()],
        description=lazy("From Monday to Sunday. Leave it empty for no limit."),
    )

    def validate_day(self, field: MoneyField) -> None:
        if field.data == 0:
            raise ValidationError(lazy("Enter an amount above 0, or leave it empty."))

    validate_week = validate_day


class AppealForm(MingaForm):
    text = TextAreaField(
        lazy("Why is the block wrong?"),
        [Required(lazy("Write what you want looked at again.")), length_up_to(4_000)],
        description=lazy("Somebody who had no part in it reads this and answers within 30 days."),
    )
