from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import current
from app.errors import UserFacingError
from app.results import importer
from app.results.forms import ImportForm
from app.results.routes.base import blueprint


@blueprint.route("/staff/rounds/import", methods=["GET", "POST"])
def import_election() -> ResponseReturnValue:
    """Make a closed round of a published election."""
    form = ImportForm()
    if form.validate_on_submit():
        upload = form.file.data
        try:
            row = importer.import_election(
                current.actor(),
                upload.read(),
                file_name=upload.filename or "",
                name=form.name.data or None,
                lenient=bool(form.lenient.data),
            )
        except UserFacingError as error:
            form.refuse(error, field="file")
        else:
            flash(_("Imported. The round is closed and can be counted."))
            return redirect(url_for(".count", slug=row.slug))
    return render_template("results/import.html", form=form), 422 if form.errors else 200
