"""Where the built styles, scripts and pictures lie: their names carry a digest of the content."""

import json
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import cast

from flask import Flask, Response, request, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from app.paths import PACKAGE

SECONDS_OF_A_YEAR = 365 * 24 * 3600
DIST = PACKAGE / "static" / "dist"


def asset_url(name: str) -> str:
    """Return the address of a built file by its plain name, such as `app.css`.

    Raises RuntimeError when it was not built: a fault of the installation, not of the visitor.
    """
    manifest = DIST / "manifest.json"
    try:
        names = _names(manifest, manifest.stat().st_mtime_ns)
        return url_for("static", filename=f"dist/{names[name]}")
    except (FileNotFoundError, KeyError):
        raise RuntimeError(f"The asset {name!r} was not built: run `make setup`.") from None


@lru_cache(maxsize=1)
def _names(manifest: Path, changed_ns: int) -> dict[str, str]:  # noqa: ARG001 (a fresh build is read anew)
    return cast("dict[str, str]", json.loads(manifest.read_text(encoding="utf-8")))


def _keep_for_long(response: Response) -> Response:
    """A file's name changes with its content, so a browser need never ask for it again."""
    if request.endpoint == "static" and response.status_code == HTTPStatus.OK:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = SECONDS_OF_A_YEAR
        response.cache_control.immutable = True
    return response


def register(app: Flask) -> None:
    """Let templates name the built files and import the macros of GOV.UK Frontend."""
    app.after_request(_keep_for_long)
    app.jinja_env.globals["asset_url"] = asset_url
    ours = app.jinja_loader or FileSystemLoader([])
    theirs = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_env.loader = ChoiceLoader([ours, theirs])
