"""The program's own source as a zip: whoever uses Minga over a network may have it (AGPL, 13)."""

import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from app.paths import PACKAGE, resource_folder

FOLDERS = ("app", "allocation", "voting")
RESOURCES = ("templates", "seed_data")
ROOT_FILES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile")
SUFFIXES = frozenset(
    {".py", ".typed", ".html", ".typ", ".txt", ".toml", ".md", ".scss", ".css", ".js", ".mjs"}
    | {".json", ".svg", ".png", ".woff2", ".po", ".mako", ".csv", ".geojson", ".pb"}
)
NEVER = frozenset({"node_modules", "__pycache__", "instance"})


@cache
def archive() -> bytes:
    """Return the zip: only files of the kinds above, so nothing of a deployment gets in."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, path in sorted(_files()):
            file.write(path, f"minga/{name}")
    return buffer.getvalue()


def _files() -> Iterator[tuple[str, Path]]:
    root = PACKAGE.parent
    for name in FOLDERS:
        yield from _below(root / name, name)
    for name in RESOURCES:
        folder = _resource(name)
        if folder is not None and folder.parent != PACKAGE:  # in a wheel it is in "app" already
            yield from _below(folder, name)
    if (root / "pyproject.toml").is_file():
        yield from ((name, root / name) for name in ROOT_FILES if (root / name).is_file())


def _resource(name: str) -> Path | None:
    try:
        return resource_folder(name)
    except FileNotFoundError:
        return None


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        inner = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in NEVER for part in inner.parts)
        if path.is_file() and path.suffix in SUFFIXES and not hidden and not path.is_symlink():
            yield f"{name}/{inner.as_posix()}", path
