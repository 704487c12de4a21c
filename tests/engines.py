"""The two databases of the suite: SQLite files and a private PostgreSQL server.

The server runs on a socket in its own folder (in memory where the machine has /dev/shm), with the
durability settings on, as in production. A database of it serves one test after the other and is
emptied between them.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


class ReusedDatabase:
    """A copy of the template for one test after the other, emptied in between: copies are dear.

    What a test did to the shape of the database, or to too many rows, ends its use: the next test
    gets a new copy.
    """

    TESTS_MAX = 60  # rows that are gone still take room until the server cleans up

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._names = itertools.count(1)
        self._name = ""
        self._url = ""
        self._uses = 0
        self._shape: tuple[Any, ...] = ()
        self._kept: dict[str, bytes] = {}

    def take(self) -> str:
        """Return the address of an empty, migrated database."""
        if not self._name:
            self._name, self._uses = f"reused{next(self._names)}", 0
            self._url = make_database(self._server, self._name, template=self._template)
            with self._open() as connection:
                self._shape = self._look(connection)
                self._kept = dict(self._rows(connection))
        self._uses += 1
        return self._url

    def give_back(self) -> None:
        """Empty the database for the next test, or drop it."""
        if self._uses >= self.TESTS_MAX or not self._emptied():
            drop_database(self._server, self._name)
            self._name = ""

    def _emptied(self) -> bool:
        try:
            with self._open() as connection:
                connection.execute(_END_OTHERS)
                if self._look(connection) != self._shape:
                    return False
                with connection.transaction():
                    connection.execute(_EMPTY)
                    for table, rows in self._kept.items():
                        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                            copy.write(rows)
        except psycopg.Error:
            return False
        return True

    def _open(self) -> psycopg.Connection[Any]:
        plain = self._url.replace("postgresql+psycopg://", "postgresql://")
        return psycopg.connect(plain, autocommit=True)

    def _look(self, connection: psycopg.Connection[Any]) -> tuple[Any, ...]:
        """Return what tells a changed shape of the database."""
        found = connection.execute(_SHAPE).fetchone()
        assert found is not None
        return tuple(found)

    def _rows(self, connection: psycopg.Connection[Any]) -> Iterator[tuple[str, bytes]]:
        """Return the rows that the revisions themselves write, by table."""
        for (table,) in connection.execute(_TABLES).fetchall():
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                if rows := b"".join(bytes(part) for part in copy):
                    yield table, rows


_TABLES = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
_SHAPE = """
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_constraint),
       (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'), (SELECT count(*) FROM pg_proc)
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTY = """
DO $$
DECLARE
    name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT oid::regclass::text FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END
$$
"""
