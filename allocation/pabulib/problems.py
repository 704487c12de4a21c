"""What a file has wrong with it, collected while it is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocation.errors import PbError

Mode = Literal["strict", "lenient"]

SHOWN_CHARACTERS = 40


class Problem(NamedTuple):
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


class Finding(NamedTuple):
    """What is wrong with every ballot that says the same.

    `says` goes on after the words for the ballot. `kind` is the method of `Report` to call.
    """

    kind: Literal["error", "warn", "fault"]
    code: str
    says: str
    hint: str
    repair: str = ""


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
        if self._room(self.errors):
            self.errors.append(Problem(line, code, message, hint, is_error=True))
        else:
            self.unlisted += 1

    def warn(self, line: int, code: str, message: str, hint: str) -> None:
        """Note what is allowed but worth a look."""
        if self._room(self.warnings):
            self.warnings.append(Problem(line, code, message, hint, is_error=False))
        else:
            self.unlisted += 1

    def fault(self, line: int, code: str, message: str, hint: str, repair: str) -> None:
        """Note what a strict reading refuses and a lenient one mends as `repair` says."""
        if self.mode == "strict":
            self.error(line, code, message, hint)
        else:
            self.warn(line, code, message, repair)

    def each_fault(self, found: NDArray[np.int64], tell: Callable[[int], None]) -> None:
        """Have many faults told, by one call of `fault` each; those beyond the limit are counted.

        So a file made of faults is answered as fast as one without.
        """
        room = self._room(self.errors if self.mode == "strict" else self.warnings)
        for one in found[:room].tolist():
            tell(one)
        self.unlisted += len(found[room:])

    def tell(self, finding: Finding, line: int, ballot: str) -> None:
        """Note what was found of a ballot on this line."""
        message = f"{ballot} {finding.says}"
        if finding.kind == "fault":
            self.fault(line, finding.code, message, finding.hint, finding.repair)
        elif finding.kind == "error":
            self.error(line, finding.code, message, finding.hint)
        else:
            self.warn(line, finding.code, message, finding.hint)

    def rows_to_list(
        self,
        *,
        errors: NDArray[np.int64],
        faults: NDArray[np.int64],
        warnings: NDArray[np.int64],
    ) -> list[int]:
        """Choose the rows, of rows with so many problems each, that there is room to tell.

        The problems of the others are counted.
        """
        if self.mode == "strict":
            errors = errors + faults
        else:
            warnings = warnings + faults
        is_listed = _fit(errors, self._room(self.errors)) | _fit(
            warnings, self._room(self.warnings)
        )
        self.unlisted += int((errors + warnings)[~is_listed].sum())
        rows: list[int] = np.flatnonzero(is_listed).tolist()
        return rows

    def in_line_order(self) -> list[Problem]:
        found = sorted([*self.errors, *self.warnings], key=lambda problem: problem.line)
        if self.unlisted:
            message = f"{self.unlisted} more problems are not listed."
            hint = "Correct the ones above, then check again."
            found.append(Problem(found[-1].line, "more_problems", message, hint, is_error=False))
        return found

    def _room(self, problems: list[Problem]) -> int:
        return self.problems_max - len(problems)


def _fit(counts: NDArray[np.int64], room: int) -> NDArray[np.bool_]:
    """Mark the rows with a problem that fits into the room, when all come in order."""
    return (counts > 0) & (np.cumsum(counts) - counts < room)


def shown(cell: str, characters_max: int = SHOWN_CHARACTERS) -> str:
    """Shorten a cell to what fits in a sentence; an empty one becomes "(empty)"."""
    if cell.isalnum() and len(cell) <= characters_max:  # most cells of a large file are ids
        return cell
    text = " ".join(cell.split())
    if len(text) > characters_max:
        return text[:characters_max] + "…"
    return text or "(empty)"
