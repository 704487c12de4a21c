"""From proof to promise on both engines: what is computed, who may decide, what is never twice."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import factories
import pytest
from factories_accounts import approvals as all_approvals
from factories_entitlements import (
    actor_of,
    apply,
    clerk,
    decide,
    make_resident,
    open_programme,
    promised,
    stored,
)
from factories_rounds import at_once
from flask import Flask
from sqlmodel import Session, select

from app.accounts import approvals
from app.db import engine, read_tx, run_tx
from app.entitlements import (
    appealing,
    applying,
    deciding,
    evidence_files,
    proving,
    queries,
    retention,
    words,
)
from app.entitlements.models import AppealRow, ApplicationRow
from app.entitlements.rules import Channel, Income, State
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.jobs.models import JobRow
from app.jobs.worker import run_due
from app.policy import fetch
from app.vouchers.queries import resident_of


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(applying, "draw", lambda: 99)
    with app.test_request_context():
        yield


def approve_last(actor: object) -> None:
    last = all_approvals()[-1].id
    run_tx(lambda s: approvals.approve(s, actor, last))


def test_a_code_proves_a_person_once_and_the_newest_account_is_theirs() -> None:
    desk, first, second = clerk(), *(actor_of(factories.make_account()) for _ in range(2))
    code = run_tx(lambda s: proving.make(s, desk, "R-77", Channel.DESK))
    proving.use(first, code.lower().replace("-", " "))
    person = read_tx(lambda s: resident_of(s, first.account_id))

    with pytest.raises(InvalidError, match="does not work"):
        proving.use(second, code)
    other = run_tx(lambda s: proving.make(s, desk, " r-77 ", Channel.POST))
    proving.use(second, other)

    assert read_tx(lambda s: resident_of(s, second.account_id)).id == person.id
    assert read_tx(lambda s: resident_of(s, first.account_id)) is None


def test_who_made_a_code_does_not_become_the_person_it_is_for() -> None:
    desk = clerk()
    code = run_tx(lambda s: proving.make(s, desk, "R-79", Channel.DESK))

    with pytest.raises(ForbiddenError, match="made this code yourself"):
        proving.use(desk, code)

    assert read_tx(lambda s: resident_of(s, desk.account_id)) is None


def test_an_older_code_is_void_once_there_is_a_newer_one(days: Callable) -> None:
    desk, person = clerk(), actor_of(factories.make_account())
    old = run_tx(lambda s: proving.make(s, desk, "R-78", Channel.DESK))
    run_tx(lambda s: proving.make(s, desk, "R-78", Channel.DESK))

    with pytest.raises(InvalidError, match="does not work"):
        proving.use(person, old)


def test_an_account_stays_the_person_that_it_was() -> None:
    person, desk = make_resident(), clerk()
    code = run_tx(lambda s: proving.make(s, desk, "R-other", Channel.DESK))

    with pytest.raises(ConflictError, match="another person"):
        proving.use(person, code)


def test_the_worked_example_of_the_family_is_promised_and_explained() -> None:
    slug = open_programme()
    children = ((10, "R-c1"), (8, "R-c2"))
    _, row_id = apply(slug, income_minor=240_000, others=((41, ""), *children))
    decide(row_id)
    approve_last(clerk())

    row = stored(row_id)
    assert (row.state, row.value_minor) == (State.DECIDED, 10_250)
    assert promised(row_id) == [10_250] * 3
    said = words.arithmetic(row.arithmetic, row.value_minor, "EUR")
    assert "counts as 2.10" in said[1]
    assert "1,142.86" in said[2]
    assert "102.50" in said[3]


def test_who_keeps_the_income_private_gets_the_floor_by_one_person() -> None:
    _, row_id = apply(open_programme())

    row = decide(row_id)

    assert (row.state, row.confirmed_by) == (State.DECIDED, None)
    assert promised(row_id) == [2_000]
    assert "stays private" in words.arithmetic(row.arithmetic, 2_000, "EUR")[0]


def test_much_is_promised_by_two_people_and_not_by_the_applicant() -> None:
    slug = open_programme()
    who, row_id = apply(slug, income_minor=60_000)
    assert decide(row_id).state == State.PROPOSED
    assert promised(row_id) == []

    with pytest.raises(ForbiddenError, match="your own household"):
        approve_last(replace(who, roles=frozenset({"clerk"})))
    approve_last(clerk())

    assert promised(row_id) == [12_000]


def test_a_clerk_has_no_part_in_what_the_own_household_asks_for() -> None:
    husband = replace(make_resident("R-husband"), roles=frozenset({"clerk"}))
    _, row_id = apply(open_programme(), others=((41, "R-husband"),))

    with pytest.raises(ForbiddenError, match="your own household"):
        run_tx(lambda s: deciding.take(s, husband, row_id))


def test_an_application_that_is_decided_meanwhile_is_not_withdrawn(app: Flask) -> None:
    who, row_id = apply(open_programme())
    desk = clerk()
    run_tx(lambda s: deciding.take(s, desk, row_id))

    def decided() -> None:
        run_tx(
            lambda s: deciding.decide(
                s, desk, row_id, granted=True, verified=False, reason="As the rules say."
            )
        )

    def withdrawn() -> None:
        def work(session: Session) -> None:
            seen = fetch(session, who, ApplicationRow, row_id)
            other.start()
            other.join(0.1 if engine.is_sqlite() else 10)  # SQLite: one writes after the other
            applying.withdraw(session, who, seen.id)

        run_tx(work)

    def alone() -> None:
        with app.test_request_context(), suppress(ConflictError):
            decided()

    other = Thread(target=alone)
    with suppress(ConflictError):
        withdrawn()
    other.join()

    assert (stored(row_id).state, promised(row_id)) in (
        (State.DECIDED, [2_000]),
        (State.WITHDRAWN, []),
    )


def test_a_child_is_promised_one_voucher_whichever_household_names_it() -> None:
    slug = open_programme()
    _, first = apply(slug, others=((5, "R-child"),))
    _, second = apply(slug, others=((5, "r-child"),))
    decide(first)

    with pytest.raises(ConflictError, match="another household"):
        decide(second)
    found = read_tx(lambda s: queries.same_people(s, s.get_one(ApplicationRow, second)))

    assert [one.id for one in found] == [first]
    assert promised(second) == []


def test_parents_who_name_each_other_are_no_double_household() -> None:
    slug = open_programme()
    parents = [make_resident(number) for number in ("R-p1", "R-p2")]
    _, first = apply(slug, parents[0], others=((40, "R-p2"),))
    _, second = apply(slug, parents[1], others=((40, "R-p1"),))

    found = read_tx(lambda s: queries.same_people(s, s.get_one(ApplicationRow, second)))

    assert (first != second, found) == (True, [])


def test_two_clicks_begin_one_application(app: Flask) -> None:
    slug, person = open_programme(), make_resident()

    def begin() -> uuid.UUID:
        return run_tx(lambda s: applying.begin(s, person, slug)).id

    begun = at_once(app, begin, begin)

    assert (len(begun), len(set(begun))) == (2, 1)


def test_the_lot_wants_evidence_before_the_income_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "draw", lambda: 0)
    _, row_id = apply(open_programme(), income_minor=180_000)
    desk = clerk()

    with pytest.raises(InvalidError, match="wants this income checked"):
        decide(row_id, desk)
    row = decide(row_id, desk, verified=True)

    assert (row.income_kind, promised(row_id)) == (Income.VERIFIED, [7_000])


def test_a_fallen_income_gives_more_and_a_risen_one_takes_nothing() -> None:
    slug = open_programme()
    who, first = apply(slug, income_minor=180_000)
    decide(first)
    _, fallen = apply(slug, who, income_minor=140_000)
    decide(fallen)
    _, risen = apply(slug, who, income_minor=400_000)
    decide(risen)

    assert (promised(first), promised(fallen), promised(risen)) == ([9_000], [], [])


def test_an_appeal_is_answered_by_others_and_decided_anew_by_others() -> None:
    who, row_id = apply(open_programme())
    desk, other = clerk(), clerk()
    decide(row_id, desk, granted=False)
    run_tx(lambda s: appealing.file(s, who, row_id, "I live here."))

    with pytest.raises(ForbiddenError, match="took part"):
        run_tx(lambda s: appealing.answer(s, desk, row_id, upheld=True, text="Yes."))
    run_tx(lambda s: appealing.answer(s, other, row_id, upheld=True, text="Yes."))
    with pytest.raises(ForbiddenError, match="before the appeal"):
        decide(row_id, desk)

    assert decide(row_id, other).granted is True
    assert promised(row_id) == [2_000]


def test_an_appeal_comes_within_thirty_days_or_not_at_all(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    who, row_id = apply(open_programme())
    decide(row_id, granted=False)

    at(noon + timedelta(days=30, seconds=1))
    with pytest.raises(ConflictError, match="within 30 days"):
        run_tx(lambda s: appealing.file(s, who, row_id, "Too late."))
    at(noon + timedelta(days=30))
    run_tx(lambda s: appealing.file(s, who, row_id, "In time."))

    assert read_tx(lambda s: s.exec(select(AppealRow.text)).all()) == ["In time."]


def test_a_late_appeal_is_for_the_round_officer(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    who, row_id = apply(open_programme())
    decide(row_id, granted=False)
    run_tx(lambda s: appealing.file(s, who, row_id, "Please look again."))
    late, boss = clerk(), factories.make_account("round_officer")
    at(noon + timedelta(days=31))

    with pytest.raises(ForbiddenError, match="30 days are over"):
        run_tx(lambda s: appealing.answer(s, late, row_id, upheld=False, text="No."))
    officer = actor_of(boss, "round_officer")
    run_tx(lambda s: appealing.answer(s, officer, row_id, upheld=False, text="No."))

    assert stored(row_id).state == State.DECIDED


def test_income_ages_and_documents_are_gone_after_the_time_for_an_appeal(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    who = make_resident()
    slug = open_programme()
    row_id = run_tx(lambda s: applying.begin(s, who, slug)).id
    content = b"%PDF-1.7 invented"
    file = evidence_files.prepare(content, "pay.pdf", application_id=row_id)
    evidence_files.FILES.keep(
        file.id,
        content,
        lambda: run_tx(lambda s: applying.show_evidence(s, who, row_id, at_desk=False, file=file)),
    )
    apply(slug, who, income_minor=180_000, others=((12, ""),))
    decide(row_id)
    assert read_tx(retention.due) == []
    assert evidence_files.FILES.read(file.id) == content

    at(noon + timedelta(days=31))
    assert read_tx(retention.due) == [row_id]
    run_due()

    row = stored(row_id)
    assert (row.age, row.income_minor, row.arithmetic) == (None, None, {})
    assert (row.value_minor, promised(row_id)) == (9_050, [9_050])
    with pytest.raises(NotFoundError, match="not kept any more"):
        evidence_files.FILES.read(file.id)
    assert "has been deleted" in words.arithmetic(row.arithmetic, 9_050, "EUR")[0]


def test_forgetting_is_planned_for_the_next_night_once() -> None:
    slug = open_programme()
    for _ in range(2):
        apply(slug)

    jobs = read_tx(lambda s: s.exec(select(JobRow).where(JobRow.kind == retention.JOB)).all())

    assert [job.run_after.hour for job in jobs] == [retention.HOUR]


def test_nobody_changes_what_was_sent_or_is_not_theirs() -> None:
    who, row_id = apply(open_programme())
    stranger = make_resident()

    with pytest.raises(ConflictError, match="moved on"):
        run_tx(lambda s: applying.tell_income(s, who, row_id, 1))
    with pytest.raises(NotFoundError, match="not yours"):
        run_tx(lambda s: applying.withdraw(s, stranger, row_id))
    desk = clerk()
    run_tx(lambda s: deciding.take(s, desk, row_id))
    run_tx(lambda s: deciding.ask(s, desk, row_id, "Who lives with you?"))
    run_tx(lambda s: applying.tell_income(s, who, row_id, 60_000))
    run_tx(lambda s: applying.send(s, who, row_id))

    assert (stored(row_id).state, stored(row_id).income_minor) == (State.IN_REVIEW, 60_000)
