"""What a voter chose, in the one order in which it is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from voting.limits import BallotType

_WITH_NUMBERS = frozenset({BallotType.POINTS, BallotType.SCORES})


@dataclass(frozen=True, slots=True)
class Choices:
    """One ballot's content; a draft may break limits, `voting.ballots` says which.

    Ids are sorted, save in a ranking, where the best comes first. `points` stands beside `ids` on
    a ballot of points or scores and is empty on others. Nothing chosen is a blank ballot.
    """

    ballot_type: BallotType
    ids: tuple[str, ...] = ()
    points: tuple[int, ...] = ()

    @classmethod
    def of_projects(cls, ballot_type: BallotType, projects: Iterable[str]) -> Self:
        """Approve projects, fill a basket or rank them (best first)."""
        if ballot_type in _WITH_NUMBERS:
            raise ValueError(f"a ballot of {ballot_type} needs numbers")
        keep_order = ballot_type is BallotType.RANKING
        return cls(ballot_type, tuple(projects if keep_order else sorted(projects)))

    @classmethod
    def of_numbers(cls, ballot_type: BallotType, numbers: Mapping[str, int]) -> Self:
        """Give points or scores. No points are the same as not being named; a score of 0 is not.

        >>> Choices.of_numbers(BallotType.POINTS, {"pool": 3, "bench": 2, "arch": 0}).ids
        ('bench', 'pool')
        """
        if ballot_type not in _WITH_NUMBERS:
            raise ValueError(f"a ballot of {ballot_type} has no numbers")
        named = sorted(
            (project, number)
            for project, number in numbers.items()
            if number or ballot_type is BallotType.SCORES
        )
        return cls(
            ballot_type,
            tuple(project for project, _ in named),
            tuple(number for _, number in named),
        )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen."""
        return not self.ids

    @property
    def numbers(self) -> dict[str, int]:
        """The points or score of each project named; empty on ballots without numbers."""
        return dict(zip(self.ids, self.points, strict=True)) if self.points else {}

    def to_canonical(self) -> list[Any]:
        """Return the `choices` of the record: ids, or pairs of id and number."""
        if self.ballot_type in _WITH_NUMBERS:
            return [list(pair) for pair in zip(self.ids, self.points, strict=True)]
        return list(self.ids)

    @classmethod
    def from_canonical(cls, ballot_type: BallotType, data: Sequence[Any]) -> Self:
        """Read what `to_canonical` wrote; ValueError if it is nothing of the kind."""
        if not all(_is_entry(entry, ballot_type) for entry in data):
            raise ValueError(f"not the choices of a ballot of {ballot_type}")
        if ballot_type in _WITH_NUMBERS:
            choices = cls.of_numbers(ballot_type, dict(data))
        else:
            choices = cls.of_projects(ballot_type, data)
        # Writing them again finds another order, a project given twice, points of 0.
        if choices.to_canonical() != list(data):
            raise ValueError(f"not the choices of a ballot of {ballot_type} in their order")
        return choices


def _is_entry(entry: object, ballot_type: BallotType) -> bool:
    match entry:
        case [str(), int() as number]:
            return ballot_type in _WITH_NUMBERS and not isinstance(number, bool)
        case str():
            return ballot_type not in _WITH_NUMBERS
    return False
