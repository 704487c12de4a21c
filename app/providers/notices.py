"""Mails to the managers of an organisation: short, and each with the page where things stand."""

from flask_babel import gettext as _
from sqlmodel import Session

from app import i18n
from app.accounts import mails
from app.providers import queries
from app.providers.models import AccreditationRow, ProviderBankRow, ProviderRole, ProviderRow


def ends_soon(session: Session, provider: ProviderRow, row: AccreditationRow, days: int) -> None:
    """Remind of the renewal; `days`: 90, 60 or 30 before the end."""
    text = _(
        "the accreditation of “%(name)s” ends on %(day)s, in %(days)d days or less. Renew it in "
        "time: after that day you can take no vouchers, and the people whom you help would have "
        "to find somebody else.",
        name=provider.name,
        day=i18n.day(row.valid_to) if row.valid_to else "",
        days=days,
    )
    _write_managers(session, provider, _("Your accreditation ends soon"), text)


def expired(session: Session, provider: ProviderRow) -> None:
    text = _(
        "the accreditation of “%(name)s” has ended, as its last day is over. You can take no "
        "vouchers now. What you took before is paid. You can apply again on this page.",
        name=provider.name,
    )
    _write_managers(session, provider, _("Your accreditation has ended"), text)


def bank_asked(session: Session, provider: ProviderRow) -> None:
    text = _(
        "somebody of “%(name)s” has asked to be paid to another bank account. The town checks it. "
        "If this was none of you, stop it on this page now.",
        name=provider.name,
    )
    _write_managers(session, provider, _("Another bank account was asked for"), text)


def bank_confirmed(session: Session, provider: ProviderRow, row: ProviderBankRow) -> None:
    text = _(
        "“%(name)s” is paid to another bank account from %(day)s on. Until then you can stop it "
        "on this page.",
        name=provider.name,
        day=i18n.day(row.effective_at) if row.effective_at else "",
    )
    _write_managers(session, provider, _("Your new bank account was confirmed"), text)


def bank_stopped(session: Session, provider: ProviderRow) -> None:
    text = _(
        "the change of the bank account of “%(name)s” was stopped. You are paid to the account "
        "that you had.",
        name=provider.name,
    )
    _write_managers(session, provider, _("The change of your bank account was stopped"), text)


def _write_managers(session: Session, provider: ProviderRow, subject: str, text: str) -> None:
    page = f"/account/organisations/{provider.id}"
    for one in queries.people(session, provider.id):
        if one.role == ProviderRole.MANAGER:
            mails.write(session, one.account_id, subject, text, page=page)
