"""The process that counts: what it says, and how it ends."""

import os
import signal
import threading
import zlib
from fractions import Fraction
from pathlib import Path

import pytest
from pb_files import pb_file

from allocation.instance import Ballot, Instance, Project, VoteType
from app.results import child, counting
from app.results.counting import Counted, NoOutcome, Order, PotOrder, Progress, StoredElection

pytestmark = pytest.mark.counts_apart

TWINS = tuple(Project(id_, 100, name=id_) for id_ in ("bench", "stage"))


def order(*elections, rule=None, with_files: bool = False) -> Order:
    pots = tuple(PotOrder(str(n), f"Pot {n}", one, "0" * 64) for n, one in enumerate(elections))
    return Order(pots, rule or {"rule": "equal-shares", "lot_seed": "x"}, with_files)


def election(ballots=(("bench",), ("bench", "stage"), ("stage",)), budget: int = 100) -> Instance:
    return Instance(VoteType.APPROVAL, budget, TWINS, tuple(Ballot(one) for one in ballots))


def stored() -> StoredElection:
    return StoredElection(zlib.compress(pb_file().encode()), lenient=False)


def quiet(_progress: Progress) -> None:
    pass


def test_the_child_gives_what_counting_here_would_give() -> None:
    asked = order(election(), stored(), with_files=True)

    apart, here = child.count_apart(asked, quiet), counting.count(asked, quiet)

    assert isinstance(apart, Counted)
    assert apart.documents == here.documents
    assert set(apart.files) == {"0", "1"}


def test_progress_names_the_pot_and_only_rises() -> None:
    seen: list[Progress] = []

    child.count_apart(order(election(budget=150), stored()), seen.append)

    assert {one.pot for one in seen} == {0, 1}
    for pot in (0, 1):
        percents = [one.percent for one in seen if one.pot == pot]
        assert percents == sorted(set(percents))


def test_an_open_tie_comes_back_with_the_projects() -> None:
    rule = {"rule": "equal-shares", "ties": ["min-cost"]}

    answer = child.count_apart(order(election(), rule=rule), quiet)

    assert isinstance(answer, NoOutcome)
    assert (answer.code, sorted(answer.tied)) == ("tie_unresolved", ["bench", "stage"])


def test_a_wrong_rule_comes_back_as_a_sentence() -> None:
    answer = child.count_apart(order(election(), rule={"rule": "dictator"}), quiet)

    assert isinstance(answer, NoOutcome)
    assert answer.code == "rule_option"


def test_a_count_that_lasts_too_long_is_ended(monkeypatch) -> None:
    monkeypatch.setattr(child, "SECONDS_MAX", 0)

    answer = child.count_apart(order(election()), quiet)

    assert isinstance(answer, NoOutcome)
    assert answer.code == "too_long"


def test_a_child_that_is_killed_is_no_outcome_but_a_breakdown() -> None:
    def kill_child(_progress: Progress) -> None:
        [pid] = _children()
        os.kill(pid, signal.SIGKILL)

    with pytest.raises(RuntimeError, match="without an answer"):
        child.count_apart(order(stored(), *[stored()] * 200), kill_child)


def _children() -> list[int]:
    mine = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    return [int(pid) for pid in mine if b"app.results.child" in _command(int(pid))]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_no_process_is_left_behind() -> None:
    child.count_apart(order(election()), quiet)

    assert _children() == []


def test_the_web_goes_on_while_the_child_counts() -> None:
    """A thread that counted here would hold the interpreter; one that waits does not."""
    ticks = 0
    done = threading.Event()

    def count() -> None:
        child.count_apart(order(*[stored()] * 50), quiet)
        done.set()

    thread = threading.Thread(target=count)
    thread.start()
    while not done.wait(0.01):
        ticks += 1
    thread.join()

    assert ticks > 5


def test_nothing_is_funded_where_nobody_voted() -> None:
    for rule in ("equal-shares", "greedy", "knapsack", "phragmen"):
        answer = counting.count(order(election(ballots=()), rule={"rule": rule}), quiet)

        assert isinstance(answer, Counted)
        assert answer.documents[0]["allocation"]["winners"] == []
        assert {one["reason"]["why"] for one in answer.documents[0]["projects"]} == {"no-votes"}


def test_an_integer_program_always_has_an_end() -> None:
    answer = counting.count(order(election(), rule={"rule": "knapsack", "lot_seed": "x"}), quiet)

    assert isinstance(answer, Counted)
    rule = answer.documents[0]["allocation"]["rule"]
    assert rule["time_limit"] == counting.SOLVER_SECONDS_MAX


def test_the_same_count_gives_the_same_document() -> None:
    first, second = (counting.count(order(stored()), quiet) for _ in range(2))

    assert isinstance(first, Counted)
    assert isinstance(second, Counted)
    assert first.documents == second.documents


def test_progress_is_said_once_per_cent() -> None:
    seen: list[Progress] = []
    steps = counting._Steps(3, seen.append)

    for part in range(10_000):
        steps(part, Fraction(part, 9_000))

    assert [one.percent for one in seen] == list(range(1, 101))
