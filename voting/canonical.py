"""Canonical JSON: one value, one sequence of bytes, so that a digest means the value.

RFC 8785 on a subset: objects with ASCII keys, arrays, strings in normal form C, booleans, null and
integers below 2^53. No floats: fractions are written "p/q", money in minor units.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

INTEGER_BOUND = 2**53
"""Beyond it, readers that keep numbers as doubles (JavaScript) no longer agree with us."""


class CanonicalError(ValueError):
    """A value outside the subset, or bytes that are not its canonical form.

    Our mistake or damaged data, never a person's input.
    """


def encode(value: Json) -> bytes:
    """Return the canonical bytes of a value; CanonicalError names the place of what is outside.

    >>> encode({"v": 1, "choices": ["a", "é"], "blank": False})
    b'{"blank":false,"choices":["a","\\xc3\\xa9"],"v":1}'
    """
    _check(value, "$")
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def decode(data: bytes) -> Any:
    """Return the value of canonical bytes; anything that is not byte for byte canonical raises."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"not JSON: {error}") from error
    # Writing it again finds duplicate keys, blanks, "-0", "1.0" and other spellings of one value.
    if encode(value) != data:
        raise CanonicalError("JSON, but not in canonical form")
    return value


def _check(value: object, path: str) -> None:
    match value:
        case None | bool():
            pass
        case int():
            _require(abs(value) < INTEGER_BOUND, path, "an integer of 2^53 or more")
        case str():
            _check_text(value, path)
        case Mapping():
            for key, item in value.items():
                _require(isinstance(key, str) and key.isascii(), path, f"the key {key!r}")
                _check(item, f"{path}.{key}")
        case list() | tuple():
            for index, item in enumerate(value):
                _check(item, f"{path}[{index}]")
        case _:
            raise CanonicalError(f"{path}: {type(value).__name__} has no canonical form")


def _check_text(text: str, path: str) -> None:
    _require(unicodedata.is_normalized("NFC", text), path, "text that is not in normal form C")
    _require(not any("\ud800" <= char <= "\udfff" for char in text), path, "half a character")


def _require(holds: bool, path: str, what: str) -> None:  # noqa: FBT001 (reads as a sentence)
    if not holds:
        raise CanonicalError(f"{path}: {what} has no canonical form")


def _plain(value: Any) -> Any:
    """Turn mappings of any class into dicts, which is all that `json` writes."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
