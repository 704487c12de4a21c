"""`/api/v1`: what the public pages show, for programs. Reading needs no key.

An answer is the same for everybody: cookies are not looked at, and nothing is told before it
stands on a page. Devices of providers alone have a token: see `redemptions`.
"""

from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.api import description, open_books, providers, queries, redemptions, settlements, shapes
from app.api.base import as_json, blueprint
from app.api.description import Operation, describes
from app.db import read_tx
from app.results import export
from app.results.routes.base import pb_answer
from app.rounds import queries as round_queries

__all__ = ["blueprint", "open_books", "providers", "redemptions", "settlements"]

NO_ROUND = "There is no such round, or it is not public."


@blueprint.get("/rounds")
@describes(Operation("All public rounds, the newest first", shapes.RoundList))
def rounds() -> ResponseReturnValue:
    return as_json(read_tx(queries.round_list))


@blueprint.get("/rounds/<name>")
@describes(
    Operation(
        "A round: its dates, budgets, areas and rules", shapes.Round, refusals={404: NO_ROUND}
    )
)
def round_(name: str) -> ResponseReturnValue:
    return as_json(read_tx(lambda session: queries.round_details(session, name)))


@blueprint.get("/rounds/<name>/projects")
@describes(
    Operation(
        "The projects on the ballot, in the order of the rule sheet",
        shapes.ProjectList,
        refusals={404: f"{NO_ROUND} Or its projects are not published yet."},
    )
)
def projects(name: str) -> ResponseReturnValue:
    return as_json(read_tx(lambda session: queries.projects(session, name)))


@blueprint.get("/rounds/<name>/results")
@describes(
    Operation(
        "The published result: winners, reasons, figures, and all runs",
        shapes.Result,
        refusals={404: f"{NO_ROUND} Or its result is not public yet."},
    )
)
def results(name: str) -> ResponseReturnValue:
    return as_json(read_tx(lambda session: queries.result(session, name)))


@blueprint.get("/rounds/<name>/ballots.pb")
@describes(
    Operation(
        "The ballots of one pot without names, in the Pabulib format",
        "text/plain",
        query={"pot": "Id or name of the pot; needed where the round has several."},
        refusals={
            404: f"{NO_ROUND} Or it has no such pot, or its result is not public yet.",
            409: "So few people voted on this pot that its ballots are not published.",
            422: "The round has several pots, and none was named.",
        },
    )
)
def ballots(name: str) -> ResponseReturnValue:
    def read(session: Session) -> tuple[bytes, str]:
        row = queries.find_round(session, name)
        pots = round_queries.pots(session, row.id)
        pot = export.chosen_pot(pots, request.args.get("pot"))
        return export.published_file(session, row, pot), export.file_name(row, pot, pots)

    return pb_answer(*read_tx(read))


@blueprint.get("/openapi.json")
@describes(Operation("This document", "application/json"))
def openapi() -> ResponseReturnValue:
    document: dict[str, Any] = description.document(current_app.url_map, blueprint.name)
    return document
