"""What everybody sees of the shared pool."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.db import read_tx
from app.pool import queries
from app.pool.routes.base import blueprint


@blueprint.get("/pool")
def public() -> ResponseReturnValue:
    return render_template("pool/public.html", pools=read_tx(queries.pools))
