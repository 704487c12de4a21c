"""One person's ballot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person chose. `choices` in ballot order (best first where order matters).

    `points` runs beside `choices` for cumulative and scoring ballots and is empty otherwise.
    """

    choices: tuple[str, ...]
    points: tuple[Fraction, ...] = ()
    voter_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
