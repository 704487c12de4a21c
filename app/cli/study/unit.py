"""One unit of a study as a worker does it, here or on another computer."""

import json

from app.cli.study.processes import Pool, ProcessDiedError
from app.cli.study.work import TIME_LIMIT, VERSION, WORKER_DIED

DEATHS_MAX = 3
POOL = Pool()


def count_unit(content: bytes, sheet: str, seconds_max: int) -> dict[str, object]:
    """Count a file by a rule sheet (canonical JSON); refusals are results like any other."""
    for _ in range(DEATHS_MAX):
        process = POOL.take()
        try:
            answer = process.count(sheet.encode(), content, seconds_max=seconds_max)
        except TimeoutError:
            POOL.discard(process)
            return _refusal(
                TIME_LIMIT,
                f"The count took longer than {seconds_max} seconds and was ended. "
                "Allow more with --seconds-max.",
            )
        except ProcessDiedError:
            POOL.discard(process)
        else:
            POOL.give_back(process)
            values: dict[str, object] = json.loads(answer)
            return values
    return died(DEATHS_MAX)


def died(times: int) -> dict[str, object]:
    """Give the result of a count that nobody survived."""
    return _refusal(
        WORKER_DIED,
        f"The process that counted this died {times} times, perhaps for want of memory. "
        "Count the file alone with `minga allocate`.",
    )


def versions() -> str:
    """Say which version of the package a worker has."""
    return VERSION


def _refusal(code: str, sentence: str) -> dict[str, object]:
    return {"refusal_code": code, "refusal": sentence, "version": VERSION, "seconds": None}
