"""The compiled run of equal shares: certified by error bounds, over a whole stretch of endowments.

Every quantity is held between two straight lines in the endowment: over the stretch from `e0` to
`e1` it lies above the line through (low0, low1) and below the line through (high0, high1). With
e0 = e1 the lines are the bounds of one number. So a decision that the lines allow is the decision
of exact arithmetic at every endowment of the stretch. What they do not allow is handed back.
"""

import numpy as np

from allocation.engine.book import (
    BURIED,
    DEPTH,
    FIRST_CLASS,
    LIST_LENGTH,
    LISTED_BALLOTS,
    LISTED_CLASS,
    LISTED_SHARE,
    PARENT,
    ROOT,
    SHARE,
    WINNER,
    Ballots,
    Book,
    Wholes,
    list_supporters,
    split_classes,
    turn_back,
)
from allocation.engine.bounds import (
    Doubles,
    all_pay_alike,
    down,
    equal_products,
    highest_payment,
    lowest_payments,
    slack_of,
    up,
)
from allocation.engine.compiling import compiled

DONE = 0
UNDECIDED = 1
UNRESOLVED_TIE = 2
NO_ROOM = 3

NOBODY = -1
NO_ANSWER = -2
# A class is buried when it lacks this part of its payment: a little more money for everybody
# shall not dig it out again at once.
BURIED_BELOW = 0.1

# Rows of `money`, by class, and of `purses`, by entry of the list at hand.
LOW0, HIGH0, LOW1, HIGH1 = range(4)
SHARES, BALLOTS = 4, 5
# Rows of `levels`, by project: bounds of the payment per share, and of the price level, which is
# the payment per utility. The lower ones hold for the rest of the run, since levels only rise; the
# others for the round SEEN_IN. Infinite: perhaps it cannot be paid.
PAY_LOW0, PAY_HIGH0, PAY_LOW1, PAY_HIGH1 = range(4)
LEVEL_LOW0, LEVEL_HIGH0, LEVEL_LOW1, LEVEL_HIGH1 = range(4, 8)
# The shares of all who have money if surely nobody of them is short of it, else 0; the part of the
# stretch on which it surely is too dear.
ALIKE_SHARES, TOO_DEAR_UNTIL, SEEN_IN = range(8, 11)


@compiled
def _first_levels(
    costs: Doubles, units: Doubles, total_shares: Doubles, supported: Wholes
) -> Doubles:
    """Bound the levels by what would be paid if nobody were short of money."""
    levels = np.zeros((11, len(costs)))
    for p in supported:
        payment = down(costs[p] / up(total_shares[p]))
        levels[PAY_LOW0, p] = levels[PAY_LOW1, p] = payment
        levels[LEVEL_LOW0, p] = levels[LEVEL_LOW1, p] = down(payment / units[p])
        levels[SEEN_IN, p] = -1.0
    return levels


@compiled
def _look(
    pool: Wholes,
    listed: int,
    length: int,
    money: Doubles,
    purses: Doubles,
    levels: Doubles,
    p: int,
    cost: float,
    unit: float,
    single: bool,
) -> bool:
    """Bound the price level of a project in this round; False if surely nobody can pay it."""
    had0 = had1 = 0.0
    for i in range(length):
        kind = pool[LISTED_CLASS, listed + i]
        ballots = float(pool[LISTED_BALLOTS, listed + i])
        purses[SHARES, i] = pool[LISTED_SHARE, listed + i]
        purses[BALLOTS, i] = ballots
        purses[LOW0, i] = money[LOW0, kind]
        purses[HIGH0, i] = money[HIGH0, kind]
        had0 += money[HIGH0, kind] * ballots
        if not single:
            purses[LOW1, i] = money[LOW1, kind]
            purses[HIGH1, i] = money[HIGH1, kind]
            had1 += money[HIGH1, kind] * ballots
    had0 *= slack_of(length)
    had1 = had0 if single else had1 * slack_of(length)
    if had0 < cost and had1 < cost:
        return False
    levels[TOO_DEAR_UNTIL, p] = (cost - had0) / (had1 - had0) if had0 < cost else 0.0

    shares, counts = purses[SHARES], purses[BALLOTS]
    low0, low1 = levels[PAY_LOW0, p], levels[PAY_LOW1, p]
    high0 = highest_payment(shares, counts, purses[LOW0], length, cost, low0)
    high1 = high0
    if not single:
        high1 = highest_payment(shares, counts, purses[LOW1], length, cost, low1)
    about = (high0 + high1) * 0.5
    if about == np.inf:
        about = (low0 + low1) * 0.5
    end = HIGH0 if single else HIGH1
    new0, new1 = lowest_payments(shares, counts, purses[HIGH0], purses[end], length, cost, about)
    if single:
        new0 = new1 = max(new0, low0)
    levels[PAY_LOW0, p], levels[PAY_LOW1, p] = new0, new1
    levels[PAY_HIGH0, p], levels[PAY_HIGH1, p] = high0, high1
    levels[LEVEL_LOW0, p], levels[LEVEL_LOW1, p] = down(new0 / unit), down(new1 / unit)
    levels[LEVEL_HIGH0, p], levels[LEVEL_HIGH1, p] = up(high0 / unit), up(high1 / unit)
    end = LOW0 if single else LOW1
    levels[ALIKE_SHARES, p] = 0.0
    if high0 < np.inf and all_pay_alike(shares, purses[LOW0], purses[end], length, high0, high1):
        for i in range(length):
            levels[ALIKE_SHARES, p] += shares[i] * counts[i]
    return True


@compiled
def _sort_by_level(active: Wholes, size: int, levels: Doubles) -> None:
    """Order projects by the lower bound of their level; they nearly are already."""
    for i in range(1, size):
        p = active[i]
        j = i
        while j > 0 and levels[LEVEL_LOW0, active[j - 1]] > levels[LEVEL_LOW0, p]:
            active[j] = active[j - 1]
            j -= 1
        active[j] = p


@compiled
def _surely_above(levels: Doubles, p: int, best: int) -> bool:
    return bool(
        levels[LEVEL_LOW0, p] > levels[LEVEL_HIGH0, best]
        and levels[LEVEL_LOW1, p] > levels[LEVEL_HIGH1, best]
    )


@compiled
def _is_tie(prices: Doubles, levels: Doubles, p: int, best: int, round_: int) -> bool:
    """Tell whether two levels are surely equal, on the whole stretch.

    Where nobody is short of money, the level is cost over shares and unit: whole numbers decide.
    """
    return (
        levels[SEEN_IN, p] == round_
        and levels[ALIKE_SHARES, p] > 0.0
        and levels[ALIKE_SHARES, best] > 0.0
        and equal_products(
            prices[p], levels[ALIKE_SHARES, best], prices[best], levels[ALIKE_SHARES, p]
        )
    )


@compiled
def _reach(levels: Doubles, contenders: Wholes, contending: int, best: int) -> float:
    """Return the part of the stretch on which the lines have not yet crossed."""
    reach = 1.0
    for i in range(contending):
        p = contenders[i]
        if best == NOBODY:
            reach = min(reach, levels[TOO_DEAR_UNTIL, p])
        elif p != best:
            gap0 = levels[LEVEL_LOW0, p] - levels[LEVEL_HIGH0, best]
            gap1 = levels[LEVEL_LOW1, p] - levels[LEVEL_HIGH1, best]
            if gap0 <= 0.0:
                reach = 0.0
            elif gap1 < gap0:
                reach = min(reach, gap0 / (gap0 - gap1))
    return reach


@compiled
def _pay(
    tree: Wholes,
    money: Doubles,
    levels: Doubles,
    winner: int,
    first_class: int,
    last_class: int,
    burying: bool,
) -> bool:
    """Compute what is left to the classes of a round after they paid.

    With `burying`, bury those that surely have nothing left by far. Without, return False if one
    that is buried may have something.
    """
    fits = True
    for kind in range(first_class, last_class):
        source = tree[PARENT, kind]
        share = float(tree[SHARE, kind])
        debt0 = down(levels[PAY_LOW0, winner] * share)
        debt1 = down(levels[PAY_LOW1, winner] * share)
        high0 = up(money[HIGH0, source] - debt0)
        high1 = up(money[HIGH1, source] - debt1)
        low0 = down(money[LOW0, source] - up(levels[PAY_HIGH0, winner] * share))
        low1 = down(money[LOW1, source] - up(levels[PAY_HIGH1, winner] * share))
        surely = low0 > 0.0 and low1 > 0.0
        money[LOW0, kind] = low0 if surely else 0.0
        money[LOW1, kind] = low1 if surely else 0.0
        money[HIGH0, kind] = max(0.0, high0)
        money[HIGH1, kind] = max(0.0, high1)
        if burying:
            tree[BURIED, kind] = high0 <= -BURIED_BELOW * debt0 and high1 <= -BURIED_BELOW * debt1
        elif tree[BURIED, kind] and (high0 > 0.0 or high1 > 0.0):
            fits = False
    return fits


@compiled
def _most(pool: Wholes, listed: int, length: int, money: Doubles) -> float:
    """Return what the richest of the listed classes has, per share."""
    most = 0.0
    for i in range(listed, listed + length):
        kind = pool[LISTED_CLASS, i]
        most = max(most, up(max(money[HIGH0, kind], money[HIGH1, kind]) / pool[LISTED_SHARE, i]))
    return most


@compiled
def _without(rival_firsts: Wholes, rivals: Wholes, active: Wholes, size: int, winner: int) -> int:
    """Take a winner and its rivals out of `active`; return how many are left."""
    kept = 0
    for i in range(size):
        p = active[i]
        gone = p == winner
        for k in range(rival_firsts[winner], rival_firsts[winner + 1]):
            gone = gone or rivals[k] == p
        if not gone:
            active[kept] = p
            kept += 1
    return kept


@compiled
def _first_of_tie(rank: Wholes, contenders: Wholes, contending: int) -> int:
    """Return the contender that the tie list puts first, or NOBODY if it does not say."""
    first = contenders[0]
    alone = True
    for i in range(1, contending):
        p = contenders[i]
        if rank[p] < rank[first]:
            first = p
            alone = True
        elif rank[p] == rank[first]:
            alone = False
    return first if alone else NOBODY


@compiled
def run(
    ballots: Ballots,
    book: Book,
    low_e0: float,
    high_e0: float,
    low_e1: float,
    high_e1: float,
    answers: Wholes,
) -> tuple[int, Wholes, float, Wholes, int, tuple[Wholes, Wholes]]:
    """Run equal shares for all endowments from e0 to e1 (bounds of either are given).

    `answers` are what exact arithmetic has said of a round at this very endowment: its winner,
    NOBODY if none of the contenders can be paid, or NO_ANSWER. There is one more than projects.

    Returns (status, winners, reach, contenders, ties, tied): for UNDECIDED `reach` is the part of
    the stretch, from e0, on which the lines had not crossed, and one of the `contenders` wins the
    next round; `tied` are the rounds of certain ties, one
    for each project in it, and those projects.
    """
    costs, units, prices, total_shares = (
        ballots.costs,
        ballots.units,
        ballots.prices,
        ballots.total_shares,
    )
    firsts, groups, shares, counts = ballots.firsts, ballots.groups, ballots.shares, ballots.counts
    rank, rival_firsts, rivals = ballots.rank, ballots.rival_firsts, ballots.rivals
    state, rounds, class_of, tree = book.state, book.rounds, book.class_of, book.tree
    money, lists, pool, purses = book.money, book.lists, book.pool, book.purses

    single = low_e0 == low_e1 and high_e0 == high_e1
    money[LOW0, ROOT], money[HIGH0, ROOT] = low_e0, high_e0
    money[LOW1, ROOT], money[HIGH1, ROOT] = low_e1, high_e1
    levels = _first_levels(costs, units, total_shares, ballots.supported)
    active = ballots.supported.copy()
    size = len(active)
    winners = np.empty(size, np.int64)
    contenders = np.empty(size, np.int64)
    tied_rounds = np.empty(size * (size + 1), np.int64)
    tied_members = np.empty(size * (size + 1), np.int64)
    tied_end = ties = contending = 0
    round_ = 0
    reach = 1.0
    status = DONE

    while size:
        _sort_by_level(active, size, levels)
        # Look at projects by their lower bounds until the lowest level is found.
        best = NOBODY
        lowest = np.inf
        i = 0
        while i < size:
            p = active[i]
            if levels[SEEN_IN, p] == round_:
                i += 1
                continue
            if best != NOBODY and _surely_above(levels, p, best):
                if single:
                    break  # those after it are above too
                i += 1
                continue
            listed = list_supporters(
                firsts,
                groups,
                shares,
                counts,
                state,
                class_of,
                tree,
                lists,
                pool,
                p,
                round_,
            )
            length = lists[LIST_LENGTH, round_, p]
            levels[SEEN_IN, p] = round_
            if not _look(
                pool, listed, length, money, purses, levels, p, costs[p], units[p], single
            ):
                # Money never comes back: out for the rest of the run.
                size -= 1
                for j in range(i, size):
                    active[j] = active[j + 1]
                continue
            if levels[LEVEL_HIGH0, p] + levels[LEVEL_HIGH1, p] < lowest:
                best = p
                lowest = levels[LEVEL_HIGH0, p] + levels[LEVEL_HIGH1, p]
            # Its bound has risen, so others may come before it now.
            j = i
            while j + 1 < size and levels[LEVEL_LOW0, active[j + 1]] < levels[LEVEL_LOW0, p]:
                active[j] = active[j + 1]
                j += 1
            active[j] = p
            if j == i:
                i += 1

        # Who might be as good as the best, somewhere on the stretch?
        contending = 0
        certain = best != NOBODY
        for i in range(size):
            p = active[i]
            if best == NOBODY or (p != best and not _surely_above(levels, p, best)):
                contenders[contending] = p
                contending += 1
                certain = certain and _is_tie(prices, levels, p, best, round_)
        if best == NOBODY and contending == 0:
            break
        winner = best
        if contending:
            if best != NOBODY:
                contenders[contending] = best
                contending += 1
            if certain:
                winner = _first_of_tie(rank, contenders, contending)
                if winner == NOBODY:
                    status = UNRESOLVED_TIE
                    break
                for i in range(contending):
                    tied_rounds[tied_end] = round_
                    tied_members[tied_end] = contenders[i]
                    tied_end += 1
                ties += 1
            elif answers[round_] != NO_ANSWER:
                winner = answers[round_]
                if winner == NOBODY:
                    break
            else:
                status = UNDECIDED
                reach = _reach(levels, contenders, contending, best)
                break

        # The supporters pay.
        if levels[PAY_HIGH0, winner] == np.inf or levels[PAY_HIGH1, winner] == np.inf:
            listed = list_supporters(
                firsts,
                groups,
                shares,
                counts,
                state,
                class_of,
                tree,
                lists,
                pool,
                winner,
                round_,
            )
            # Affordable after all, and nobody pays more than the richest per share has.
            most = _most(pool, listed, lists[LIST_LENGTH, round_, winner], money)
            levels[PAY_HIGH0, winner] = levels[PAY_HIGH1, winner] = most
        known = (
            state[DEPTH] > round_
            and rounds[WINNER, round_] == winner
            and _pay(
                tree,
                money,
                levels,
                winner,
                rounds[FIRST_CLASS, round_],
                rounds[FIRST_CLASS, round_ + 1],
                False,
            )
        )
        if not known:
            turn_back(state, class_of, tree, lists, round_)
            listed = list_supporters(
                firsts,
                groups,
                shares,
                counts,
                state,
                class_of,
                tree,
                lists,
                pool,
                winner,
                round_,
            )
            length = lists[LIST_LENGTH, round_, winner]
            if not split_classes(
                firsts,
                groups,
                shares,
                state,
                rounds,
                class_of,
                tree,
                pool,
                listed,
                length,
                winner,
                round_,
            ):
                status = NO_ROOM
                break
            _pay(
                tree,
                money,
                levels,
                winner,
                rounds[FIRST_CLASS, round_],
                rounds[FIRST_CLASS, round_ + 1],
                True,
            )
        winners[round_] = winner
        round_ += 1
        size = _without(rival_firsts, rivals, active, size, winner)

    return (
        status,
        winners[:round_],
        reach,
        contenders[:contending],
        ties,
        (tied_rounds[:tied_end], tied_members[:tied_end]),
    )
