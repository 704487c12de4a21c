"""What voters read about a project that is a voucher programme."""

from flask_babel import gettext as _

from app import i18n
from app.programmes.population import PER_WHOLE
from app.programmes.services import Service
from app.programmes.words import SERVICES
from app.rounds.models import ProjectProgrammeRow


def terms(row: ProjectProgrammeRow, currency: str) -> list[tuple[str, str]]:
    """Return name and value of each of its terms."""
    return [
        (_("Pays for"), ", ".join(str(SERVICES[Service(one)]) for one in row.services)),
        (_("Period"), f"{i18n.day(row.starts_on)} – {i18n.day(row.ends_on)}"),
        (_("Everybody gets at least"), i18n.money(row.floor_minor, currency)),
        (_("Nobody gets more than"), i18n.money(row.cap_minor, currency)),
        (
            _("With more income"),
            _(
                "%(cents)s cents less per euro that a person has more, at most",
                cents=f"{100 * row.slope_millionths / PER_WHOLE:g}",
            ),
        ),
    ]
