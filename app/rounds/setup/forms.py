"""The forms of the short steps: name, categories, ties. The others have modules of their own."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, StopValidation

from allocation.rule_sheet import DEFAULT_TIES
from app.forms import MingaForm, Required, VersionedForm, choice, filled
from app.rounds.setup.steps import Setup
from app.texts import slug_of

NAME_LENGTH_MAX = 80
CATEGORIES_MAX = 40
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


class WholeNumber:
    """Refuse what is no whole number from `low` to `high`, with one sentence."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, form: MingaForm, field: IntegerField) -> None:  # noqa: ARG002 (WTForms)
        wrong = bool(field.errors)
        field.errors = []  # WTForms' own words for it
        if not any(str(text).strip() for text in field.raw_data or []):
            return
        if wrong or field.data is None or not self.low <= field.data <= self.high:
            raise StopValidation(
                _("Enter a whole number from %(low)s to %(high)s.", low=self.low, high=self.high)
            )


class StepForm(VersionedForm):
    """A form of the set-up."""

    def values(self) -> dict[str, Any]:
        """Return what the step stores."""
        raise NotImplementedError


class BasicsForm(StepForm):
    title = StringField(
        lazy("What is the round called?"),
        [Required(lazy("Enter a name, such as “Neighbourhood budget 2027”.")), Length(max=120)],
    )
    slug = StringField(
        lazy("Name in addresses"),
        [
            Length(max=60, message=lazy("Enter at most 60 characters.")),
            Regexp(
                rf"^({SLUG})?$",
                message=lazy(
                    "Use small letters without accents, figures and hyphens, such as "
                    "neighbourhoods-2027."
                ),
            ),
        ],
        description=lazy(
            "It stands in the address of the page. Leave it empty to make it from the name. "
            "Once the round is announced it stays as it is."
        ),
    )
    summary = TextAreaField(
        lazy("What is it about?"),
        [Length(max=2000, message=lazy("Shorten the text to 2,000 characters or fewer."))],
        description=lazy("Two or three sentences for residents, shown first on the round’s page."),
    )

    def values(self) -> dict[str, Any]:
        title = str(filled(self.title))
        return {
            "title": title,
            "slug": self.slug.data or slug_of(title) or "round",
            "summary": self.summary.data or "",
        }


class CategoriesForm(StepForm):
    names = TextAreaField(
        lazy("Categories"),
        description=lazy(
            "One on each line, such as Parks or Streets. Residents choose one for each proposal "
            "and can look for it. Leave it empty if you need none."
        ),
    )

    def validate_names(self, _field: TextAreaField) -> None:
        names = self._lines()
        if any(len(name) > NAME_LENGTH_MAX for name in names):
            raise StopValidation(_("Shorten each category to 80 characters or fewer."))
        if len(names) > CATEGORIES_MAX:
            raise StopValidation(_("Enter at most 40 categories."))

    def values(self) -> dict[str, Any]:
        return {"names": self._lines()}

    def _lines(self) -> list[str]:
        lines = (" ".join(line.split()) for line in (self.names.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


_TIE_ORDERS = {
    "min-cost,max-votes,lot": (
        lazy("Lower cost, then more votes, then a public lot"),
        lazy("More money is left for others."),
    ),
    "max-votes,min-cost,lot": (
        lazy("More votes, then lower cost, then a public lot"),
        lazy("The project that more people named goes first."),
    ),
    "lot": (
        lazy("A public lot at once"),
        lazy("Neither cost nor votes matter once two projects are equal."),
    ),
}


class TiesForm(StepForm):
    ties = RadioField(
        lazy("Two projects are exactly equal. What decides?"),
        [Required(lazy("Choose what decides between equal projects."))],
        choices=[choice(key, label, hint=hint) for key, (label, hint) in _TIE_ORDERS.items()],
    )
    lot_source = TextAreaField(
        lazy("Where does the lot come from?"),
        [
            Required(lazy("Describe the public draw that decides a lot.")),
            Length(max=400, message=lazy("Shorten the text to 400 characters or fewer.")),
        ],
        description=lazy(
            "A draw that everybody can watch and that is held after voting closes, so that nobody "
            "can aim at it. Say what happens if it cannot be held. For example: five dice thrown "
            "in the open session of the council on 3 June; if it is postponed, in the next one."
        ),
    )

    def values(self) -> dict[str, Any]:
        return {
            "ties": str(filled(self.ties)).split(","),
            "lot_source": str(filled(self.lot_source)),
        }


def basics(setup: Setup) -> BasicsForm:
    row = setup.row
    return BasicsForm(data={"title": row.title, "slug": row.slug, "summary": row.summary})


def categories(setup: Setup) -> CategoriesForm:
    return CategoriesForm(data={"names": "\n".join(c.name for c in setup.categories)})


def ties(setup: Setup) -> TiesForm:
    order = ",".join(setup.row.rule.get("ties", DEFAULT_TIES))
    return TiesForm(data={"ties": order, "lot_source": setup.row.lot_source})
