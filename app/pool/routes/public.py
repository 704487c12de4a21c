"""What everybody sees of the shared pool."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.db import read_tx
from app.pool.routes.base import blueprint
from app.programmes import queries as programmes


@blueprint.get("/pool")
def public() -> ResponseReturnValue:
    """How the pool works. Its figures stand in the open books, whose groups hide a person."""
    return render_template("pool/public.html", programmes=read_tx(programmes.public_programmes))
