"""What can go wrong in counting, each with what a person needs to act on it."""

from collections.abc import Sequence
from fractions import Fraction


class AllocationError(Exception):
    """A refusal that a person can act on; `str()` is one plain sentence or two."""

    code = "allocation"


class PbError(AllocationError):
    """A fault in a `.pb` file, with its physical line (from 1; 0: the file as a whole)."""

    def __init__(self, line: int, code: str, message: str, hint: str) -> None:
        where = f"line {line}: " if line else ""
        super().__init__(f"{where}{message} {hint}")
        self.line = line
        self.code = code
        self.message = message
        self.hint = hint


class RuleOptionError(AllocationError):
    """An option that does not exist, or does not fit the ballots or the other options."""

    code = "rule_option"


class NoBallotsError(AllocationError):
    """Equal shares without ballots: nobody to divide the budget among."""

    code = "no_ballots"

    def __init__(self) -> None:
        super().__init__(
            "There are no ballots, so equal shares has nobody to divide the budget among. "
            "Count an election that has ballots."
        )


class ConstraintNotSupportedError(AllocationError):
    """The rule cannot keep a constraint that was asked for; it is refused, never ignored."""

    code = "constraint_not_supported"


class TieUnresolvedError(AllocationError):
    """Projects are still tied when the tie list is at its end (or a lot has no seed).

    `endowment` is the share per ballot of the run (None outside equal shares), `round` counts
    from 1 (0 where there are no rounds).
    """

    code = "tie_unresolved"

    def __init__(
        self, projects: Sequence[str], *, endowment: Fraction | None = None, round_number: int = 0
    ) -> None:
        names = f"{', '.join(projects[:-1])} and {projects[-1]}"
        where = f" in round {round_number}" if round_number else ""
        super().__init__(
            f"Projects {names} are exactly tied{where} and the tie list does not separate them. "
            "Draw a lot and pass it with --lot-seed, or choose other criteria with --ties."
        )
        self.projects = tuple(projects)
        self.endowment = endowment
        self.round_number = round_number


class InfeasibleError(AllocationError):
    """No set of projects keeps all constraints; `conflict` names a smallest set that clashes."""

    code = "infeasible"

    def __init__(self, conflict: Sequence[str]) -> None:
        super().__init__(
            f"These constraints cannot be met together: {'; '.join(conflict)}. Drop or loosen one."
        )
        self.conflict = tuple(conflict)


class SolverFailedError(AllocationError):
    """The solver ended without a proof; the incumbent is for information, never publishable."""

    code = "not_proven"
