"""The folder of real elections, for tests marked `corpus`; PABULIB_DIR names it."""

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from allocation.instance import Instance
from allocation.pabulib import parse


def folder() -> Path | None:
    """The folder of `.pb` files, or None when there is none on this machine."""
    named = os.environ.get("PABULIB_DIR")
    return Path(named) if named and Path(named).is_dir() else None


needs_corpus = pytest.mark.skipif(folder() is None, reason="PABULIB_DIR names no folder")


def files() -> list[Path]:
    """All `.pb` files, the small ones first."""
    found = folder()
    paths = found.glob("*.pb") if found else ()
    return sorted(paths, key=lambda path: (path.stat().st_size, path.name))


@functools.lru_cache(maxsize=4)
def read(name: str) -> Instance:
    """Read an election leniently, as the commands on files do."""
    found = folder()
    if found is None:
        raise RuntimeError("PABULIB_DIR names no folder")
    instance, _ = parse((found / name).read_bytes(), "lenient")
    return instance


def expected(name: str) -> list[dict[str, Any]]:
    """The cases of a file of known outcomes; none without the folder."""
    found = folder()
    if found is None:
        return []
    return [json.loads(line) for line in (found / name).read_text().splitlines()]
