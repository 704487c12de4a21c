"""The rule sheet: everything that decides the result, fixed and published before voting opens.

It holds nothing that is known only later, and not the time of its making, so the digest that one
officer proposes is the digest that the other one approves.
"""

import hashlib
import unicodedata
import uuid
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlmodel import Session

from app import clock
from app.rounds import queries, rules
from app.rounds.models import Origin, ProjectProgrammeRow, ProjectRow, RoundRow, RuleSheetRow
from app.town import queries as towns
from voting import canonical
from voting.limits import Limits

FORMAT = "minga-rule-sheet/1"
COMPLAINT_DAYS = 60
"""How long after the close the key of the ballots is kept, so that a complaint can be heard."""
ROLL_RULE = (
    "Who stands on the voter roll of the round, approved by two officers, votes once per pot."
)


def build(session: Session, row: RoundRow) -> bytes:
    """Return the canonical JSON of a round's rules as they stand.

    Raises RulesError (of `voting`) or RuleOptionError (of `allocation`) while they cannot stand.
    """
    town = towns.town(session)
    limits = Limits.from_canonical(row.ballot)
    if row.origin == Origin.OWN:
        for pot in queries.pots(session, row.id):
            queries.ballot_rules(session, row, pot)  # an election held elsewhere keeps its own
    content = {
        "format": FORMAT,
        "town": town.name if town else "",
        "round": row.slug,
        "round_id": row.id.hex,
        "title": row.title,
        "currency": row.currency,
        "minor_per_unit": row.minor_per_unit,
        "rule": rules.counting_rule(row.rule, limits.ballot_type).to_dict(),
        "lot_source": row.lot_source,
        "ballot": limits.to_canonical(),
        "areas": _areas(session, row),
        "pots": _pots(session, row),
        "projects": _projects(session, row),
        "dates": {name: _instant(getattr(row, name)) for name in rules.DATES},
        "roll_rule": ROLL_RULE,
        "complaint_days": COMPLAINT_DAYS,
        "program": f"minga {version('minga')}",
    }
    return canonical.encode(_normal(content))


def publish(
    session: Session, row: RoundRow, content: bytes, *, approval_id: uuid.UUID | None = None
) -> None:
    """Keep the sheet for good. `approval_id`: the two officers; None for an imported election."""
    session.add(
        RuleSheetRow(
            round_id=row.id,
            content=content,
            sha256=digest(content),
            frozen_at=clock.now(),
            approval_id=approval_id,
        )
    )
    session.flush()


def digest(content: bytes) -> str:
    """Return the SHA-256 of a sheet: what `sha256sum` says of the downloaded file."""
    return hashlib.sha256(content).hexdigest()


def text_digest(project: ProjectRow) -> str:
    """Return the digest of what voters read about a project."""
    texts = {"title": project.title, "description": project.description}
    return hashlib.sha256(canonical.encode(_normal(texts))).hexdigest()


def _areas(session: Session, row: RoundRow) -> list[dict[str, Any]]:
    parents = queries.area_parents(session, row)
    return [
        {"code": area.code, "name": area.name, "kind": area.kind, "parent": parents[area.code]}
        for area in queries.areas(session, row)
    ]


def _pots(session: Session, row: RoundRow) -> list[dict[str, Any]]:
    codes = {area.id: area.code for area in queries.areas(session, row)}
    return [
        {
            "id": pot.id.hex,
            "area": codes[pot.area_id],
            "name": pot.name,
            "budget_minor": pot.budget_minor,
        }
        for pot in queries.pots(session, row.id)
    ]


def _projects(session: Session, row: RoundRow) -> list[dict[str, Any]]:
    areas = {area.id: area.code for area in queries.areas(session, row)}
    categories = {one.id: one.name for one in queries.categories(session, row.id)}
    programmes = queries.programmes(session, row.id)
    return [
        {
            "reference": project.reference,
            "title": project.title,
            "text_sha256": text_digest(project),
            "cost_minor": project.cost_minor,
            "pot": project.pot_id.hex,
            "area": areas.get(project.area_id) if project.area_id else None,
            "category": categories.get(project.category_id) if project.category_id else None,
            **_programme(programmes.get(project.id)),
        }
        for project in queries.projects(session, row.id)
    ]


def _programme(terms: ProjectProgrammeRow | None) -> dict[str, Any]:
    """Return the terms of a voucher programme; nothing, not even a name, for other projects."""
    if terms is None:
        return {}
    return {
        "programme": {
            "services": sorted(terms.services),
            "starts_on": terms.starts_on.isoformat(),
            "ends_on": terms.ends_on.isoformat(),
            "floor_minor": terms.floor_minor,
            "cap_minor": terms.cap_minor,
            "slope_millionths": terms.slope_millionths,
        }
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _normal(value: Any) -> Any:
    """Compose the letters of every text: canonical JSON takes one spelling only."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return value
