"""Dask's part of a study: a cluster of this computer, or an existing one."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import dask
from distributed import Client, LocalCluster, Security, rpc

from app.cli.study import unit
from app.cli.study.work import VERSION

CONNECT_S_MAX = 5
FIRST_WORKER_S_MAX = 10
LOOPBACK = "127.0.0.1:0"
SETTINGS = {
    # No page is served and nothing about the running code is collected.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    # A whole file travels with each count, which is what Dask would warn of.
    "distributed.admin.large-graph-warning-threshold": "1 GB",
}


@contextmanager
def local_client(workers: int) -> Iterator[Client]:
    """Give a cluster in this process, in which each worker has a process of its own that counts.

    Dask's own ports are HTTP ports that cannot be left out: here they serve nothing, and nobody
    but this computer.
    """
    unit.POOL.open()
    with (
        _without_logs(),
        dask.config.set(SETTINGS),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=False,
            memory_limit=0,
            dashboard_address=LOOPBACK,
            worker_dashboard_address=LOOPBACK,
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        try:
            yield client
        finally:
            # First: a worker does not stop while a count is running.
            unit.POOL.close()


@contextmanager
def existing_client(address: str) -> Iterator[Client]:
    """Give an existing cluster whose workers can count; raises ClickException if there is none."""
    with _without_logs(), dask.config.set(SETTINGS), _connect(address) as client:
        _check_workers(client, address)
        yield client


@contextmanager
def _without_logs() -> Iterator[None]:
    """Leave out what Dask logs about what is said in one sentence anyway."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _connect(address: str) -> Client:
    try:
        # A client would wait for ever for something that listens and is no scheduler.
        asyncio.run(asyncio.wait_for(_ask_who(address), CONNECT_S_MAX))
        return Client(address, timeout=CONNECT_S_MAX, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise click.ClickException(
            f"No Dask scheduler answers at {address}. Give an address such as "
            "tcp://192.0.2.10:8786, or leave out --scheduler to count on this computer."
        ) from error


async def _ask_who(address: str) -> None:
    """Raise OSError, TimeoutError or ValueError if there is no scheduler."""
    ways = Security().get_connection_args("client")
    async with rpc(address, timeout=CONNECT_S_MAX, connection_args=ways) as server:
        identity = await server.identity()
    if identity.get("type") != "Scheduler":
        raise ValueError(f"{address} is no scheduler")


def _check_workers(client: Client, address: str) -> None:
    """Refuse a cluster that would give other results, or none."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_S_MAX)
    except TimeoutError as error:
        raise click.ClickException(
            f"The scheduler at {address} has no workers. Start some, then this study again."
        ) from error
    try:
        versions: dict[str, Any] = client.run(unit.versions)
    except Exception as error:  # whatever a worker without the package raises
        raise click.ClickException(
            f"The workers of {address} cannot count ({type(error).__name__}). "
            f"Install minga {VERSION} where they run."
        ) from error
    for worker, found in versions.items():
        check_version(found, f"The worker {worker}")


def check_version(found: object, who: str) -> None:
    """Refuse counts by another version: a table must not mix them."""
    if found != VERSION:
        raise click.ClickException(
            f"{who} has minga {found}, this is {VERSION}. Install the same version on both sides."
        )
