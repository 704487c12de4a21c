"""Residents write a proposal page by page; drafts are kept, and nothing typed is lost."""

from collections.abc import Callable

from browsing import Browser
from factories import make_account
from factories_proposals import make_proposal, stored
from factories_rounds import MadeRound, make_round
from sqlmodel import select

from app.db import read_tx
from app.proposals.models import ProposalRow

IDEA = {
    "title": "A roof for the bus stop",
    "description": "People wait in the sun.\n\nA roof would help.",
    "beneficiaries": "Everybody who takes the bus.",
}


def all_proposals() -> list[ProposalRow]:
    return list(read_tx(lambda session: session.exec(select(ProposalRow)).all()))


def test_a_proposal_is_written_and_sent_page_by_page(browser: Callable[..., Browser]) -> None:
    round_ = make_round("proposals")
    marta = make_account()
    page = browser(marta)

    page.send(f"/rounds/{round_.slug}/propose")
    [draft] = all_proposals()
    own = f"/account/proposals/{draft.id}"
    page.send(f"{own}/idea", IDEA)
    page.send(f"{own}/place", {"area": str(round_.pot.area_id)})
    page.send(f"{own}/details", {"category": str(round_.categories[0].id), "own_cost": "4 500"})
    check = page.open(own)
    sent = page.send(own, form=f"form[action='{own}/send']")

    assert "A roof would help." in check.text
    assert "Its number is P1" in sent.text
    row = stored(draft.id)
    assert (row.state, row.number, row.own_cost_minor) == ("submitted", 1, 450_000)
    public = browser().open(f"/rounds/{round_.slug}/proposals")
    assert "A roof for the bus stop" in public.text
