"""Mails about proposals: short, and each with the page where things stand.

What a mail says can change before it is read, so it leads to the page rather than repeating it.
"""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import mails
from app.proposals import queries
from app.proposals.models import MergeRow, MergeState, ProposalRow
from app.rounds import queries as rounds


def received(session: Session, row: ProposalRow) -> None:
    """Tell the author that the proposal has arrived, and its number."""
    text = _(
        "your proposal “%(title)s” has arrived. It has the number P%(number)d and everybody can "
        "read it.\n\nStaff of the town will now check it. If they have a question, they ask you "
        "by mail. All answers of the round are published on the same day.",
        title=row.title,
        number=row.number,
    )
    mails.write(session, row.author_id, _("Your proposal has arrived"), text, page=own_path(row))


def asked(session: Session, row: ProposalRow, question: str) -> None:
    """Tell the author what the town wants to know."""
    text = _(
        "the town has a question about your proposal “%(title)s”:\n\n%(question)s\n\n"
        "Please answer on this page. You can also change your proposal there.",
        title=row.title,
        question=question,
    )
    mails.write(
        session, row.author_id, _("A question about your proposal"), text, page=own_path(row)
    )


def answered(session: Session, row: ProposalRow) -> None:
    """Tell whoever reviews it that the author has answered."""
    text = _("the author of P%(number)d “%(title)s” has answered.", **_named(row))
    _write_reviewer(session, row, _("An answer to your question"), text)


def assigned(session: Session, row: ProposalRow) -> None:
    text = _("P%(number)d “%(title)s” has been given to you to review.", **_named(row))
    _write_reviewer(session, row, _("A proposal to review"), text)


def removed(session: Session, row: ProposalRow, reason: str) -> None:
    text = _(
        "the town has taken your proposal “%(title)s” from its pages, for this reason:\n\n"
        "%(reason)s\n\nIf you think that this is wrong, answer to the town hall.",
        title=row.title,
        reason=reason,
    )
    mails.write(session, row.author_id, _("Your proposal was taken down"), text, page=own_path(row))


def merge_asked(session: Session, merge: MergeRow, rows: Iterable[ProposalRow]) -> None:
    """Ask every author, each on the page of the own proposal."""
    for row in rows:
        text = _(
            "the town suggests to join your proposal “%(title)s” with others that are alike. "
            "The joint text would be called “%(joint)s”.\n\nThis happens only if all authors "
            "agree. Please read the text on this page and say yes or no.",
            title=row.title,
            joint=merge.title,
        )
        mails.write(
            session, row.author_id, _("Join your proposal with others?"), text, page=own_path(row)
        )


def merge_ended(session: Session, merge: MergeRow, rows: Iterable[ProposalRow]) -> None:
    """Tell the authors what became of the wish to join their proposals."""
    outcome = {
        MergeState.DONE: _("All authors agreed. The proposals are one now."),
        MergeState.DECLINED: _("Not all authors agreed, so each proposal goes on by itself."),
        MergeState.WITHDRAWN: _("The wish was taken back, so each proposal goes on by itself."),
    }[MergeState(merge.state)]
    for row in rows:
        text = _(
            "about joining “%(title)s” with others: %(outcome)s", title=row.title, outcome=outcome
        )
        mails.write(
            session, row.author_id, _("About joining your proposal"), text, page=own_path(row)
        )


def handed_over(session: Session, row: ProposalRow) -> None:
    """Tell a joint author that the proposal is now in these hands."""
    text = _(
        "the first author of the joint proposal “%(title)s” has stepped back. It is yours now: "
        "the town asks you if it has a question.",
        title=row.title,
    )
    mails.write(
        session, row.author_id, _("The joint proposal is yours now"), text, page=own_path(row)
    )


def released(session: Session, rows: Iterable[ProposalRow]) -> None:
    """Tell all authors of a round, on the same day, that the answers are there."""
    for row in rows:
        text = _(
            "all proposals of the round have been reviewed. Here is what the town says about "
            "your proposal “%(title)s”, and why.",
            title=row.title,
        )
        mails.write(
            session, row.author_id, _("The answer to your proposal"), text, page=own_path(row)
        )


def own_path(row: ProposalRow) -> str:
    return f"/account/proposals/{row.id}"


def _named(row: ProposalRow) -> dict[str, object]:
    return {"number": row.number, "title": row.title}


def _write_reviewer(session: Session, row: ProposalRow, subject: str, text: str) -> None:
    review = queries.review(session, row.id)
    if review is not None and review.assigned_to is not None:
        slug = rounds.round_by_id(session, row.round_id).slug
        path = f"/staff/rounds/{slug}/proposals/{row.number}"
        mails.write(session, review.assigned_to, subject, text, page=path)
