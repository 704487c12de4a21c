"""Personal data that waits: rows of the roll until the letters are made, sealed in the database."""

import json
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from app import keys
from app.roll.rules import Person


def seal_people(import_id: uuid.UUID, people: Sequence[Person]) -> bytes:
    rows = [asdict(person) | {"birth_date": _written(person.birth_date)} for person in people]
    plain = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
    return keys.seal(keys.file_key(), plain, bound_to=_bound_to(import_id))


def unseal_people(import_id: uuid.UUID, sealed: bytes) -> list[Person]:
    plain = keys.unseal(keys.file_key(), sealed, bound_to=_bound_to(import_id))
    return [
        Person(
            line=row["line"],
            register_number=row["register_number"],
            district=row["district"],
            name=row["name"],
            address=tuple(row["address"]),
            birth_date=date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        )
        for row in json.loads(zlib.decompress(plain))
    ]


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _bound_to(import_id: uuid.UUID) -> bytes:
    return b"minga/roll-import/" + import_id.bytes
