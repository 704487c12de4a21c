"""Help, and what every site must say about itself."""

from importlib.metadata import version

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.town import source_code

blueprint = Blueprint("town", __name__)


@blueprint.get("/help", endpoint="help")
def show_help() -> ResponseReturnValue:
    return render_template("help/help.html")


@blueprint.get("/help/accessibility")
def accessibility() -> ResponseReturnValue:
    return render_template("help/accessibility.html")


@blueprint.get("/help/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("help/privacy.html")


@blueprint.get("/help/limits")
def limits() -> ResponseReturnValue:
    return render_template("help/limits.html")


@blueprint.get("/help/about")
def about() -> ResponseReturnValue:
    return render_template("help/about.html", version=version("minga"))


@blueprint.get("/help/source.zip")
def source() -> ResponseReturnValue:
    answer = Response(source_code.archive(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="minga-{version("minga")}.zip"'
    answer.cache_control.max_age = 3600
    answer.cache_control.public = True
    return answer
