"""Why a project won or lost, for the published result and for every other run."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.db import read_tx
from app.errors import NotFoundError
from app.results import queries
from app.results.models import RunKind
from app.results.routes.base import blueprint, the_run
from app.results.why_view import why_view
from app.rounds import queries as rounds
from app.rounds.models import RoundRow


@blueprint.get("/rounds/<slug>/results/projects/<path:reference>")
def why(slug: str, reference: str) -> ResponseReturnValue:
    """Tell everybody, once the result is public."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        run = queries.published_run(session, round_row)
        if run is None:
            raise _not_yet()
        return {"round": round_row, "view": why_view(session, round_row, run, reference)}

    page = read_tx(read)
    view = page["view"]
    return render_template(
        "results/why.html",
        **page,
        note="",
        address=lambda one: url_for(".why", slug=slug, reference=one),
        addresses={
            "result": url_for(".show", slug=slug),
            "share": url_for(".my_share", slug=slug, pot_id=view.pot.id) if view.share else "",
            "check": url_for(".show", slug=slug, _anchor="check"),
        },
    )


@blueprint.get("/rounds/<slug>/runs/<int(max=999999):run_no>/projects/<path:reference>")
def public_run_why(slug: str, run_no: int, reference: str) -> ResponseReturnValue:
    """Tell the same of any run, once the result is public."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        if queries.published_run(session, round_row) is None:
            raise _not_yet()
        return _of_run(session, round_row, run_no, reference)

    return _page(read_tx(read), "public_run", "public_run_why", slug=slug, run_no=run_no)


@blueprint.get("/staff/rounds/<slug>/count/<int(max=999999):run_no>/projects/<path:reference>")
def run_why(slug: str, run_no: int, reference: str) -> ResponseReturnValue:
    """Tell staff of a draft or a try."""

    def read(session: Session) -> dict[str, Any]:
        return _of_run(session, rounds.round_by_slug(session, slug), run_no, reference)

    return _page(read_tx(read), "run", "run_why", slug=slug, run_no=run_no)


def _of_run(session: Session, round_row: RoundRow, run_no: int, reference: str) -> dict[str, Any]:
    run = the_run(session, round_row, run_no)
    official = run.kind == RunKind.OFFICIAL
    what_if = _(
        "Count %(number)s: what another rule would give. It is not the result.", number=run_no
    )
    draft = _("Count %(number)s, the official one.", number=run_no)
    return {
        "round": round_row,
        "view": why_view(session, round_row, run, reference),
        "note": draft if official else what_if,
    }


def _page(page: dict[str, Any], back: str, here: str, **run: Any) -> str:
    return render_template(
        "results/why.html",
        **page,
        address=lambda one: url_for(f".{here}", reference=one, **run),
        addresses={"result": url_for(f".{back}", **run), "share": ""},
    )


def _not_yet() -> NotFoundError:
    return NotFoundError(_("Why projects won or lost is told together with the result."))
