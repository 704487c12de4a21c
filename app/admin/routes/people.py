"""Staff accounts."""

import uuid
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, current, queries, rules
from app.accounts import people as service
from app.accounts.models import Role
from app.accounts.people import ROLE_NAMES
from app.accounts.set_up import EmailTakenError, is_done
from app.accounts.web_session import redirect
from app.admin.forms import PersonForm, ReasonForm, RoleForm
from app.admin.routes.base import blueprint
from app.db import read_tx, run_tx
from app.errors import NotFoundError, UserFacingError
from app.forms import filled


@blueprint.get("/staff/people")
def people() -> ResponseReturnValue:
    staff = read_tx(queries.known_staff)
    return render_template("admin/people.html", staff=staff, role_names=ROLE_NAMES)


@blueprint.route("/staff/people/new", methods=["GET", "POST"])
def add_person() -> ResponseReturnValue:
    form = PersonForm()
    if form.validate_on_submit():
        values = {"name": filled(form.name), "email": filled(form.email), "role": form.role.data}
        actor = current.actor()
        try:
            account = run_tx(lambda tx: service.add(tx, actor, **values))
        except EmailTakenError as error:
            form.refuse(error, field="email")
        else:
            flash(_said(values["role"]))
            return redirect(url_for(".person", account_id=account.id))
    return render_template("admin/add_person.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/people/<uuid:account_id>", methods=["GET"])
def person(account_id: uuid.UUID) -> ResponseReturnValue:
    return _show(account_id, RoleForm())


@blueprint.post("/staff/people/<uuid:account_id>/roles")
def give_role(account_id: uuid.UUID) -> ResponseReturnValue:
    form = RoleForm()
    if form.validate_on_submit():
        role, actor = filled(form.role), current.actor()
        try:
            run_tx(lambda tx: service.give_role(tx, actor, account_id, role))
        except NotFoundError:
            raise
        except UserFacingError as error:
            form.refuse(error, field="role")
        else:
            flash(_said(role))
            return redirect(url_for(".person", account_id=account_id))
    return _show(account_id, form)


@blueprint.post("/staff/people/<uuid:account_id>/roles/<role>/take")
def take_role(account_id: uuid.UUID, role: str) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda tx: service.take_role(tx, actor, account_id, role))
    flash(_("The role was taken away, and the person was signed out."))
    return redirect(url_for(".person", account_id=account_id))


@blueprint.post("/staff/people/<uuid:account_id>/close")
def disable_person(account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda tx: service.disable(tx, actor, account_id))
    flash(_("The account is closed, and the person was signed out."))
    return redirect(url_for(".person", account_id=account_id))


@blueprint.post("/staff/people/<uuid:account_id>/open")
def enable_person(account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda tx: service.enable(tx, actor, account_id))
    flash(_("The account is open again."))
    return redirect(url_for(".person", account_id=account_id))


@blueprint.route("/staff/people/<uuid:account_id>/reset", methods=["GET", "POST"])
def reset_person(account_id: uuid.UUID) -> ResponseReturnValue:
    account = read_tx(lambda tx: service.person(tx, account_id))
    form = ReasonForm()
    if form.validate_on_submit():
        reason, actor = filled(form.reason), current.actor()
        try:
            run_tx(lambda tx: service.ask_reset(tx, actor, account_id, reason))
        except UserFacingError as error:
            form.refuse(error)
        else:
            flash(_("A second administrator has to approve this."), "important")
            return redirect(url_for(".person", account_id=account_id))
    page = render_template("admin/reset_person.html", form=form, account=account)
    return page, 422 if form.errors else 200


def _said(role: str) -> str:
    if role in rules.PRIVILEGED_ROLES:
        return str(_("A second administrator has to approve the role."))
    return str(_("The role was given."))


def _show(account_id: uuid.UUID, form: RoleForm) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        account = service.person(session, account_id)
        return {
            "account": account,
            "roles": sorted(queries.roles(session, account_id)),
            "set_up": is_done(session, account_id),
            "waiting": [
                row
                for role in Role
                if (row := approvals.pending_for(session, service.GRANT, f"{account_id}:{role}"))
            ],
            "reset": approvals.pending_for(session, service.RESET, str(account_id)),
        }

    found = read_tx(read)
    form.offer_roles_beside(found["roles"])
    page = render_template("admin/person.html", form=form, role_names=ROLE_NAMES, **found)
    return page, 422 if form.errors else 200
