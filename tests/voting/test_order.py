import hashlib
import hmac
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from voting.order import shuffled

ids = st.sets(st.text(max_size=5).filter(str.isprintable), max_size=12)


@given(ids, st.binary())
def test_every_project_is_shown_once_whatever_order_they_came_in(
    projects: set[str], seed: bytes
) -> None:
    order = shuffled(sorted(projects), seed)

    assert sorted(order) == sorted(projects)
    assert shuffled(sorted(projects, reverse=True), seed) == order


@given(ids, st.binary(), st.text(max_size=5).filter(str.isprintable))
def test_a_new_project_leaves_the_order_of_the_others(
    projects: set[str], seed: bytes, newcomer: str
) -> None:
    before = [id_ for id_ in shuffled(projects, seed) if id_ != newcomer]

    after = [id_ for id_ in shuffled(projects | {newcomer}, seed) if id_ != newcomer]

    assert after == before


def test_every_order_comes_up_about_equally_often() -> None:
    orders = Counter(tuple(shuffled("abc", b"%d" % visitor)) for visitor in range(6000))

    assert len(orders) == 6
    assert all(850 < times < 1150 for times in orders.values())


def test_the_order_of_a_seed_can_be_printed_again_years_later() -> None:
    def digest(id_: str) -> bytes:
        return hmac.new(b"seed", id_.encode(), hashlib.sha256).digest()

    assert shuffled("abcdefgh", b"seed") == sorted("abcdefgh", key=digest)
