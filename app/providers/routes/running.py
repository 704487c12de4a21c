"""What a provider runs by itself: profile, tariffs, people, devices."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.errors import ConflictError
from app.forms import choice, form_page, try_form
from app.policy import fetch
from app.providers import applying, assessing, banks, checking, devices, queries
from app.providers.days import today
from app.providers.forms import BankForm, DeviceForm, PersonForm, ProfileForm, TariffForm
from app.providers.models import (
    ProviderBankRow,
    ProviderDeviceRow,
    ProviderPersonRow,
    ProviderRow,
    TariffRow,
)
from app.providers.routes.base import blueprint
from app.providers.routes.own import OWN
from app.town import queries as town
from app.town.models import AreaRow


@blueprint.route(f"{OWN}/profile", methods=["GET", "POST"])
def profile(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> tuple[ProviderRow, list[AreaRow]]:
        return fetch(session, actor, ProviderRow, provider_id), list(town.areas(session))

    row, areas = read_tx(read)
    form = ProfileForm(
        data={
            "about": row.about,
            "areas": row.area_ids,
            "languages": ", ".join(row.languages),
            "accessibility": row.accessibility,
        }
    )
    form.areas.choices = [choice(str(area.id), area.name) for area in areas]
    status = try_form(
        form,
        lambda s: applying.describe(
            s,
            actor,
            provider_id,
            about=form.about.data or "",
            area_ids=list(form.areas.data or []),
            languages=form.language_list(),
            accessibility=list(form.accessibility.data or []),
        ),
    )
    back = url_for(".own", provider_id=provider_id)
    if status is None:
        flash(_("What the register says of you was saved."))
        return redirect(back)
    return form_page(form, status, title=_("What people read about you"), back=back)


@blueprint.route(f"{OWN}/tariffs", methods=["GET", "POST"])
def tariffs(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), TariffForm()

    def read(session: Session) -> tuple[ProviderRow, list[TariffRow]]:
        row = fetch(session, actor, ProviderRow, provider_id)
        return row, queries.tariffs(session, provider_id)

    def save(session: Session) -> None:
        valid_from = form.valid_from.data
        if valid_from < today():
            raise ConflictError(_("This day is over, and its prices stay. Enter today or later."))
        applying.set_tariff(
            session,
            actor,
            provider_id,
            service=form.service.data,
            unit=form.unit.data,
            amount_minor=form.amount.data or 0,
            valid_from=valid_from,
        )

    read_tx(read)
    status = try_form(form, save)
    if status is None:
        flash(_("The tariff was saved."))
        return redirect(url_for(".tariffs", provider_id=provider_id))
    provider, rows = read_tx(read)
    page = render_template("providers/tariffs.html", form=form, provider=provider, rows=rows)
    return page, status


@blueprint.route(f"{OWN}/bank", methods=["GET", "POST"])
def bank(provider_id: uuid.UUID) -> ResponseReturnValue:
    """Where the organisation is paid, and asking for another account."""
    actor = current.actor()

    def read(
        session: Session,
    ) -> tuple[ProviderRow, ProviderBankRow | None, ProviderBankRow | None]:
        row = fetch(session, actor, ProviderRow, provider_id)
        held = assessing.bank(session, provider_id)
        return row, held, banks.waiting(session, provider_id)

    provider, held, waits = read_tx(read)
    form = BankForm(obj=held)
    status = try_form(
        form,
        lambda s: banks.ask(
            s, actor, provider_id, {name: form[name].data for name in checking.BANK_FIELDS}
        ),
    )
    if status is None:
        flash(_("Asked for. Somebody of the town checks it; your managers have a mail about it."))
        return redirect(url_for(".bank", provider_id=provider_id))
    page = render_template(
        "providers/bank.html",
        form=form,
        provider=provider,
        held=held,
        waits=waits,
        fields=checking.BANK_FIELDS,
    )
    return page, status


@blueprint.post(f"{OWN}/bank/<uuid:bank_id>/stop")
def stop_bank(provider_id: uuid.UUID, bank_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: banks.stop(session, actor, bank_id, by_staff=False))
    flash(_("Stopped. You are paid to the account that you had."))
    return redirect(url_for(".bank", provider_id=provider_id))


@blueprint.route(f"{OWN}/people", methods=["GET", "POST"])
def people(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), PersonForm()

    def read(
        session: Session,
    ) -> tuple[ProviderRow, list[ProviderPersonRow], dict[uuid.UUID, str]]:
        row = fetch(session, actor, ProviderRow, provider_id)
        found = queries.people(session, provider_id)
        return row, found, accounts.names(session, (one.account_id for one in found))

    read_tx(read)
    email, role = (form.email.data or "").lower(), form.role.data or ""
    status = try_form(
        form, lambda s: applying.add_person(s, actor, provider_id, email=email, role=role)
    )
    if status is None:
        flash(_("This person can act for your organisation now."))
        return redirect(url_for(".people", provider_id=provider_id))
    provider, rows, names = read_tx(read)
    page = render_template(
        "providers/people.html", form=form, provider=provider, rows=rows, names=names
    )
    return page, status


@blueprint.post(f"{OWN}/people/<uuid:account_id>/remove")
def remove_person(provider_id: uuid.UUID, account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: applying.remove_person(session, actor, provider_id, account_id))
    flash(_("This person does not act for your organisation any more."))
    if account_id == actor.account_id:
        return redirect(url_for(".mine"))
    return redirect(url_for(".people", provider_id=provider_id))


@blueprint.route(f"{OWN}/devices", methods=["GET", "POST"])
def device_list(provider_id: uuid.UUID) -> ResponseReturnValue:
    """The devices; a new one's token stands on the answer to the form and nowhere else."""
    actor, form, made = current.actor(), DeviceForm(), ""

    def read(session: Session) -> tuple[ProviderRow, list[ProviderDeviceRow]]:
        row = fetch(session, actor, ProviderRow, provider_id)
        return row, queries.devices(session, provider_id)

    read_tx(read)
    status = HTTPStatus.OK
    if form.validate_on_submit():
        label = str(form.label.data)
        made = run_tx(lambda session: devices.make(session, actor, provider_id, label))[1]
        form.label.data = ""
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    provider, rows = read_tx(read)
    page = render_template(
        "providers/devices.html", form=form, provider=provider, rows=rows, token=made
    )
    return page, status


@blueprint.post(f"{OWN}/devices/<uuid:device_id>/withdraw")
def withdraw_device(provider_id: uuid.UUID, device_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: devices.revoke(session, actor, provider_id, device_id))
    flash(_("The device was withdrawn. Its token opens nothing any more."))
    return redirect(url_for(".device_list", provider_id=provider_id))
