"""What the page of a round tells its officers: where it stands, what is next, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.i18n import moment
from app.jobs import service as jobs
from app.rounds import readiness
from app.rounds.closing import CLOSE
from app.rounds.freezing import FREEZE
from app.rounds.models import RoundRow, RoundState
from app.rounds.opening import OPEN, opening_key
from app.rounds.readiness import Lack
from app.rounds.setup import steps
from app.rounds.setup.steps import Setup, Step
from app.rounds.views import RoundView, round_view


@dataclass(frozen=True)
class NextAct:
    """The act that comes next. `endpoint` is the page that does it; `lacks` stand in its way."""

    endpoint: str
    button: str
    explanation: str
    lacks: Sequence[Lack] = ()
    pending: ApprovalRow | None = None
    two_officers: bool = False
    with_reason: bool = False


@dataclass(frozen=True)
class Task:
    """A step of the set-up in the task list."""

    step: Step
    title: object
    lack: str | None
    optional: bool = False


@dataclass(frozen=True)
class StaffView:
    view: RoundView
    setup: Setup
    act: NextAct | None
    opens_by_itself: bool = False
    tasks: list[Task] = field(default_factory=list)

    @property
    def editable(self) -> bool:
        return self.setup.row.state in (
            RoundState.DRAFT,
            RoundState.PROPOSALS,
            RoundState.REVIEW,
        )


def staff_view(session: Session, row: RoundRow, now: datetime) -> StaffView:
    """Read what the officers' page of a round shows."""
    setup = steps.load(session, row)
    scheduled = row.state == RoundState.FROZEN and jobs.find(session, opening_key(row)) is not None
    return StaffView(
        view=round_view(session, row, now),
        setup=setup,
        act=None if scheduled else _next_act(session, row, now),
        opens_by_itself=scheduled,
        tasks=[_task(setup, step) for step in Step],
    )


def _task(setup: Setup, step: Step) -> Task:
    optional = step in steps.OPTIONAL and not setup.categories
    return Task(step, steps.TITLES[step], steps.lacking(setup, step), optional)


def _next_act(session: Session, row: RoundRow, now: datetime) -> NextAct | None:
    match RoundState(row.state):
        case RoundState.DRAFT:
            return _announce(session, row, now)
        case RoundState.PROPOSALS:
            return _end_proposals(row)
        case RoundState.REVIEW:
            return _freeze(session, row, now)
        case RoundState.FROZEN:
            return _open(session, row, now)
        case RoundState.VOTING:
            return _close(session, row)
    return None


def _announce(session: Session, row: RoundRow, now: datetime) -> NextAct:
    return NextAct(
        endpoint="rounds.announce",
        button=_("Announce the round"),
        explanation=_(
            "Residents see the round from then on. You can still change everything but its address "
            "until the rules are fixed."
        ),
        lacks=readiness.for_announcing(session, row, now),
    )


def _end_proposals(row: RoundRow) -> NextAct:
    return NextAct(
        endpoint="rounds.end_proposals",
        button=_("End the time for proposals now"),
        explanation=_(
            "The review begins by itself on %(moment)s. You can also end the time for proposals "
            "now; no more are taken then.",
            moment=moment(row.proposals_close_at) if row.proposals_close_at else "–",
        ),
    )


def _freeze(session: Session, row: RoundRow, now: datetime) -> NextAct:
    return NextAct(
        endpoint="rounds.freeze",
        button=_("Propose to fix rules and projects"),
        explanation=_(
            "A second officer has to agree. Rules, budgets and projects are then fixed for good "
            "and published with their digest."
        ),
        lacks=readiness.for_freezing(session, row, now),
        pending=approvals.pending_for(session, FREEZE, row.slug),
        two_officers=True,
    )


def _open(session: Session, row: RoundRow, now: datetime) -> NextAct:
    return NextAct(
        endpoint="rounds.open_vote",
        button=_("Propose to open the vote"),
        explanation=_(
            "A second officer has to agree. If that is before %(moment)s, the vote opens by itself "
            "then.",
            moment=moment(row.voting_opens_at) if row.voting_opens_at else "–",
        ),
        lacks=readiness.for_opening(row, now),
        pending=approvals.pending_for(session, OPEN, row.slug),
        two_officers=True,
    )


def _close(session: Session, row: RoundRow) -> NextAct:
    return NextAct(
        endpoint="rounds.close",
        button=_("Propose to end the voting early"),
        explanation=_(
            "Voting ends by itself on %(moment)s. Ending it earlier needs a reason and a second "
            "officer.",
            moment=moment(row.voting_closes_at) if row.voting_closes_at else "–",
        ),
        pending=approvals.pending_for(session, CLOSE, row.slug),
        two_officers=True,
        with_reason=True,
    )
