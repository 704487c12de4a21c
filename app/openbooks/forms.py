from flask_babel import lazy_gettext as lazy
from wtforms import TextAreaField

from app.forms import MingaForm, Required, length_up_to


class NoteForm(MingaForm):
    text = TextAreaField(
        lazy("What did you find?"),
        [Required(lazy("Write what you found, also if it is nothing.")), length_up_to(2_000)],
        description=lazy("Name no resident. Auditors read it."),
    )
