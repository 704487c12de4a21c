"""The desk: open an account for somebody who stands there, or give a new code."""

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from app.accounts import current, desk, queries
from app.admin.forms import DeskForm
from app.admin.routes.base import blueprint
from app.db import read_tx, run_tx
from app.errors import InvalidError
from app.forms import filled

NAME_PART_MIN = 2


@blueprint.route("/staff/desk", methods=["GET", "POST"], endpoint="desk")
def open_account() -> ResponseReturnValue:
    form = DeskForm(data={"key": str(uuid.uuid4())})
    if form.validate_on_submit():
        name, key, actor = filled(form.name), _key(form), current.actor()
        code = run_tx(lambda tx: desk.open_account(tx, actor, key, name))
        return render_template("admin/desk_code.html", name=name, code=code)
    part = request.args.get("q", "").strip()[:120]
    found = None
    if len(part) >= NAME_PART_MIN:
        found = read_tx(lambda tx: queries.residents_named(tx, part))
    page = render_template("admin/desk.html", form=form, part=part, found=found)
    return page, 422 if form.errors else 200


@blueprint.post("/staff/desk/<uuid:account_id>/code")
def desk_code(account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    account, code = run_tx(lambda tx: desk.give_code(tx, actor, account_id))
    return render_template("admin/desk_code.html", name=account.name, code=code)


def _key(form: DeskForm) -> uuid.UUID:
    try:
        return uuid.UUID(str(form.key.data))
    except ValueError:
        raise InvalidError(lazy("This form is broken. Reload the page and try again.")) from None
