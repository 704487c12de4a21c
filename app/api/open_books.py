"""`/api/v1/programmes` and `/api/v1/statistics`: voucher programmes and their open books."""

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.api import shapes
from app.api.base import as_json, blueprint
from app.api.description import Operation, describes
from app.db import read_tx
from app.ledger.entries import AccountKind
from app.openbooks import books
from app.openbooks.books import Books, Figures
from app.openbooks.sums import Money
from app.openbooks.words import MOVED
from app.programmes import queries as programmes_queries
from app.programmes.models import ProgrammeRow


@blueprint.get("/programmes")
@describes(Operation("Voucher programmes that two officers approved", shapes.ProgrammeList))
def programmes() -> ResponseReturnValue:
    rows = read_tx(programmes_queries.public_programmes)
    return as_json(shapes.ProgrammeList(programmes=[_programme(row) for row in rows]))


@blueprint.get("/statistics")
@describes(
    Operation(
        "The open books of all programmes: money, and people in groups of ten or more",
        shapes.OpenBooksList,
    )
)
def statistics() -> ResponseReturnValue:
    def read(session: Session) -> list[Books]:
        until = books.closed_at(session)
        rows = programmes_queries.public_programmes(session)
        return [books.full_books(session, row, until) for row in rows]

    return as_json(shapes.OpenBooksList(programmes=[_books(one) for one in read_tx(read)]))


def _programme(row: ProgrammeRow) -> shapes.Programme:
    return shapes.Programme(
        id=row.id,
        slug=row.slug,
        name=row.name,
        state=row.state,
        services=row.services,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        currency=row.unit,
        budget_minor=row.budget_minor,
        page=url_for("programmes.show", slug=row.slug, _external=True),
    )


def _books(one: Books) -> shapes.OpenBooks:
    told = one.is_told
    return shapes.OpenBooks(
        programme=one.programme.slug,
        currency=one.programme.unit,
        until=one.until,
        people=one.people,
        appropriated_minor=one.money.appropriated_minor,
        lies_minor=_lies(one.money) if told else None,
        redeemed_minor=one.money.redeemed_minor if told else None,
        moved_minor={kind.value: one.money.of(kind) for kind, _name in MOVED} if told else None,
        areas=[shapes.AreaUptake(area=area.name, **_figures(area.shown)) for area in one.areas],
        values=[
            shapes.ValueUptake(
                above_minor=band.above_minor, up_to_minor=band.up_to_minor, **_figures(band.shown)
            )
            for band in one.bands
        ],
        providers=[
            shapes.PaidProvider(
                provider=paid.provider.id,
                name=paid.provider.name,
                redeemed_minor=paid.money.redeemed_minor if paid.money else None,
                paid_minor=paid.money.paid_minor if paid.money else None,
            )
            for paid in one.providers
        ],
    )


def _lies(money: Money) -> dict[str, int]:
    return {
        kind.value: money.at(kind)
        for kind in AccountKind
        if kind is not AccountKind.TREASURY and money.at(kind)
    }


def _figures(shown: Figures | None) -> dict[str, int | None]:
    return {
        "people": shown.people if shown else None,
        "used_percent": shown.used_percent if shown else None,
    }
