"""Into the booth and out of it."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app import clock
from app.ballots import booth
from app.ballots.booth import PotStanding
from app.ballots.forms import CodeForm
from app.ballots.routes.base import blueprint
from app.db import read_tx
from app.roll import passes, sign_in
from app.roll.passes import VotingPass, voting_pass_required
from app.roll.sign_in import WrongCodeError
from app.rounds import queries as rounds
from app.rounds.models import RoundRow


@blueprint.get("/ballot")
def choose_round() -> ResponseReturnValue:
    """Name the rounds in which one can vote now; straight on if there is one."""
    open_rounds = read_tx(_open_rounds)
    if len(open_rounds) == 1:
        return redirect(url_for(".enter", slug=open_rounds[0].slug))
    return render_template("ballots/choose_round.html", rounds=open_rounds)


@blueprint.route("/ballot/<slug>", methods=["GET", "POST"])
def enter(slug: str) -> ResponseReturnValue:
    known = passes.current()
    if known is not None and known.slug == slug:
        return redirect(url_for(".overview", slug=slug))
    round_row = read_tx(lambda session: sign_in.open_round(session, slug))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            made = sign_in.enter(slug, form.voting_code, address=request.remote_addr)
        except WrongCodeError as error:
            form.refuse(error, field="code")
        else:
            inside = redirect(url_for(".overview", slug=slug), HTTPStatus.SEE_OTHER)
            return passes.give(make_response(inside), made)
    page = render_template("ballots/enter.html", form=form, round=round_row)
    return page, 422 if form.errors else 200


@blueprint.get("/ballot/<slug>/mine")
@voting_pass_required
def overview(known: VotingPass) -> ResponseReturnValue:
    """List one's ballots; straight to it if there is one that was not cast yet."""
    round_row, pots = read_tx(lambda session: _overview(session, known))
    if len(pots) == 1 and not pots[0].cast:
        return redirect(url_for(".fill", slug=known.slug, pot_id=pots[0].pot.id))
    return render_template("ballots/overview.html", round=round_row, pots=pots)


@blueprint.post("/ballot/<slug>/leave")
def leave(slug: str) -> ResponseReturnValue:
    """Give the pass back. What is not cast is named first."""
    known = passes.current()
    if known is not None and known.slug == slug and not request.form.get("anyway"):
        round_row, pots = read_tx(lambda session: _overview(session, known))
        waiting = [one for one in pots if one.changed]
        if waiting:
            return render_template("ballots/leave.html", round=round_row, pots=waiting)
    gone = make_response(redirect(url_for(".left", slug=slug), HTTPStatus.SEE_OTHER))
    return passes.take_back(gone)


@blueprint.get("/ballot/<slug>/left")
def left(slug: str) -> ResponseReturnValue:
    """Say goodbye, in words that suit a borrowed phone."""
    round_row = read_tx(lambda session: rounds.public_round(session, slug))
    return render_template("ballots/left.html", round=round_row)


def _open_rounds(session: Session) -> list[RoundRow]:
    now = clock.now()
    return [row for row in rounds.public_rounds(session) if rounds.can_vote(row, now)]


def _overview(session: Session, known: VotingPass) -> tuple[RoundRow, list[PotStanding]]:
    round_row = sign_in.open_round(session, known.slug)
    return round_row, booth.pot_standings(session, known)
