"""Programmes from draft to opening: set up, given a schedule, approved by two, opened."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app import clock, i18n
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.db import run_tx
from app.errors import ConflictError, InvalidError
from app.policy import ROUND_OFFICER, Actor
from app.programmes import fund, preview, queries, schedule, words
from app.programmes.households import slope_max
from app.programmes.infeasible import Infeasible
from app.programmes.models import (
    Funding,
    Mode,
    ParameterRow,
    ProgrammeRow,
    ProgrammeState,
    ScheduleRow,
)
from app.programmes.parameters import Parameter, ParameterSet
from app.programmes.piecewise import SolverFailedError
from app.programmes.population import PER_WHOLE, Population, of_groups
from app.programmes.schedule import Rules, Schedule
from app.programmes.terms import departures
from app.texts import slug_of

APPROVE = "programme.approve"
SLUG_LENGTH_MAX = 50
FIXED_BY_VOTE = frozenset({"services", "starts_on", "ends_on", "budget_minor", "council_act"})
"""Columns that residents have voted on, where a result gave the money."""


def create(actor: Actor, values: Mapping[str, Any]) -> ProgrammeRow:
    """Begin a draft. `values`: columns of the row."""

    def made(session: Session) -> ProgrammeRow:
        row = ProgrammeRow(
            **values,
            slug=free_slug(session, values["name"]),
            created_by=actor.account_id,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        audit.record(session, actor, "programme.created", row.slug)
        return row

    return run_tx(made)


def change(actor: Actor, slug: str, values: Mapping[str, Any], *, seen_version: int) -> None:
    """Change a draft. Raises ConflictError once it is proposed, or if somebody was faster."""

    def changed(session: Session) -> None:
        row = held(session, slug, ProgrammeState.DRAFT)
        if row.version != seen_version:
            raise ConflictError(
                lazy("Somebody else saved this programme meanwhile. Reload the page and compare.")
            )
        for name, value in values.items():
            if row.funding == Funding.PROJECT and name in FIXED_BY_VOTE:
                raise ConflictError(
                    lazy("This was fixed before the vote. Nothing was changed: nobody can.")
                )
            setattr(row, name, value)
        row.version += 1
        row.schedule_no = None  # it was made for what has changed now
        session.add(row)
        audit.record(session, actor, "programme.changed", slug, {"fields": sorted(values)})

    run_tx(changed)


def held(session: Session, slug: str, *states: ProgrammeState) -> ProgrammeRow:
    """Load a programme, holding its row; raises ConflictError unless it is in one of the states."""
    queries.by_slug(session, slug)
    query = select(ProgrammeRow).where(ProgrammeRow.slug == slug).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).one()
    if row.state not in states:
        raise ConflictError(
            lazy(
                "The programme has moved on, so nothing was changed. Look at its page to see "
                "where it stands."
            )
        )
    return row


def people_of(row: ProgrammeRow) -> Population:
    """Return whom the schedule is paid for. In mode `full` everybody is counted as a user."""
    groups = [(income, people, use) for income, people, use in row.people]
    if row.mode == Mode.FULL:
        groups = [(income, people, PER_WHOLE) for income, people, _use in groups]
    return of_groups(groups)


def lacks(row: ProgrammeRow) -> list[str]:
    """Say what is missing before a schedule can be made."""
    missing: list[str] = []
    if not row.budget_minor:
        missing.append(_("Enter the budget and where it comes from."))
    if not row.people:
        missing.append(_("Enter the incomes of the residents."))
    return missing


def make_schedule(
    row: ProgrammeRow, rules: Rules, parameters: ParameterSet
) -> Schedule | Infeasible:
    """Make a schedule and check it exactly. Raises InvalidError, with the sentence for the form."""
    if missing := lacks(row):
        raise InvalidError(missing[0])
    if row.terms and departures(
        row.terms, floor_minor=rules.floor_minor, cap_minor=rules.cap_minor, slope=rules.slope
    ):
        raise InvalidError(
            lazy(
                "Lowest value, highest value and fall were fixed before the vote. Enter them as "
                "they stand above."
            )
        )
    try:
        made = schedule.solve(rules, people_of(row), row.budget_minor)
    except SolverFailedError as error:
        raise InvalidError(
            lazy("No schedule was proven in time. Nothing was saved. Use fewer knots or rules.")
        ) from error
    if isinstance(made, Infeasible):
        return made
    _check(row, made, parameters)
    return made


def _check(row: ProgrammeRow, made: Schedule, parameters: ParameterSet) -> None:
    if schedule.over_limit(made, parameters.household_limit, parameters.scale):
        raise InvalidError(_too_steep(parameters))
    if schedule.cost(made, people_of(row)) > row.budget_minor:
        raise InvalidError(lazy("This schedule costs more than the fund holds."))
    face_value = preview.face_value_minor(made, people_of(row))
    if face_value > row.budget_minor + row.cover_minor:
        raise InvalidError(
            lazy(
                "If everybody used everything, this would cost %(face)s, %(more)s more than fund "
                "and cover together. Raise the cover, or lower floor or highest value.",
                face=i18n.money(face_value, row.unit),
                more=i18n.money(face_value - row.budget_minor - row.cover_minor, row.unit),
            )
        )


def _too_steep(parameters: ParameterSet) -> object:
    most = slope_max(Fraction(1), parameters.household_limit, parameters.scale)
    return lazy(
        "With this fall per euro a family would lose more than %(limit)s percent of what it earns "
        "more. Enter at most %(most)s percent.",
        limit=f"{float(100 * parameters.household_limit):g}",
        most=f"{int(10_000 * most) / 100:g}",
    )


def save_schedule(actor: Actor, slug: str, rules: Rules, *, seen_version: int) -> None:
    """Keep the schedule of these rules as the programme's newest. Raises InvalidError."""

    def saved(session: Session) -> None:
        row = held(session, slug, ProgrammeState.DRAFT)
        if row.version != seen_version:
            raise ConflictError(
                lazy("Somebody else saved this programme meanwhile. Reload the page and compare.")
            )
        known = queries.parameter_set(session, row.id, row.starts_on)
        made = make_schedule(row, rules, known)
        if isinstance(made, Infeasible):
            raise InvalidError(words.infeasible(made, row.unit))
        people = people_of(row)
        row.schedule_no = _last_no(session, row) + 1
        row.version += 1
        session.add(row)
        session.add(
            ScheduleRow(
                programme_id=row.id,
                schedule_no=row.schedule_no,
                document=made.to_document(),
                scale=known.scale,
                household_limit=str(known.household_limit),
                input_sha256=schedule.input_digest(
                    rules, [(a, b, c) for a, b, c in row.people], row.budget_minor
                ),
                budget_minor=row.budget_minor,
                cost_minor=ceil(schedule.cost(made, people)),
                face_value_minor=preview.face_value_minor(made, people),
                created_by=actor.account_id,
                created_at=clock.now(),
            )
        )
        audit.record(session, actor, "programme.schedule", slug, {"number": row.schedule_no})

    run_tx(saved)


def propose(actor: Actor, slug: str) -> ApprovalRow:
    """Ask a second officer to approve programme and schedule exactly as they are."""

    def proposed(session: Session) -> ApprovalRow:
        row = held(session, slug, ProgrammeState.DRAFT, ProgrammeState.PROPOSED)
        stored = queries.schedule_row(session, row)
        if stored is None:
            raise ConflictError(
                lazy("The programme has no schedule for what is entered now. Make one first.")
            )
        row.state = ProgrammeState.PROPOSED
        session.add(row)
        return approvals.propose(session, actor, APPROVE, slug, _payload(row, stored))

    return run_tx(proposed)


def back_to_draft(actor: Actor, slug: str) -> None:
    """Make a proposed programme a draft again, once nobody is asked to decide about it."""

    def back(session: Session) -> None:
        row = held(session, slug, ProgrammeState.PROPOSED)
        if approvals.pending_for(session, APPROVE, slug):
            raise ConflictError(
                lazy("This waits for a second person. Withdraw it there first."),
                lead=approvals.DECISIONS,
            )
        row.state = ProgrammeState.DRAFT
        row.version += 1
        session.add(row)
        audit.record(session, actor, "programme.back_to_draft", slug)

    run_tx(back)


def _payload(row: ProgrammeRow, stored: ScheduleRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "schedule_no": stored.schedule_no,
        "input_sha256": stored.input_sha256,
        "budget_minor": row.budget_minor,
    }


def _describe(session: Session, approval: ApprovalRow) -> str:
    row = queries.by_slug(session, approval.subject)
    return str(
        _(
            "Approve “%(name)s” with its schedule number %(number)s and open its fund of "
            "%(budget)s. Neither can be changed afterwards.",
            name=row.name,
            number=approval.payload["schedule_no"],
            budget=i18n.money(row.budget_minor, row.unit),
        )
    )


@approvals.act(APPROVE, roles=frozenset({ROUND_OFFICER}), describe=_describe)
def approve(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Fix the programme as it was proposed, and open its fund where the council's act gives it."""
    row = held(session, approval.subject, ProgrammeState.PROPOSED)
    stored = queries.schedule_row(session, row)
    if stored is None or _payload(row, stored) != approval.payload:
        raise ConflictError(
            _("The programme has been changed since this was proposed. Withdraw it and ask again.")
        )
    row.state = ProgrammeState.APPROVED
    session.add(row)
    if row.funding == Funding.COUNCIL:
        fund.open_fund(session, row, actor=str(actor.account_id))


def open_programme(actor: Actor, slug: str) -> None:
    """Let residents apply. Raises ConflictError while its fund is empty."""

    def opened(session: Session) -> None:
        row = held(session, slug, ProgrammeState.APPROVED)
        if fund.balance_minor(session, row) < row.budget_minor:
            raise ConflictError(
                lazy("The fund of this programme is not open yet. Its result has to be public.")
            )
        row.state = ProgrammeState.OPEN
        row.version += 1
        session.add(row)
        audit.record(session, actor, "programme.open", slug)

    run_tx(opened)


def add_parameter(
    actor: Actor,
    slug: str,
    *,
    name: Parameter,
    value: str,
    valid_from: date,
    legal_reference: str,
    adopted_by: str,
) -> None:
    """Add a dated value. Raises ConflictError if there is one from that day on."""

    def added(session: Session) -> None:
        row = held(session, slug, *ProgrammeState)
        parameter = ParameterRow(
            programme_id=row.id,
            name=name,
            value=value,
            unit="" if name is Parameter.SCALE else "percent",
            valid_from=valid_from,
            legal_reference=legal_reference,
            adopted_by=adopted_by,
            recorded_by=actor.account_id,
            recorded_at=clock.now(),
        )
        try:
            with session.begin_nested():
                session.add(parameter)
        except IntegrityError:
            raise ConflictError(
                lazy("There is a value from this day on, and values are never edited. Choose "
                     "another day.")
            ) from None  # fmt: skip
        if row.state == ProgrammeState.DRAFT:
            row.schedule_no = None  # it was made with other values
            row.version += 1
            session.add(row)
        audit.record(session, actor, "programme.parameter", slug, {"name": name, "value": value})

    run_tx(added)


def _last_no(session: Session, row: ProgrammeRow) -> int:
    query = select(ScheduleRow.schedule_no).where(ScheduleRow.programme_id == row.id)
    return max(session.exec(query).all(), default=0)


def free_slug(session: Session, name: str) -> str:
    """Return a name for addresses that no other programme has."""
    base = slug_of(name)[:SLUG_LENGTH_MAX].strip("-") or "programme"
    taken = set(session.exec(select(ProgrammeRow.slug)).all())
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (base, *numbered) if one not in taken | {"new"})
