"""Identifiers rise as they are made, also within a millisecond: lists are ordered by them."""

import time
import uuid

import pytest

from app.db import types

YEAR_2100_NS = 4_102_444_800 * 10**9


def test_identifiers_of_one_instant_and_of_a_clock_set_back_still_rise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(types, "_newest_tick", [0])
    made = []
    for now in (YEAR_2100_NS, YEAR_2100_NS, YEAR_2100_NS - 1_000_000, YEAR_2100_NS + 300):
        monkeypatch.setattr(time, "time_ns", lambda now=now: now)
        made += [types.uuid7() for _ in range(5_000)]

    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert made[0].int >> 80 == YEAR_2100_NS // 1_000_000
