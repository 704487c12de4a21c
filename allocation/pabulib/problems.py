"""What a file has wrong with it, collected while it is read."""

from dataclasses import dataclass, field
from typing import Literal

from allocation.errors import PbError

Mode = Literal["strict", "lenient"]

SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault or oddity at a physical line (from 1; 0: the file as a whole).

    `hint` says what to do, or, where a lenient reading mended the fault, what was done.
    """

    line: int
    code: str
    message: str
    hint: str
    is_error: bool

    def __str__(self) -> str:
        return str(self.as_error())

    def as_error(self) -> PbError:
        return PbError(self.line, self.code, self.message, self.hint)


@dataclass
class Report:
    """Takes problems in the order in which the reading meets them.

    Of errors and of warnings only the first `problems_max` each are kept, so that a file made
    of faults cannot fill the memory; the rest are counted.
    """

    mode: Mode
    problems_max: int
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unlisted: int = 0

    def error(self, line: int, code: str, message: str, hint: str) -> None:
        """Note what makes the file unusable in both modes."""
        self._keep(self.errors, Problem(line, code, message, hint, is_error=True))

    def warn(self, line: int, code: str, message: str, hint: str) -> None:
        """Note what is allowed but worth a look."""
        self._keep(self.warnings, Problem(line, code, message, hint, is_error=False))

    def fault(self, line: int, code: str, message: str, hint: str, repair: str) -> None:
        """Note what a strict reading refuses and a lenient one mends as `repair` says."""
        if self.mode == "strict":
            self.error(line, code, message, hint)
        else:
            self.warn(line, code, message, repair)

    @property
    def total(self) -> int:
        return len(self.errors) + len(self.warnings) + self.unlisted

    def in_line_order(self) -> list[Problem]:
        found = sorted([*self.errors, *self.warnings], key=lambda problem: problem.line)
        if self.unlisted:
            message = f"{self.unlisted} more problems are not listed."
            hint = "Correct the ones above, then check again."
            found.append(Problem(found[-1].line, "more_problems", message, hint, is_error=False))
        return found

    def _keep(self, problems: list[Problem], problem: Problem) -> None:
        if len(problems) < self.problems_max:
            problems.append(problem)
        else:
            self.unlisted += 1


def shown(cell: str) -> str:
    """Shorten a cell to what fits in a sentence; an empty one becomes "(empty)"."""
    text = " ".join(cell.split())
    if len(text) > SHOWN_CHARACTERS:
        return text[:SHOWN_CHARACTERS] + "…"
    return text or "(empty)"
