"""What stands on every letter of a round."""

from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlmodel import Session

from app import web
from app.i18n import day
from app.roll.letters import LetterTexts
from app.rounds.models import RoundRow
from app.town import queries as town_queries


def letter_texts(session: Session, round_row: RoundRow) -> LetterTexts:
    """Write what stands on every letter of the round."""
    town = town_queries.town(session)
    base = web.settings().base_url
    zone = town_queries.zone(session)
    days = (round_row.voting_opens_at, round_row.voting_closes_at)
    dates = [_moment(one.astimezone(zone)) for one in days if one]
    return LetterTexts(
        town=town.name if town else "",
        round_title=round_row.title,
        dates=_("Voting: %(dates)s.", dates=" – ".join(dates)) if dates else "",
        heading=_("Your code for voting"),
        code_label=_("Your personal code"),
        instructions=(
            _(
                "Point the camera of your phone at the square, or go to %(address)s.",
                address=f"{urlsplit(base).netloc}/ballot",
            ),
            _("Enter the code. Small letters and missing hyphens do not matter."),
            _(
                "Choose projects, check your ballot and cast it. You can change it "
                "until voting closes."
            ),
        ),
        secrecy=_(
            "Your vote is secret: it is kept apart from your name. Do not give the code to others."
        ),
        contact=_("Help, or a new code if this one is lost: %(contact)s", contact=town.contact)
        if town and town.contact
        else "",
        address_of_code=f"{base}/ballot/{round_row.slug}#",
    )


def _moment(local: datetime) -> str:
    return f"{day(local.date())}, {local:%H:%M}"
