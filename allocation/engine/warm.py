"""Compile ahead what counting needs: `python -m allocation.engine.warm`, at set-up."""

from fractions import Fraction

from allocation.allocate import allocate
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.rule_sheet import RuleSheet


def warm_up() -> None:
    """Count an election so small that only compiling takes time."""
    instance = Instance(
        vote_type=VoteType.CUMULATIVE,
        budget=10,
        projects=(Project("1", 7), Project("2", 6), Project("3", 5)),
        ballots=(
            Ballot(("1", "2"), (Fraction(2), Fraction(1))),
            Ballot(("2", "3"), (Fraction(1), Fraction(2))),
        ),
    )
    allocate(instance, RuleSheet(lot_seed="warm"))


if __name__ == "__main__":
    warm_up()
