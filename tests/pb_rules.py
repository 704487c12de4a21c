"""The rules of the Pabulib format once more, written plainly and apart from the reader.

`assert_accepted_rightly` takes a file that the reader has accepted and asserts what must then hold
of the file and of the election.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from allocation.instance import Ballot, Instance

AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
MENDED_AMOUNT = re.compile(r"[0-9]{1,15}(,[0-9]{1,2}|\.[0-9]{1,2})?")
POINTS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COUNT = re.compile(r"[0-9]{1,15}")
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TITLES = ("META", "PROJECTS", "VOTES")
NO_IDS = {"", "none", "meta", "projects", "votes"}
META = (
    *("description", "country", "unit", "instance", "num_projects", "num_votes", "budget"),
    *("vote_type", "rule", "date_begin", "date_end"),
)
PROJECT_COLUMNS = {
    *("project_id", "cost", "votes", "score", "name", "category", "beneficiaries", "selected"),
    *("neighborhood", "subunit", "district", "description", "proposer", "public_id"),
    *("latitude", "longitude"),
}
VOTE_COLUMNS = {
    *("voter_id", "vote", "points", "age", "sex", "voting_method", "district", "neighborhood"),
    "education",
}
Row = list[str]
Record = dict[str, str]


def assert_accepted_rightly(content: str | bytes, instance: Instance, *, strict: bool) -> None:
    meta_rows, project_rows, vote_rows = _sections(_rows(content), strict=strict)
    meta = _meta(_records(meta_rows, {"key", "value"}, strict=strict), strict=strict)
    projects = _records(project_rows, PROJECT_COLUMNS, strict=strict)
    votes = _records(vote_rows, VOTE_COLUMNS, strict=strict)

    assert instance.vote_type == meta["vote_type"]
    assert Fraction(instance.budget, instance.minor_per_unit) == _amount(meta["budget"], strict)
    _assert_projects(projects, instance, strict=strict)
    _assert_voters(votes, instance, strict=strict)
    assert len(instance.ballots) == len(votes)
    for record, ballot in zip(votes, instance.ballots, strict=True):
        _assert_ballot(record, ballot, instance, strict=strict)
    if strict:
        _assert_declared(meta, projects, instance)
        _assert_within_limits(meta, projects, instance)


def _rows(content: str | bytes) -> list[Row]:
    text = content if isinstance(content, str) else content.decode()
    text = text.encode().decode().removeprefix("\ufeff")
    assert not CONTROL.search(text)
    return [*csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)]


def _sections(rows: Sequence[Row], *, strict: bool) -> list[list[Row]]:
    sections: list[list[Row]] = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            assert not strict
        elif cells[0] in TITLES and not any(cells[1:]):
            assert cells[0] == TITLES[len(sections)]
            assert row == [cells[0]] or not strict
            sections.append([])
        else:
            sections[-1].append(row)
    assert len(sections) == len(TITLES)
    return sections


def _records(rows: Sequence[Row], known: set[str], *, strict: bool) -> list[Record]:
    """Give cells by column; blanks stay around a project's id, where they have no plain meaning."""
    written, *others = rows
    header = [name.strip() for name in written]
    if strict:
        assert header == written
        assert {*header} <= known
        assert all(len(row) == len(header) for row in others)
        assert all(cell == cell.strip() for row in others for cell in row)
    else:
        header = ["beneficiaries" if name == "target" else name for name in header]
    usable = [name for name in header if name in known]
    assert len(usable) == len({*usable})
    return [
        {
            name: cell if name == "project_id" else cell.strip()
            for name, cell in zip(header, row + [""] * len(header), strict=False)
            if name in known
        }
        for row in others
    ]


def _meta(records: Sequence[Record], *, strict: bool) -> Mapping[str, str]:
    keys = [record["key"] for record in records]
    known = [key for key in keys if key in META or key[:4] in {"min_", "max_"}]
    assert len(known) == len({*known})
    meta = {record["key"]: record["value"] for record in records if record["value"]}
    if strict:
        assert len(keys) == len({*keys})
        assert {*META} <= {*meta}
        assert meta["vote_type"] != "cumulative" or "max_sum_points" in meta
        for key in ("date_begin", "date_end"):
            assert re.fullmatch(r"([0-9]{2}\.[0-9]{2}\.)?[0-9]{4}", meta[key])
            day, month, year = f"1.1.{meta[key]}".split(".")[-3:]
            assert date(int(year) or 1, int(month), int(day))
        assert {meta.get(key, "1") for key in ("fully_funded", "experimental")} == {"1"}
    return meta


def _amount(cell: str, strict: bool) -> Fraction:
    assert (AMOUNT if strict else MENDED_AMOUNT).fullmatch(cell)
    amount = Fraction(cell.replace(",", "."))
    assert amount > 0
    return amount


def _assert_projects(records: Sequence[Record], instance: Instance, *, strict: bool) -> None:
    ids = [record["project_id"] for record in records]
    assert ids == [project.id for project in instance.projects]
    assert ids
    assert len(ids) == len({*ids})
    for id_ in ids:
        assert id_.lower() not in NO_IDS
        assert id_ == id_.strip()
        assert "," not in id_
        assert len(id_.splitlines()) == 1
    for record, project in zip(records, instance.projects, strict=True):
        cost = _amount(record["cost"], strict)
        assert Fraction(project.cost, instance.minor_per_unit) == cost


def _assert_voters(records: Sequence[Record], instance: Instance, *, strict: bool) -> None:
    written = [record["voter_id"] for record in records]
    kept = [ballot.voter_id for ballot in instance.ballots]
    assert all(id_.lower() not in NO_IDS for id_ in written)
    assert len(kept) == len({*kept})
    if strict or len(written) == len({*written}):
        assert kept == written
    for id_, new_id in zip(written, kept, strict=True):
        assert re.fullmatch(re.escape(id_) + "(#[0-9]+)?", new_id)


def _assert_ballot(record: Record, ballot: Ballot, instance: Instance, *, strict: bool) -> None:
    entries = _entries(record["vote"], strict=strict)
    given = [Fraction(0)] * len(entries)
    has_points = instance.vote_type in {"cumulative", "scoring"}
    if has_points:
        given = _points(_entries(record["points"], strict=strict), instance)
        assert len(given) == len(entries)
    if strict:
        assert len(entries) == len({*entries})
        assert {*entries} <= {*instance.project_by_id}
    kept: dict[str, Fraction] = {}
    for id_, points in zip(entries, given, strict=True):
        if id_ in instance.project_by_id:
            kept.setdefault(id_, points)
    assert ballot.choices == tuple(kept)
    assert ballot.points == (tuple(kept.values()) if has_points else ())


def _entries(cell: str, *, strict: bool) -> list[str]:
    entries = [entry.strip() for entry in cell.split(",")] if cell else []
    assert not strict or ",".join(entries) == cell
    return entries


def _points(entries: Sequence[str], instance: Instance) -> list[Fraction]:
    assert all(POINTS.fullmatch(entry) for entry in entries)
    points = [Fraction(entry) for entry in entries]
    assert instance.vote_type != "cumulative" or all(value >= 0 for value in points)
    return points


def _assert_declared(
    meta: Mapping[str, str], records: Sequence[Record], instance: Instance
) -> None:
    assert COUNT.fullmatch(meta["num_projects"])
    assert COUNT.fullmatch(meta["num_votes"])
    assert int(meta["num_projects"]) == len(instance.projects)
    assert int(meta["num_votes"]) == len(instance.ballots)
    for record in records:
        id_ = record["project_id"]
        naming = [ballot for ballot in instance.ballots if id_ in ballot.choices]
        if record.get("votes"):
            assert Fraction(record["votes"]) == len(naming)
        if record.get("score") and instance.vote_type not in {"approval", "choose-1"}:
            assert Fraction(record["score"]) == sum(_score(ballot, id_) for ballot in naming)


def _score(ballot: Ballot, id_: str) -> Fraction:
    place = ballot.choices.index(id_)
    return ballot.points[place] if ballot.points else Fraction(len(ballot.choices) - place)


def _assert_within_limits(
    meta: Mapping[str, str], records: Sequence[Record], instance: Instance
) -> None:
    if instance.vote_type == "choose-1":
        meta = {**meta, "min_length": "1", "max_length": "1"}
    assert Fraction(meta.get("max_length", "0")) <= len(records)
    costs = {record["project_id"]: Fraction(record["cost"]) for record in records}
    category = {record["project_id"]: record.get("category", "").split(",") for record in records}
    categories = meta.get("categories", "").split(",")
    for ballot in instance.ballots:
        for key, written in meta.items() if ballot.choices else ():
            measure = key[4:].removesuffix("_per_category")
            if key[:4] not in {"min_", "max_"} or "project" in key:
                continue
            bounds = [Fraction(bound) for bound in written.split(",")]
            counted = [ballot.choices]
            if key.endswith("_per_category"):
                bounds = bounds * len(categories) if len(bounds) == 1 else bounds
                counted = [
                    tuple(id_ for id_ in ballot.choices if name in category[id_] or not name)
                    for name in categories
                ]
            for bound, ids in zip(bounds, counted, strict=True):
                for value in _measured(measure, ids, costs, ballot):
                    assert value >= bound if key.startswith("min_") else value <= bound


def _measured(
    measure: str, ids: Sequence[str], costs: Mapping[str, Fraction], ballot: Ballot
) -> Sequence[Fraction]:
    if measure == "length":
        return [Fraction(len(ids))]
    if measure == "sum_cost":
        return [sum((costs[id_] for id_ in ids), Fraction(0))]
    if measure == "points":
        return ballot.points
    return [sum(ballot.points, Fraction(0))] if ballot.points else []
