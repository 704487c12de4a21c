"""Keys in files: made once, private, never made again."""

import stat
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app import keys
from voting.receipts import KeyPurpose

ROUND = uuid.UUID(int=1)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _in_app(app: Flask):
    with app.app_context():
        yield


def test_a_rounds_key_is_made_once_and_for_the_owner_alone(app: Flask) -> None:
    keys.make_round_key(ROUND)
    first = keys.round_key(ROUND, KeyPurpose.SLOT)
    keys.make_round_key(ROUND)

    [file] = app.extensions["minga_settings"].key_dir.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_bytes()) == 32
    assert keys.round_key(ROUND, KeyPurpose.SLOT) == first
    assert keys.round_key(ROUND, KeyPurpose.CODE) != first


def test_a_missing_or_broken_key_is_never_replaced(app: Flask) -> None:
    with pytest.raises(keys.KeyMissingError):
        keys.round_key(ROUND, KeyPurpose.SLOT)
    (app.extensions["minga_settings"].key_dir / f"round-{ROUND}.key").write_bytes(b"short")
    with pytest.raises(keys.KeyMissingError):
        keys.round_key(ROUND, KeyPurpose.SLOT)


def test_those_who_start_together_agree_on_one_key(app: Flask) -> None:
    def make(_number: int) -> bytes:
        with app.app_context():
            keys.make_round_key(ROUND)
            return keys.round_key(ROUND, KeyPurpose.SLOT)

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(make, range(64)))) == 1
    assert len(list(app.extensions["minga_settings"].key_dir.iterdir())) == 1


def test_what_is_sealed_opens_under_its_own_key_and_name_only() -> None:
    sealed = keys.seal(keys.file_key(), b"Calle Mayor 1", bound_to=b"roll")

    assert keys.unseal(keys.file_key(), sealed, bound_to=b"roll") == b"Calle Mayor 1"
    for key, text, name in (
        (bytes(32), sealed, b"roll"),
        (keys.file_key(), sealed, b"letters"),
        (keys.file_key(), sealed[:-1] + bytes([sealed[-1] ^ 1]), b"roll"),
        (keys.file_key(), sealed[:5], b"roll"),
        (keys.file_key(), b"", b"roll"),
    ):
        with pytest.raises(keys.SealError):
            keys.unseal(key, text, bound_to=name)


def test_the_board_key_signs_under_one_public_key() -> None:
    assert keys.board_public_key() == keys.board_public_key()
    keys.board_key().public_key().verify(keys.board_key().sign(b"head"), b"head")
