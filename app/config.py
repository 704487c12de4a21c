"""Settings, read once from the environment; no other module looks there."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app import private_files

JOB_MODES = ("inline", "thread", "external")
PORT_MAX = 65_535


class SettingsError(Exception):
    """A setting has a value that cannot work; the sentence names it and what to do."""


@dataclass(frozen=True)
class Secrets:
    """What only this deployment knows. Generated at first start, never committed."""

    session: bytes  # signs forms and cookies
    code: bytes  # keys the check of voting codes (k_code of the trust document)
    reference: bytes  # keys hashes of register numbers (k_ref)
    throttle: bytes  # keys rate-limit buckets


@dataclass(frozen=True)
class Settings:
    instance: Path
    database_url: str
    secrets: Secrets
    key_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    owner_url: str | None = None
    public_url: str | None = None
    mail_url: str | None = None
    trusted_proxies: int = 0
    jobs: str = "thread"

    @property
    def base_url(self) -> str:
        """Where people reach Minga, without a slash at the end; printed in letters and mail."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; with nothing set, SQLite in `./instance`. Raises SettingsError."""
    env = os.environ if environ is None else environ
    instance = Path(env.get("MINGA_INSTANCE") or "instance").resolve()
    _make_private_folder(instance)
    key_dir = Path(env.get("MINGA_KEY_DIR") or instance / "keys").resolve()
    _make_private_folder(key_dir)
    secret_file = Path(env.get("MINGA_SECRET_FILE") or instance / "secrets.json").resolve()
    return Settings(
        instance=instance,
        database_url=_database_url(env.get("DATABASE_URL"), instance),
        owner_url=_database_url(env["MINGA_OWNER_URL"], instance)
        if env.get("MINGA_OWNER_URL")
        else None,
        secrets=_read_or_make_secrets(secret_file),
        key_dir=key_dir,
        host=env.get("MINGA_HOST") or "127.0.0.1",
        port=_whole_number(env, "MINGA_PORT", default=8000, most=PORT_MAX),
        public_url=_address(env, "MINGA_PUBLIC_URL", like="https://budget.example.org"),
        mail_url=_address(env, "MINGA_MAIL_URL", like="smtp://user:password@mail.example.org:587"),
        trusted_proxies=_whole_number(env, "MINGA_TRUSTED_PROXIES", default=0, most=10),
        jobs=_job_mode(env.get("MINGA_JOBS")),
    )


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'minga.sqlite3'}"
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise SettingsError(
        "DATABASE_URL names a database that Minga does not know. "
        "Use postgresql://user:password@host/name, or leave it out for SQLite."
    )


def _whole_number(env: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) > most:
        raise SettingsError(f"{name} is {text!r}. Give a whole number from 0 to {most}.")
    return int(text)


def _address(env: Mapping[str, str], name: str, *, like: str) -> str | None:
    """Read an address as it stands; the sentence does not repeat it, for it may hold a password."""
    url = env.get(name) or None
    scheme = like.partition(":")[0].removesuffix("s")
    if url is None or _is_address(url, (scheme, f"{scheme}s")):
        return url
    raise SettingsError(f"{name} is no address. Write it like {like}, or leave it out.")


def _is_address(url: str, schemes: tuple[str, str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket left open, a port above 65535
        return False


def _job_mode(text: str | None) -> str:
    mode = text or "thread"
    if mode not in JOB_MODES:
        raise SettingsError(f"MINGA_JOBS is {mode!r}. Use one of {', '.join(JOB_MODES)}.")
    return mode


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be made ({error.strerror}). "
            "Choose another with MINGA_INSTANCE."
        ) from error


def _read_or_make_secrets(path: Path) -> Secrets:
    if not path.exists():
        drawn = {name: secrets.token_hex(32) for name in _SECRET_NAMES}
        private_files.write_once(path, json.dumps(drawn, indent=1).encode())
    try:
        stored = json.loads(path.read_text("utf-8"))
        return Secrets(**{name: bytes.fromhex(stored[name]) for name in _SECRET_NAMES})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"The secrets file {path} cannot be read ({error}). Restore it from its backup; "
            "do not delete it, since voting codes already posted depend on it."
        ) from error


_SECRET_NAMES = tuple(Secrets.__dataclass_fields__)
