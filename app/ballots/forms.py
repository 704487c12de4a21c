"""Forms of the booth. The ballot itself is read by `voting.form_fields`, not by WTForms."""

import uuid

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field, SearchField, SelectField, StringField
from wtforms.validators import StopValidation

from app.forms import MingaForm, Required, choice
from app.rounds.browse import Catalogue, Criteria
from voting.codes import VotingCode, parse_code
from voting.errors import CodeError, CodeErrorKind


class CodeForm(MingaForm):
    """A code as people type it; after a slip it stands there again to be corrected.

    `voting_code` is set once it is well formed.
    """

    voting_code: VotingCode
    code = StringField(
        lazy("Your code"),
        [Required(lazy("Enter the code that is printed on your letter."))],
        description=lazy(
            "16 letters and figures, such as 7K2M-9QXA-3FTR-B4HC. Capital or small letters and "
            "hyphens do not matter."
        ),
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "data-voting-code": True,
        },
    )

    def validate_code(self, field: Field) -> None:
        try:
            self.voting_code = parse_code(field.data or "")
        except CodeError as error:
            raise StopValidation(_slip(error)) from error


def _slip(error: CodeError) -> str:
    """Say what is wrong with the typing, so that it can be found on the letter."""
    match error.kind:
        case CodeErrorKind.LENGTH if error.length is not None:
            return str(
                _(
                    "The code has 16 letters and figures, and you entered %(number)s. "
                    "Compare it with your letter.",
                    number=error.length,
                )
            )
        case CodeErrorKind.SYMBOL if error.position is not None:
            return str(
                _(
                    "Letter %(position)s of your code is “%(symbol)s”, which is in no code. "
                    "Compare it with your letter.",
                    position=error.position,
                    symbol=error.symbol,
                )
            )
        case CodeErrorKind.CHECK:
            return str(
                _(
                    "There is a typing mistake in the code. Compare it with your letter, one "
                    "group of four after the other."
                )
            )
        case _:
            return str(_("This is not a code. It has 16 letters and figures, as on your letter."))


class SiftForm(MingaForm):
    """Search and filters among the projects of one ballot."""

    q = SearchField(lazy("Words in the project"))
    category = SelectField(lazy("Category"), validate_choice=False)
    area = SelectField(lazy("Area"), validate_choice=False)

    @classmethod
    def of(cls, catalogue: Catalogue) -> "SiftForm":
        """Make the form from the address of the page."""
        form = cls(request.args, meta={"csrf": False})
        form.category.choices = [choice("", lazy("All categories"))] + [
            choice(str(row.id), row.name) for row in catalogue.categories
        ]
        form.area.choices = [choice("", lazy("All areas"))] + [
            choice(row.code, row.name) for row in catalogue.areas
        ]
        return form

    def criteria(self, catalogue: Catalogue) -> Criteria:
        """Return what is asked for; an unknown filter asks for nothing."""
        area = next((row for row in catalogue.areas if row.code == self.area.data), None)
        category = next(
            (row.id for row in catalogue.categories if str(row.id) == self.category.data), None
        )
        return Criteria(
            text=self.q.data or "",
            areas=catalogue.within(area.id) if area else None,
            category_id=category,
        )

    @property
    def asked(self) -> dict[str, str]:
        """The fields with something in them, for an address."""
        fields = (self.q, self.category, self.area)
        return {field.name: field.data for field in fields if field.data}


def cast_key_of(text: str | None) -> bytes | None:
    """Read the hidden random bytes of the review page; None if they are not what it holds."""
    try:
        return uuid.UUID(hex=text or "").bytes
    except ValueError:
        return None
