"""`/api/v1/providers`: the public register, for programs."""

from flask import url_for
from flask.typing import ResponseReturnValue

from app.api import shapes
from app.api.base import as_json, blueprint
from app.api.description import Operation, describes
from app.db import read_tx
from app.providers import queries
from app.providers.days import today
from app.providers.queries import Listed


@blueprint.get("/providers")
@describes(
    Operation("Providers that are accredited or suspended today, by name", shapes.ProviderList)
)
def providers() -> ResponseReturnValue:
    listed = read_tx(lambda session: queries.register(session, today()))
    return as_json(shapes.ProviderList(providers=[_provider(one) for one in listed]))


def _provider(one: Listed) -> shapes.Provider:
    row, standing = one.provider, one.accreditation
    control, board = one.answers.get("user-control", {}), one.answers.get("board", {})
    return shapes.Provider(
        id=row.id,
        name=row.name,
        kind=row.kind,
        state=standing.state,
        valid_from=standing.valid_from,
        valid_to=standing.valid_to,
        services=list(one.services),
        areas=row.area_ids,
        languages=row.languages,
        accessibility=row.accessibility,
        user_control=control.get("form"),
        board_total=board.get("total"),
        board_user_members=board.get("user_members"),
        board_non_members=board.get("non_members"),
        tariffs=[
            shapes.Tariff(
                service=tariff.service,
                unit=tariff.unit,
                amount_minor=tariff.amount_minor,
                valid_from=tariff.valid_from,
            )
            for tariff in one.tariffs
        ],
        page=url_for("providers.show", provider_id=row.id, _external=True),
    )
