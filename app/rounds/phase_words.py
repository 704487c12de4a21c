"""Where a round stands, in the words that residents read."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app.i18n import day, moment
from app.rounds.models import Origin, RoundRow
from app.rounds.phases import Phase, PhaseName, phase

Stage = tuple[str, str, str]

TAGS = {
    PhaseName.PREPARATION: (lazy("In preparation"), "quiet"),
    PhaseName.ANNOUNCED: (lazy("Announced"), "waiting"),
    PhaseName.PROPOSALS: (lazy("Taking proposals"), "open"),
    PhaseName.REVIEW: (lazy("Under review"), "waiting"),
    PhaseName.READY: (lazy("Voting soon"), "waiting"),
    PhaseName.VOTING: (lazy("Voting open"), "open"),
    PhaseName.COUNTING: (lazy("Voting closed"), "waiting"),
    PhaseName.RESULTS: (lazy("Result published"), "good"),
}
"""Phase -> its tag and the tag's tone (`components/status.html`)."""

_WITH_DATE = {
    PhaseName.PREPARATION: lazy("This round is being prepared. Voting opens on %(date)s."),
    PhaseName.ANNOUNCED: lazy("You can propose projects from %(date)s."),
    PhaseName.PROPOSALS: lazy("You can propose a project until %(date)s."),
    PhaseName.REVIEW: lazy(
        "The town checks what can be done and what it costs. Voting opens on %(date)s."
    ),
    PhaseName.READY: lazy("The projects are fixed. Voting opens on %(date)s."),
    PhaseName.VOTING: lazy("You can vote until %(date)s, with the code on your letter."),
    PhaseName.COUNTING: lazy("Voting is over. The result is published by %(date)s."),
}
_WITHOUT_DATE = {
    PhaseName.PREPARATION: lazy("This round is being prepared."),
    PhaseName.ANNOUNCED: lazy("This round is announced."),
    PhaseName.PROPOSALS: lazy("You can propose a project now."),
    PhaseName.REVIEW: lazy("The town checks what can be done and what it costs."),
    PhaseName.READY: lazy("The projects are fixed. Voting opens soon."),
    PhaseName.VOTING: lazy("You can vote now, with the code on your letter."),
    PhaseName.COUNTING: lazy("Voting is over. The result is not published yet."),
    PhaseName.RESULTS: lazy("The result is published: see which projects are carried out."),
}


def sentence(row: RoundRow, now: datetime) -> str:
    """Say where the round stands and what comes next."""
    where = phase(row, now)
    if row.origin == Origin.IMPORTED:
        return _imported(where)
    if where.next_at is None or where.next_at <= now or where.name not in _WITH_DATE:
        return str(_WITHOUT_DATE[where.name])
    return str(_WITH_DATE[where.name]) % {"date": moment(where.next_at)}


def _imported(where: Phase) -> str:
    if where.name is PhaseName.RESULTS:
        return str(_("This election was held elsewhere. See how Minga counts its ballots."))
    return str(_("This election was held elsewhere. Its ballots are being counted again."))


def stages(row: RoundRow, now: datetime) -> list[Stage]:
    """Return the timeline: name, dates, and whether it is done, now or later."""
    current = phase(row, now).name
    found = [
        (_("Voting"), _voting(row), PhaseName.VOTING),
        (_("Result"), _result(row), PhaseName.RESULTS),
    ]
    if row.proposals_open_at is not None:
        proposals = _span(row.proposals_open_at, row.proposals_close_at)
        found[:0] = [
            (_("Proposals"), proposals, PhaseName.PROPOSALS),
            (_("Review"), _("Feasibility and cost"), PhaseName.REVIEW),
        ]
    return [(name, line, _state(stage, current)) for name, line, stage in found]


def _voting(row: RoundRow) -> str:
    """Say on which days people can vote; afterwards, on which they could."""
    opens, closes = row.opened_at or row.voting_opens_at, row.voting_closes_at
    if row.closed_at is None or closes is None or row.closed_at >= closes:
        return _span(opens, closes)
    return str(_("%(days)s, ended early", days=_span(opens, row.closed_at)))


def _result(row: RoundRow) -> str:
    shown = row.published_at or row.results_at
    return day(shown) if shown else ""


def _span(opens: datetime | None, closes: datetime | None) -> str:
    if opens is None or closes is None:
        return ""
    first, last = day(opens), day(closes)
    if first == last:
        return first
    return str(_("%(from)s to %(to)s", **{"from": first, "to": last}))


_ORDER = list(PhaseName)
# What is shown as under way between two stages: the ballot is ready but voting has not opened, …
_STAGE_OF = {PhaseName.RESULTS: PhaseName.RESULTS, PhaseName.COUNTING: PhaseName.RESULTS}


def _state(stage: PhaseName, current: PhaseName) -> str:
    if current is PhaseName.RESULTS and stage is PhaseName.RESULTS:
        return "done"
    shown = _STAGE_OF.get(current, current)
    if shown is stage:
        return "now"
    return "done" if _ORDER.index(stage) < _ORDER.index(shown) else "later"
