"""What staff enter on the pages of this shell."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Regexp

from app.accounts.forms import email_field, name_field
from app.accounts.models import Role
from app.accounts.people import ROLE_NAMES
from app.forms import DatePartsField, MingaForm, Required, choice
from app.town.models import AreaKind, AreaRow

ROLE_HINTS = {
    Role.REVIEWER: lazy("Checks proposals: can it be done, and what does it cost."),
    Role.CLERK: lazy("Opens accounts at the desk, prints letters, uploads the voter roll."),
    Role.ROUND_OFFICER: lazy("Prepares, opens, closes and publishes rounds. Two people give it."),
    Role.AUDITOR: lazy("Reads the trail of what staff did, and changes nothing."),
    Role.ADMINISTRATOR: lazy("Manages accounts and the town's settings. Two people give it."),
}
KIND_NAMES = {
    AreaKind.TOWN: lazy("Town"),
    AreaKind.DISTRICT: lazy("District"),
    AreaKind.NEIGHBOURHOOD: lazy("Neighbourhood"),
}


def _role_field() -> RadioField:
    return RadioField(
        lazy("Role"), [Required(lazy("Choose a role."))], choices=_role_choices(list(Role))
    )


def _role_choices(roles: list[Role]) -> list[Any]:
    return [choice(role, ROLE_NAMES[role], hint=ROLE_HINTS[role]) for role in roles]


class PersonForm(MingaForm):
    name = name_field(lazy("Name"), autocomplete="off")
    email = email_field(lazy("E-mail address"), lazy("A link to set up the account goes there."))
    role = _role_field()


class RoleForm(MingaForm):
    role = _role_field()

    def offer_roles_beside(self, held: list[str]) -> None:
        self.role.choices = _role_choices([role for role in Role if role not in held])


class ReasonForm(MingaForm):
    reason = TextAreaField(
        lazy("Reason"),
        [
            Required(lazy("Say why, so that the second person can decide.")),
            Length(max=500, message=lazy("Shorten the reason to 500 characters or fewer.")),
        ],
    )


class TownForm(MingaForm):
    name = name_field(lazy("Name of the town"), autocomplete="off")
    contact = TextAreaField(
        lazy("Where people get help"),
        [
            Required(lazy("Say where people get help.")),
            Length(max=400, message=lazy("Shorten this to 400 characters or fewer.")),
        ],
        description=lazy("Office, opening hours, phone, e-mail. Shown on the help pages."),
    )
    currency = StringField(
        lazy("Currency"),
        [
            Required(lazy("Enter the currency.")),
            Regexp("[A-Z]{3}$", message=lazy("Enter three capital letters, such as EUR.")),
        ],
        description=lazy("Three letters, such as EUR. New rounds are made with it."),
    )
    time_zone = SelectField(
        lazy("Time zone"),
        choices=[choice(zone, zone) for zone in sorted(available_timezones()) if "/" in zone],
    )


class AreaForm(MingaForm):
    code = StringField(
        lazy("Code"),
        [
            Required(lazy("Enter a code.")),
            Regexp(
                r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
                message=lazy("Use up to 40 letters from a to z, figures, dots and hyphens."),
            ),
        ],
        description=lazy("Short and lasting, such as north. The voter roll names areas by it."),
    )
    name = name_field(lazy("Name"), autocomplete="off")
    kind = RadioField(
        lazy("Kind"),
        [Required(lazy("Choose a kind."))],
        choices=[choice(kind, KIND_NAMES[kind]) for kind in AreaKind],
    )
    parent = SelectField(lazy("Lies in"))

    def offer_parents(self, areas: list[AreaRow], *, without: AreaRow | None = None) -> None:
        """Offer the areas that can hold others, in tree order."""
        self.parent.choices = [choice("", lazy("nothing: it stands at the top"))] + [
            choice(str(area.id), area.name)
            for area in areas
            if area.kind != AreaKind.NEIGHBOURHOOD and area is not without
        ]


class ShapesForm(MingaForm):
    shapes = FileField(
        lazy("GeoJSON file"),
        [Required(lazy("Choose a file."))],
        description=lazy(
            "A FeatureCollection in WGS 84, at most 5 MB. "
            "Each feature has a property “code” with the code of its area."
        ),
        render_kw={"accept": ".geojson,.json,application/geo+json"},
    )


class DeskForm(MingaForm):
    key = HiddenField()
    name = name_field(
        lazy("Name of the resident"), lazy("As it stands in the document."), autocomplete="off"
    )


class AuditForm(MingaForm):
    class Meta:
        csrf = False  # a search by GET changes nothing

    action = SelectField(lazy("Act"), default="")
    subject = StringField(lazy("About"), [Length(max=80)])
    since = DatePartsField(lazy("From"))
    until = DatePartsField(lazy("To"))

    def offer_actions(self, actions: list[str]) -> None:
        everything: list[Any] = [choice("", lazy("all"))]
        self.action.choices = everything + [choice(action, action) for action in actions]
