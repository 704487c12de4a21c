"""The ids of the ballots: each a usable one, and given once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.fields import SECTIONS
from allocation.pabulib.lookup import are_different
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.texts import Texts


@dataclass(frozen=True, eq=False)
class VoterIds:
    """The id of every row as written and as kept, and which rows are at fault."""

    written: Sequence[str]
    lines: Sequence[int]
    kept: Sequence[str]
    unusable: NDArray[np.bool_]
    renamed: NDArray[np.bool_]
    row_of: Mapping[str, int] = field(default_factory=dict)

    def tell(self, row: int, report: Report) -> None:
        """Report what is wrong with the id of a row at fault."""
        name, line = shown(self.written[row]), self.lines[row]
        if self.unusable[row]:
            message = f"the voter id {name} is no id."
            report.error(line, "voter_id", message, "Give each ballot its own number.")
        else:
            other_line = self.lines[self.row_of[self.written[row]]]
            message = f"voter {name} has two ballots, the other on line {other_line}."
            hint, repair = "Leave one ballot per voter.", f"Kept as {shown(self.kept[row])}."
            report.fault(line, "duplicate_voter", message, hint, repair)


def read_voter_ids(texts: Texts, lines: Sequence[int]) -> VoterIds:
    """Check all ids; one that came before gets a number, so that no ballot is lost."""
    written = texts.strings()
    unusable = np.zeros(len(written), dtype=np.bool_)
    renamed = np.zeros(len(written), dtype=np.bool_)
    if are_different(texts) and _are_usable(texts):
        return VoterIds(written, lines, written, unusable, renamed)
    row_of: dict[str, int] = {}
    repeats: dict[str, int] = {}
    kept = [*written]
    for row, id_ in enumerate(written):
        if not _is_usable(id_):
            unusable[row] = True
        elif id_ in row_of:
            kept[row] = _renamed(id_, row_of, repeats)
            renamed[row] = True
        row_of[kept[row]] = row
    return VoterIds(written, lines, kept, unusable, renamed, row_of)


def _are_usable(texts: Texts) -> bool:
    # What begins with a digit is no word that the format keeps for itself.
    firsts = texts.codes.take(texts.begins, mode="clip")
    others = np.flatnonzero((firsts < ord("0")) | (firsts > ord("9")) | (texts.lengths == 0))
    return all(map(_is_usable, texts.take(others).strings()))


def _is_usable(id_: str) -> bool:
    return bool(id_) and id_.lower() != "none" and id_.upper() not in SECTIONS


def _renamed(id_: str, taken: Mapping[str, int], repeats: dict[str, int]) -> str:
    number = repeats.get(id_, 1) + 1
    while f"{id_}#{number}" in taken:
        number += 1
    repeats[id_] = number
    return f"{id_}#{number}"
