"""A whole study: what is known, what is left, the counts, the table."""

from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import click
from dask.system import CPU_COUNT
from distributed import Client

from allocation.rule_sheet import RuleSheet
from app.cli.study.bulk import count_all
from app.cli.study.cluster import existing_client, local_client
from app.cli.study.parts import Parts
from app.cli.study.progress import Progress
from app.cli.study.table import Rows, make_rows, read_table, write_table
from app.cli.study.work import Key, Task, Values, is_final, list_files, tasks_left

Clients = AbstractContextManager[Client]


def choose_cluster(workers: int | None, scheduler: str | None) -> Clients:
    """Give an existing cluster, or one of this computer with a worker per core."""
    return existing_client(scheduler) if scheduler else local_client(workers or CPU_COUNT)


def run(
    folder: Path, out: Path, *, rules: Mapping[str, RuleSheet], clients: Clients, seconds_max: int
) -> str:
    """Count what is not counted yet and write the table; give a summary for people."""
    files, earlier = list_files(folder), read_table(out)
    with Parts(out) as parts:
        finished = _final(earlier | parts.finished(), seconds_max)
        tasks = list(tasks_left(files, rules, finished))
        progress = Progress(files=len(files), units=len(files) * len(rules), tasks=tasks)

        def done(task: Task, values: Values) -> None:
            finished[task.key] = values
            parts.append(task.key, values)
            progress.count_done(task)

        try:
            if tasks:
                with clients as client:
                    count_all(client, tasks, seconds_max=seconds_max, done=done, tick=progress.tick)
        finally:
            progress.close()
        rows = make_rows(files, rules, finished)
        write_table(out, rows)
        parts.remove()
    return _summary(rows, counted=len(tasks), out=out)


def _final(known: Mapping[Key, Values], seconds_max: int) -> dict[Key, Values]:
    return {key: values for key, values in known.items() if is_final(values, seconds_max)}


def _summary(rows: Rows, *, counted: int, out: Path) -> str:
    refusals = Counter(row["refusal_code"] for row in rows if row["refusal_code"])
    name = click.format_filename(out)
    head = f"{len(rows)} rows in {name}; {counted} counted now, {refusals.total()} refused in all."
    return "\n".join([head, *(f"  {number} {code}" for code, number in sorted(refusals.items()))])
