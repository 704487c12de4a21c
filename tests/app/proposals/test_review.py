"""The review desk: who may do what, what authors see of it, and when."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from browsing import Browser
from factories import make_account
from factories_proposals import make_proposal, stored, stored_review
from factories_rounds import MadeRound, make_round
from sqlmodel import select

from app.accounts.models import AccountRow, AuditRow
from app.db import read_tx
from app.jobs.models import OutboxRow
from app.proposals.models import ProposalRow

BROWSER = Callable[..., Browser]


@pytest.fixture
def round_(app: object, noon: datetime) -> MadeRound:
    return make_round("review", title="Budget 2027", projects=())


@pytest.fixture
def marta(app: object) -> AccountRow:
    return make_account(name="Marta")


@pytest.fixture
def reviewer(app: object) -> AccountRow:
    return make_account("reviewer", name="Ana Reviewer")


def desk(round_: MadeRound, row: ProposalRow | None = None, act: str = "") -> str:
    parts = [f"/staff/rounds/{round_.slug}/proposals", str(row.number) if row else "", act]
    return "/".join(part for part in parts if part)


def own(row: ProposalRow) -> str:
    return f"/account/proposals/{row.id}"


def mails() -> list[tuple[str, str]]:
    query = select(OutboxRow.recipient, OutboxRow.subject).order_by(OutboxRow.created_at)
    return list(read_tx(lambda session: session.exec(query).all()))


def audited() -> list[str]:
    return list(read_tx(lambda session: session.exec(select(AuditRow.action)).all()))


DECISION = {
    "verdict": "feasible",
    "reason": "It can be done.",
    "cost": "450.50",
    "cost_explanation": "Wood and two days of work.",
}


def test_a_proposal_is_assigned_checked_asked_about_answered_and_decided(
    browser: BROWSER, round_: MadeRound, marta: AccountRow, reviewer: AccountRow
) -> None:
    row = make_proposal(round_, marta)
    page, author = browser(reviewer), browser(marta)

    page.send(desk(round_, row), button="I review it")
    page.send(desk(round_, row, "checklist"), {"land": "yes", "legal": "unsure"})
    page.send(desk(round_, row), {"note": "Ask the region."}, button="Save the note")
    page.send(desk(round_, row), {"question": "Which stop?"}, button="Ask the author")
    asked = author.open(own(row))
    author.send(f"{own(row)}/idea", {"title": "The stop at the school"})
    author.send(own(row), {"answer": "The one at the school."}, button="Send my answer")
    answered = page.open(desk(round_, row))
    page.send(desk(round_, row, "decide"), DECISION)

    assert "Which stop?" in asked.text
    assert "Ask the region." not in asked.text, "notes are for staff"
    assert "The one at the school." in answered.text
    now, review = stored(row.id), stored_review(row.id)
    assert (now.state, now.title) == ("decided", "The stop at the school")
    assert (review.verdict, review.cost_minor, review.assigned_to) == (
        "feasible",
        45_050,
        reviewer.id,
    )
    assert review.checklist == {"land": "yes", "legal": "unsure"}
    assert mails() == [
        (marta.email, "A question about your proposal"),
        (reviewer.email, "An answer to your question"),
    ]
    assert set(audited()) == {
        "proposal.assigned",
        "proposal.checked",
        "proposal.noted",
        "proposal.asked",
        "proposal.decided",
    }


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"verdict": ""}, "verdict", "Choose whether"),
        ({"verdict": "perhaps"}, "verdict", "Not a valid choice"),
        ({"reason": ""}, "reason", "Give the author a reason"),
        ({"reason": "x" * 4001}, "reason", "4000 characters"),
        ({"cost": ""}, "cost", "above 0"),
        ({"cost": "0"}, "cost", "above 0"),
        ({"cost": "much"}, "cost", "in figures"),
        ({"cost": "10000.01"}, "cost", "more than one project may cost"),
        ({"cost_explanation": ""}, "cost_explanation", "how the cost comes about"),
        ({"verdict": "not_feasible", "cost": "0"}, "cost", "above 0"),
    ],
)
def test_a_wrong_verdict_is_explained_beside_the_field(
    browser: BROWSER,
    round_: MadeRound,
    reviewer: AccountRow,
    sent: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    row = make_proposal(round_)

    page = browser(reviewer).send(desk(round_, row, "decide"), DECISION | sent, status=422)

    assert sentence in page.select_one(f"#{field}-error").text
    assert stored(row.id).state == "submitted"


def test_the_limit_of_the_round_binds_when_it_is_below_the_pot(
    browser: BROWSER, app: object, reviewer: AccountRow
) -> None:
    round_ = make_round("review", proposal_budget_max_minor=20_000)
    row = make_proposal(round_)

    browser(reviewer).send(desk(round_, row, "decide"), DECISION | {"cost": "200.01"}, status=422)
    browser(reviewer).send(desk(round_, row, "decide"), DECISION | {"cost": "200"})

    assert stored_review(row.id).cost_minor == 20_000


def test_a_ready_text_is_put_behind_what_was_typed(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    row = make_proposal(round_)

    page = browser(reviewer).send(
        desk(round_, row, "decide"),
        {"reason": "Sadly.", "start_from": "land"},
        button="Put this text into the reason",
    )

    assert page.select_one("#reason").text.strip().startswith("Sadly.\n\nThe place does not")
    assert stored_review(row.id) is None


def test_a_verdict_can_be_changed_and_taken_back_before_the_release(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    row = make_proposal(round_, verdict="feasible")
    page = browser(reviewer)

    page.send(desk(round_, row, "decide"), DECISION | {"verdict": "not_feasible", "cost": ""})
    page.send(desk(round_, row), button="Take the verdict back")

    assert stored(row.id).state == "in_review"
    [change] = [
        one.details
        for one in read_tx(lambda s: s.exec(select(AuditRow)).all())
        if one.action == "proposal.decided"
    ]
    assert change["before"]["cost_minor"] == 50_000
    assert change["after"]["verdict"] == "not_feasible"


def test_two_reviewers_do_not_overwrite_each_other_unseen(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    row = make_proposal(round_)
    other = browser(make_account("reviewer"))
    browser(reviewer).send(desk(round_, row, "decide"), DECISION)

    page = other.send(
        desk(round_, row, "decide"),
        DECISION | {"reason": "My own words.", "version": "1"},
        status=409,
    )

    assert "changed meanwhile" in page.text
    assert "My own words." in page.select_one("#reason").text
    assert stored_review(row.id).reason == "It can be done."


def test_nobody_reviews_the_own_proposal(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    row = make_proposal(round_, reviewer)

    page = browser(reviewer).send(desk(round_, row, "decide"), DECISION, status=403)

    assert "A colleague has to review it" in page.text


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        ("", {"reviewer", "clerk", "round_officer"}),
        ("checklist", {"reviewer", "round_officer"}),
        ("decide", {"reviewer", "round_officer"}),
    ],
)
def test_the_desk_is_for_those_who_work_there(
    browser: BROWSER, round_: MadeRound, act: str, roles: set[str]
) -> None:
    row = make_proposal(round_)

    for role in ("reviewer", "clerk", "round_officer", "auditor", "administrator"):
        status = 200 if role in roles else 403
        browser(make_account(role)).open(desk(round_, row, act), status=status)
    browser(make_account()).open(desk(round_, row, act), status=403)
    one_factor = browser(make_account("reviewer"), level="link")
    assert one_factor.client.get(desk(round_, row, act)).status_code == 303


def test_a_proposal_is_given_only_to_who_works_at_the_desk(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow, marta: AccountRow
) -> None:
    row = make_proposal(round_)
    colleague = make_account("clerk", name="Bo Clerk")
    page = browser(reviewer)

    page.send(desk(round_, row), {"to": str(marta.id)}, button="Save who reviews it", status=422)
    page.send(desk(round_, row), {"to": str(colleague.id)}, button="Save who reviews it")

    assert stored_review(row.id).assigned_to == colleague.id
    assert mails() == [(colleague.email, "A proposal to review")]


def test_the_work_list_can_be_sifted_and_ordered(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    mine = make_proposal(round_, title="Mine to do")
    make_proposal(round_, title="Nobody has it")
    make_proposal(round_, title="All done", verdict="feasible")
    make_proposal(round_, title="Gone", state="withdrawn")
    page = browser(reviewer)
    page.send(desk(round_, mine), button="I review it")

    def titles(query: str, at: str = desk(round_)) -> list[str]:
        rows = page.open(f"{at}?{query}").select("tbody th a")
        return [row.text.split(" ", 1)[1] for row in rows]

    assert titles("") == ["Mine to do", "Nobody has it"]
    assert titles("who=me") == ["Mine to do"]
    assert titles("who=nobody") == ["Nobody has it"]
    assert titles("state=decided") == ["All done"]
    assert titles("state=gone") == ["Gone"]
    assert titles("state=all&sort=title") == ["All done", "Gone", "Mine to do", "Nobody has it"]
    assert titles("state=x&who=y&area=z&sort=w") == ["Mine to do", "Nobody has it"]
    assert titles(f"area={round_.pot.area_id}") == ["Mine to do", "Nobody has it"]
    assert titles("", "/staff/proposals") == ["Mine to do", "Nobody has it"]


@pytest.mark.parametrize(
    ("state", "button"), [("decided", "Ask the author"), ("withdrawn", "Save who reviews it")]
)
def test_what_the_state_does_not_allow_is_not_offered(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow, state: str, button: str
) -> None:
    row = make_proposal(round_, state=state, verdict="feasible" if state == "decided" else None)

    page = browser(reviewer).open(desk(round_, row))

    assert button not in [one.text.strip() for one in page.select("main button")]


def test_a_question_to_a_decided_proposal_is_refused_in_a_sentence(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    row = make_proposal(round_, verdict="feasible")
    page = browser(reviewer)
    token = page.open(desk(round_, row)).select_one("main [name=csrf_token]")["value"]

    answer = page.client.post(
        desk(round_, row, "ask"), data={"csrf_token": token, "question": "Why?"}
    )

    assert answer.status_code == 409
    assert "moved on" in answer.text


def test_an_empty_question_is_refused_beside_the_field(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow
) -> None:
    row = make_proposal(round_)

    page = browser(reviewer).send(desk(round_, row), button="Ask the author", status=422)

    assert "Write the question." in page.select_one("#question-error").text


def test_answering_twice_answers_once(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    row = make_proposal(round_, marta, state="question")
    page = browser(marta)
    token = page.open(own(row)).select_one("main [name=csrf_token]")["value"]
    sent: dict[str, Any] = {"csrf_token": token, "answer": "The one at the school."}

    answers = [page.client.post(f"{own(row)}/answer", data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert page.open(own(row)).text.count("The one at the school.") == 1


@pytest.mark.parametrize("state", ["submitted", "in_review", "decided", "withdrawn", "merged"])
def test_a_proposal_is_changed_only_as_a_draft_or_when_asked(
    browser: BROWSER, round_: MadeRound, marta: AccountRow, state: str
) -> None:
    target = make_proposal(round_)
    values = {"merged_into_id": target.id} if state == "merged" else {}
    row = make_proposal(round_, marta, state=state, **values)

    page = browser(marta).send(f"{own(row)}/idea", {"title": "Other"}, status=409)

    assert "moved on" in page.text
    assert stored(row.id).title == row.title


def test_a_withdrawn_proposal_leaves_lists_and_says_so_on_its_page(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    row = make_proposal(round_, marta, title="A roof")

    browser(marta).send(own(row), button="Yes, withdraw it")

    stranger = browser()
    assert "A roof" not in stranger.open(f"/rounds/{round_.slug}/proposals").text
    page = stranger.open(f"/rounds/{round_.slug}/proposals/{row.number}")
    assert "was withdrawn" in page.text
    assert "A roof" not in page.text
    assert row.description not in page.text


def test_what_must_not_stay_up_is_taken_down_with_a_reason(
    browser: BROWSER, round_: MadeRound, marta: AccountRow, reviewer: AccountRow
) -> None:
    row = make_proposal(round_, marta, title="Names a neighbour")
    clerk = browser(make_account("clerk"))

    clerk.send(desk(round_, row), {"reason": "It names a person."}, button="Take it down")

    assert stored(row.id).state == "withdrawn"
    assert mails() == [(marta.email, "Your proposal was taken down")]
    assert "Names a neighbour" not in browser().open(f"/rounds/{round_.slug}/proposals").text
    assert "Take it down" not in browser(reviewer).open(desk(round_, make_proposal(round_))).text


@pytest.mark.parametrize("number", ["0", "77", "9999999", "99999999999999999999"])
def test_a_number_that_is_not_there_is_not_found(
    browser: BROWSER, round_: MadeRound, reviewer: AccountRow, number: str
) -> None:
    browser().open(f"/rounds/{round_.slug}/proposals/{number}", status=404)
    browser(reviewer).open(f"{desk(round_)}/{number}", status=404)
