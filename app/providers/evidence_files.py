"""Files shown as evidence of a point."""

import uuid
from dataclasses import asdict

from flask_babel import lazy_gettext as lazy

from app import clock
from app.providers.models import EvidenceFileRow
from app.sealed_files import SealedFolder, describe

FILES = SealedFolder(
    "evidence", lazy("This file cannot be read any more. Ask the organisation to send it again.")
)


def prepare(content: bytes, name: str, *, point: str, by: uuid.UUID) -> EvidenceFileRow:
    """Describe a file that was sent. Raises InvalidError for what is no PDF, JPEG or PNG."""
    return EvidenceFileRow(
        point=point,
        uploaded_by=by,
        uploaded_at=clock.now(),
        **asdict(describe(content, name)),
    )
