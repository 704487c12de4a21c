"""The desk of staff: assess, recommend, decide, confirm; suspend, lift, end."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import current
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.forms import form_page, try_form
from app.policy import Actor
from app.providers import assessing, banks, checking, criteria, point_words, queries, standing
from app.providers.criteria import Point, State
from app.providers.days import today
from app.providers.forms import DecideForm, JudgeForm, OutcomeForm, ReasonForm
from app.providers.models import EvidenceFileRow, Judgement, ProviderRow
from app.providers.routes.base import blueprint, file_answer, read_point

ITEM = "/staff/accreditations/<uuid:accreditation_id>"
Act = Callable[[Session, Actor, uuid.UUID, str], None]


def _proposing(act: str) -> Act:
    """An act that a second person has to agree to."""

    def work(session: Session, actor: Actor, accreditation_id: uuid.UUID, reason: str) -> None:
        standing.propose(session, actor, act, accreditation_id, reason)

    return work


_ACTS: dict[str, tuple[object, Act]] = {
    "ask": (lazy("Ask the organisation"), assessing.ask),
    "suspend": (lazy("Suspend the accreditation"), _proposing(standing.SUSPEND)),
    "lift": (lazy("End the suspension"), _proposing(standing.LIFT)),
    "end": (lazy("End the accreditation"), _proposing(standing.END)),
}


@blueprint.get("/staff/accreditations")
def desk() -> ResponseReturnValue:
    def read(session: Session) -> tuple[list[object], dict[uuid.UUID, str]]:
        found = queries.at_the_desk(session)
        names = accounts.names(session, (row.assessed_by for row, _provider in found))
        lines = [
            (row, provider, criteria.state_on(row.state, row.valid_to, today()))
            for row, provider in found
        ]
        return list(lines), names

    lines, names = read_tx(read)
    return render_template("providers/desk.html", lines=lines, names=names)


@blueprint.get(ITEM)
def item(accreditation_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, object]:
        row = queries.accreditation(session, accreditation_id)
        events = queries.events(session, row.id)
        suspensions = standing.suspensions(session, row.id)
        people = (
            row.assessed_by,
            row.decided_by,
            row.confirmed_civil_by,
            row.confirmed_government_by,
            *(one.actor_id for one in events),
            *(one.decided_by for one in suspensions),
        )
        return {
            "row": row,
            "provider": session.get_one(ProviderRow, row.provider_id),
            "state": criteria.state_on(row.state, row.valid_to, today()),
            "services": queries.services_of(session, row.id),
            "findings": checking.findings(session, row),
            "evidence": queries.evidence(session, row.id),
            "tariffs": queries.tariffs(session, row.provider_id),
            "files": queries.files(session, row.id),
            "events": events,
            "suspensions": suspensions,
            "waiting": standing.waiting(session, row.id),
            "bank": banks.waiting(session, row.provider_id),
            "names": accounts.names(session, people),
            "points": list(Point),
            "member": any(
                one.account_id == current.actor().account_id for one in queries.council(session)
            ),
        }

    return render_template("providers/item.html", **read_tx(read))


@blueprint.get(f"{ITEM}/files/<uuid:file_id>")
def desk_file(accreditation_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> EvidenceFileRow | None:
        queries.accreditation(session, accreditation_id)
        row = session.get(EvidenceFileRow, file_id)
        return row if row is not None and row.accreditation_id == accreditation_id else None

    row = read_tx(read)
    if row is None:
        raise NotFoundError(_("There is no such file. Look at the list of files again."))
    return file_answer(row)


@blueprint.post(f"{ITEM}/take")
def take(accreditation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: assessing.take(session, actor, accreditation_id))
    flash(_("You assess this application now."))
    return _item(accreditation_id)


@blueprint.route(f"{ITEM}/points/<point>", methods=["GET", "POST"])
def judge(accreditation_id: uuid.UUID, point: str) -> ResponseReturnValue:
    actor, which = current.actor(), read_point(point)

    def read(session: Session) -> dict[str, str]:
        row = queries.accreditation(session, accreditation_id)
        known = queries.evidence(session, row.id).get(which)
        return {"judgement": known.judgement, "text": known.note} if known else {}

    form = JudgeForm(data=read_tx(read))
    text, judgement = form.text.data or "", form.judgement.data
    status = try_form(
        form,
        lambda s: assessing.judge(
            s, actor, accreditation_id, which, judgement=Judgement(judgement), text=text
        ),
    )
    if status is None:
        return _item(accreditation_id)
    return form_page(form, status, title=point_words.POINTS[which], back=_address(accreditation_id))


@blueprint.route(f"{ITEM}/<any(ask, suspend, lift, end):act>", methods=["GET", "POST"])
def reason(accreditation_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """An act with a reason that the organisation reads."""
    actor, form = current.actor(), ReasonForm()
    title, work = _ACTS[act]
    read_tx(lambda session: queries.accreditation(session, accreditation_id))
    text = form.text.data or ""
    status = try_form(form, lambda s: work(s, actor, accreditation_id, text))
    if status is None:
        flash(
            _("Done. The organisation sees it with your reason.")
            if act == "ask"
            else _("Proposed. A second person now has to agree; then the organisation sees it.")
        )
        return _item(accreditation_id)
    return form_page(form, status, title=title, back=_address(accreditation_id))


@blueprint.route(f"{ITEM}/<any(recommend, decide):act>", methods=["GET", "POST"])
def outcome(accreditation_id: uuid.UUID, act: str) -> ResponseReturnValue:
    actor = current.actor()
    form = OutcomeForm() if act == "recommend" else DecideForm()
    read_tx(lambda session: queries.accreditation(session, accreditation_id))
    granted, text = form.outcome.data == "yes", form.text.data or ""

    def work(session: Session) -> None:
        if act == "recommend":
            assessing.recommend(session, actor, accreditation_id, granted=granted, text=text)
        else:
            fee = form["fee"].data or 0
            assessing.decide(
                session, actor, accreditation_id, granted=granted, reason=text, fee_basis_points=fee
            )

    status = try_form(form, work)
    if status is None:
        flash(_("Saved. Other people take it from here."))
        return _item(accreditation_id)
    title = _("Recommend") if act == "recommend" else _("Decide")
    return form_page(form, status, title=title, back=_address(accreditation_id))


@blueprint.post(f"{ITEM}/confirm")
def confirm(accreditation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    row = run_tx(lambda session: assessing.confirm(session, actor, accreditation_id))
    done = row.state != State.RECOMMENDED
    flash(
        _("Both sides have confirmed. The decision counts from today.")
        if done
        else _("You confirmed it for your side. The other side has to confirm it too.")
    )
    return _item(accreditation_id)


@blueprint.post(f"{ITEM}/bank/<uuid:bank_id>/confirm")
def confirm_bank(accreditation_id: uuid.UUID, bank_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: banks.confirm(session, actor, bank_id))
    flash(_("Confirmed. The new account counts in seven days; the organisation was told."))
    return _item(accreditation_id)


@blueprint.post(f"{ITEM}/bank/<uuid:bank_id>/stop")
def refuse_bank(accreditation_id: uuid.UUID, bank_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: banks.stop(session, actor, bank_id, by_staff=True))
    flash(_("Stopped. The account stays as it was; the organisation was told."))
    return _item(accreditation_id)


def _address(accreditation_id: uuid.UUID) -> str:
    return url_for(".item", accreditation_id=accreditation_id)


def _item(accreditation_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(_address(accreditation_id))
