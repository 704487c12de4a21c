"""An account at a bank and the address that belongs to it, in parts: banks refuse free lines."""

from flask_babel import lazy_gettext as lazy
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from wtforms import Field, StringField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from app.forms.base import MingaForm, Required, length_up_to


def writable(_form: BaseForm, field: Field) -> None:
    """Refuse what no payment file can hold, or what would be nothing in a bank's letters."""
    text = str(field.data or "")
    if not text.isprintable() or not any(one.isalnum() for one in text):
        raise ValidationError(lazy("Write this in letters and figures, as your bank has it."))


class BankFields(MingaForm):
    """Whoever is paid, or pays, as the bank knows them."""

    iban = StringField(lazy("IBAN"), [Required(lazy("Enter the IBAN."))])
    legal_name = StringField(
        lazy("Legal name"), [Required(lazy("Enter the legal name.")), length_up_to(70), writable]
    )
    street_name = StringField(
        lazy("Street"), [Required(lazy("Enter the street.")), length_up_to(70), writable]
    )
    building_number = StringField(
        lazy("House number"),
        [Required(lazy("Enter the house number.")), length_up_to(16), writable],
    )
    postcode = StringField(
        lazy("Postcode"), [Required(lazy("Enter the postcode.")), length_up_to(16), writable]
    )
    town = StringField(
        lazy("Town"), [Required(lazy("Enter the town.")), length_up_to(35), writable]
    )
    country = StringField(
        lazy("Country"),
        [Required(lazy("Enter the country’s two letters."))],
        description=lazy("Two letters, such as ES."),
    )

    def validate_iban(self, field: StringField) -> None:
        try:
            field.data = str(IBAN(str(field.data)))
        except SchwiftyException:
            raise ValidationError(
                lazy("This is not a valid IBAN. Copy it again from your bank’s papers.")
            ) from None

    def validate_country(self, field: StringField) -> None:
        text = str(field.data).upper()
        if len(text) != 2 or not (text.isascii() and text.isalpha()):  # noqa: PLR2004 (ISO 3166)
            raise ValidationError(lazy("Enter the country’s two letters, such as ES."))
        field.data = text
