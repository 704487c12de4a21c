"""The forms of the till."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.forms import DatePartsField, IntegerField, MingaForm, MoneyField, Required
from app.vouchers import amounts, codes
from app.vouchers.till_words import MISTYPED
from app.vouchers.visits import Wanted
from voting.errors import CodeError

CODE_TYPED_MAX = 200
DIGITS_TYPED_MAX = 20
HOURS_MAX = 99
MINUTES_MAX = 59
KEY_LENGTH_MAX = 64


class CodeForm(MingaForm):
    code = StringField(
        lazy("Code of the voucher"),
        [Required(lazy("Enter the code that stands on the voucher."))],
        description=lazy("Twelve letters and figures, such as 0123-4567-89AM."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "data-slip": MISTYPED,
        },
    )

    read_code = ""
    """The code once it was found right."""

    def validate_code(self, field: StringField) -> None:
        """A slip is found by the check symbol, before anything is looked up."""
        try:
            self.read_code = codes.read((field.data or "")[:CODE_TYPED_MAX])
        except CodeError:
            raise ValidationError(str(MISTYPED)) from None


class PhotoForm(MingaForm):
    photo = FileField(
        lazy("Photo of the voucher"),
        [Required(lazy("Choose or take a photo of the voucher."))],
        description=lazy("JPEG, PNG or WebP, up to 8 MB. It is read and not kept."),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"},
    )


class AmountForm(MingaForm):
    """The service, and an amount or a time. `tariffs`: service -> minor units an hour."""

    service = RadioField(
        lazy("Service"), [Required(lazy("Choose the service."))], validate_choice=True
    )
    amount = MoneyField(lazy("Amount"), description=lazy("What the voucher is to pay."))
    hours = IntegerField(lazy("Hours"), [Optional()], most=HOURS_MAX)
    minutes = IntegerField(lazy("Minutes"), [Optional()], most=MINUTES_MAX)

    tariffs: Mapping[str, int] = {}

    @property
    def time_minutes(self) -> int:
        return amounts.MINUTES_PER_HOUR * (self.hours.data or 0) + (self.minutes.data or 0)

    def charge_minor(self) -> int | None:
        """Return what is to be taken; None with a sentence beside the field that is wrong."""
        amount_minor, minutes = self.amount.data or 0, self.time_minutes
        tariff = self.tariffs.get(str(self.service.data))
        if amount_minor and minutes:
            self.refuse(lazy("Enter an amount or a time, not both."), field="amount")
        elif amount_minor:
            return int(amount_minor)
        elif not minutes:
            self.refuse(lazy("Enter an amount above 0, or a time."), field="amount")
        elif tariff is None:
            self.refuse(
                lazy("You have no tariff by the hour for this service. Enter the amount instead."),
                field="amount",
            )
        else:
            return amounts.of_minutes(minutes, tariff_hourly_minor=tariff)
        return None


class VisitForm(AmountForm):
    """A visit to be booked: its day besides."""

    visit_on = DatePartsField(
        lazy("Day of the visit"),
        [Required(lazy("Enter the day of the visit."))],
        description=lazy("Such as 27 3 2027, up to 90 days ahead."),
    )

    def wanted(self) -> Wanted | None:
        """Return what is to be booked; None with a sentence beside the field that is wrong."""
        amount_minor, minutes = self.charge_minor(), self.time_minutes
        if amount_minor is None or self.visit_on.data is None:
            return None
        service = str(self.service.data)
        return Wanted(
            service,
            self.visit_on.data,
            amount_minor,
            minutes=minutes or None,
            hour_minor=self.tariffs[service] if minutes else None,
        )


class ConfirmForm(MingaForm):
    """Who confirms with digits types them; `key` makes pressing twice charge once."""

    key = HiddenField(validators=[Length(max=KEY_LENGTH_MAX)])
    which = HiddenField()
    digits = StringField(
        lazy("PIN, or code from the holder’s phone"),
        [
            Length(
                max=DIGITS_TYPED_MAX,
                message=lazy("A PIN has six figures. Ask the holder to enter it again."),
            )
        ],
        description=lazy(
            "Six figures, typed by the holder. Leave it empty for a small amount from paper, "
            "or to let the holder confirm on the phone."
        ),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    again = BooleanField(lazy("Yes, take the same amount a second time"))


class BookForm(VisitForm, ConfirmForm):
    """A visit that the holder confirms at the till with PIN or code."""


class CorrectForm(MingaForm):
    key = HiddenField(validators=[Length(max=KEY_LENGTH_MAX)])
    amount = MoneyField(
        lazy("Right amount"),
        [Required(lazy("Enter the amount that should have been taken; 0 gives all of it back."))],
        description=lazy("0 gives all of it back to the voucher."),
    )
