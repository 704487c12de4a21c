"""What waits for officers after the close of a round."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, work
from app.accounts.work import Line
from app.policy import ROUND_OFFICER, Actor
from app.results import publication, queries, runs
from app.results.queries import Standing
from app.rounds import queries as rounds
from app.rounds.models import RoundRow, RoundState


@work.source
def counts_waiting(session: Session, actor: Actor) -> Iterator[Line]:
    """Name each closed round with the next thing to do; what waits for a second person is a
    decision, and stands there.
    """
    if not actor.has(ROUND_OFFICER):
        return
    for round_row in rounds.all_rounds(session):
        if round_row.state == RoundState.CLOSED:
            text = _next(session, round_row)
            if text:
                yield Line(text, url_for("results.count", slug=round_row.slug))


def _next(session: Session, round_row: RoundRow) -> str:
    subject, title = str(round_row.id), round_row.title
    if runs.needs_draw(round_row):
        if approvals.pending_for(session, publication.DRAW, subject):
            return ""
        return str(_("Enter the public draw of “%(round)s”", round=title))
    official = queries.latest_official(session, round_row.id)
    standing = queries.standing(session, official) if official else Standing.NO_OUTCOME
    if standing is Standing.NO_OUTCOME:
        return str(_("Count the ballots of “%(round)s”", round=title))
    if standing is Standing.COUNTED and not approvals.pending_for(
        session, publication.PUBLISH, subject
    ):
        return str(_("Look at the draft result of “%(round)s” and publish it", round=title))
    return ""
