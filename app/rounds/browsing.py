"""The web side of looking through projects or proposals; `templates/rounds/_browse.html` draws it.

view = browsing.look(items, catalogue)
return render_template("…", view=view, form=view.form)
"""

import re
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, after_this_request, g, request, url_for
from flask_babel import lazy_gettext as lazy
from wtforms import SearchField, SelectField
from wtforms.validators import ValidationError

from app.forms import MingaForm, MoneyField, choice, offered
from app.i18n import money
from app.rounds import maps
from app.rounds.browse import Catalogue, Criteria, Item, Page, Sort, find

COOKIE = "minga_order"
_SEED = re.compile(r"[0-9a-f]{32}")
_SEED_LASTS_SECONDS = 400 * 24 * 3600
_TEASER_LENGTH = 160

_SORTS = {
    Sort.RANDOM: lazy("Random order"),
    Sort.CHEAPEST: lazy("Lowest cost first"),
    Sort.DEAREST: lazy("Highest cost first"),
    Sort.TITLE: lazy("By title, A to Z"),
}


class SearchForm(MingaForm):
    q = SearchField(lazy("Search"))
    area = SelectField(lazy("Area"), validate_choice=False)
    category = SelectField(lazy("Category"), validate_choice=False)
    cost_from = MoneyField(lazy("Cost from"))
    cost_to = MoneyField(lazy("Cost up to"))
    sort = SelectField(lazy("Order"), validate_choice=False)

    def validate_area(self, field: SelectField) -> None:
        if field.data not in offered(field):
            field.data = ""
            raise ValidationError(lazy("There is no such area here. All areas are shown."))

    def validate_category(self, field: SelectField) -> None:
        if field.data not in offered(field):
            field.data = ""
            raise ValidationError(lazy("There is no such category here. All are shown."))

    def validate_cost_to(self, field: MoneyField) -> None:
        low = self.cost_from.data
        if field.data is not None and low is not None and field.data < low:
            field.data = None
            raise ValidationError(lazy("Enter an amount that is not below “Cost from”."))


@dataclass(frozen=True)
class View:
    """What a page of a list shows; `address` leads to another page of the same search."""

    form: SearchForm
    page: Page
    total: int
    cards: list[dict[str, Any]]
    areas: dict[str, Any]
    points: list[dict[str, Any]]
    address: Callable[[int], str]

    @property
    def filtered(self) -> bool:
        """Whether anything was asked for, so that "show all" makes sense."""
        return any(request.args.get(name) for name in request.args if name not in _NO_FILTER)


_NO_FILTER = frozenset({"page", "sort"})


def look(items: Iterable[Item], catalogue: Catalogue) -> View:
    """Answer the search in this request's address, in the order of this visitor."""
    every = list(items)
    form = _form(catalogue)
    form.validate()
    found = find(every, _criteria(form, catalogue), seed=visitor_seed())
    page = Page(found, request.args.get("page", 1, type=int))
    return View(
        form=form,
        page=page,
        total=len(every),
        cards=[card(item, catalogue) for item in page.items],
        areas=maps.feature_collection(catalogue.areas),
        points=[point(item, catalogue) for item in found if item.latitude is not None],
        address=_address,
    )


def visitor_seed() -> bytes:
    """Return what this visitor's order comes from: a random cookie that means nothing else."""
    if "order_seed" not in g:
        known = request.cookies.get(COOKIE, "")
        if not _SEED.fullmatch(known):
            known = secrets.token_hex(16)
            after_this_request(_give_cookie)
        g.order_seed = known
    return bytes.fromhex(g.order_seed)


def card(item: Item, catalogue: Catalogue) -> dict[str, Any]:
    """Return what `project_card` of `components/project.html` draws."""
    return {
        "title": item.title,
        "href": item.href,
        "reference": item.reference,
        "area": catalogue.area_names.get(item.area_id) if item.area_id else None,
        "category": catalogue.category_names.get(item.category_id) if item.category_id else None,
        "cost": cost_in_words(item, catalogue),
        "summary": teaser(item.text),
        "picture": item.picture,
        "picture_alt": item.picture_alt,
        "state": item.state,
    }


def point(item: Item, catalogue: Catalogue) -> dict[str, Any]:
    """Return what `place_map` of `components/map.html` draws."""
    return {
        "lat": item.latitude,
        "lon": item.longitude,
        "title": item.title,
        "href": item.href,
        "line": cost_in_words(item, catalogue),
    }


def cost_in_words(item: Item, catalogue: Catalogue) -> str | None:
    if item.cost_minor is None:
        return None
    row = catalogue.round_row
    return money(item.cost_minor, row.currency, row.minor_per_unit)


def teaser(text: str) -> str:
    """Return the beginning of a text, ended at a word.

    >>> teaser("Short enough.")
    'Short enough.'
    """
    line = " ".join(text.split())
    if len(line) <= _TEASER_LENGTH:
        return line
    return line[: _TEASER_LENGTH + 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _form(catalogue: Catalogue) -> SearchForm:
    row = catalogue.round_row
    form = SearchForm(
        request.args,
        meta={"csrf": False, "currency": row.currency, "minor_per_unit": row.minor_per_unit},
    )
    form.area.choices = [choice("", lazy("All areas"))] + [
        choice(area.code, "\u2003" * catalogue.depths[area.id] + area.name)
        for area in catalogue.areas
    ]
    form.category.choices = [choice("", lazy("All categories"))] + [
        choice(str(category.id), category.name) for category in catalogue.categories
    ]
    form.sort.choices = [choice(sort.value, label) for sort, label in _SORTS.items()]
    for field in (form.area, form.category):
        field.data = field.data or ""
    if form.sort.data not in list(Sort):
        form.sort.data = Sort.RANDOM.value
    return form


def _criteria(form: SearchForm, catalogue: Catalogue) -> Criteria:
    area = next((area for area in catalogue.areas if area.code == form.area.data), None)
    return Criteria(
        text=form.q.data or "",
        areas=catalogue.within(area.id) if area else None,
        category_id=uuid.UUID(form.category.data) if form.category.data else None,
        cost_min_minor=form.cost_from.data,
        cost_max_minor=form.cost_to.data,
        sort=Sort(form.sort.data),
    )


def _address(number: int) -> str:
    asked = {name: value for name, value in request.args.items() if value and name != "page"}
    here: dict[str, Any] = {**(request.view_args or {}), **asked}
    if number > 1:
        here["page"] = number
    return url_for(str(request.endpoint), **here)


def _give_cookie(response: Response) -> Response:
    response.set_cookie(
        COOKIE,
        g.order_seed,
        max_age=_SEED_LASTS_SECONDS,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response
