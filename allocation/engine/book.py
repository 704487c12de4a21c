"""Which ballots have equal money after which purchases, kept from one run to the next.

Ballots are in *classes* of equal money. A purchase moves the supporters of each class, share by
share, to a new class; the others stay. So classes form a tree that depends on the purchases alone,
not on the endowment, and runs whose purchases begin alike share it. Who surely has nothing left is
*buried*: such a class takes no further part.

The arrays are few and passed one by one: compiled code that takes them out of a tuple counts
references in its innermost loops, which takes longer than the work.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocation.engine.bounds import Doubles
from allocation.engine.compiling import compiled

Wholes = NDArray[np.int64]
Halves = NDArray[np.int32]

ROOT = 0
NO_LIST = -1

# Rows of `Book.tree`, by class: the class it was made from, by a payment for how many shares, in
# which round; whether it is buried; two places to work.
PARENT, SHARE, MADE_IN, BURIED, TALLY, RENAMED = range(6)
# Rows of `Book.pool`.
LISTED_CLASS, LISTED_SHARE, LISTED_BALLOTS = range(3)
# Rows of `Book.rounds`, by round: the winner, and the first class that the round made.
WINNER, FIRST_CLASS = range(2)
# Planes of `Book.lists`, by round and project: where in the pool, and how long.
LIST_FIRST, LIST_LENGTH = range(2)
# Places of `Book.state`: rounds entered, end of the pool, room for lists that are kept.
DEPTH, POOL_END, POOL_ROOM = range(3)


class Ballots(NamedTuple):
    """The election. Project p costs `costs[p]` and counts `units[p]` per share.

    `prices[p]` is cost over unit. The entries of p, `firsts[p]` up to `firsts[p + 1]`, name the
    ballot group of its supporters, how many `counts` they are, and their shares, by rising share;
    `total_shares[p]` are the shares of them all. There are `groups_count` groups. `supported` are
    the projects with supporters. Exact ties go to the smaller `rank`. With p leave the projects of
    `rivals` from `rival_firsts[p]` on.
    """

    costs: Doubles
    units: Doubles
    prices: Doubles
    total_shares: Doubles
    firsts: Wholes
    groups: NDArray[np.uint32]
    shares: Halves
    counts: Halves
    groups_count: int
    supported: Wholes
    rank: Wholes
    rival_firsts: Wholes
    rivals: Wholes


class Book(NamedTuple):
    """The tree of classes for the purchases made so far, and the lists of supporters by class.

    `class_of` is the class of each group after all rounds. `money` are bounds of what a ballot of
    each class has, as `kernel.run` computes them; `purses` is its place to work.
    """

    state: Wholes
    rounds: Wholes
    class_of: NDArray[np.uint32]
    tree: Wholes
    money: Doubles
    lists: Wholes
    pool: Wholes
    purses: Doubles


def new_book(ballots: Ballots, classes: int, pool: int) -> Book:
    """Open a book for up to so many classes, which keeps lists of up to `pool` entries in all."""
    projects = len(ballots.costs)
    longest = int(np.diff(ballots.firsts).max(initial=0)) + 1
    book = Book(
        state=np.array([0, 0, pool]),
        rounds=np.ones((2, projects + 2), np.int64),
        class_of=np.full(ballots.groups_count, ROOT, np.uint32),
        tree=np.zeros((6, classes), np.int64),
        money=np.zeros((4, classes)),
        lists=np.full((2, projects + 1, projects), NO_LIST, np.int64),
        # The last places are for making a list, before it is known whether it can be kept.
        pool=np.zeros((3, pool + longest), np.int64),
        purses=np.empty((6, longest)),
    )
    book.tree[MADE_IN, ROOT] = -1
    return book


@compiled
def turn_back(
    state: Wholes, class_of: NDArray[np.uint32], tree: Wholes, lists: Wholes, round_: int
) -> None:
    """Forget the purchases from a round on."""
    if state[DEPTH] <= round_:
        return
    for group in range(len(class_of)):
        kind = int(class_of[group])
        while tree[MADE_IN, kind] >= round_:
            kind = int(tree[PARENT, kind])
        class_of[group] = kind
    for later in range(round_ + 1, state[DEPTH] + 1):
        for project in range(lists.shape[2]):
            lists[LIST_FIRST, later, project] = NO_LIST
    state[DEPTH] = round_


@compiled
def list_supporters(
    firsts: Wholes,
    groups: NDArray[np.uint32],
    shares: Halves,
    counts: Halves,
    state: Wholes,
    class_of: NDArray[np.uint32],
    tree: Wholes,
    lists: Wholes,
    pool: Wholes,
    project: int,
    round_: int,
) -> int:
    """List who supports a project and is not buried; return where in the pool the list begins.

    By rising share and in the order of the groups, never of the ballots: sums of doubles depend on
    it. The length stands in `lists`.
    """
    first = int(lists[LIST_FIRST, round_, project])
    if first != NO_LIST:
        return first
    room = int(state[POOL_ROOM])
    ahead = state[DEPTH] > round_
    end = room
    entry = firsts[project]
    last = firsts[project + 1]
    while entry < last:
        share = shares[entry]
        begin = touched = end
        while entry < last and shares[entry] == share:
            kind = int(class_of[groups[entry]])
            if ahead:
                while tree[MADE_IN, kind] >= round_:
                    kind = int(tree[PARENT, kind])
            if tree[TALLY, kind] == 0:
                pool[LISTED_CLASS, touched] = kind
                touched += 1
            tree[TALLY, kind] += counts[entry]
            entry += 1
        for i in range(begin, touched):
            kind = int(pool[LISTED_CLASS, i])
            if not tree[BURIED, kind]:
                pool[LISTED_CLASS, end] = kind
                pool[LISTED_SHARE, end] = share
                pool[LISTED_BALLOTS, end] = tree[TALLY, kind]
                end += 1
            tree[TALLY, kind] = 0
    length = end - room
    lists[LIST_LENGTH, round_, project] = length
    if length > room:
        return room
    first = int(state[POOL_END])
    if first + length > room:
        lists[LIST_FIRST] = NO_LIST
        first = 0
    for i in range(length):
        for row in range(3):
            pool[row, first + i] = pool[row, room + i]
    state[POOL_END] = first + length
    lists[LIST_FIRST, round_, project] = first
    return first


@compiled
def split_classes(
    firsts: Wholes,
    groups: NDArray[np.uint32],
    shares: Halves,
    state: Wholes,
    rounds: Wholes,
    class_of: NDArray[np.uint32],
    tree: Wholes,
    pool: Wholes,
    listed: int,
    length: int,
    project: int,
    round_: int,
) -> bool:
    """Enter a purchase: the supporters of each class get a class of their own, not yet buried.

    `listed` and `length` tell where in the pool they are listed. Returns False when there is no
    room for so many classes.
    """
    new = rounds[FIRST_CLASS, round_]
    if new + length > tree.shape[1]:
        return False
    entry = firsts[project]
    last = firsts[project + 1]
    i = listed
    while i < listed + length:
        share = pool[LISTED_SHARE, i]
        while i < listed + length and pool[LISTED_SHARE, i] == share:
            kind = pool[LISTED_CLASS, i]
            tree[RENAMED, kind] = new
            tree[PARENT, new] = kind
            tree[SHARE, new] = share
            tree[MADE_IN, new] = round_
            tree[BURIED, new] = 0
            new += 1
            i += 1
        while entry < last and shares[entry] < share:
            entry += 1
        while entry < last and shares[entry] == share:
            kind = int(class_of[groups[entry]])
            if not tree[BURIED, kind]:
                class_of[groups[entry]] = tree[RENAMED, kind]
            entry += 1
    rounds[WINNER, round_] = project
    rounds[FIRST_CLASS, round_ + 1] = new
    state[DEPTH] = round_ + 1
    return True


def supporters(ballots: Ballots, book: Book, project: int, round_: int) -> NDArray[np.int64]:
    """Return the supporters of a project before a round: rows of class, share and ballots."""
    first = list_supporters(
        ballots.firsts,
        ballots.groups,
        ballots.shares,
        ballots.counts,
        book.state,
        book.class_of,
        book.tree,
        book.lists,
        book.pool,
        project,
        round_,
    )
    length = int(book.lists[LIST_LENGTH, round_, project])
    return book.pool[:, first : first + length].T.copy()
