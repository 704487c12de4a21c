"""What everybody reads of the money of care: all programmes, and one from budget to payout."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from app.csv_export import write_csv
from app.db import read_tx
from app.errors import NotFoundError
from app.ledger.entries import AccountKind
from app.openbooks import books, table
from app.openbooks.books import Books
from app.openbooks.routes.base import blueprint
from app.providers.days import day_of
from app.web import download


@blueprint.get("/books")
def browse() -> ResponseReturnValue:
    return render_template("openbooks/browse.html", all=read_tx(books.all_books))


@blueprint.get("/programmes/<slug>/books")
def show(slug: str) -> ResponseReturnValue:
    return render_template("openbooks/books.html", books=_books(slug), owed=AccountKind.PROVIDER)


@blueprint.get("/programmes/<slug>/books.csv")
def as_csv(slug: str) -> ResponseReturnValue:
    found = _books(slug)
    name = f"{slug}-books-{day_of(found.until):%Y-%m-%d}.csv"
    return download(write_csv(table.rows(found)), name, "text/csv; charset=utf-8")


def _books(slug: str) -> Books:
    found = read_tx(lambda session: books.books_of(session, slug))
    if found is None:
        raise NotFoundError(lazy("There is no such programme. Check the address."))
    return found
