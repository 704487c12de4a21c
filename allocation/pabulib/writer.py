"""Writing an election as a `.pb` file that every tool of the format reads alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from random import Random

from allocation.errors import PbError
from allocation.instance import Instance, Project
from allocation.pabulib import cells, numbers
from allocation.pabulib.fields import (
    AREA_COLUMNS,
    META_HEADER,
    PROJECT_ORDER,
    PROJECT_REQUIRED,
    SCORE_TYPES,
    id_fault,
)
from allocation.pabulib.problems import shown
from allocation.pabulib.tally import count_votes, sum_scores
from allocation.pabulib.written_meta import amount, written_meta
from allocation.pabulib.written_votes import written_votes

Record = Mapping[str, str]


def write(instance: Instance, *, rule: str, rng: Random, remarks: Sequence[str] = ()) -> str:
    """Write an election; `rule` is its label in the format, `remarks` go into the comment.

    Ballots come in random order under random voter ids, both drawn from `rng`, so that neither
    tells when or as whom somebody voted. Empty ballots stay, for they count in n.
    Raises PbError where META lacks what the format demands, or a text cannot be written.
    """
    meta = written_meta(instance, rule=rule, remarks=remarks)
    pairs = [dict(zip(META_HEADER, pair, strict=True)) for pair in meta.items()]
    # Other tools stumble over a file without names, so that column is always there.
    project_columns = (*PROJECT_REQUIRED, "votes", "name")
    lines = [
        *_section("META", META_HEADER, META_HEADER, pairs),
        *_section("PROJECTS", PROJECT_ORDER, project_columns, _projects(instance)),
        "VOTES",
        *written_votes(instance.table, instance.vote_type, rng),
    ]
    return "\n".join(lines) + "\n"


def _section(
    title: str, order: Sequence[str], always: Collection[str], records: Sequence[Record]
) -> Iterator[str]:
    """Write the columns that are always there, and those with something in them."""
    used = {name for record in records for name, cell in record.items() if cell}
    columns = [name for name in order if name in used or name in always]
    yield title
    yield cells.row(columns)
    for record in records:
        yield cells.row([record.get(name, "") for name in columns])


def _projects(instance: Instance) -> list[dict[str, str]]:
    table = instance.table
    records = [
        _project(project, amount(project.cost, instance)) | {"votes": str(votes)}
        for project, votes in zip(instance.projects, count_votes(table), strict=True)
    ]
    if instance.vote_type in SCORE_TYPES and len(table.choices):
        scores = sum_scores(table, instance.vote_type)
        for record, score in zip(records, scores, strict=True):
            record["score"] = numbers.points_text(score)
    return records


def _project(project: Project, cost: str) -> dict[str, str]:
    fault = id_fault(project.id)
    if fault:
        message = f"the project id {shown(project.id)} {fault}."
        raise PbError(0, "project_id", message, "Give the project a short id such as 17 or A-3.")
    has_area = any(project.fields.get(name) for name in AREA_COLUMNS)
    return {
        **({} if has_area else {"district": project.area}),
        **project.fields,
        "project_id": project.id,
        "cost": cost,
        "name": project.name,
        "category": project.category,
        "selected": project.selected,
    }
