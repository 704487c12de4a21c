from flask_babel import lazy_gettext as lazy
from wtforms import TextAreaField

from app.forms import MingaForm, Required, length_up_to


class DisputeForm(MingaForm):
    reason = TextAreaField(
        lazy("What is wrong with it?"),
        [Required(lazy("Write what is wrong with this payment.")), length_up_to(2_000)],
        description=lazy("The town and the other side read it. Say what happened, and when."),
    )
