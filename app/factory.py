"""Putting the application together. This module alone knows all features."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module

import click
from flask import Flask, g
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from app import i18n, jobs, static_files, web
from app.accounts import current
from app.config import Settings, read_settings
from app.db import engine, read_tx, schema
from app.jobs.worker import Worker
from app.paths import resource_folder
from app.town import queries as town_queries

# Features with pages, with jobs or acts of two officers, and with commands.
ROUTES: tuple[str, ...] = ("app.rounds.picture_routes",)
TASKS: tuple[str, ...] = ()
COMMANDS: tuple[str, ...] = ()

REQUEST_BYTES_MAX = 10_000_000
FORM_BYTES_MAX = 500_000
FORM_PARTS_MAX = 1_500


def make_app(settings: Settings | None = None) -> Flask:
    """Make the web application on a database that is at the newest revision."""
    settings = settings or read_settings()
    app = Flask("app", template_folder=str(resource_folder("templates")))
    app.config.update(
        SECRET_KEY=settings.secrets.session,
        MAX_CONTENT_LENGTH=REQUEST_BYTES_MAX,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        BABEL_DEFAULT_LOCALE="en",
    )
    app.extensions["minga_settings"] = settings
    engine.configure(settings.database_url)
    schema.check()
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    Babel(app, locale_selector=lambda: "en", timezone_selector=_time_zone)
    i18n.register(app)
    static_files.register(app)
    web.init(app)
    _register(app)
    app.before_request(_load_town)
    app.before_request(current.load)
    app.before_request(_enforce_policy)
    app.context_processor(_page_context)
    jobs.init(app, Worker(app), mode=settings.jobs)
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
        with make_app().app_context():
            return callback(*arguments, **options)

    return run


def _load_town() -> None:
    g.town = read_tx(town_queries.town)


def _time_zone() -> str:
    """Times are shown in the town's time zone; outside a request in UTC."""
    town = g.get("town")
    return town.time_zone if town else "UTC"


def _enforce_policy() -> ResponseReturnValue | None:
    return web.enforce(current.actor(), demo=bool(g.town and g.town.demo))


def _page_context() -> dict[str, object]:
    town = g.get("town")
    return {"town": town, "demo": bool(town and town.demo), "actor": current.actor()}
