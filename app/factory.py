"""Putting the application together. This module alone knows all features."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import wraps
from importlib import import_module

import click
from flask import Flask, g, has_app_context, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock, i18n, jobs, policy, static_files, web
from app.accounts import current
from app.config import Settings, read_settings
from app.db import engine, read_tx, schema
from app.jobs import mail
from app.jobs.worker import Worker
from app.paths import resource_folder
from app.rounds import queries as round_queries
from app.town import queries as town_queries

# Features with pages, with jobs or acts of two officers, and with commands.
ROUTES: tuple[str, ...] = (
    "app.town.routes",
    "app.accounts.routes",
    "app.admin.routes",
    "app.demo.routes",
    "app.rounds.picture_routes",
    "app.rounds.routes",
    "app.programmes.routes",
    "app.roll.routes",
    "app.ballots.routes",
    "app.proposals.routes",
    "app.results.routes",
    "app.providers.routes",
    "app.vouchers.routes.till",
    "app.vouchers.routes.holder",
    "app.entitlements.routes",
    "app.settlement.routes.staff",
    "app.settlement.routes.holder",
    "app.pool.routes",
    "app.delegation.routes",
    "app.openbooks.routes",
    "app.api.routes",
)
TASKS: tuple[str, ...] = (
    "app.jobs.mail",
    "app.accounts.people",
    "app.ledger.tasks",
    "app.vouchers.blocking",
    "app.vouchers.checking",
    "app.providers.tasks",
    "app.vouchers.tasks",
    "app.entitlements.tasks",
    "app.entitlements.deciding",
    "app.entitlements.batches",
    "app.settlement.releasing",
    "app.settlement.booking",
    "app.settlement.checking",
    "app.pool.granting",
    "app.delegation.desk",
    "app.rounds.tasks",
    "app.roll.tasks",
    "app.ballots.tasks",
    "app.results.tasks",
)
COMMANDS: tuple[str, ...] = (
    "app.accounts.cli",
    "app.rounds.cli",
    "app.roll.cli",
    "app.results.cli",
    "app.demo.cli",
    "app.ledger.cli",
    "app.programmes.cli",
)

VOTE = "ballots.choose_round"
# Main menu, and what the staff's page leads to: a person sees what the policy lets them open.
MENU = (
    (lazy("Rounds"), "rounds.home"),
    (lazy("Vote"), VOTE),
    (lazy("Care providers"), "providers.browse"),
    (lazy("Care vouchers"), "programmes.browse"),
    (lazy("Help"), "town.help"),
    (lazy("Your account"), "accounts.profile"),
    (lazy("Staff"), "admin.dashboard"),
)
STAFF_MENU = (
    (lazy("Rounds"), "rounds.manage_list"),
    (lazy("Voucher programmes"), "programmes.manage_list"),
    (lazy("Review of proposals"), "proposals.desk_all"),
    (lazy("Accreditation of providers"), "providers.desk"),
    (lazy("Applications for care vouchers"), "entitlements.desk"),
    (lazy("Paying providers"), "settlement.batch_list"),
    (lazy("Disputed payments"), "settlement.dispute_list"),
    (lazy("Who acts for a resident"), "delegation.find_resident"),
    (lazy("Requests to the shared pool"), "pool.desk"),
    (lazy("Unusual payments"), "openbooks.flag_list"),
    (lazy("Decisions of two people"), "admin.decisions"),
    (lazy("Accounts at the desk"), "admin.desk"),
    (lazy("Letters with account codes"), "admin.account_letters"),
    (lazy("Areas"), "admin.areas"),
    (lazy("People of the staff"), "admin.people"),
    (lazy("Settings of the town"), "admin.town"),
    (lazy("What staff did"), "admin.audit"),
)
LINKS = {
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "account": "accounts.profile",
    "help": "town.help",
    "books": "openbooks.browse",
    "accessibility": "town.accessibility",
    "privacy": "town.privacy",
    "source": "town.about",
}

FILE_MEGABYTES = {
    "roll.overview": 10,
    "results.import_election": 10,
    "proposals.picture": 8,
    "providers.point": 8,
    "entitlements.evidence": 8,
    "admin.upload_shapes": 5,
    "till.by_photo": 8,
}
"""How large a file each page says that it takes."""
REQUEST_BYTES_MAX = 11_000_000  # the largest of these files, with the other fields of its form
FORM_BYTES_MAX = 500_000
FORM_PARTS_MAX = 1_500


def make_app(settings: Settings | None = None) -> Flask:
    """Make the web application on a database that is at the newest revision."""
    settings = settings or read_settings()
    app = Flask("app", template_folder=str(resource_folder("templates")))
    app.config.update(
        SECRET_KEY=settings.secrets.session,
        FILE_MEGABYTES=FILE_MEGABYTES,
        MAX_CONTENT_LENGTH=REQUEST_BYTES_MAX,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        BABEL_DEFAULT_LOCALE="en_GB",
    )
    app.extensions["minga_settings"] = settings
    engine.configure(settings.database_url)
    schema.check()
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    Babel(app, locale_selector=lambda: "en_GB", timezone_selector=_time_zone)
    i18n.register(app)
    static_files.register(app)
    web.init(app, load=(_load_town, current.load))
    _register(app)
    app.before_request(_enforce_policy)
    app.context_processor(_page_context)
    mail.hold_when(_is_demo)
    jobs.init(app, Worker(app, load=_load_town), mode=settings.jobs)
    return app


def _register(app: Flask) -> None:
    for name in TASKS:
        import_module(name)
    for name in ROUTES:
        app.register_blueprint(import_module(name).blueprint)


def register_commands(group: click.Group) -> None:
    """Add the commands of all features to the `minga` group; each runs inside the application."""
    for name in COMMANDS:
        import_module(name).register(group)
    _run_inside_app(group)


def _run_inside_app(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _run_inside_app(below)
    elif command.callback is not None:
        command.callback = _inside_app(command.callback)


def _inside_app(callback: Callable[..., object]) -> Callable[..., object]:
    @wraps(callback)
    def run(*arguments: object, **options: object) -> object:
        with nullcontext() if has_app_context() else make_app().app_context():
            return callback(*arguments, **options)

    return run


def _load_town() -> None:
    """Load what every page shows, one about an error too: later the database may not answer."""

    def load(session: Session) -> None:
        g.town = town_queries.town(session)
        g.vote_open = bool(g.town) and round_queries.vote_is_open(session, clock.now())

    read_tx(load)


def _time_zone() -> str:
    """Return the town's time zone in requests and jobs; UTC on the command line."""
    town = g.get("town")
    return town.time_zone if town else "UTC"


def _enforce_policy() -> ResponseReturnValue | None:
    return web.enforce(current.actor(), demo=bool(g.town and g.town.demo))


def _page_context() -> dict[str, object]:
    """What every page may show; components/README.md lists it for template writers."""
    town = g.get("town")
    demo = bool(town and town.demo)
    actor = current.actor()
    links = {name: url_for(endpoint) for name, endpoint in LINKS.items()}
    links |= {
        "home": "/",
        "contact": url_for("town.help", _anchor="contact"),
        "voting_help": url_for("town.help", _anchor="vote"),
    }
    if not actor.signed_in:
        links["staff"] = url_for("accounts.staff_sign_in")
    if demo:
        links["demo"] = url_for("demo.people")
    return {
        "town": town,
        "demo": demo,
        "actor": actor,
        "signed_in_as": actor.name if actor.signed_in else None,
        "links": links,
        "navigation": [(name, to, _is_here(to)) for name, to in _menu(MENU)],
        "staff_menu": list(_menu(STAFF_MENU)),
    }


def _menu(entries: tuple[tuple[object, str], ...]) -> Iterator[tuple[str, str]]:
    """Return names and addresses of the pages that this person may open."""
    actor, now, town = current.actor(), clock.now(), g.get("town")
    for name, endpoint in entries:
        if endpoint == VOTE and not g.get("vote_open"):
            continue
        rule = policy.ENDPOINTS.get(endpoint)
        verdict = policy.judge(rule, actor, now=now, demo=bool(town and town.demo))
        if verdict.allowed:
            yield str(name), url_for(endpoint)


def _is_here(address: str) -> bool:
    """Say whether the page shown lies under this entry of the menu."""
    if address == "/":
        return request.path == "/" or request.path.startswith("/rounds/")
    return request.path == address or request.path.startswith(f"{address}/")


def _is_demo(session: Session) -> bool:
    town = town_queries.town(session)
    return bool(town and town.demo)
