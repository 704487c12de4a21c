"""What a cast ballot leaves behind: its slot, its record, the commitment to it, a tracking code.

Byte layouts are fixed: a record written today must give the same commitment in twenty years. Keys
and the random bits of the form are arguments; K is the key of the round.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from voting import canonical, crockford
from voting.choices import Choices
from voting.limits import BallotType

CAST_KEY_LENGTH = 16
NONCE_LENGTH = 16
TRACKING_LENGTH = 16
TRACKING_BYTES = TRACKING_LENGTH * crockford.BITS_PER_SYMBOL // 8
RECORD_VERSION = 1

_COMMITMENT_PREFIX = b"minga/ballot/v1\x00"


class KeyPurpose(StrEnum):
    """What a key derived from K may be used for; each purpose has its own."""

    SLOT = "slot"
    DRAFT = "draft"
    NONCE = "nonce"
    CODE = "code"
    COOKIE = "cookie"
    REF = "ref"


def derive_key(round_key: bytes, purpose: KeyPurpose) -> bytes:
    """Return the key for one purpose; from it neither K nor another key can be found."""
    return hmac.digest(round_key, b"minga/v1/" + purpose.encode(), "sha256")


def slot(slot_key: bytes, *, round_id: UUID, pot_id: UUID, roll_id: UUID) -> bytes:
    """Return the place of one person's ballot for one pot; without the key it names nobody."""
    return hmac.digest(slot_key, round_id.bytes + pot_id.bytes + roll_id.bytes, "sha256")


def draft_id(draft_key: bytes, slot: bytes) -> bytes:
    """Return the name of the slot's draft, which does not lead to the slot without the key."""
    return hmac.digest(draft_key, slot, "sha256")


def nonce(nonce_key: bytes, slot: bytes, cast_key: bytes) -> bytes:
    """Return what keeps others from guessing the choices behind a commitment.

    `cast_key`: 128 random bits of the rendered form. The same form sent twice gives the same
    nonce, hence the same commitment, hence one ballot.
    """
    if len(cast_key) != CAST_KEY_LENGTH:
        raise ValueError(f"a cast key has {CAST_KEY_LENGTH} bytes, not {len(cast_key)}")
    return hmac.digest(nonce_key, slot + cast_key, "sha256")[:NONCE_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One cast ballot as it is stored: nothing in it leads to a person or a time."""

    round_id: UUID
    pot_id: UUID
    district: str
    nonce: bytes
    choices: Choices

    def encode(self) -> bytes:
        """Return the canonical bytes that are stored and committed to."""
        return canonical.encode(
            {
                "choices": self.choices.to_canonical(),
                "district": self.district,
                "nonce": self.nonce.hex(),
                "pot": str(self.pot_id),
                "round": str(self.round_id),
                "v": RECORD_VERSION,
            }
        )

    @classmethod
    def decode(cls, data: bytes, ballot_type: BallotType) -> Self:
        """Read what `encode` wrote; ValueError if it is anything else."""
        match canonical.decode(data):
            case {
                "choices": list(chosen),
                "district": str(district),
                "nonce": str(nonce_hex),
                "pot": str(pot),
                "round": str(round_),
                "v": 1,
            }:
                record = cls(
                    round_id=UUID(round_),
                    pot_id=UUID(pot),
                    district=district,
                    nonce=bytes.fromhex(nonce_hex),
                    choices=Choices.from_canonical(ballot_type, chosen),
                )
                if record.encode() == data:
                    return record
        raise ValueError("not the record of a ballot")


def commitment(record: bytes) -> bytes:
    """Return the digest that is published for a record: it fixes the choices and tells nothing."""
    return hashlib.sha256(_COMMITMENT_PREFIX + record).digest()


def tracking_code(commitment: bytes) -> str:
    """Return the code with which a voter finds the commitment on the board.

    >>> tracking_code(bytes(range(32)))
    '000G-40R4-0M30-E209'
    """
    number = int.from_bytes(commitment[:TRACKING_BYTES], "big")
    return crockford.grouped(crockford.encode(number, length=TRACKING_LENGTH))


def parse_tracking_code(text: str) -> bytes:
    """Return the first bytes of the commitment that a typed tracking code stands for.

    It has no check symbol: a slip shows as "not on the board". CodeError if it cannot be a code.

    >>> parse_tracking_code("ooog 40r4 0m30 e209").hex()
    '00010203040506070809'
    """
    symbols = crockford.read_typed(text, length=TRACKING_LENGTH)
    return crockford.decode(symbols).to_bytes(TRACKING_BYTES, "big")
