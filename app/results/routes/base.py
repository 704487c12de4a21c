from flask import Blueprint, Response
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.errors import Lead, NotFoundError
from app.results import export, queries
from app.results.models import AllocationRunRow
from app.rounds.models import RoundRow

blueprint = Blueprint("results", __name__)


def the_run(session: Session, round_row: RoundRow, run_no: int) -> AllocationRunRow:
    """Load a run by its number in the round; NotFoundError if there is none."""
    row = queries.run(session, round_row.id, run_no)
    if row is None:
        raise NotFoundError(
            lazy("This round has no count with that number. See the list of its counts."),
            lead=Lead(lazy("The counts of this round"), "results.run_list"),
        )
    return row


def pb_answer(content: bytes, name: str) -> Response:
    """Answer with a `.pb` file to be kept under this name."""
    answer = Response(content, content_type=export.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
