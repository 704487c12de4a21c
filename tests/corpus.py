"""The real elections in the folder PABULIB_DIR.

Modules whose names end in `_corpus.py` are collected only when it is set
(`tests/allocation/conftest.py`); the suite has its own elections in `tests/allocation/data`.
"""

import os
from pathlib import Path


def corpus_files(pattern: str = "*.pb") -> list[Path]:
    """List the real elections by name; none without PABULIB_DIR."""
    folder = os.environ.get("PABULIB_DIR")
    return sorted(Path(folder).glob(pattern)) if folder else []


def corpus_file(name: str) -> Path:
    return Path(os.environ["PABULIB_DIR"]) / name
