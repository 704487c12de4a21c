"""Minga: a town decides together, and its residents are cared for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

__version__ = "0.1.0"


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Make the web application; imports here, so that pure modules load without Flask."""
    from app.factory import make_app  # noqa: PLC0415 (light imports, see above)

    return make_app(settings)
