"""`minga serve` and `minga worker`: the two processes of a deployment."""

import logging
import signal
from types import FrameType
from typing import Any

import click
from flask import Flask
from waitress import create_server

from app.config import Settings, read_settings
from app.factory import make_app
from app.jobs.worker import Worker

LOOPBACK = "127.0.0.1"
THREADS = 16
CONNECTIONS_MAX = 1_000
_IDLE_SECONDS_MAX = 30


@click.command()
def serve() -> None:
    """Serve the pages; with MINGA_JOBS=thread (the default) jobs are done here too."""
    _log_to_standard_error()
    settings = read_settings()
    app = make_app(settings)
    server = _server(app, settings)
    worker: Worker = app.extensions["minga_worker"]
    if settings.jobs == "thread":
        worker.start()
    click.echo(f"Minga is at http://{settings.host}:{settings.port} (stop with Ctrl+C)")
    if settings.public_url is None and settings.host == LOOPBACK:
        click.echo(f"To try passkeys, open http://localhost:{settings.port}: they need a name.")
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("Stopping.")
    finally:
        worker.stop()
        server.close()


@click.command()
def worker() -> None:
    """Do the jobs of a deployment that runs with MINGA_JOBS=external."""
    _log_to_standard_error()
    own: Worker = make_app(read_settings()).extensions["minga_worker"]
    signal.signal(signal.SIGTERM, _stop)
    click.echo("Waiting for jobs (stop with Ctrl+C)")
    try:
        own.run()
    except KeyboardInterrupt:
        own.stop()


def _log_to_standard_error() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _server(app: Flask, settings: Settings) -> Any:
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            connection_limit=CONNECTIONS_MAX,
            channel_timeout=_IDLE_SECONDS_MAX,
            ident="Minga",
            clear_untrusted_proxy_headers=False,
        )
    except ValueError as error:
        raise click.ClickException(
            f"MINGA_HOST is {settings.host!r}, which is no address of this computer. "
            "Use 127.0.0.1, or 0.0.0.0 for all networks it is in."
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"The address http://{settings.host}:{settings.port} cannot be used "
            f"({error.strerror}). Stop what runs there, or set MINGA_PORT to a free port."
        ) from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
