"""Mails about delegations: whoever has the code can accept, so the resident hears who did."""

import uuid

from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import mails
from app.accounts import queries as accounts
from app.delegation.models import DelegationRow
from app.providers import queries as providers
from app.providers.models import ProviderRole
from app.vouchers.models import ResidentRow


def accepted(session: Session, row: DelegationRow, by: uuid.UUID) -> None:
    """Tell the resident who may act now; the mail says nothing of vouchers."""
    holder = session.get_one(ResidentRow, row.resident_id)
    names = accounts.names(session, [by])
    text = _(
        "%(name)s has accepted to act for you. If this is not who you meant, end it on this page "
        "now: it counts at once.",
        name=names[by],
    )
    page = f"/account/helpers/{row.id}"
    mails.write(session, holder.account_id, _("Somebody acts for you now"), text, page=page)


def named(session: Session, row: DelegationRow) -> None:
    """Tell the managers of an organisation that a resident named it; not who."""
    if row.provider_id is None:
        return
    text = _(
        "a resident has named “%(organisation)s” to act for them. Choose on this page who of you "
        "does it.",
        organisation=row.label,
    )
    for one in providers.people(session, row.provider_id):
        if one.role == ProviderRole.MANAGER:
            subject = _("A resident asks for your help")
            mails.write(session, one.account_id, subject, text, page="/account/helping")
