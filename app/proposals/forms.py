"""The forms of residents: the pages of a proposal, the answer to a question."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from app.forms import MingaForm, MoneyField, Required, VersionedForm, choice, filled, length_up_to
from app.proposals import places, rules
from app.rounds.browse import Catalogue
from app.rounds.pictures import ALT_TEXT_LENGTH_MAX
from app.town.models import AreaRow

EM_SPACE = "\u2003"


class Needed(Required):
    """Needed to go on, but not to keep a draft for later."""

    def __call__(self, form: Any, field: Field) -> None:
        if form.later and field.data in (None, ""):
            field.errors = []
            raise StopValidation
        super().__call__(form, field)


class StepForm(VersionedForm):
    """A page of a proposal."""

    later = False
    """The draft is only kept for another day, so nothing has to be complete."""

    def values(self) -> dict[str, Any]:
        """Return the columns that this page fills."""
        raise NotImplementedError


class IdeaForm(StepForm):
    title = StringField(
        lazy("Title"),
        [Needed(lazy("Enter a title.")), length_up_to(rules.TITLE_LENGTH_MAX)],
        description=lazy(
            "Say in a few words what should be there, such as “Shade for the bus stop”."
        ),
    )
    description = TextAreaField(
        lazy("What should be done?"),
        [
            Needed(lazy("Describe what should be done.")),
            length_up_to(rules.DESCRIPTION_LENGTH_MAX),
        ],
        description=lazy("What is missing today, and what should change? Do not name people."),
    )
    beneficiaries = TextAreaField(
        lazy("Who benefits?"),
        [
            Needed(lazy("Say who benefits.")),
            length_up_to(rules.BENEFICIARIES_LENGTH_MAX),
        ],
        description=lazy("For example: children of the school, people who wait for the bus."),
    )

    def values(self) -> dict[str, Any]:
        return {
            "title": " ".join((self.title.data or "").split()),
            "description": self.description.data or "",
            "beneficiaries": self.beneficiaries.data or "",
        }


class PlaceForm(StepForm):
    area = SelectField(
        lazy("Area"),
        [Needed(lazy("Choose the area."))],
        description=lazy("The project is paid from the budget of this area."),
    )
    latitude = StringField(lazy("Latitude"), description=lazy("Degrees north, such as 40.41678."))
    longitude = StringField(lazy("Longitude"), description=lazy("Degrees east, such as -3.70379."))

    def offer(self, areas: Sequence[tuple[AreaRow, int]]) -> None:
        """Offer these areas, each with its depth in the tree."""
        self._areas = [area for area, _depth in areas]
        self.area.choices = [choice("", lazy("Choose an area"))] + [
            choice(str(area.id), EM_SPACE * depth + area.name) for area, depth in areas
        ]

    def validate_latitude(self, field: StringField) -> None:
        self._read(field, most=places.LATITUDE_MAX)
        if bool(field.data) != bool(self.longitude.data):
            raise ValidationError(lazy("Enter both latitude and longitude, or neither."))

    def validate_longitude(self, field: StringField) -> None:
        self._read(field, most=places.LONGITUDE_MAX)
        point = self._point()
        if point and not places.lies_in(*point, (area.geometry for area in self._areas)):
            raise ValidationError(lazy("This point is not in the town. Choose one on the map."))

    def _read(self, field: StringField, *, most: int) -> float | None:
        try:
            return places.read_degrees(field.data, most=most) if field.data else None
        except ValueError:
            raise ValidationError(
                lazy("Enter degrees, such as 40.41678, or leave both fields empty.")
            ) from None

    def _point(self) -> tuple[float, float] | None:
        if self.latitude.errors or not (self.latitude.data and self.longitude.data):
            return None
        return (
            places.read_degrees(self.latitude.data, most=places.LATITUDE_MAX),
            places.read_degrees(self.longitude.data, most=places.LONGITUDE_MAX),
        )

    def values(self) -> dict[str, Any]:
        latitude, longitude = self._point() or (None, None)
        return {
            "area_id": uuid.UUID(self.area.data) if self.area.data else None,
            "latitude": latitude,
            "longitude": longitude,
        }


class DetailsForm(StepForm):
    category = RadioField(
        lazy("What is it about?"), [Needed(lazy("Choose what it is about."))], default=""
    )
    own_cost = MoneyField(
        lazy("What could it cost?"),
        [Needed(lazy("Enter a rough cost. The town works out the official one."))],
        description=lazy("A rough figure is enough. The town works out the official cost later."),
    )

    def offer(self, catalogue: Catalogue) -> None:
        self.category.choices = [choice(str(one.id), one.name) for one in catalogue.categories]

    def validate_own_cost(self, field: MoneyField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(lazy("Enter an amount above 0."))

    def values(self) -> dict[str, Any]:
        return {
            "category_id": uuid.UUID(self.category.data) if self.category.data else None,
            "own_cost_minor": self.own_cost.data,
        }


class PictureForm(StepForm):
    picture = FileField(
        lazy("Picture"),
        description=lazy(
            "A JPEG, PNG or WebP file of up to 8 MB, such as a photo of the place. Do not show "
            "faces or number plates. Where and when it was taken is removed."
        ),
    )
    alt_text = StringField(
        lazy("What does the picture show?"),
        [
            Required(lazy("Say in a sentence what the picture shows.")),
            length_up_to(ALT_TEXT_LENGTH_MAX),
        ],
        description=lazy("For people who cannot see it: “A bus stop without a roof, in the sun”."),
    )

    def data_sent(self) -> bytes:
        """Return the bytes of the file; none if no file was chosen."""
        return bytes(self.picture.data.read()) if self.picture.data else b""


class AnswerForm(MingaForm):
    answer = TextAreaField(
        lazy("Your answer"),
        [Required(lazy("Write your answer.")), length_up_to(rules.MESSAGE_LENGTH_MAX)],
    )

    def text(self) -> str:
        return str(filled(self.answer))
