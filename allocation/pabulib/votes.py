"""The section VOTES: one ballot per row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.instance import Ballot, VoteType
from allocation.pabulib import numbers
from allocation.pabulib.ballot_limits import BallotLimits
from allocation.pabulib.fields import POINT_TYPES, SECTIONS, VOTE_ORDER, VOTE_REQUIRED
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.sections import Columns, Section, Table, read_table

Content = tuple[tuple[str, ...], tuple[Fraction, ...]]


@dataclass
class VoterIds:
    """The ids given so far: lines by id, and how often each came again."""

    report: Report
    lines: dict[str, int] = field(default_factory=dict)
    repeats: dict[str, int] = field(default_factory=dict)

    def take(self, id_: str, line: int) -> str:
        """Check an id; one that came before gets a number, so that no ballot is lost."""
        if not id_ or id_.lower() == "none" or id_.upper() in SECTIONS:
            message = f"the voter id {shown(id_)} is no id."
            self.report.error(line, "voter_id", message, "Give each ballot its own number.")
        elif id_ in self.lines:
            return self._renamed(id_, line)
        self.lines[id_] = line
        return id_

    def _renamed(self, id_: str, line: int) -> str:
        number = self.repeats.get(id_, 1) + 1
        while f"{id_}#{number}" in self.lines:
            number += 1
        self.repeats[id_] = number
        new_id = f"{id_}#{number}"
        self.lines[new_id] = line
        message = f"voter {shown(id_)} has two ballots, the other on line {self.lines[id_]}."
        hint = "Leave one ballot per voter."
        self.report.fault(line, "duplicate_voter", message, hint, f"Kept as {shown(new_id)}.")
        return new_id


@dataclass
class ContentReader:
    """Reads what a ballot says. Many ballots say the same: one without faults is read once."""

    vote_type: VoteType | None
    limits: BallotLimits
    report: Report
    faultless: dict[tuple[str, str], Content] = field(default_factory=dict)

    def read(self, line: int, voter: str, vote: str, points: str) -> Content:
        known = self.faultless.get((vote, points))
        if known is not None:
            return known
        before = self.report.total
        content = self._read(line, voter, vote, points)
        if self.report.total == before:
            self.faultless[vote, points] = content
        return content

    def _read(self, line: int, voter: str, vote: str, points: str) -> Content:
        whose = f"the ballot of voter {shown(voter)}"
        written = self._entries(line, whose, vote)
        given = self._points(line, whose, points, len(written))
        kept = self._kept(line, whose, written)
        choices = tuple(written[index] for index in kept)
        chosen_points = tuple(given[index] for index in kept) if given else ()
        for limit in self.limits.broken_by(choices, chosen_points):
            message = f"{whose} breaks the limit {limit}."
            hint = "Correct the ballot or the limit in META."
            self.report.fault(line, "ballot_limit", message, hint, "Read all the same.")
        if not choices:
            message = f"{whose} is empty."
            self.report.warn(line, "empty_ballot", message, "It counts as a ballot for nothing.")
        return choices, chosen_points

    def _entries(self, line: int, whose: str, cell: str) -> list[str]:
        """Part a list at its commas."""
        written = cell.split(",") if cell else []
        entries = [entry.strip() for entry in written]
        if entries != written:
            message = f"{whose} has blanks around an entry."
            self.report.fault(line, "padding", message, "Remove them.", "Ignored them.")
        return entries

    def _points(self, line: int, whose: str, cell: str, entries_count: int) -> list[Fraction]:
        """Read the points beside the entries; zeros where an error was reported."""
        if self.vote_type not in POINT_TYPES:
            return []
        written = self._entries(line, whose, cell)
        if len(written) != entries_count:
            message = f"{whose} names {entries_count} projects and gives {len(written)} points."
            self.report.error(line, "points", message, "Give one number of points per project.")
            return [Fraction(0)] * entries_count
        read = [numbers.points(text) for text in written]
        for text, value in zip(written, read, strict=True):
            if value is None or (value < 0 and self.vote_type is VoteType.CUMULATIVE):
                message = f"{whose} gives {shown(text)} points."
                self.report.error(line, "points", message, "Enter a number such as 3 or 2.5.")
        return [value or Fraction(0) for value in read]

    def _kept(self, line: int, whose: str, entries: Sequence[str]) -> list[int]:
        """Find the entries that count: projects that exist, each the first time it is named."""
        kept: dict[str, int] = {}
        for index, id_ in enumerate(entries):
            if id_ not in self.limits.projects:
                message = f"{whose} names project {shown(id_)}, which is not in PROJECTS."
                hint = "Correct the id, or add the project."
                repair = "Left that entry out."
                self.report.fault(line, "unknown_project", message, hint, repair)
            elif id_ in kept:
                message = f"{whose} names project {shown(id_)} twice."
                hint, repair = "Remove one of the two.", "Kept the first."
                self.report.fault(line, "repeated_project", message, hint, repair)
            else:
                kept[id_] = index
        return list(kept.values())


def read_ballots(
    section: Section, vote_type: VoteType | None, limits: BallotLimits, report: Report
) -> list[Ballot] | None:
    """Read all ballots in the order of the file; None if the header is unusable."""
    table = read_table(section, columns_of(vote_type), report)
    if table is None:
        return None
    if not table.rows:
        report.warn(table.line, "no_ballots", "VOTES has no rows.", "Nobody can win without votes.")
    return _read_rows(table, vote_type, ContentReader(vote_type, limits, report), report)


def columns_of(vote_type: VoteType | None) -> Columns:
    points = ("points",) if vote_type in POINT_TYPES else ()
    return Columns(required=(*VOTE_REQUIRED, *points), known=VOTE_ORDER)


def _read_rows(
    table: Table, vote_type: VoteType | None, contents: ContentReader, report: Report
) -> list[Ballot]:
    ids = VoterIds(report)
    voter, vote = table.place["voter_id"], table.place["vote"]
    points = table.place["points"] if vote_type in POINT_TYPES else None
    other = {
        name: index for name, index in table.place.items() if index not in {voter, vote, points}
    }
    # Age, sex and the like repeat from row to row; one mapping for all saves the memory.
    shared: dict[tuple[str, ...], Mapping[str, str]] = {}
    ballots = []
    for line, cells in table.rows:
        given = "" if points is None else cells[points]
        choices, chosen_points = contents.read(line, cells[voter], cells[vote], given)
        rest = tuple([cells[index] for index in other.values()])
        if rest not in shared:
            shared[rest] = {name: cell for name, cell in zip(other, rest, strict=True) if cell}
        voter_id = ids.take(cells[voter], line)
        ballots.append(Ballot(choices, chosen_points, voter_id, shared[rest]))
    return ballots
