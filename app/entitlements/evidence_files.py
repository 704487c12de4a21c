"""Documents shown with an application, for as long as they are needed."""

import uuid
from dataclasses import asdict

from flask_babel import lazy_gettext as lazy

from app import clock
from app.entitlements.models import ApplicationFileRow
from app.sealed_files import SealedFolder, describe

FILES = SealedFolder(
    "care-evidence", lazy("This document is not kept any more. Ask for it again if it is needed.")
)


def prepare(content: bytes, name: str, *, application_id: uuid.UUID) -> ApplicationFileRow:
    """Describe a file that was sent. Raises InvalidError for what is no PDF, JPEG or PNG."""
    return ApplicationFileRow(
        application_id=application_id,
        uploaded_at=clock.now(),
        **asdict(describe(content, name)),
    )
