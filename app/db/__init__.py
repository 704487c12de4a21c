"""The database: one engine per process, one way to write, one way to read."""

from app.db.tx import read_tx, run_tx

__all__ = ["read_tx", "run_tx"]
