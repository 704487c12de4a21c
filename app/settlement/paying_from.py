"""The town's own account, from which the bank pays. Every entry is a row; the newest counts."""

from dataclasses import asdict, dataclass

from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.policy import Actor, account_of
from app.settlement.models import PayerRow

SHOWN = 4


@dataclass(frozen=True)
class Account:
    """What the bank knows of the town. The address in parts: banks refuse others."""

    name: str
    iban: str
    street_name: str
    building_number: str
    postcode: str
    town: str
    country: str
    """Two capital letters."""


def enter(session: Session, actor: Actor, said: Account) -> PayerRow:
    """Pay from this account from now on; what is frozen is paid from the one that it names."""
    row = PayerRow(**asdict(said), entered_by=account_of(actor), entered_at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, actor, "settlement.payer", str(row.id), {"ends": row.iban[-SHOWN:]})
    return row
