"""Open books as one table for spreadsheets and programs: a figure per row."""

from collections.abc import Iterator

from app.openbooks import words
from app.openbooks.books import Books, Figures
from app.openbooks.sums import Money

COLUMNS = ("programme", "until", "part", "name", "figure", "value")
Row = tuple[object, ...]


def rows(books: Books) -> Iterator[Row]:
    """Yield figures, their names first. Amounts in the smallest unit; what is hidden is empty."""
    yield COLUMNS
    head = (books.programme.slug, books.until.isoformat(timespec="seconds"))
    for one in _figures(books):
        yield (*head, *one)


def _figures(books: Books) -> Iterator[Row]:
    unit = books.programme.unit
    yield "programme", books.programme.name, "people", books.people
    yield "programme", books.programme.name, "appropriated_minor", books.money.appropriated_minor
    if not books.is_told:
        return
    for name, amount in words.places(books.money):
        yield "money", name, "amount_minor", amount
    yield "moved", "", "redeemed_minor", books.money.redeemed_minor
    for kind, name in words.MOVED:
        yield "moved", name, "amount_minor", books.money.of(kind)
    for area in books.areas:
        yield from _group("area", words.area(area), area.shown)
    for band in books.bands:
        yield from _group("value", words.band(band, unit), band.shown)
    for paid in books.providers:
        yield from _paid(paid.provider.name, paid.money)


def _group(part: str, name: str, shown: Figures | None) -> Iterator[Row]:
    yield part, name, "people", shown.people if shown else None
    yield part, name, "used_percent", shown.used_percent if shown else None


def _paid(name: str, money: Money | None) -> Iterator[Row]:
    yield "provider", name, "redeemed_minor", money.redeemed_minor if money else None
    yield "provider", name, "paid_minor", money.paid_minor if money else None
