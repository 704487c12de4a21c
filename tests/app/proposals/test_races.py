"""Many at once, on both engines: numbers stay unique and gapless, limits hold."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from factories import make_account
from factories_proposals import make_proposal, stored
from factories_rounds import make_round
from flask import Flask

from app.accounts.models import AccountRow
from app.db import run_tx
from app.errors import ConflictError
from app.policy import Actor
from app.proposals import rules, service


def at_once(app: Flask, works: list[Callable[[Any], Any]]) -> list[Any]:
    """Run each in a transaction and thread of its own; returns what each gave or refused."""

    def run(work: Callable[[Any], Any]) -> Any:
        with app.app_context():
            try:
                return run_tx(work)
            except ConflictError as error:
                return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def sends(author: AccountRow, draft_id: uuid.UUID) -> Callable[[Any], Any]:
    actor = Actor(account_id=author.id)
    return lambda session: service.submit(session, actor, draft_id, version=1)


def test_eight_authors_who_send_at_once_get_eight_numbers(app: Flask) -> None:
    round_ = make_round("proposals")
    authors = [make_account() for _ in range(8)]
    drafts = [make_proposal(round_, author, state="draft") for author in authors]

    at_once(app, [sends(*pair) for pair in zip(authors, [d.id for d in drafts], strict=True)])

    assert sorted(stored(draft.id).number for draft in drafts) == list(range(1, 9))


def test_eight_windows_that_send_one_draft_make_one_proposal(app: Flask) -> None:
    round_ = make_round("proposals")
    author = make_account()
    draft = make_proposal(round_, author, state="draft")

    done = at_once(app, [sends(author, draft.id)] * 8)

    assert {row.number for row in done} == {1}
    assert stored(draft.id).version == 2


def test_one_author_who_sends_all_at_once_stays_within_the_limit(app: Flask) -> None:
    round_ = make_round("proposals")
    author = make_account()
    drafts = [make_proposal(round_, author, state="draft") for _ in range(8)]

    at_once(app, [sends(author, draft.id) for draft in drafts])

    sent = [draft for draft in drafts if stored(draft.id).state == "submitted"]
    assert len(sent) == rules.SUBMITTED_MAX
