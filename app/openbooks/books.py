"""The open books of a programme: money from the appropriation to the payout, people in groups."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from app import clock
from app.openbooks import queries
from app.openbooks.queries import Counted
from app.openbooks.rules import PEOPLE_MIN, band_ends, band_of, hidden, percent_used
from app.openbooks.sums import Money, money
from app.programmes import queries as programmes
from app.programmes import schedule
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRow
from app.settlement.rules import cut_off
from app.town import queries as towns


@dataclass(frozen=True)
class Figures:
    """What is told of a group. `used_percent`: None before anything was issued."""

    people: int
    used_percent: int | None


@dataclass(frozen=True)
class Area:
    """`name`: None for those who did not say. `shown`: None where the group is hidden."""

    name: str | None
    shown: Figures | None


@dataclass(frozen=True)
class Band:
    """Values above `above_minor` up to `up_to_minor`; None: no such end."""

    above_minor: int | None
    up_to_minor: int | None
    shown: Figures | None


@dataclass(frozen=True)
class Paid:
    """What is told of a provider. `money`: None where fewer than ten people stand behind it."""

    provider: ProviderRow
    money: Money | None


@dataclass(frozen=True)
class Books:
    """`people`: None when they are more than none and fewer than ten; then nothing else is told."""

    programme: ProgrammeRow
    until: datetime
    people: int | None
    money: Money
    areas: Sequence[Area] = ()
    bands: Sequence[Band] = ()
    providers: Sequence[Paid] = ()

    @property
    def is_told(self) -> bool:
        return self.people is not None


def closed_at(session: Session) -> datetime:
    """Return up to when books are told: the beginning of the week, so that no single day shows.

    Who could compare one day with the next would see a single person's steps.
    """
    return cut_off(clock.now(), towns.zone(session))


def all_books(session: Session) -> list[Books]:
    """Return the books of all public programmes, without areas, bands and providers."""
    until = closed_at(session)
    return [_opened(session, row, until) for row in programmes.public_programmes(session)]


def books_of(session: Session, slug: str) -> Books | None:
    """Return a programme's books; None for one that is not public. Raises NotFoundError."""
    row = programmes.by_slug(session, slug)
    if row.state not in programmes.PUBLIC_STATES:
        return None
    return full_books(session, row, closed_at(session))


def full_books(session: Session, row: ProgrammeRow, until: datetime) -> Books:
    """Return the books of a programme as they stood at an instant."""
    opened = _opened(session, row, until)
    if not opened.people:
        return opened
    return Books(
        programme=row,
        until=until,
        people=opened.people,
        money=opened.money,
        areas=_areas(session, row, until),
        bands=_bands(session, row, until),
        providers=_providers(session, row.id, until),
    )


def _opened(session: Session, row: ProgrammeRow, until: datetime) -> Books:
    count = queries.people(session, row.id, until)
    told = count if count == 0 or count >= PEOPLE_MIN else None
    return Books(row, until, told, money(queries.flows(session, row.id, until)))


def _areas(session: Session, row: ProgrammeRow, until: datetime) -> list[Area]:
    found = queries.by_area(session, row.id, until)
    names = {area.id: area.name for area in towns.areas(session)}
    places = [place for place in names if place in found] + [None] * (None in found)
    figures = _told([found[place] for place in places])
    return [
        Area(names[place] if place else None, shown)
        for place, shown in zip(places, figures, strict=True)
    ]


def _bands(session: Session, row: ProgrammeRow, until: datetime) -> list[Band]:
    stored = programmes.schedule_row(session, row)
    if stored is None:
        return []
    made = schedule.from_document(stored.document)
    ends = band_ends(made.value_minor(None), made.value_minor(Fraction(0)))
    found = queries.by_value(session, row.id, until)
    in_band = [
        _sum(one for value, one in found.items() if band_of(value, ends) == place)
        for place in range(len(ends))
    ]
    figures = _told(in_band)
    return [
        Band(
            above_minor=ends[place - 1] if place else None,
            up_to_minor=end if place < len(ends) - 1 else None,
            shown=figures[place],
        )
        for place, end in enumerate(ends)
    ]


def _told(groups: Sequence[Counted]) -> list[Figures | None]:
    kept_back = hidden([one.people for one in groups])
    return [
        None
        if place in kept_back
        else Figures(one.people, percent_used(one.issued_minor, one.redeemed_minor))
        for place, one in enumerate(groups)
    ]


def _sum(groups: Iterable[Counted]) -> Counted:
    kept = list(groups)
    return Counted(
        sum(one.people for one in kept),
        sum(one.issued_minor for one in kept),
        sum(one.redeemed_minor for one in kept),
    )


def _providers(session: Session, programme_id: uuid.UUID, until: datetime) -> list[Paid]:
    found = queries.provider_flows(session, programme_id, until)
    served = queries.by_provider(session, programme_id, until)
    ids = [provider.id for provider, _flows in found]
    kept_back = hidden(
        [served.get(one, 0) for one in ids],
        lambda places: queries.with_any_of(
            session, programme_id, until, [ids[place] for place in places]
        ),
    )
    return [
        Paid(provider, None if place in kept_back else money(flows))
        for place, (provider, flows) in enumerate(found)
    ]
