"""What several pages show of a proposal: its facts, its picture, its place on the map."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx
from app.i18n import money
from app.policy import fetch
from app.proposals import queries, rules
from app.proposals.models import ProposalMessageRow, ProposalRow, ReviewRow
from app.proposals.rules import ProposalState
from app.rounds import maps, pictures
from app.rounds import queries as rounds
from app.rounds.browse import Catalogue, Item
from app.rounds.models import RoundRow
from app.rounds.views import catalogue
from app.town.models import AreaRow

ITEM = "/staff/rounds/<slug>/proposals/<int(max=9999999):number>"
"""Where a proposal is on the review desk."""


@dataclass(frozen=True)
class Sheet:
    """A proposal with the names of what it refers to, ready to be drawn."""

    row: ProposalRow
    catalogue: Catalogue
    alt_text: str
    review: ReviewRow | None = None
    """Only for the desk, or once released: whoever draws it may show it."""
    merged_into: ProposalRow | None = None
    messages: tuple[ProposalMessageRow, ...] = ()

    @property
    def round(self) -> RoundRow:
        return self.catalogue.round_row

    @property
    def released(self) -> bool:
        return self.round.prices_released_at is not None

    @property
    def public_state(self) -> str:
        return rules.seen_by_public(self.row.state, released=self.released)

    @property
    def author_state(self) -> str:
        return rules.seen_by_author(self.row.state, released=self.released)

    @property
    def area(self) -> str | None:
        return self.catalogue.area_names.get(self.row.area_id) if self.row.area_id else None

    @property
    def category(self) -> str | None:
        names = self.catalogue.category_names
        return names.get(self.row.category_id) if self.row.category_id else None

    def money(self, amount_minor: int | None) -> str | None:
        return None if amount_minor is None else in_words(self.round, amount_minor)

    @property
    def has_point(self) -> bool:
        return self.row.latitude is not None and self.row.longitude is not None

    @property
    def shapes(self) -> dict[str, Any]:
        return maps.feature_collection(self.catalogue.areas)

    @property
    def points(self) -> list[dict[str, Any]]:
        row = self.row
        return [
            {"lat": row.latitude, "lon": row.longitude, "title": row.title, "href": "#proposal"}
        ]


def sheet(session: Session, row: ProposalRow, *, desk: bool = False) -> Sheet:
    """Gather a proposal for its page. Without `desk` the review is left out until the release."""
    round_row = rounds.round_by_id(session, row.round_id)
    released = round_row.prices_released_at is not None
    merged_into = row.merged_into_id and session.get(ProposalRow, row.merged_into_id)
    return Sheet(
        row=row,
        catalogue=catalogue(session, round_row),
        alt_text=pictures.alt_texts(session, [row.picture_id]).get(row.picture_id or row.id, ""),
        review=queries.review(session, row.id) if desk or released else None,
        merged_into=merged_into or None,
        messages=tuple(queries.messages(session, row.id, notes=desk)),
    )


def load_own(proposal_id: uuid.UUID) -> Sheet:
    """Gather the actor's own proposal; NotFoundError for anybody else's."""
    actor = current.actor()
    return read_tx(lambda s: sheet(s, fetch(s, actor, ProposalRow, proposal_id)))


def load_for_desk(slug: str, number: int) -> Sheet:
    """Gather a proposal with its review, for staff; the policy has let only them in."""

    def read(session: Session) -> Sheet:
        round_row = rounds.round_by_slug(session, slug)
        return sheet(session, queries.by_number(session, round_row.id, number), desk=True)

    return read_tx(read)


def sent_version() -> int:
    """Return the version that the sent form was drawn from; 0 fits none."""
    return request.form.get("version", 0, type=int)


def items(session: Session, round_row: RoundRow) -> list[Item]:
    """Return the proposals that everybody can look through, with the price that is public."""
    rows = queries.listed(session, round_row.id)
    alts = pictures.alt_texts(session, [row.picture_id for row in rows])
    released = round_row.prices_released_at is not None
    costs = _official_costs(session, round_row) if released else {}
    return [
        _item(row, round_row, costs.get(row.id, row.own_cost_minor), alts, released=released)
        for row in rows
    ]


def areas_with_pot(session: Session, round_row: RoundRow) -> list[tuple[AreaRow, int]]:
    """Return the areas that a budget of the round covers, each with its depth in the tree."""
    found = catalogue(session, round_row)
    covered = queries.pots_by_area(session, round_row)
    return [(area, found.depths[area.id]) for area in found.areas if area.id in covered]


def in_words(round_row: RoundRow, amount_minor: int) -> str:
    return money(amount_minor, round_row.currency, round_row.minor_per_unit)


def _official_costs(session: Session, round_row: RoundRow) -> dict[uuid.UUID, int]:
    return {
        one.proposal.id: one.review.cost_minor
        for one in queries.work(session, round_row.id)
        if one.proposal.state == ProposalState.ADOPTED
        and one.review is not None
        and one.review.cost_minor is not None
    }


def _item(
    row: ProposalRow,
    round_row: RoundRow,
    cost_minor: int | None,
    alts: Mapping[uuid.UUID, str],
    *,
    released: bool,
) -> Item:
    picture = row.picture_id
    return Item(
        key=str(row.id),
        title=row.title,
        href=url_for("proposals.show", slug=round_row.slug, number=row.number),
        text=row.description,
        reference=f"P{row.number}",
        cost_minor=cost_minor,
        area_id=row.area_id,
        category_id=row.category_id,
        latitude=row.latitude,
        longitude=row.longitude,
        picture=url_for("pictures.small", picture_id=picture) if picture else None,
        picture_alt=alts.get(picture, "") if picture else "",
        state=rules.seen_by_public(row.state, released=released),
    )
