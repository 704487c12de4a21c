"""What the file of an imported election says, put as a round of Minga has it."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil, floor

from flask_babel import gettext as _

from allocation.instance import Instance, VoteType
from app import clock
from app.i18n import NO_CURRENCY
from voting.limits import BallotType

NAME_LENGTH_MAX = 80

_BALLOT_TYPE: Mapping[VoteType, BallotType] = {
    VoteType.APPROVAL: BallotType.APPROVAL,
    VoteType.CHOOSE_1: BallotType.APPROVAL,
    VoteType.CUMULATIVE: BallotType.POINTS,
    VoteType.SCORING: BallotType.SCORES,
    VoteType.ORDINAL: BallotType.RANKING,
}


def names(texts: Iterable[str]) -> list[str]:
    """Return the different names in their order, cut to what a column holds."""
    return list(dict.fromkeys(text[:NAME_LENGTH_MAX] for text in texts if text))


def degrees(text: str | None, most: int) -> float | None:
    """Read a coordinate; anything else than a number in range is left out, not guessed."""
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and -most <= value <= most else None


def ballot(instance: Instance) -> dict[str, object]:
    """Describe the ballot that was used, for the page of the round."""
    kind = _BALLOT_TYPE[instance.vote_type]
    ballot: dict[str, object] = {"ballot_type": kind.value}
    if instance.vote_type is VoteType.CHOOSE_1:
        ballot |= {"number_min": 1, "number_max": 1}
    number_max = _whole(instance.meta.get("max_length"))
    if number_max:
        ballot["number_max"] = number_max
    if kind is BallotType.POINTS:
        given = max((sum(one.points, Fraction(0)) for one in instance.ballots), default=Fraction(0))
        ballot["sum_points_max"] = _whole(instance.meta.get("max_sum_points")) or max(
            ceil(given), 1
        )
    if kind is BallotType.SCORES:
        scores = [Fraction(0), *(points for one in instance.ballots for points in one.points)]
        ballot |= {"score_min": floor(min(scores)), "score_max": ceil(max(scores))}
    return ballot


def _whole(text: str | None) -> int | None:
    """Read a limit; None where there is none, or none that a page could show."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 (an integer for every database)


def title(instance: Instance) -> str:
    parts = (instance.meta.get(key, "") for key in ("unit", "subunit", "instance"))
    return " ".join(dict.fromkeys(part for part in parts if part)) or _("Imported election")


def unit(instance: Instance) -> str:
    return (instance.meta.get("subunit") or instance.meta.get("unit") or _("Whole election"))[
        :NAME_LENGTH_MAX
    ]


def currency(instance: Instance) -> str:
    written = instance.meta.get("currency", "").strip().upper()
    return written if re.fullmatch(r"[A-Z]{3}", written) else NO_CURRENCY


def closed_at(instance: Instance) -> datetime:
    return moment(instance, "date_end")


def moment(instance: Instance, key: str) -> datetime:
    """Read a date of the format, dd.mm.yyyy or yyyy; the import's own moment if there is none."""
    text = instance.meta.get(key, "")
    try:
        if "." in text:
            return datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=UTC)
        return datetime(int(text), 1, 1, tzinfo=UTC)
    except ValueError:
        return clock.now()
