"""The ids of the ballots: each a usable one, and given once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.fields import SECTIONS
from allocation.pabulib.lookup import are_different, different
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.texts import Texts

NUMBER_MARK = "#"


@dataclass(frozen=True, eq=False)
class VoterIds:
    """The id of every row as written and as kept, and which rows are at fault."""

    written: Sequence[str]
    lines: NDArray[np.int64]
    kept: Sequence[str]
    is_unusable: NDArray[np.bool_]
    is_renamed: NDArray[np.bool_]
    row_of: Mapping[str, int]

    def tell(self, row: int, report: Report) -> None:
        """Report what is wrong with the id of a row at fault."""
        name, line = shown(self.written[row]), int(self.lines[row])
        if self.is_unusable[row]:
            message = f"the voter id {name} is no id."
            report.error(line, "voter_id", message, "Give each ballot its own number.")
        else:
            other_line = self.lines[self.row_of[self.written[row]]]
            message = f"voter {name} has two ballots, the other on line {other_line}."
            hint, repair = "Leave one ballot per voter.", f"Kept as {shown(self.kept[row])}."
            report.fault(line, "duplicate_voter", message, hint, repair)


def read_voter_ids(texts: Texts, lines: NDArray[np.int64]) -> VoterIds:
    """Check all ids; one that came before gets a number, so that no ballot is lost."""
    written = texts.strings()
    is_unusable, is_renamed = np.zeros((2, len(texts)), dtype=np.bool_)
    is_unusable[_unusable(texts)] = True
    if are_different(texts):
        return VoterIds(written, lines, written, is_unusable, is_renamed, {})
    # Only an id that is written with this mark can be one that was made up for another row.
    may_clash = NUMBER_MARK.encode() in texts.codes.tobytes()
    kept = [*written]
    row_of: dict[str, int] = {}
    repeats: dict[str, int] = {}
    for row, id_ in enumerate(written):
        if id_ not in row_of:
            row_of[id_] = row
        elif not is_unusable[row]:
            kept[row] = new_id = _new_id(id_, row_of, repeats)
            if may_clash:
                row_of[new_id] = row
            is_renamed[row] = True
    return VoterIds(written, lines, kept, is_unusable, is_renamed, row_of)


def _unusable(texts: Texts) -> NDArray[np.int64]:
    """Find the rows whose id is none."""
    # What begins with a digit is no word that the format keeps for itself.
    firsts = texts.codes.take(texts.begins, mode="clip")
    is_other = (firsts < ord("0")) | (firsts > ord("9")) | (texts.lengths == 0)
    others = np.flatnonzero(is_other)
    places, number = different(texts.take(others))
    is_none = [not _is_usable(id_) for id_ in texts.take(others[places]).strings()]
    return others[np.array(is_none, dtype=np.bool_)[number]]


def _is_usable(id_: str) -> bool:
    return bool(id_) and id_.lower() != "none" and id_.upper() not in SECTIONS


def _new_id(id_: str, taken: Mapping[str, int], repeats: dict[str, int]) -> str:
    number = repeats.get(id_, 1) + 1
    while (new_id := f"{id_}{NUMBER_MARK}{number}") in taken:
        number += 1
    repeats[id_] = number
    return new_id
