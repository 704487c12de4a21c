"""What every answer has in common: security headers, error pages, the policy, health."""

import base64
import json
import logging
import secrets
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadHost, HTTPException

from app import clock, leads, policy
from app.config import Settings
from app.db import read_tx, tx
from app.db.write_gate import busy
from app.errors import BusyError, TooManyError, UserFacingError

log = logging.getLogger("minga.web")
csrf = CSRFProtect()
blueprint = Blueprint("web", __name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_SENTENCES: dict[HTTPStatus, Callable[[], tuple[str, str]]] = {
    HTTPStatus.NOT_FOUND: lambda: (
        _("Page not found"),
        _("There is no page at this address. Check it, or start from the home page."),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: lambda: (
        _("That does not work here"),
        _("This address does not take what was sent. Go back and use the form on the page."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: lambda: (
        _("Too much was sent"),
        _too_large(),
    ),
    HTTPStatus.FORBIDDEN: lambda: (
        _("Not allowed"),
        _("Your account may not do this. Ask an administrator if you think it should."),
    ),
}


_BACK_TO_FORM = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.METHOD_NOT_ALLOWED)


def _too_large() -> str:
    """Say how much the page takes that was sent to; pages that take no file take a long text."""
    most = current_app.config["FILE_MEGABYTES"].get(request.endpoint)
    if most is None:
        sentence = _(
            "More was sent than this page takes. Nothing was saved. Shorten it and try again."
        )
    else:
        sentence = _(
            "The file is too large. Nothing was saved. Here a file may have up to %(most)s MB: "
            "choose a smaller one.",
            most=most,
        )
    return str(sentence)


def init(app: Flask, *, load: Sequence[Callable[[], None]] = ()) -> None:
    """Set up the web's own parts. `load` runs before the first check that may end in a page."""
    app.before_request(_make_nonce)
    for loader in load:
        app.before_request(loader)
    app.before_request(_refuse_unreadable_headers)
    app.before_request(_allow_much_only_for_files)
    app.before_request(_refuse_nameless_fields)
    csrf.init_app(app)
    app.register_blueprint(blueprint)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_foreign_posts)
    app.after_request(_add_headers)
    app.register_error_handler(UserFacingError, _show_refusal)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(DBAPIError, _show_database_error)
    app.register_error_handler(Exception, _show_our_mistake)
    app.jinja_env.globals["csp_nonce"] = lambda: g.csp_nonce


def enforce(actor: policy.Actor, *, demo: bool) -> ResponseReturnValue | None:
    """Apply the policy to this request; an answer means that it goes no further."""
    if request.endpoint is None:
        return None  # becomes a 404 by itself
    verdict = policy.judge(
        policy.ENDPOINTS.get(request.endpoint), actor, now=clock.now(), demo=demo
    )
    if verdict.allowed:
        return None
    if verdict.missing == "role":
        return error_page(*_SENTENCES[HTTPStatus.FORBIDDEN](), status=HTTPStatus.FORBIDDEN)
    back = (
        request.full_path.rstrip("?")
        if request.method in SAFE_METHODS
        else leads.page_before() or "/"
    )
    target = "accounts.step_up" if verdict.missing == "step_up" else "accounts.sign_in"
    return redirect(url_for(target, next=back), HTTPStatus.SEE_OTHER)


def settings() -> Settings:
    """Return the settings of the application at work, in a request, a job or a command."""
    return cast("Settings", current_app.extensions["minga_settings"])


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def error_page(
    title: str,
    sentence: str,
    *,
    status: int,
    reference: str | None = None,
    code: str = "",
    link: leads.Link | None = None,
) -> ResponseReturnValue:
    """Answer with one sentence, as a page or as JSON. `link`: where the page leads next."""
    if wants_json():
        body = {"outcome": code or HTTPStatus(status).phrase.lower(), "message": sentence}
        return body, status
    page = render_template(
        "errors/error.html", title=title, sentence=sentence, reference=reference, link=link
    )
    return page, status


@blueprint.get("/healthz")
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers."""
    read_tx(lambda session: session.connection().execute(text("SELECT 1")))
    return {"status": "ok"}


def _make_nonce() -> None:
    g.csp_nonce = base64.b64encode(secrets.token_bytes(18)).decode()


def _refuse_unreadable_headers() -> ResponseReturnValue | None:
    """Refuse addresses that no browser sends; without a host not even an error page has links."""
    if isinstance(request.routing_exception, BadHost):
        sentence = _("The name of this site was sent in a form that cannot be. Check the address.")
        return Response(f"{sentence}\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    for name in ("Origin", "Referer"):
        try:
            urlsplit(request.headers.get(name, ""))
        except ValueError:
            abort(HTTPStatus.BAD_REQUEST)
    return None


def _allow_much_only_for_files() -> None:
    """A few megabytes of short fields take hundreds to read; only parts of forms are counted."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = request.max_form_memory_size


def _refuse_nameless_fields() -> None:
    """No browser sends a field without a name, and no form could look for it."""
    if None in request.form or None in request.files:
        abort(HTTPStatus.BAD_REQUEST)


def _refuse_nul() -> None:
    """Nothing has a NUL in its address, and PostgreSQL could not even look for it."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(HTTPStatus.NOT_FOUND)


def _refuse_foreign_posts() -> ResponseReturnValue | None:
    """Refuse posts that another site's page sent; the form token is the second lock."""
    if request.method in SAFE_METHODS or request.path.startswith("/api/"):
        return None
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    same = origin is None or urlsplit(origin).netloc == request.host
    if site in (None, "same-origin", "none") and same:
        return None
    return _show_stale_form(CSRFError())


def download(content: bytes, name: str, media_type: str = "application/pdf") -> Response:
    """Answer with a file that is kept by whoever asked: nothing of it runs in the browser."""
    answer = Response(content, content_type=media_type)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def content_policy(*, scripts: str = "") -> str:
    """Return what a page may load and run. `scripts`: what this page's scripts may do besides."""
    nonce = g.get("csp_nonce", "")
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'{scripts and f' {scripts}'}; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", content_policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    signed_in = g.get("actor", policy.ANONYMOUS).signed_in
    if request.endpoint != "static" and (signed_in or not response.cache_control.max_age):
        response.headers["Cache-Control"] = "no-store"  # nothing stays on a borrowed computer
    return response


def _show_refusal(error: UserFacingError) -> ResponseReturnValue:
    link = leads.link(error.lead, g.get("actor", policy.ANONYMOUS)) or leads.back()
    title = _("This did not work")
    answer = current_app.make_response(
        error_page(title, str(error), status=error.status, code=error.code, link=link)
    )
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, BusyError):
        answer.headers["Retry-After"] = "5"
    return answer


def _show_stale_form(_error: CSRFError) -> ResponseReturnValue:
    sentence = _(
        "This form was open for too long or came from another site. Nothing was saved. "
        "Go back, reload the page and send it again."
    )
    return error_page(
        _("The form has expired"),
        sentence,
        status=HTTPStatus.BAD_REQUEST,
        link=leads.back_to_the_form(),
    )


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error  # a redirect
    known = _SENTENCES.get(status)
    title, sentence = (
        known()
        if known
        else (
            _("This did not work"),
            _("The request could not be understood. Nothing was saved. Go back and try again."),
        )
    )
    link = leads.back_to_the_form() if status in _BACK_TO_FORM else None
    return error_page(title, sentence, status=status, link=link)


def _show_database_error(error: DBAPIError) -> ResponseReturnValue:
    if tx.is_conflict(error):
        return _show_refusal(busy())
    return _show_our_mistake(error)


def _show_our_mistake(error: Exception) -> ResponseReturnValue:
    """Log the fault under a number and show the number: the person can quote it."""
    reference = secrets.token_hex(4)
    log.error(json.dumps({"reference": reference, "endpoint": request.endpoint}), exc_info=error)
    sentence = _("Something went wrong on our side. Nothing was saved. Try again in a minute.")
    return error_page(
        _("Sorry, there is a problem"),
        sentence,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        reference=reference,
    )
