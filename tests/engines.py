"""The two databases of the suite: SQLite files and a private PostgreSQL server.

The server runs on a socket in its own folder (in memory where the machine has /dev/shm), with the
durability settings on, as in production.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SHARED_MEMORY = Path("/dev/shm")


def postgres_programs() -> Path | None:
    """Return the folder of the newest installed PostgreSQL server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """Run a server until the block ends; yields the address of its maintenance database."""
    parent = SHARED_MEMORY if SHARED_MEMORY.is_dir() else Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="mg", dir=parent))
    data = folder / "data"
    try:
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(folder, postgres.pw_uid, postgres.pw_gid)
        _run(folder, programs / "initdb", "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8")
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=120"
        )
        _run(
            folder,
            programs / "pg_ctl",
            "-D",
            data,
            "-l",
            folder / "log",
            "-w",
            "-o",
            options,
            "start",
        )
        try:
            yield f"postgresql+psycopg://app@/postgres?host={folder}"
        finally:
            _run(folder, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, *command: object) -> None:
    """Run a program of the server, as the user postgres when we are root (it refuses root)."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = [
            *("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"),
            *("env", "-i", "PATH=/usr/bin:/bin", f"HOME={folder}", "LC_ALL=C.UTF-8"),
            *words,
        ]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder)


def make_database(server: str, name: str, *, template: str = "template1") -> str:
    """Make a database as a copy of `template`; returns its address."""
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return server.replace("/postgres?", f"/{name}?")


def drop_database(server: str, name: str) -> None:
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
