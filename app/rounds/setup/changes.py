"""Changing a round before its freeze: one officer at a time, each change written down."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app.accounts import audit
from app.db import run_tx
from app.errors import ConflictError, InvalidError
from app.policy import Actor
from app.rounds import service
from app.rounds.models import RoundRow
from app.town import queries as towns
from app.town import service as town_service
from app.town.models import AreaKind

T = TypeVar("T")


class StaleError(ConflictError):
    """The round was changed by somebody else since this form was opened."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "Somebody changed this round while you were typing. What you entered is below, but "
                "not saved. Look at the round in another tab, then save again if it still holds."
            )
        )


class StepRefusedError(ConflictError):
    """What a step asks for cannot be done as things stand; no single field is at fault."""


class FieldRefusedError(InvalidError):
    """A value that cannot be taken; the sentence belongs beside the field `field`."""

    def __init__(self, sentence: object, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def change(
    actor: Actor,
    slug: str,
    work: Callable[[Session, RoundRow], T],
    *,
    what: str,
    version: int | None = None,
) -> T:
    """Run `work` on a round that may still be changed, as one transaction with its audit row.

    `version` is the one that the form was made from; None where changes cannot clash. Raises
    StaleError, or FrozenError, and an attempt after the freeze is written down as well.
    """

    def changed(session: Session) -> T:
        row = service.held(session, slug)
        service.check_open_to_change(row)
        if version is not None and row.version != version:
            raise StaleError
        result = work(session, row)
        row.version += 1
        session.add(row)
        audit.record(session, actor, f"round.{what}", slug, {"version": row.version})
        return result

    try:
        return run_tx(changed)
    except service.FrozenError:
        _note_refusal(actor, slug, what)
        raise


def check_not_frozen(actor: Actor, row: RoundRow, *, what: str) -> None:
    """Refuse a change after the freeze before anything else is said about it, and note it."""
    if row.state in service.FIXED:
        _note_refusal(actor, row.slug, what)
        raise service.FrozenError


def _note_refusal(actor: Actor, slug: str, what: str) -> None:
    """Write down that somebody tried; in a transaction of its own, since theirs is gone."""
    run_tx(lambda session: audit.record(session, actor, "round.edit_refused", slug, {"what": what}))


def create(actor: Actor, values: Mapping[str, Any]) -> RoundRow:
    """Begin a new round; raises FieldRefusedError when its address is taken."""

    def created(session: Session) -> RoundRow:
        check_slug_is_free(session, values["slug"])
        town = towns.town(session)
        if town is None:
            raise ConflictError(
                lazy(
                    "The town has no name yet. An administrator has to enter it under “Settings of "
                    "the town” first."
                )
            )
        _ensure_whole_town(session, town.name)
        row = service.add_round(
            session,
            **values,
            currency=town.currency,
            minor_per_unit=town.minor_per_unit,
            created_by=actor.account_id,
        )
        audit.record(session, actor, "round.create", row.slug)
        return row

    return run_tx(created)


def _ensure_whole_town(session: Session, town_name: str) -> None:
    """Every town has at least the area that is all of it."""
    if not towns.areas(session):
        town_service.add_area(
            session, code="town", name=town_name, kind=AreaKind.TOWN, parent_id=None
        )


def check_slug_is_free(session: Session, slug: str) -> None:
    if session.exec(select(RoundRow.id).where(RoundRow.slug == slug)).first():
        raise FieldRefusedError(
            _("Another round has this address. Choose one of its own."), field="slug"
        )
