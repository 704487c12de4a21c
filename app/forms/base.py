"""What all forms share: clean text, and sentences that stand beside the field at fault."""

import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import lazy_gettext as lazy
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    FieldList,
    FormField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # types lag behind
from wtforms.validators import Length, StopValidation

TEXT_LENGTH_MAX = 20_000


class MingaForm(FlaskForm):
    """The base of every form. Text arrives trimmed, normalised and without control characters.

    Forms with money are made with `meta={"currency": …, "minor_per_unit": …}`.
    """

    class Meta:
        currency = "EUR"
        minor_per_unit = 100

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            field = unbound_field.bind(form=form, **options)
            text = isinstance(field, StringField | SelectField)
            if text and not isinstance(field, PasswordField | SelectMultipleField):
                field.filters = (*field.filters, clean_text)
            return field

    def refuse(self, sentence: object, *, field: str | None = None) -> None:
        """Show why a service refused: beside the field it names, else at the head of the form."""
        if field is None:
            self.form_errors.append(str(sentence))
        else:
            self[field].errors = [*self[field].errors, str(sentence)]

    def error_links(self) -> list[tuple[str | None, str]]:
        """Return (id of the control, sentence) for the summary; no id when no field is at fault."""
        general = [(None, str(sentence)) for sentence in self.form_errors]
        return [*general, *_error_links(self)]


def _error_links(fields: Iterable[Field]) -> list[tuple[str | None, str]]:
    links: list[tuple[str | None, str]] = []
    for field in fields:
        if isinstance(field, FormField | FieldList):
            links += _error_links(field)
        else:
            target = None if field.type in {"HiddenField", "CSRFTokenField"} else first_id(field)
            links += [(target, str(sentence)) for sentence in field.errors]
    return links


def first_id(field: Field) -> str:
    """The id of the control that has to be corrected: for a date, its first wrong box."""
    return str(getattr(field, "first_id", field.id))


def clean_text(text: str | None) -> str | None:
    """Trim, unify line ends and composed letters, drop what no keyboard means to send.

    A NUL alone would make PostgreSQL refuse the row.
    """
    if text is None:
        return None
    if len(text) > TEXT_LENGTH_MAX:
        raise ValueError(lazy("This text is too long. Shorten it to 20,000 characters or fewer."))
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def filled(field: Field) -> Any:
    """Return what a validated field holds; for mypy, which knows that `data` may be None."""
    if field.data is None:
        raise ValueError(f"field {field.name!r} was read before it was validated")
    return field.data


def choice(value: str, label: object, *, hint: object = None) -> SelectChoice:
    """An option of radios, checkboxes or a select; `hint` stands beneath its label."""
    return SelectChoice(value, label, {"hint": hint} if hint else {})


def offered(field: Any) -> set[str]:
    """Return the values of a field's options; for fields that refuse others in their own words."""
    return {option.value for option in field.choices or ()}


def length_up_to(most: int) -> Length:
    """Refuse a longer text with a sentence that says how long it may be."""
    return Length(
        max=most,
        message=lazy("This is too long. Shorten it to %(most)d characters or fewer.", most=most),
    )


class Required:
    """Refuse an empty field with a sentence that says what to enter.

    Unlike WTForms' own it sets no `required` attribute: browsers' bubbles vanish,
    are not translated by us and are read badly by screen readers.
    """

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, sentence: object) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Field) -> None:  # noqa: ARG002 (WTForms calls it so)
        if field.errors and _was_typed(field):  # already known to be wrong, and why
            raise StopValidation
        if field.data is False or field.data in (None, "", []):
            field.errors = []  # such as "Not a valid choice" where nothing was chosen
            raise StopValidation(str(self.sentence))


def _was_typed(field: Field) -> bool:
    return any(isinstance(text, str) and text.strip() for text in field.raw_data or [])
