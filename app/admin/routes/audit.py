"""The trail of what staff did. Auditors read it under pseudonyms, administrators with names."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import to_utc

from app.accounts import current
from app.accounts import queries as people
from app.accounts.models import AuditRow
from app.admin import queries
from app.admin.forms import AuditForm
from app.admin.queries import AuditFilter
from app.admin.routes.base import blueprint
from app.csv_export import write_csv
from app.db import read_tx
from app.policy import ADMINISTRATOR

PAGE_MAX = 100_000


@blueprint.get("/staff/audit")
def audit() -> ResponseReturnValue:
    form = _form()
    wanted = _filter(form)
    page = min(max(request.args.get("page", 1, type=int), 1), PAGE_MAX)
    rows, pages = read_tx(lambda tx: queries.audit_page(tx, wanted, page))
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    return render_template(
        "admin/audit.html",
        form=form,
        narrowed=wanted != AuditFilter(),
        rows=rows,
        labels=_labels(rows),
        page=page,
        pages=pages,
        address=lambda number: _address(".audit", [*kept, ("page", str(number))]),
        export=_address(".audit_csv", kept),
    )


@blueprint.get("/staff/audit.csv")
def audit_csv() -> ResponseReturnValue:
    wanted = _filter(_form())
    rows = read_tx(lambda tx: queries.audit_lines(tx, wanted))
    labels = _labels(rows)
    table: list[list[object]] = [["at", "who", "act", "about", "details"]]
    table += [
        [row.at.isoformat(), labels[row.id], row.action, row.subject, _details(row)] for row in rows
    ]
    answer = Response(write_csv(table), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _address(endpoint: str, query: list[tuple[str, str]]) -> str:
    """Put an address together; `url_for` would obey names such as `_external` in a query."""
    return f"{url_for(endpoint)}?{urlencode(query)}"


def _form() -> AuditForm:
    form = AuditForm(request.args)
    form.offer_actions(read_tx(queries.audit_actions))
    form.validate()
    return form


def _filter(form: AuditForm) -> AuditFilter:
    if form.errors:
        return AuditFilter()
    until = form.until.data
    return AuditFilter(
        action=form.action.data or "",
        subject=form.subject.data or "",
        since=_midnight(form.since.data),
        until=_midnight(until + timedelta(days=1) if until else None),
    )


def _midnight(day: date | None) -> datetime | None:
    """Return the day's first moment in the town's time zone."""
    if day is None:
        return None
    moment: datetime = to_utc(datetime.combine(day, time()))
    return moment.replace(tzinfo=UTC)


def _labels(rows: list[AuditRow]) -> dict[uuid.UUID, str]:
    """Name who acted: for auditors a pseudonym, the same for all acts of one person."""
    if current.actor().has(ADMINISTRATOR):
        names = read_tx(lambda tx: people.names(tx, [row.actor_id for row in rows]))
        return {row.id: names[row.actor_id] if row.actor_id else "–" for row in rows}
    return {row.id: f"#{row.actor_id.hex[-8:]}" if row.actor_id else "–" for row in rows}


def _details(row: AuditRow) -> str:
    return "; ".join(f"{key}: {value}" for key, value in sorted(row.details.items()))
