"""What people type to sign in, and about themselves."""

import wtforms
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as lazy
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from app.forms import MingaForm, Required

EMAIL_LENGTH_MAX = 254
NAME_LENGTH_MAX = 120
ADDRESS_LENGTH_MAX = 400
ADDRESS_LINES_MAX = 6


class EmailField(wtforms.EmailField):
    """An e-mail address; `data` is in the one form in which accounts keep it."""

    def process_formdata(self, valuelist: list[object]) -> None:
        typed = str(valuelist[0]).strip()[: EMAIL_LENGTH_MAX + 1] if valuelist else ""
        self.data = typed
        if typed:
            self.data = read_email(typed)


def read_email(typed: str) -> str:
    """Return an address in the one form in which accounts keep it; raises ValueError."""
    try:
        known = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError(lazy("Enter an e-mail address in the form name@example.org.")) from None
    return (known.ascii_email or known.normalized).lower()


def email_field(label: str, hint: str = "") -> EmailField:
    return EmailField(
        label,
        [Required(lazy("Enter an e-mail address."))],
        description=hint,
        render_kw={"autocomplete": "email"},
    )


def name_field(label: str, hint: str = "", *, autocomplete: str = "name") -> StringField:
    return StringField(
        label,
        [
            Required(lazy("Enter a name.")),
            Length(
                max=NAME_LENGTH_MAX, message=lazy("Shorten the name to 120 characters or fewer.")
            ),
        ],
        description=hint,
        render_kw={"autocomplete": autocomplete},
    )


def code_field(label: str, hint: str) -> StringField:
    return StringField(
        label,
        [Required(lazy("Enter the code."))],
        description=hint,
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters"},
    )


class MailForm(MingaForm):
    email = email_field(lazy("Your e-mail address"))


class DigitsForm(MingaForm):
    code = code_field(lazy("Code from the e-mail"), lazy("Six figures, such as 123 456"))


class NameForm(MingaForm):
    name = name_field(lazy("Your name"), lazy("Only the town hall sees it."))


class PaperCodeForm(MingaForm):
    code = code_field(lazy("Your code"), lazy("Twelve signs, such as 4F7K-93QM-X2PA"))


class LetterForm(MingaForm):
    name = name_field(lazy("Your name"), lazy("As it stands on your letter box."))
    address = TextAreaField(
        lazy("Your postal address"),
        [
            Required(lazy("Enter your postal address.")),
            Length(max=ADDRESS_LENGTH_MAX, message=lazy("Shorten the address to 400 characters.")),
        ],
        description=lazy("Street and number, postcode and town, each on a line."),
        render_kw={"autocomplete": "street-address"},
    )

    def validate_address(self, field: TextAreaField) -> None:
        lines = [" ".join(line.split()) for line in str(field.data).split("\n")]
        field.data = "\n".join(line for line in lines if line)
        if field.data.count("\n") >= ADDRESS_LINES_MAX:
            raise ValidationError(lazy("Write the address in six lines or fewer."))


class StaffForm(MingaForm):
    email = EmailField(
        lazy("E-mail address"),
        [Required(lazy("Enter your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy("Password"),
        [Required(lazy("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    code = code_field(lazy("Time code"), lazy("Six figures from your authenticator app"))


class StepUpForm(MingaForm):
    code = code_field(lazy("Time code"), lazy("Six figures from your authenticator app"))


class SetUpForm(MingaForm):
    email = EmailField(
        lazy("Your e-mail address"),
        [Optional()],
        description=lazy("You sign in with it."),
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy("Choose a password"),
        [Required(lazy("Choose a password."))],
        description=lazy("15 characters or more. Four words that do not belong together are good."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy("The same password again"),
        [Required(lazy("Type the password again."))],
        render_kw={"autocomplete": "new-password"},
    )
    code = code_field(lazy("Time code"), lazy("Six figures that the app shows now"))

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(lazy("The two passwords differ. Type the same one twice."))
