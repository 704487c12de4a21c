"""The tree of areas, and their shapes."""

import uuid
from collections.abc import Callable

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from app.accounts import audit, current
from app.accounts.web_session import redirect
from app.admin import areas as tree
from app.admin.areas import AreasFixedError
from app.admin.forms import KIND_NAMES, AreaForm, ShapesForm
from app.admin.routes.base import blueprint
from app.db import read_tx, run_tx
from app.errors import NotFoundError, UserFacingError
from app.forms import filled
from app.town import queries, service
from app.town.models import AreaKind, AreaRow
from app.town.shapes import BYTES_MAX, read_shapes


@blueprint.get("/staff/areas")
def areas() -> ResponseReturnValue:
    return _show(ShapesForm())


@blueprint.route("/staff/areas/new", methods=["GET", "POST"])
def add_area() -> ResponseReturnValue:
    form = AreaForm(data={"parent": request.args.get("parent", "")})
    form.offer_parents(read_tx(queries.areas))
    if form.validate_on_submit():
        code, name, kind = filled(form.code), filled(form.name), AreaKind(form.kind.data)
        parent = _parent(form)

        def add(session: Session) -> AreaRow:
            return service.add_area(session, code=code, name=name, kind=kind, parent_id=parent)

        try:
            _recorded("area.added", code, add)
        except UserFacingError as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was added.", name=name))
            return redirect(url_for(".areas"))
    return render_template("admin/area.html", form=form, area=None), 422 if form.errors else 200


@blueprint.route("/staff/areas/<uuid:area_id>", methods=["GET", "POST"])
def change_area(area_id: uuid.UUID) -> ResponseReturnValue:
    area, all_areas = read_tx(lambda tx: (service.area(tx, area_id), queries.areas(tx)))
    form = AreaForm(data={"name": area.name, "parent": str(area.parent_id or "")})
    del form.code, form.kind
    form.offer_parents(all_areas, without=area)
    if form.validate_on_submit():
        name, parent = filled(form.name), _parent(form)
        try:
            tree.change(current.actor(), area_id, name=name, parent_id=parent)
        except AreasFixedError as error:
            form.refuse(error)
            return render_template("admin/area.html", form=form, area=area), error.status
        except NotFoundError:
            raise
        except UserFacingError as error:
            form.refuse(error, field="parent")
        else:
            flash(_("%(name)s was saved.", name=name))
            return redirect(url_for(".areas"))
    return render_template("admin/area.html", form=form, area=area), 422 if form.errors else 200


@blueprint.post("/staff/areas/<uuid:area_id>/move")
def move_area(area_id: uuid.UUID) -> ResponseReturnValue:
    up = request.form.get("direction") == "up"
    run_tx(lambda tx: service.move_area(tx, area_id, up=up))
    return redirect(url_for(".areas"))


@blueprint.post("/staff/areas/<uuid:area_id>/remove")
def remove_area(area_id: uuid.UUID) -> ResponseReturnValue:
    tree.remove(current.actor(), area_id)
    flash(_("The area was removed."))
    return redirect(url_for(".areas"))


@blueprint.post("/staff/areas/shapes")
def upload_shapes() -> ResponseReturnValue:
    form = ShapesForm()
    if form.validate_on_submit():
        content = filled(form.shapes).read(BYTES_MAX + 1)
        codes = frozenset(area.code for area in read_tx(queries.areas))
        try:
            shapes = read_shapes(content, codes=codes)
        except UserFacingError as error:
            form.refuse(error, field="shapes")
        else:
            _recorded("area.shapes", "areas", lambda tx: service.set_shapes(tx, shapes))
            number = len(shapes)
            flash(ngettext("%(num)d shape was saved.", "%(num)d shapes were saved.", number))
            return redirect(url_for(".areas"))
    return _show(form)


def _show(form: ShapesForm) -> ResponseReturnValue:
    rows = read_tx(queries.areas)
    depths: dict[uuid.UUID | None, int] = {None: -1}
    for row in rows:
        depths[row.id] = depths.get(row.parent_id, -1) + 1
    page = render_template(
        "admin/areas.html", form=form, areas=rows, depths=depths, kind_names=KIND_NAMES
    )
    return page, 422 if form.errors else 200


def _recorded(action: str, subject: str, work: Callable[[Session], object]) -> None:
    actor = current.actor()

    def both(session: Session) -> None:
        work(session)
        audit.record(session, actor, action, subject)

    run_tx(both)


def _parent(form: AreaForm) -> uuid.UUID | None:
    return uuid.UUID(form.parent.data) if form.parent.data else None
