"""Settling 100,000 redemptions on both engines: seconds, and memory on top of what is there.

    .venv/bin/python benchmarks/settlement.py [REDEMPTIONS]

From the cut-off to the release: choosing what is due, lines and items, both digests, the ledger.
The goal is a minute on each engine, with memory that does not grow with the redemptions.
PostgreSQL is measured where its server is installed. Figures go to `benchmarks/results/`.
"""

import json
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import engines  # noqa: E402
from factories_settlement import (  # noqa: E402
    EARLY,
    MONDAY,
    approve,
    batch,
    enter_payer,
    freeze,
    make_taker,
    offences,
    prepare,
    propose,
)
from factories_vouchers import Held, make_programme_row, make_voucher  # noqa: E402

from app import clock  # noqa: E402
from app.config import read_settings  # noqa: E402
from app.db import engine, run_tx, schema  # noqa: E402
from app.db.types import uuid7  # noqa: E402
from app.factory import make_app  # noqa: E402
from app.ledger.batch import Move, post_many  # noqa: E402
from app.ledger.entries import TransferKind  # noqa: E402
from app.ledger.models import TRANSFERS  # noqa: E402
from app.settlement import money  # noqa: E402
from app.vouchers.models import RedemptionRow  # noqa: E402

PROVIDERS, VOUCHERS, CHUNK = 100, 100, 10_000
AMOUNT_MINOR = 1_600
RESULTS = Path(__file__).parent / "results" / "settlement.json"


def main(redemptions: int) -> None:
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        measured.append(_measure("SQLite", f"sqlite:///{folder}/minga.sqlite3", redemptions))
    programs = engines.postgres_programs()
    if programs is None:
        print("PostgreSQL: its server is not installed, not measured")
    else:
        with engines.postgres_server(programs) as server:
            url = engines.make_database(server, "minga")
            measured.append(_measure("PostgreSQL", url, redemptions))
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


def _measure(name: str, url: str, redemptions: int) -> dict[str, Any]:
    engine.configure(url)
    schema.upgrade()
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(read_settings({"MINGA_INSTANCE": folder, "DATABASE_URL": url}))
        with app.test_request_context():
            found = _settle(name, redemptions)
    engine.current().dispose()
    return found


def _settle(name: str, redemptions: int) -> dict[str, Any]:
    noon = clock.now().replace(year=MONDAY.year, month=MONDAY.month, day=MONDAY.day + 1)
    clock.use(lambda: noon)
    care = _take(redemptions)
    before, start = _memory_mb(), time.perf_counter()
    batch_id = _timed(f"{name}: cut-off", lambda: prepare(care))
    _timed(f"{name}: freeze", lambda: freeze(batch_id))
    proposal = propose(batch_id)
    _timed(f"{name}: release", lambda: approve(proposal))
    seconds, grown = time.perf_counter() - start, _memory_mb() - before
    print(f"{name}: settling {redemptions:,} takes {seconds:.1f} s and {grown} MB more", flush=True)
    paid_minor = batch(batch_id).total_minor
    if paid_minor != redemptions * AMOUNT_MINOR or offences():
        sys.exit(f"{name}: paid {paid_minor}, {offences()}")
    clock.use(None)
    return {
        "engine": name,
        "redemptions": redemptions,
        "seconds": round(seconds, 1),
        "grown_mb": grown,
    }


def _take(redemptions: int) -> uuid.UUID:
    """Let providers take vouchers as the till would have it written, many at a time."""
    enter_payer()
    value = AMOUNT_MINOR * redemptions // VOUCHERS
    care = make_programme_row(value * VOUCHERS)
    providers = [make_taker() for _ in range(PROVIDERS)]
    vouchers = [make_voucher(value, programme_id=care) for _ in range(VOUCHERS)]
    pairs = zip(cycle(vouchers), cycle(providers), strict=False)
    for start in range(0, redemptions, CHUNK):
        chosen = list(islice(pairs, min(CHUNK, redemptions - start)))
        run_tx(lambda session, chosen=chosen: _redeem(session, care, chosen))
    return care


def _redeem(session: Session, care: uuid.UUID, chosen: list[tuple[Held, uuid.UUID]]) -> None:
    providers = {provider for _held, provider in chosen}
    owed = {one: money.owed_to(session, one, care) for one in providers}
    ids = [uuid7() for _ in chosen]
    post_many(
        session,
        TransferKind.REDEEM,
        [
            Move(held.account_id, owed[provider], AMOUNT_MINOR, id_)
            for id_, (held, provider) in zip(ids, chosen, strict=True)
        ],
    )
    posted = session.execute(
        TRANSFERS.select()
        .with_only_columns(TRANSFERS.c.event_id, TRANSFERS.c.id)
        .where(TRANSFERS.c.event_id >= min(ids), TRANSFERS.c.kind == TransferKind.REDEEM)
    )
    transfers = {row.event_id: row.id for row in posted}
    rows = [
        {
            "id": id_,
            "voucher_id": held.id,
            "provider_id": provider,
            "transfer_id": transfers[id_],
            "service": "home-care",
            "amount_minor": AMOUNT_MINOR,
            "taken_on": EARLY,
            "redeemed_at": clock.now(),
            "actor": "device/1",
        }
        for id_, (held, provider) in zip(ids, chosen, strict=True)
    ]
    session.connection().execute(insert(RedemptionRow), rows)


def _timed(label: str, work: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    done = work()
    print(f"{label}: {time.perf_counter() - start:.1f} s", flush=True)
    return done


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
