from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import audit, current
from app.accounts.web_session import redirect
from app.admin.forms import TownForm
from app.admin.routes.base import blueprint
from app.db import run_tx
from app.errors import InvalidError
from app.forms import filled
from app.town import service


@blueprint.route("/staff/town", methods=["GET", "POST"])
def town() -> ResponseReturnValue:
    form = TownForm(obj=g.town)
    if form.validate_on_submit():
        values = {name: filled(form[name]) for name in ("name", "contact", "currency", "time_zone")}
        actor = current.actor()

        def save(session: Session) -> None:
            service.save_town(session, **values)
            audit.record(session, actor, "town.changed", "town", values)

        try:
            run_tx(save)
        except InvalidError as error:
            form.refuse(error, field="currency")
        else:
            flash(_("The town's settings were saved."))
            return redirect(url_for(".town"))
    return render_template("admin/town.html", form=form), 422 if form.errors else 200
