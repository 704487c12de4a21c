"""What only a demonstration shows: how its invented people sign in, and their mail."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.accounts import queries, totp
from app.accounts.models import Role
from app.accounts.people import ROLE_NAMES
from app.db import read_tx
from app.demo import sign_ins
from app.jobs import mail

blueprint = Blueprint("demo", __name__)

MAILS_SHOWN = 30


@blueprint.get("/demo")
def people() -> ResponseReturnValue:
    return render_template(
        "demo/demo.html",
        staff=read_tx(_staff),
        mails=read_tx(lambda session: mail.newest(session, MAILS_SHOWN)),
        password=sign_ins.PASSWORD,
        codes=sign_ins.some_codes(),
    )


def _staff(session: Session) -> list[dict[str, Any]]:
    return [
        {
            "name": person.name,
            "email": person.email or "–",
            "roles": [str(ROLE_NAMES[Role(role)]) for role in sorted(roles)],
            "code": totp.current_code(session, person.id),
        }
        for person, roles in queries.staff(session)
        if person.disabled_at is None
    ]
