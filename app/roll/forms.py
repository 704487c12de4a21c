"""Forms of the voter roll."""

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange

from app.forms import MingaForm, Required
from app.roll.rules import AGE_DEFAULT, LENGTH_MAX


class UploadForm(MingaForm):
    file = FileField(
        lazy("File with the voter roll"),
        [Required(lazy("Choose the CSV file with the voter roll."))],
        description=lazy("A CSV file in the encoding UTF-8, at most 10 MB."),
    )
    age_min = IntegerField(
        lazy("Age from which people may vote"),
        [
            Required(lazy("Enter the age in figures, such as 16.")),
            NumberRange(0, 120, message=lazy("Enter an age from 0 to 120.")),
        ],
        default=AGE_DEFAULT,
        description=lazy(
            "Checked where the file gives a date of birth, for the last day of voting."
        ),
    )


class LettersForm(MingaForm):
    district = SelectField(lazy("For whom"), validate_choice=False)


class ReissueForm(MingaForm):
    register_number = StringField(
        lazy("Register number"),
        [
            Required(lazy("Enter the number from the person’s document.")),
            Length(max=LENGTH_MAX["register_number"], message=lazy("This number is too long.")),
        ],
    )
    name = StringField(
        lazy("Name on the letter"),
        [Length(max=LENGTH_MAX["name"], message=lazy("Shorten the name to 120 characters."))],
        description=lazy("Only printed, not kept. Leave it empty to hand the letter over."),
    )
