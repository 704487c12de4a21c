"""An organisation applies: what it is, its services, point by point, then sends it."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import NotFoundError, UserFacingError
from app.forms import form_page, try_form
from app.policy import fetch
from app.providers import applying, checking, criteria, evidence_files, point_words, queries
from app.providers.criteria import Met, Point
from app.providers.days import today
from app.providers.forms import BeginForm, PointForm, ServicesForm, point_form
from app.providers.models import EvidenceFileRow, ProviderRow
from app.providers.routes.base import blueprint, file_answer, read_point

OWN = "/account/organisations/<uuid:provider_id>"
POINT = f"{OWN}/points/<point>"


@blueprint.get("/account/organisations")
def mine() -> ResponseReturnValue:
    account_id = current.account_id()
    rows = read_tx(lambda session: queries.of_person(session, account_id))
    return render_template("providers/mine.html", rows=rows)


@blueprint.route("/account/organisations/new", methods=["GET", "POST"])
def apply() -> ResponseReturnValue:
    """Begin with name and kind. The form carries a fresh key, so pressing twice begins one."""
    actor, form = current.actor(), BeginForm(data={"key": str(uuid.uuid4())})
    try:
        key = uuid.UUID(str(form.key.data))
    except ValueError:
        key = uuid.uuid4()
    name, kind = form.name.data or "", form.kind.data or ""
    status = try_form(form, lambda s: applying.begin(s, actor, key, name=name, kind=kind))
    if status is None:
        return redirect(url_for(".services", provider_id=key))
    return form_page(
        form,
        status,
        title=_("Apply to take vouchers"),
        back=url_for(".mine"),
        lead=_("First, who you are. Everything is kept as you go; send it when it is complete."),
        button=_("Save and continue"),
    )


@blueprint.get(OWN)
def own(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, object]:
        provider = fetch(session, actor, ProviderRow, provider_id)
        row = applying.current(session, provider_id)
        findings = checking.findings(session, row)
        listed = queries.register(session, today(), provider_id)
        standing = listed[0].accreditation if listed else None
        return {
            "provider": provider,
            "row": row,
            "state": criteria.state_on(row.state, row.valid_to, today()),
            "standing": standing,
            "reminder": criteria.reminder(standing.valid_to, today())
            if standing and standing.valid_to
            else None,
            "services": queries.services_of(session, row.id),
            "findings": findings,
            "complete": all(isinstance(one, Met) for one in findings.values()),
            "evidence": queries.evidence(session, row.id),
            "events": [one for one in queries.events(session, row.id) if one.text],
            "editable": row.state in criteria.EDITABLE,
            "under_way": row.state in criteria.UNDER_WAY,
            "points": list(Point),
        }

    return render_template("providers/own.html", **read_tx(read))


@blueprint.route(f"{OWN}/services", methods=["GET", "POST"])
def services(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> list[str]:
        fetch(session, actor, ProviderRow, provider_id)
        return queries.services_of(session, applying.current(session, provider_id).id)

    form = ServicesForm(data={"services": read_tx(read)})
    chosen = list(form.services.data or [])
    status = try_form(form, lambda s: applying.choose_services(s, actor, provider_id, chosen))
    back = url_for(".own", provider_id=provider_id)
    if status is None:
        return redirect(back)
    return form_page(form, status, title=_("Your services"), back=back)


@blueprint.route(POINT, methods=["GET", "POST"])
def point(provider_id: uuid.UUID, point: str) -> ResponseReturnValue:
    """One point: what is said of it, and its files. Each save is kept, met or not."""
    actor, which = current.actor(), read_point(point)
    if which is Point.TARIFFS:
        return redirect(url_for(".tariffs", provider_id=provider_id))

    def read(session: Session) -> tuple[dict[str, object], list[EvidenceFileRow]]:
        fetch(session, actor, ProviderRow, provider_id)
        row = applying.current(session, provider_id)
        said = queries.evidence(session, row.id).get(which)
        shown = [one for one in queries.files(session, row.id) if one.point == which]
        return (said.answers if said else {}), shown

    answers, files = read_tx(read)
    form = point_form(which, answers)
    status = HTTPStatus.OK
    if form.validate_on_submit():
        refused = _keep(form, provider_id, which)
        if refused is None:
            flash(_("This point was saved."))
            return redirect(url_for(".own", provider_id=provider_id))
        status = refused
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return form_page(
        form,
        status,
        title=point_words.POINTS[which],
        lead=point_words.LEADS[which],
        back=url_for(".own", provider_id=provider_id),
        files=[
            (one.name, url_for(".own_file", provider_id=provider_id, file_id=one.id))
            for one in files
        ],
    )


@blueprint.get(f"{OWN}/files/<uuid:file_id>")
def own_file(provider_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> EvidenceFileRow | None:
        fetch(session, actor, ProviderRow, provider_id)
        own_ones = {row.id for row in queries.accreditations(session, provider_id)}
        row = session.get(EvidenceFileRow, file_id)
        return row if row is not None and row.accreditation_id in own_ones else None

    row = read_tx(read)
    if row is None:
        raise NotFoundError(_("There is no such file. Look at the list of files again."))
    return file_answer(row)


@blueprint.post(f"{OWN}/send")
def send(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor, text = current.actor(), (request.form.get("text") or "").strip()[:4_000]
    run_tx(lambda session: applying.submit(session, actor, provider_id, text))
    flash(_("Your application was sent. You see here how it goes on."))
    return redirect(url_for(".own", provider_id=provider_id))


@blueprint.post(f"{OWN}/renew")
def renew(provider_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: applying.renew(session, actor, provider_id))
    flash(_("A new application has begun with your last answers. Check each point."))
    return redirect(url_for(".own", provider_id=provider_id))


def _keep(form: PointForm, provider_id: uuid.UUID, which: Point) -> HTTPStatus | None:
    actor, answers = current.actor(), form.answers()
    sent = form.file.data
    content = sent.read() if sent else b""
    try:
        if not content:
            run_tx(lambda s: applying.answer(s, actor, provider_id, which, answers))
            return None
        row = evidence_files.prepare(
            content, sent.filename or "", point=which, by=current.account_id()
        )
        evidence_files.FILES.keep(
            row.id,
            content,
            lambda: run_tx(lambda s: applying.answer(s, actor, provider_id, which, answers, row)),
        )
    except UserFacingError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        form.refuse(error, field="file" if content else None)
        return error.status
    return None
