"""`/api/v1/settlements`: what a provider was paid, for its own programs."""

from flask.typing import ResponseReturnValue

from app.api import shapes
from app.api.base import as_json, blueprint
from app.api.description import Operation, describes
from app.api.redemptions import NO_TOKEN, device_required
from app.db import read_tx
from app.settlement import queries
from app.settlement.queries import Settled
from app.vouchers.paying import Till


@blueprint.get("/settlements")
@describes(
    Operation(
        "The released settlements of the device's provider, the newest first",
        shapes.SettlementList,
        by_device=True,
        outcomes={401: NO_TOKEN},
    )
)
@device_required
def settlements(till: Till) -> ResponseReturnValue:
    found = read_tx(lambda session: queries.lines_of(session, till.provider_id))
    return as_json(shapes.SettlementList(settlements=[_settlement(one) for one in found]))


def _settlement(one: Settled) -> shapes.Settlement:
    line = one.line
    return shapes.Settlement(
        settlement_id=line.id,
        programme=one.programme.slug,
        currency=one.programme.unit,
        cut_off_at=one.batch.cut_off_at,
        state=line.state,
        unpaid=line.unpaid,
        gross_minor=line.gross_minor,
        again_minor=line.again_minor,
        owed_back_minor=line.owed_back_minor,
        fee_minor=line.fee_minor,
        pay_minor=line.pay_minor,
        redemptions=line.item_count,
    )
