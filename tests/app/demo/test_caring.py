"""What the demonstration shows of care: every state of a programme, an organisation, a voucher."""

from collections import Counter

from flask import Flask
from sqlmodel import Session, select

from app.db import read_tx
from app.entitlements.models import ApplicationRow
from app.ledger import checking
from app.programmes.models import ProgrammeRow
from app.providers.models import AccreditationRow
from app.vouchers.models import RedemptionRow, VoucherRow


def test_there_are_programmes_organisations_and_residents_in_many_states(demo: Flask) -> None:
    def states(session: Session) -> list[Counter[str]]:
        columns = (ProgrammeRow.state, AccreditationRow.state, ApplicationRow.state)
        return [Counter(session.exec(select(one)).all()) for one in columns]

    programmes, organisations, applications = read_tx(states)

    assert programmes == {"open": 2, "approved": 1, "proposed": 1}
    assert organisations.keys() == {"draft", "in_review", "recommended", "accredited", "suspended"}
    assert applications.keys() == {"draft", "in_review", "decided"}


def test_vouchers_were_handed_over_and_paid_with_and_the_ledger_balances(demo: Flask) -> None:
    vouchers = read_tx(lambda s: Counter(s.exec(select(VoucherRow.state)).all()))
    paid = read_tx(lambda s: s.exec(select(RedemptionRow.amount_minor)).all())

    assert vouchers.keys() == {"active", "inactive", "replaced", "ended"}
    assert Counter(paid) == {2_400: 1, 3_200: 1, 1_600: 10, 1_400: 10}
    assert [one for one in read_tx(checking.check_all) if one.offence] == []
