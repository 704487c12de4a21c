"""Where Minga's own files lie: in the package of an installed wheel, or beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource_folder(name: str) -> Path:
    """Return the folder `name` (`templates`, `seed_data`); raises FileNotFoundError if absent."""
    for parent in (PACKAGE, PACKAGE.parent):
        folder = parent / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"Minga's folder {name!r} is missing from this installation.")
