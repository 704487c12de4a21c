"""A published result opens the funds of the voucher programmes among the funded projects, once."""

from fractions import Fraction

import pytest
from factories_programmes import PEOPLE, officer
from factories_results import OPERATOR, make_closed, make_count
from factories_rounds import MadeRound
from sqlmodel import select

from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ConflictError, InvalidError
from app.ledger.models import TransferRow
from app.programmes import queries as programmes
from app.programmes import service
from app.programmes.knob import KnobRules
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.results import care, publication, queries
from app.rounds import queries as rounds

CARE = "pool"  # is funded, by `factories_results.APPROVALS`; the library is not


def make_round_with_care(**values: object) -> MadeRound:
    projects = [
        {"reference": "bench", "cost_minor": 100_000},
        {"reference": CARE, "cost_minor": 300_000, "title": "Help at home", "programme": {}},
        {"reference": "trees", "cost_minor": 250_000},
        {"reference": "library", "cost_minor": 400_000, "programme": {}},
    ]
    return make_closed(projects=projects, slug="meadow", title="Meadow", **values)


def publish(made: MadeRound) -> None:
    make_count(made)
    first, second = officer(), officer()
    row = run_tx(lambda session: publication.propose_publication(session, first, made.id))
    run_tx(lambda session: approvals.approve(session, second, row.id))


def found(made: MadeRound) -> dict[str, ProgrammeRow]:
    return read_tx(lambda session: programmes.of_round(session, made.id))


def transfers() -> list[tuple[str, str, int]]:
    rows = read_tx(lambda session: session.exec(select(TransferRow)).all())
    return [(row.kind, row.reference, row.amount_minor) for row in rows]


def test_the_result_opens_the_fund_of_what_won_with_one_transfer(stranger) -> None:
    made = make_round_with_care()
    assert found(made) == {}

    publish(made)

    [(reference, row)] = found(made).items()
    assert (reference, row.name, row.state) == (CARE, "Help at home", ProgrammeState.DRAFT)
    assert row.budget_minor == 300_000
    assert transfers() == [("APPROPRIATE", CARE, 300_000)]
    page = stranger.open("/rounds/meadow/results")
    assert "the town is working out who gets how much" in page.select_one("#project-pool").text
    assert "vouchers" not in page.select_one("#project-library").text
    page = stranger.open("/rounds/meadow/projects/pool")
    assert "€20" in page.main.text
    assert "Its fund is open" in page.main.text


def test_neither_publishing_again_nor_a_count_by_another_rule_opens_a_fund_twice(app) -> None:
    made = make_round_with_care()
    publish(made)

    with pytest.raises(ConflictError):
        run_tx(lambda session: publication.propose_publication(session, OPERATOR, made.id))
    run = read_tx(lambda session: queries.latest_official(session, made.id))
    for _again in range(2):
        run_tx(
            lambda session: care.open_funds(
                session, rounds.round_by_id(session, made.id), run, OPERATOR
            )
        )

    assert len(found(made)) == 1
    assert transfers() == [("APPROPRIATE", CARE, 300_000)]


def test_what_was_voted_on_is_kept_by_the_schedule_and_by_the_officers(app) -> None:
    made = make_round_with_care()
    publish(made)
    boss, row = officer(), found(made)[CARE]
    with pytest.raises(ConflictError, match="fixed before the vote"):
        service.change(boss, row.slug, {"budget_minor": 1}, seen_version=row.version)
    people = [[income, 10, 1_000_000] for income, _number, _use in PEOPLE]
    service.change(
        boss, row.slug, {"people": people, "people_source": "Register"}, seen_version=row.version
    )

    lower = KnobRules(1_000, 20_000, Fraction(1, 20), 80_000)
    with pytest.raises(InvalidError, match="fixed before the vote"):
        service.save_schedule(boss, row.slug, lower, seen_version=row.version + 1)
    rules = KnobRules(2_000, 20_000, Fraction(1, 20), 80_000)
    service.save_schedule(boss, row.slug, rules, seen_version=row.version + 1)

    assert found(made)[CARE].schedule_no == 1
