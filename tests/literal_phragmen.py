"""Phragmén's sequential rule once more, slowly and word by word, as an oracle."""

from collections.abc import Callable
from fractions import Fraction

from allocation.instance import Instance


def literal_phragmen(instance: Instance, break_tie: Callable[[list[str]], str]) -> list[str]:
    """One load per voter, every project looked at in every round; winners in order."""
    ballots = [set(ballot.choices) for ballot in instance.ballots]
    load = [Fraction(0)] * len(ballots)
    cost = {p.id: p.cost for p in instance.projects if p.cost <= instance.budget}
    winners: list[str] = []
    while True:
        levels = {}
        for id_, price in cost.items():
            loads = [load[voter] for voter, ballot in enumerate(ballots) if id_ in ballot]
            if loads and id_ not in winners:
                levels[id_] = (sum(loads) + price) / len(loads)
        due = [id_ for id_ in levels if levels[id_] == min(levels.values())]
        spent = sum(cost[id_] for id_ in winners)
        if not due or any(spent + cost[id_] > instance.budget for id_ in due):
            return winners
        chosen = due[0] if len(due) == 1 else break_tie(due)
        winners.append(chosen)
        load = [
            levels[chosen] if chosen in ballot else before
            for before, ballot in zip(load, ballots, strict=True)
        ]
