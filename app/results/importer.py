"""Making a closed round of a published `.pb` file: a recount of an election held elsewhere."""

import uuid
import zlib
from collections.abc import Mapping
from hashlib import sha256

from flask_babel import gettext as _
from sqlmodel import Session, select

from allocation import pabulib
from allocation.errors import PbError
from allocation.instance import Instance, Project
from allocation.rule_sheet import RuleSheet
from app.accounts import audit
from app.db import run_tx
from app.errors import ConflictError, InvalidError
from app.forms import clean_text
from app.policy import Actor
from app.results import imported_facts as facts
from app.results import rules
from app.results.models import ImportedElectionRow
from app.rounds import queries, sheet
from app.rounds import service as rounds
from app.rounds.models import Origin, RoundRow
from app.texts import slug_of
from app.town import service as towns
from app.town.models import AreaKind, AreaRow
from voting.canonical import INTEGER_BOUND

BYTES_MAX = 64_000_000
PROJECTS_MAX = 5_000
TITLE_LENGTH_MAX = 120
REFERENCE_LENGTH_MAX = 120
_SLUG_MAX = 60


def import_election(
    actor: Actor, data: bytes, *, file_name: str, name: str | None = None, lenient: bool = False
) -> RoundRow:
    """Make a closed round of a `.pb` file; raises InvalidError with the line of the first fault.

    The same file twice is refused: a second round of it would only confuse.
    """
    if len(data) > BYTES_MAX:
        raise InvalidError(_("This file is larger than 64 MB. Split it, or ask for help."))
    instance, warnings = _read(data, lenient=lenient)
    digest = sha256(data).hexdigest()
    stored = zlib.compress(data, level=6)

    def store(session: Session) -> RoundRow:
        _refuse_a_second_time(session, digest)
        row = _add_round(session, instance, name=name or facts.title(instance), digest=digest)
        session.add(
            ImportedElectionRow(
                round_id=row.id,
                file_name=clean_text(file_name[:260]) or "",
                sha256=digest,
                lenient=lenient,
                warnings=[_as_sentence(warning) for warning in warnings],
                content=stored,
            )
        )
        _fill(session, row, instance)
        sheet.publish(session, row, sheet.build(session, row))
        rounds.finish_import(session, row, closed_at=facts.closed_at(instance))
        audit.record(session, actor, "round.imported", row.slug, {"sha256": digest})
        return row

    return run_tx(store)


def warnings_of(session: Session, round_row: RoundRow) -> list[str]:
    """Return what was odd, or repaired, when the file of this round was read."""
    row = session.get(ImportedElectionRow, round_row.id)
    return [str(one) for one in row.warnings] if row else []


def _read(data: bytes, *, lenient: bool) -> tuple[Instance, list[pabulib.Problem]]:
    try:
        instance, warnings = pabulib.parse(data, "lenient" if lenient else "strict")
    except PbError as error:
        raise InvalidError(
            _("%(fault)s Nothing was imported.", fault=_as_sentence(error))
        ) from error
    _refuse_what_does_not_fit(instance)
    return instance, warnings


def _as_sentence(fault: PbError | pabulib.Problem) -> str:
    """Write a fault as it stands on a page; commands put the name of the file before it."""
    said = str(fault)
    return said[:1].upper() + said[1:]


def _refuse_what_does_not_fit(instance: Instance) -> None:
    """Raise InvalidError for what the format allows and a round cannot hold."""
    if len(instance.projects) > PROJECTS_MAX:
        raise InvalidError(_("This file has more than 5,000 projects. Nothing was imported."))
    too_long = next((p.id for p in instance.projects if len(p.id) > REFERENCE_LENGTH_MAX), None)
    if too_long:
        raise InvalidError(
            _(
                "The project id that begins with %(start)s is longer than 120 characters. Shorten "
                "it. Nothing was imported.",
                start=too_long[:30],
            )
        )
    if max(instance.budget, *(p.cost for p in instance.projects)) >= INTEGER_BOUND:
        raise InvalidError(
            _(
                "An amount in this file is too large to be counted exactly. Use whole units of the "
                "currency, or thousands of them. Nothing was imported."
            )
        )


def _refuse_a_second_time(session: Session, digest: str) -> None:
    query = select(ImportedElectionRow.round_id).where(ImportedElectionRow.sha256 == digest)
    there = session.exec(query).first()
    if there is not None:
        raise ConflictError(
            _(
                "This file was imported before, as the round %(slug)s. Nothing was changed. "
                "Open that round instead.",
                slug=queries.round_by_id(session, there).slug,
            )
        )


def _add_round(session: Session, instance: Instance, *, name: str, digest: str) -> RoundRow:
    begins, ends = facts.moment(instance, "date_begin"), facts.closed_at(instance)
    return rounds.add_round(
        session,
        slug=_free_slug(session, name),
        title=name[:TITLE_LENGTH_MAX],
        summary=instance.meta.get("description", "")[:2000],
        origin=Origin.IMPORTED,
        currency=facts.currency(instance),
        minor_per_unit=instance.minor_per_unit,
        voting_opens_at=min(begins, ends),
        voting_closes_at=ends,
        ballot=facts.ballot(instance),
        rule=RuleSheet.from_dict(rules.rule_of_label(instance.meta.get("rule", ""))).to_dict(),
        lot_source=_("The digest (SHA-256) of the imported file."),
        lot_seed=digest,
    )


def _fill(session: Session, row: RoundRow, instance: Instance) -> None:
    """Add the area, the pot, the categories and the projects of the file."""
    whole = towns.add_imported_area(
        session, row.id, code="all", name=facts.unit(instance), kind=AreaKind.TOWN
    )
    pot = rounds.add_pot(
        session, row, area_id=whole.id, name=whole.name, budget_minor=instance.budget
    )
    areas = {
        name: towns.add_imported_area(
            session,
            row.id,
            code=f"area-{number}",
            name=name,
            kind=AreaKind.NEIGHBOURHOOD,
            parent=whole,
        )
        for number, name in enumerate(facts.names(p.area for p in instance.projects), 1)
    }
    categories = {
        name: rounds.add_category(session, row, name=name, position=number).id
        for number, name in enumerate(facts.names(p.category for p in instance.projects))
    }
    for position, project in enumerate(instance.projects):
        _add_project(session, row, pot.id, project, areas, categories, position)


def _add_project(
    session: Session,
    row: RoundRow,
    pot_id: uuid.UUID,
    project: Project,
    areas: Mapping[str, AreaRow],
    categories: Mapping[str, uuid.UUID],
    position: int,
) -> None:
    area = areas.get(project.area[: facts.NAME_LENGTH_MAX])
    rounds.add_project(
        session,
        row,
        pot_id=pot_id,
        reference=project.id,
        title=(project.name or project.id)[:200],
        description=project.fields.get("description", ""),
        cost_minor=project.cost,
        category_id=categories.get(project.category[: facts.NAME_LENGTH_MAX]),
        area_id=area.id if area else None,
        latitude=facts.degrees(project.fields.get("latitude"), 90),
        longitude=facts.degrees(project.fields.get("longitude"), 180),
        position=position,
    )


def _free_slug(session: Session, name: str) -> str:
    """Make an address of a name that no other round has."""
    slug = slug_of(name) or "imported"
    taken = {row.slug for row in queries.all_rounds(session)}
    numbers = (f"{slug[: _SLUG_MAX - 5]}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (slug, *numbers) if one not in taken)
