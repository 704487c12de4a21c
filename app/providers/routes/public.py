"""The public register: who takes vouchers, and how its users control it."""

import uuid
from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.db import read_tx
from app.errors import NotFoundError
from app.forms import choice, offered
from app.providers import point_words, queries
from app.providers.criteria import State
from app.providers.days import today
from app.providers.forms import SearchForm
from app.providers.queries import Listed
from app.providers.routes.base import blueprint
from app.town import queries as town


@blueprint.get("/providers")
def browse() -> ResponseReturnValue:
    listed, areas = read_tx(_register)
    form = SearchForm(request.args)
    _offer(form, listed, areas)
    fitting = [one for one in listed if _fits(form, one)]
    return render_template(
        "providers/browse.html",
        form=form,
        found=[one for one in fitting if one.accreditation.state != State.SUSPENDED],
        suspended=[one for one in fitting if one.accreditation.state == State.SUSPENDED],
        areas=areas,
    )


@blueprint.get("/providers/<uuid:provider_id>")
def show(provider_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> tuple[list[Listed], dict[str, str]]:
        return queries.register(session, today(), provider_id), _area_names(session)

    found, areas = read_tx(read)
    if not found:
        raise NotFoundError(
            lazy("This organisation is not on the register. It may have been, or may be again.")
        )
    return render_template("providers/show.html", one=found[0], areas=areas)


def _register(session: Session) -> tuple[list[Listed], dict[str, str]]:
    return queries.register(session, today()), _area_names(session)


def _area_names(session: Session) -> dict[str, str]:
    return {str(area.id): area.name for area in town.areas(session)}


def _offer(form: SearchForm, listed: Sequence[Listed], areas: dict[str, str]) -> None:
    languages = sorted({tongue for one in listed for tongue in one.provider.languages})
    anything = choice("", _("Any"))
    form.service.choices = [anything, *(choice(*pair) for pair in point_words.SERVICES.items())]
    form.area.choices = [anything, *(choice(*pair) for pair in areas.items())]
    form.language.choices = [anything, *(choice(one, one) for one in languages)]
    form.access.choices = [anything, *(choice(*pair) for pair in point_words.ACCESS.items())]


def _fits(form: SearchForm, one: Listed) -> bool:
    """Say whether a provider has what is asked for; what is not offered is not asked for."""
    asked = {
        field.name: field.data
        for field in (form.service, form.area, form.language, form.access)
        if field.data and field.data in offered(field)
    }
    provider = one.provider
    has = {
        "service": one.services,
        "area": provider.area_ids or [asked.get("area", "")],
        "language": provider.languages,
        "access": provider.accessibility,
    }
    return all(value in has[name] for name, value in asked.items())
