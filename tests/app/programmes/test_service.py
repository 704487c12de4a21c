"""A programme's way from the draft to its fund, on both engines."""

import uuid
from dataclasses import replace
from datetime import date
from fractions import Fraction

import factories_programmes as made
import pytest
from factories_accounts import approvals as all_approvals
from factories_rounds import make_round
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.programmes import closing, fund, queries, service
from app.programmes.households import Household
from app.programmes.models import Funding, Mode, ProgrammeRow, ProgrammeState
from app.programmes.parameters import Parameter

pytestmark = pytest.mark.usefixtures("app")


def _funded(row: ProgrammeRow) -> int:
    return run_tx(lambda session: fund.balance_minor(session, row))


def _no_contingency(slug: str) -> None:
    service.add_parameter(
        made.officer(),
        slug,
        name=Parameter.CONTINGENCY,
        value="0",
        valid_from=date(2027, 1, 1),
        legal_reference="Ordinance 12, article 3",
        adopted_by="Council",
    )


def test_a_second_officer_approves_and_the_fund_is_opened_once() -> None:
    row = made.make_programme(ProgrammeState.APPROVED)

    assert row.state == ProgrammeState.APPROVED
    assert _funded(row) == 2_100_000
    run_tx(lambda session: fund.open_fund(session, row, actor="again"))
    assert _funded(row) == 2_100_000


def test_an_approved_schedule_says_what_each_household_gets() -> None:
    row = made.make_programme(ProgrammeState.OPEN)

    def values(session: object) -> list[int]:
        return [
            queries.value_minor(session, row.id, 240_000, Household(2, 2)),
            queries.value_minor(session, row.id, None, Household(2, 2)),
        ]

    assert read_tx(values) == [10_250, 2_000]


def test_before_approval_nobody_is_told_a_value() -> None:
    row = made.make_programme(ProgrammeState.PROPOSED)

    with pytest.raises(ConflictError, match="no approved schedule"):
        read_tx(lambda session: queries.value_minor(session, row.id, None, Household(1)))
    assert _funded(row) == 0


def test_a_published_result_opens_the_fund_once_however_often_it_is_published() -> None:
    round_id = make_round().id
    row = made.make_programme(
        ProgrammeState.APPROVED,
        funding=Funding.PROJECT,
        round_id=round_id,
        project_reference="P7",
    )
    assert _funded(row) == 0
    with pytest.raises(ConflictError, match="not open yet"):
        service.open_programme(made.officer(), row.slug)

    for _ in range(2):
        found = run_tx(
            lambda session: fund.open_fund_from_result(
                session, round_id, "P7", 2_100_000, actor="result"
            )
        )
        assert found == row.id

    assert _funded(row) == 2_100_000
    with pytest.raises(ConflictError, match="another amount"):
        run_tx(
            lambda session: fund.open_fund_from_result(session, round_id, "P7", 5, actor="result")
        )
    assert _funded(row) == 2_100_000


def test_a_project_that_is_no_programme_opens_nothing() -> None:
    round_id = make_round().id

    found = run_tx(
        lambda session: fund.open_fund_from_result(session, round_id, "P1", 100, actor="result")
    )

    assert found is None


@pytest.mark.parametrize("state", [ProgrammeState.PROPOSED, ProgrammeState.APPROVED])
def test_what_is_proposed_or_approved_no_longer_changes(state: ProgrammeState) -> None:
    row = made.make_programme(state)

    with pytest.raises(ConflictError, match="moved on"):
        service.change(made.officer(), row.slug, {"budget_minor": 1}, seen_version=row.version)

    assert made.programme(row.slug).budget_minor == 2_100_000


def test_a_change_of_the_budget_asks_for_a_new_schedule() -> None:
    row = made.make_programme()
    service.change(made.officer(), row.slug, {"budget_minor": 3_000_000}, seen_version=row.version)

    with pytest.raises(ConflictError, match="Make one first"):
        service.propose(made.officer(), row.slug)


def test_who_saves_over_newer_text_is_told_and_nothing_is_lost() -> None:
    row = made.make_programme()

    with pytest.raises(ConflictError, match="Somebody else saved"):
        service.change(made.officer(), row.slug, {"name": "Other"}, seen_version=1)

    assert made.programme(row.slug).name == "Care at home"


def test_a_refused_programme_can_be_a_draft_again() -> None:
    row = made.make_programme(ProgrammeState.PROPOSED)
    with pytest.raises(ConflictError, match="Withdraw it there first"):
        service.back_to_draft(made.officer(), row.slug)
    last, second = all_approvals()[-1].id, made.officer()
    run_tx(lambda session: approvals.refuse(session, second, last))

    service.back_to_draft(made.officer(), row.slug)

    assert made.programme(row.slug).state == ProgrammeState.DRAFT


def test_a_fall_that_costs_a_family_too_much_is_refused_with_the_greatest_that_is_not() -> None:
    row = made.make_programme(scheduled=False)
    steep = replace(made.RULES, slope=Fraction(1, 10))

    with pytest.raises(InvalidError, match=r"at most 5\.25 percent"):
        service.save_schedule(made.officer(), row.slug, steep, seen_version=1)

    assert made.programme(row.slug).schedule_no is None


def test_more_than_fund_and_cover_is_never_promised(app: Flask) -> None:
    half = [[income, people, 500_000] for income, people, _use in made.PEOPLE]
    row = made.make_programme(scheduled=False, mode=Mode.COVERED, cover_minor=500_000, people=half)

    with app.test_request_context(), pytest.raises(InvalidError, match="Raise the cover"):
        service.save_schedule(made.officer(), row.slug, made.RULES, seen_version=1)


def test_a_wish_above_the_fund_is_answered_in_the_sentence_of_the_design(app: Flask) -> None:
    row = made.make_programme(scheduled=False, budget_minor=500_000)

    with app.test_request_context(), pytest.raises(InvalidError) as refused:
        service.save_schedule(made.officer(), row.slug, made.RULES, seen_version=1)

    assert str(refused.value) == (
        "This floor needs at least €6,000 per period; the fund holds €5,000. "
        "Add €1,000 or lower the floor to €16.50."
    )


def test_a_parameter_counts_from_its_day_on_and_asks_for_a_new_schedule() -> None:
    row = made.make_programme()
    _no_contingency(row.slug)

    def contingency(day: date) -> Fraction:
        return read_tx(lambda session: queries.parameter_set(session, row.id, day).contingency)

    assert contingency(date(2026, 12, 31)) == Fraction(1, 20)
    assert contingency(date(2027, 1, 1)) == 0
    assert made.programme(row.slug).schedule_no is None
    with pytest.raises(ConflictError, match="never edited"):
        _no_contingency(row.slug)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE programme_parameter SET value = '1'", "DELETE FROM programme_schedule"],
)
def test_neither_schedules_nor_parameters_can_be_rewritten(app: Flask, statement: str) -> None:
    row = made.make_programme()
    _no_contingency(row.slug)

    with pytest.raises(DBAPIError, match="insert-only"):
        run_tx(lambda session: session.connection().execute(text(statement)))


def test_two_officers_close_a_programme_and_what_is_left_goes_back_to_the_town() -> None:
    row = made.make_programme(ProgrammeState.OPEN)
    boss = made.officer()
    approval = closing.propose(boss, row.slug)
    assert made.programme(row.slug).state == ProgrammeState.OPEN
    with pytest.raises(ForbiddenError, match="proposed this yourself"):
        run_tx(lambda session: approvals.approve(session, boss, approval.id))

    made.approve_last()

    assert made.programme(row.slug).state == ProgrammeState.CLOSED
    assert _funded(row) == 0
    assert _treasury() == 0
    with pytest.raises(ConflictError, match="nothing to return"):
        closing.propose(boss, row.slug)


def test_what_comes_back_to_a_closed_programme_is_returned_as_well() -> None:
    row = made.make_programme(ProgrammeState.OPEN)
    run_tx(lambda session: _promise(session, row, 500))
    closing.propose(made.officer(), row.slug)
    made.approve_last()
    assert (_funded(row), _treasury()) == (0, -500)
    run_tx(lambda session: _lapse(session, row, 500))

    closing.propose(made.officer(), row.slug)
    made.approve_last()

    assert (_funded(row), _treasury()) == (0, 0)


def _promise(session: Session, row: ProgrammeRow, amount_minor: int) -> None:
    _move(session, row, TransferKind.RESERVE, (AccountKind.FUND, AccountKind.RESERVE), amount_minor)


def _lapse(session: Session, row: ProgrammeRow, amount_minor: int) -> None:
    _move(session, row, TransferKind.LAPSE, (AccountKind.RESERVE, AccountKind.FUND), amount_minor)


def _move(
    session: Session,
    row: ProgrammeRow,
    kind: TransferKind,
    path: tuple[AccountKind, AccountKind],
    amount_minor: int,
) -> None:
    out, into = (ledger.account(session, one, subject_id=row.id) for one in path)
    ledger.post(session, kind, out, into, amount_minor, event_id=uuid.uuid4())


def _treasury() -> int:
    return run_tx(
        lambda session: ledger.balance_minor(session, ledger.account(session, AccountKind.TREASURY))
    )
