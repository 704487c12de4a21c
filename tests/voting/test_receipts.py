import base64
import hashlib
import hmac
import json
from uuid import UUID

import pytest
from ballot_factories import approve, points, rank, rules_and_choices, scores
from hypothesis import given
from hypothesis import strategies as st

from voting import receipts
from voting.choices import Choices
from voting.errors import CodeError
from voting.limits import BallotType
from voting.receipts import KeyPurpose, Record
from voting.rules import BallotRules

K = bytes(range(32))
ROUND = UUID("11111111-2222-4333-8444-555555555555")
POT = UUID("66666666-7777-4888-9999-aaaaaaaaaaaa")
ROLL = UUID("bbbbbbbb-cccc-4ddd-8eee-ffffffffffff")
CAST_KEY = bytes.fromhex("000102030405060708090a0b0c0d0e0f")


# Worked out once with the standard library alone; they must never change, since published boards
# and stored ballots rest on them.
SLOT_HEX = "05807949e427a5f57833ae18f6ecffc452e0f0e608136b9f50f6a22ecc553753"
COMMITMENT_HEX = "f555d238f17fbf10a1a103e9ea50efc6bdda2cb7caa2ee8091a3bc47d592fef3"


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def make_slot() -> bytes:
    key = receipts.derive_key(K, KeyPurpose.SLOT)
    return receipts.slot(key, round_id=ROUND, pot_id=POT, roll_id=ROLL)


def make_record(choices: Choices, district: str = "North") -> Record:
    return Record(
        round_id=ROUND, pot_id=POT, district=district, nonce=bytes(range(16)), choices=choices
    )


@pytest.mark.parametrize("purpose", ["slot", "draft", "nonce", "code", "cookie", "ref"])
def test_each_purpose_has_a_key_of_its_own(purpose: str) -> None:
    expected = hmac_sha256(K, b"minga/v1/" + purpose.encode())

    assert receipts.derive_key(K, KeyPurpose(purpose)) == expected


def test_a_slot_is_the_keyed_digest_of_round_pot_and_roll_entry() -> None:
    message = bytes.fromhex(
        "11111111222243338444555555555555"
        "66666666777748889999aaaaaaaaaaaa"
        "bbbbbbbbcccc4ddd8eeeffffffffffff"
    )

    assert make_slot() == hmac_sha256(hmac_sha256(K, b"minga/v1/slot"), message)
    assert make_slot().hex() == SLOT_HEX


def test_a_draft_has_another_name_than_its_slot() -> None:
    key = receipts.derive_key(K, KeyPurpose.DRAFT)

    assert receipts.draft_id(key, make_slot()) == hmac_sha256(key, make_slot())


def test_the_nonce_comes_from_slot_and_form() -> None:
    key = receipts.derive_key(K, KeyPurpose.NONCE)

    nonce = receipts.nonce(key, make_slot(), CAST_KEY)

    assert nonce == hmac_sha256(key, make_slot() + CAST_KEY)[:16]
    assert nonce != receipts.nonce(key, make_slot(), bytes(16))


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_cast_key_has_128_bits(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        receipts.nonce(K, make_slot(), bytes(length))


@pytest.mark.parametrize(
    ("choices", "chosen"),
    [
        (approve("7", "12"), '["12","7"]'),
        (points(pool=3, arch=2), '[["arch",2],["pool",3]]'),
        (scores(pool=0), '[["pool",0]]'),
        (rank("pool", "arch"), '["pool","arch"]'),
        (approve(), "[]"),
    ],
)
def test_a_record_has_exactly_these_bytes(choices: Choices, chosen: str) -> None:
    assert (
        make_record(choices, "Świecie").encode()
        == (
            f'{{"choices":{chosen},"district":"Świecie",'
            '"nonce":"000102030405060708090a0b0c0d0e0f",'
            '"pot":"66666666-7777-4888-9999-aaaaaaaaaaaa",'
            '"round":"11111111-2222-4333-8444-555555555555","v":1}'
        ).encode()
    )


@given(rules_and_choices(), st.binary(min_size=16, max_size=16))
def test_a_record_is_read_back_as_it_was_written(
    case: tuple[BallotRules, Choices], nonce: bytes
) -> None:
    _, choices = case
    record = Record(round_id=ROUND, pot_id=POT, district="N", nonce=nonce, choices=choices)

    assert Record.decode(record.encode(), choices.ballot_type) == record


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"extra": 1},
        {"nonce": "00 01"},
        {"nonce": "xyz"},
        {"pot": "no uuid"},
        {"round": "11111111222243338444555555555555"},
        {"district": 5},
        {"choices": ["pool", "arch"]},
        {"choices": [["arch", 1]]},
        {"choices": "arch"},
    ],
)
def test_bytes_that_no_ballot_leaves_behind_are_refused(change: dict[str, object]) -> None:
    fields = json.loads(make_record(approve("arch", "pool")).encode()) | change
    data = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()

    with pytest.raises(ValueError):  # noqa: PT011 (whichever part of it is noticed first)
        Record.decode(data, BallotType.APPROVAL)


def test_a_commitment_is_the_digest_of_prefix_and_record() -> None:
    record = make_record(approve("arch")).encode()

    assert receipts.commitment(record) == hashlib.sha256(b"minga/ballot/v1\0" + record).digest()
    assert receipts.commitment(record).hex() == COMMITMENT_HEX


def test_a_tracking_code_is_the_first_80_bits_in_four_groups() -> None:
    commitment = receipts.commitment(make_record(approve("arch")).encode())
    rfc4648, crockford = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    symbols = (
        base64.b32encode(commitment[:10]).decode().translate(str.maketrans(rfc4648, crockford))
    )

    assert receipts.tracking_code(commitment).split("-") == [
        symbols[start : start + 4] for start in (0, 4, 8, 12)
    ]


@given(st.binary(min_size=32, max_size=32))
def test_a_tracking_code_leads_back_to_its_commitment(commitment: bytes) -> None:
    code = receipts.tracking_code(commitment)

    assert receipts.parse_tracking_code(code) == commitment[:10]
    assert (
        receipts.parse_tracking_code(code.lower().replace("-", "").replace("1", "l"))
        == (commitment[:10])
    )


def test_what_cannot_be_a_tracking_code_is_told_so() -> None:
    with pytest.raises(CodeError):
        receipts.parse_tracking_code("000G-40R4-0M30")
