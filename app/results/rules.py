"""Around the count: the seed of the lot, a run's place in the chain, the rule a file names."""

import hashlib
from collections.abc import Mapping
from typing import Any

from voting import canonical

RUN_CHAIN_START = "0" * 64


def lot_seed(*, sheet_sha256: str, counted_root: str, draw: str) -> str:
    """Return the seed of the lot, in lower-case hex.

    It depends on the rules and the ballots, both fixed and public before the draw, and on the
    public draw, which nobody knew before: so nobody could choose it. `draw` is the announced
    outcome, such as "3 1 6 6 2"; runs of blanks count as one.
    """
    parts = ("minga/lot/v1", sheet_sha256, counted_root, " ".join(draw.split()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def run_hash(prev_hash: str, facts: Mapping[str, Any]) -> str:
    """Return the hash of a run, which contains the one before: no run can be taken out unseen."""
    content = canonical.encode({"prev": prev_hash, **facts})
    return hashlib.sha256(content).hexdigest()


_PLAIN = {"rule": "equal-shares", "completion": "none"}
_ADD1 = {"rule": "equal-shares", "completion": "add1", "exhaustive_stop": False}
_BY_LABEL: Mapping[str, Mapping[str, object]] = {
    "greedy": {"rule": "greedy", "fund_unsupported": True},
    "greedy-no-skip": {"rule": "greedy", "fund_unsupported": True, "stop_at_misfit": True},
    "greedy-exclusive": {"rule": "greedy", "fund_unsupported": True},
    "equalshares": _PLAIN,
    "equalshares-comparison": {**_PLAIN, "comparison": "satisfaction"},
    "equalshares/add1": _ADD1,
    "equalshares/add1-comparison": {**_ADD1, "comparison": "satisfaction"},
}


def rule_of_label(label: str) -> dict[str, object]:
    """Return the rule that a `.pb` file names, as options; equal shares where it names none that
    Minga can repeat.

    >>> rule_of_label("equalshares/add1")["completion"]
    'add1'
    >>> rule_of_label("unknown")
    {'rule': 'equal-shares'}
    """
    return dict(_BY_LABEL.get(label, {"rule": "equal-shares"}))


def is_repeatable(label: str) -> bool:
    """Say whether `rule_of_label` returns the rule that is meant, and not one in its place."""
    return label in _BY_LABEL
