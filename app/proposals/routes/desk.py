"""The work list of the review desk, of one round or of all that are at work."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlmodel import Session

from app import clock
from app.accounts import current, work
from app.accounts import queries as accounts
from app.accounts.work import Line
from app.db import read_tx
from app.policy import Actor
from app.proposals import desk as desks
from app.proposals import queries, review, rules
from app.proposals.desk_forms import FilterForm, offer_filters
from app.proposals.routes.base import blueprint
from app.rounds import queries as rounds
from app.rounds.models import RoundRow, RoundState
from app.rounds.views import catalogue

_Places = dict[str, tuple[str, frozenset[uuid.UUID]]]


@blueprint.get("/staff/proposals")
def desk_all() -> ResponseReturnValue:
    """The work list over all rounds in which there is something to review."""
    return _desk_page(read_tx(_at_work), None)


@blueprint.get("/staff/rounds/<slug>/proposals")
def desk(slug: str) -> ResponseReturnValue:
    """The work list of one round."""
    round_row = read_tx(lambda session: rounds.round_by_slug(session, slug))
    return _desk_page([round_row], round_row)


@work.source
def reviews_waiting(session: Session, actor: Actor) -> Iterator[Line]:
    """What the dashboard says to those at the desk: their own reviews, and what nobody has."""
    if not actor.has(*review.DESK_ROLES):
        return
    lines, _people, _places = _lines(session, _at_work(session))
    open_lines = [line for line in lines if line.work.proposal.state in rules.OPEN]
    mine = sum(line.assigned_to == actor.account_id for line in open_lines)
    nobodys = sum(line.assigned_to is None for line in open_lines)
    if mine:
        text = ngettext(
            "%(num)d proposal is yours to review", "%(num)d proposals are yours to review", mine
        )
        yield Line(text, url_for("proposals.desk_all", who="me"))
    if nobodys:
        text = ngettext(
            "%(num)d proposal has no reviewer yet",
            "%(num)d proposals have no reviewer yet",
            nobodys,
        )
        yield Line(text, url_for("proposals.desk_all", who="nobody"))


def _at_work(session: Session) -> list[RoundRow]:
    states = (RoundState.PROPOSALS, RoundState.REVIEW)
    return [row for row in rounds.all_rounds(session) if row.state in states]


def _desk_page(at_work: list[RoundRow], one: RoundRow | None) -> ResponseReturnValue:
    form, actor = FilterForm(request.args), current.actor()
    lines, people, places = read_tx(lambda session: _lines(session, at_work))
    offer_filters(
        form,
        states=[(key, words) for key, (words, _states) in desks.STATES.items()],
        people=people,
        areas=[(key, label) for key, (label, _within) in places.items()],
        sorts=[(key, words) for key, (words, _key) in desks.SORTS.items()],
    )
    found = desks.sift(
        lines,
        state=str(form.state.data),
        who=str(form.who.data),
        areas=places[form.area.data][1] if form.area.data else None,
        sort=str(form.sort.data),
        me=actor.account_id,
    )
    return render_template(
        "proposals/desk.html",
        round=one,
        form=form,
        lines=found,
        total=len(lines),
        waiting=sum(line.work.proposal.state in rules.OPEN for line in lines),
        now=clock.now(),
    )


def _lines(
    session: Session, at_work: list[RoundRow]
) -> tuple[list[desks.Line], list[Any], _Places]:
    """Return the work list, who can review, and the areas: id -> label and all within it."""
    lines: list[desks.Line] = []
    places: _Places = {}
    for round_row in at_work:
        found = catalogue(session, round_row)
        for area in found.areas:
            label = "\u2003" * found.depths[area.id] + area.name
            places[str(area.id)] = (label, found.within(area.id))
        found_work = queries.work(session, round_row.id)
        names = accounts.names(
            session, [one.review.assigned_to for one in found_work if one.review]
        )
        lines += [_line(one, round_row, found.area_names, names) for one in found_work]
    return lines, review.people(session), places


def _line(
    one: queries.Work,
    round_row: RoundRow,
    areas: dict[uuid.UUID, str],
    names: dict[uuid.UUID, str],
) -> desks.Line:
    area_id = one.proposal.area_id
    assigned = one.review.assigned_to if one.review else None
    return desks.Line(
        work=one,
        round=round_row,
        area=areas.get(area_id, "") if area_id else "",
        assignee=names.get(assigned, "") if assigned else "",
    )
