"""A resident's own pages: prove who you are, one question at a time, the decision, an appeal."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.entitlements import appealing, applying, evidence_files, proving, queries, rules, words
from app.entitlements.forms import (
    AgeForm,
    AppealForm,
    AreaForm,
    CarrierForm,
    EvidenceForm,
    IncomeForm,
    MemberForm,
    ProveForm,
)
from app.entitlements.models import ApplicationFileRow, ApplicationRow
from app.entitlements.routes.base import blueprint, file_answer
from app.entitlements.rules import EDITABLE, Income
from app.errors import NotFoundError
from app.forms import form_page, try_act, try_form
from app.policy import fetch
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.providers.days import today
from app.town import queries as towns
from app.town.models import AreaRow
from app.vouchers.queries import resident_of
from app.vouchers.rules import Carrier

OWN = "/account/care/<uuid:application_id>"


@blueprint.get("/account/care")
def mine() -> ResponseReturnValue:
    account_id = current.account_id()

    def read(session: Session) -> dict[str, Any]:
        rows = queries.applications(session, account_id)
        begun = {row.programme_id for row, _programme in rows}
        return {
            "proven": resident_of(session, account_id) is not None,
            "rows": rows,
            "programmes": [
                one
                for one in programmes.public_programmes(session)
                if one.state == ProgrammeState.OPEN
                and one.ends_on >= today()
                and one.id not in begun
            ],
        }

    return render_template("entitlements/mine.html", **read_tx(read))


@blueprint.route("/account/care/prove", methods=["GET", "POST"])
def prove() -> ResponseReturnValue:
    actor, form = current.actor(), ProveForm()
    typed = form.code.data or ""
    status = try_act(form, lambda: proving.use(actor, typed), field="code")
    if status is None:
        flash(_("Thank you. You have shown who you are, and need not do it again."))
        return redirect(url_for(".mine"))
    return form_page(
        form,
        status,
        title=_("Prove who you are"),
        lead=_(
            "You do this once. Go to a desk of the town hall with an identity document, or ask "
            "there for a letter. You get a code."
        ),
        back=url_for(".mine"),
        button=_("Continue"),
    )


@blueprint.post("/account/care/programmes/<slug>")
def begin(slug: str) -> ResponseReturnValue:
    actor = current.actor()
    row = run_tx(lambda session: applying.begin(session, actor, slug))
    if row.age is None:
        return redirect(url_for(".age", application_id=row.id))
    return _own(row.id)


@blueprint.get(OWN)
def own(application_id: uuid.UUID) -> ResponseReturnValue:
    """All answers before they are sent; then where it stands, and the decision."""
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        row = fetch(session, actor, ApplicationRow, application_id)
        programme = session.get_one(ProgrammeRow, row.programme_id)
        return {
            "row": row,
            "programme": programme,
            "members": queries.members(session, row.id),
            "files": queries.files(session, row.id),
            "area": session.get(AreaRow, row.area_id) if row.area_id else None,
            "promises": queries.entitlements_of(session, row.id),
            "appeal": queries.appeal(session, row.id),
            "can_appeal": appealing.can_file(session, row),
            "appeal_ends": rules.appeal_ends(row.decided_at) if row.decided_at else None,
            "editable": row.state in EDITABLE,
            "complete": applying.is_complete(row),
            "is_open": programme.state == ProgrammeState.OPEN,
        }

    shown = read_tx(read)
    row: ApplicationRow = shown["row"]
    sums = (
        words.arithmetic(row.arithmetic, row.value_minor, shown["programme"].unit)
        if row.decided_at and row.value_minor is not None
        else []
    )
    return render_template("entitlements/own.html", sums=sums, **shown)


@blueprint.route(f"{OWN}/age", methods=["GET", "POST"])
def age(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(application_id)
    form = AgeForm(data={"age": row.age})
    years = form.age.data or 0
    status = try_form(form, lambda s: applying.tell_age(s, actor, application_id, years))
    if status is None:
        return redirect(url_for(".household", application_id=application_id))
    return form_page(
        form,
        status,
        title=_("Your age"),
        back=_address(application_id),
        button=_("Save and continue"),
    )


@blueprint.route(f"{OWN}/household", methods=["GET", "POST"])
def household(application_id: uuid.UUID) -> ResponseReturnValue:
    """Who lives with the applicant: a list, and a form to add one more."""
    actor, form = current.actor(), MemberForm()
    _row(application_id)
    years, number = form.age.data or 0, form.number.data or ""
    status = try_form(
        form, lambda s: applying.add_member(s, actor, application_id, age=years, number=number)
    )
    if status is None:
        return redirect(url_for(".household", application_id=application_id))
    return render_template(
        "entitlements/household.html",
        form=form,
        row=_row(application_id),
        members=read_tx(lambda s: queries.members(s, application_id)),
    ), status


@blueprint.post(f"{OWN}/household/<uuid:member_id>/remove")
def remove_member(application_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda s: applying.remove_member(s, actor, application_id, member_id))
    return redirect(url_for(".household", application_id=application_id))


@blueprint.route(f"{OWN}/income", methods=["GET", "POST"])
def income(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(application_id)
    answered = {
        None: None,
        Income.NONE: "none",
        Income.DECLARED: "declared",
        Income.VERIFIED: "declared",
    }
    form = IncomeForm(
        data={
            "answer": answered[Income(row.income_kind) if row.income_kind else None],
            "income": row.income_minor,
        }
    )
    told = form.income_minor()
    status = try_form(form, lambda s: applying.tell_income(s, actor, application_id, told))
    if status is None:
        step = ".carrier" if told is None else ".evidence"
        return redirect(url_for(step, application_id=application_id))
    page = render_template("entitlements/income.html", form=form, row=row)
    return page, status


@blueprint.route(f"{OWN}/evidence", methods=["GET", "POST"])
def evidence(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(application_id)
    form = EvidenceForm(data={"at_desk": row.shown_at_desk})
    sent = form.file.data
    content = sent.read() if sent and form.is_submitted() else b""
    at_desk = bool(form.at_desk.data)

    def keep() -> None:
        if not content:
            run_tx(lambda s: applying.show_evidence(s, actor, application_id, at_desk=at_desk))
            return
        file = evidence_files.prepare(content, sent.filename or "", application_id=application_id)
        evidence_files.FILES.keep(
            file.id,
            content,
            lambda: run_tx(
                lambda s: applying.show_evidence(
                    s, actor, application_id, at_desk=at_desk, file=file
                )
            ),
        )

    status = try_act(form, keep, field="file" if content else None)
    if status is None:
        step = ".evidence" if content else ".carrier"
        return redirect(url_for(step, application_id=application_id))
    return form_page(
        form,
        status,
        title=_("Show your income"),
        lead=_(
            "Your income counts at once. Of ten people who tell us theirs, one is asked to show "
            "it, drawn by lot. Documents are deleted when nobody can appeal any more."
        ),
        back=url_for(".income", application_id=application_id),
        button=_("Save and continue"),
        files=[
            (one.name, url_for(".own_file", application_id=application_id, file_id=one.id))
            for one in read_tx(lambda s: queries.files(s, application_id))
        ],
    )


@blueprint.get(f"{OWN}/files/<uuid:file_id>")
def own_file(application_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    _row(application_id)
    return file_answer(find_file(application_id, file_id))


@blueprint.route(f"{OWN}/carrier", methods=["GET", "POST"])
def carrier(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(application_id)
    form = CarrierForm(data={"carrier": row.carrier})
    chosen = form.carrier.data
    status = try_form(
        form, lambda s: applying.choose_carrier(s, actor, application_id, Carrier(chosen))
    )
    if status is None:
        return redirect(url_for(".area", application_id=application_id))
    return form_page(
        form,
        status,
        title=_("Your voucher"),
        back=_address(application_id),
        button=_("Save and continue"),
    )


@blueprint.route(f"{OWN}/area", methods=["GET", "POST"])
def area(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(application_id)
    form = AreaForm(data={"area": str(row.area_id or "")})
    form.offer(read_tx(towns.areas))
    status = try_form(form, lambda s: applying.tell_area(s, actor, application_id, form.area_id()))
    if status is None:
        return _own(application_id)
    return form_page(
        form,
        status,
        title=_("Your part of the town"),
        back=_address(application_id),
        button=_("Save and continue"),
    )


@blueprint.post(f"{OWN}/send")
def send(application_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: applying.send(session, actor, application_id))
    flash(_("Sent. We look at it and answer here. You need to do nothing else."))
    return _own(application_id)


@blueprint.post(f"{OWN}/withdraw")
def withdraw(application_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: applying.withdraw(session, actor, application_id))
    flash(_("Withdrawn. What you told us will be deleted tonight."))
    return redirect(url_for(".mine"))


@blueprint.route(f"{OWN}/appeal", methods=["GET", "POST"])
def appeal(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), AppealForm()
    _row(application_id)
    text = form.text.data or ""
    status = try_form(form, lambda s: appealing.file(s, actor, application_id, text))
    if status is None:
        flash(_("Your appeal was sent. Somebody who had no part in the decision looks at it."))
        return _own(application_id)
    return form_page(
        form,
        status,
        title=_("Appeal"),
        lead=_("Somebody who had no part in the decision answers within 30 days."),
        back=_address(application_id),
        button=_("Send the appeal"),
    )


def find_file(application_id: uuid.UUID, file_id: uuid.UUID) -> ApplicationFileRow:
    """Load a document of this application. Raises NotFoundError for any other."""
    row = read_tx(lambda session: session.get(ApplicationFileRow, file_id))
    if row is None or row.application_id != application_id:
        raise NotFoundError(_("There is no such document. Look at the list again."))
    return row


def _row(application_id: uuid.UUID) -> ApplicationRow:
    actor = current.actor()
    return read_tx(lambda session: fetch(session, actor, ApplicationRow, application_id))


def _address(application_id: uuid.UUID) -> str:
    return url_for(".own", application_id=application_id)


def _own(application_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(_address(application_id))
