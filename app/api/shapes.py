"""What the API answers, field by field. The OpenAPI document is made of these classes.

Amounts are whole numbers of the currency's smallest unit; exact fractions are texts "p/q".
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.rounds.phases import PhaseName


class Problem(SQLModel):
    """Why a request was refused."""

    outcome: str = Field(description="A word for programs, such as not_found.")
    message: str = Field(description="A sentence for people.")


class RoundSummary(SQLModel):
    id: uuid.UUID
    slug: str = Field(description="The round's name in addresses; takes the place of the id.")
    title: str
    phase: PhaseName = Field(description="Where the round stands for residents at this moment.")
    origin: str = Field(description="own, or imported: a recount of an election held elsewhere.")
    currency: str
    minor_per_unit: int = Field(description="How many of the smallest unit make one of it.")
    budget_minor: int = Field(description="All pots together.")
    page: str = Field(description="Address of the page for people.")


class Pot(SQLModel):
    """One budget, voted on one ballot."""

    id: uuid.UUID
    name: str
    area: str = Field(description="Code of the area whose residents vote on it.")
    budget_minor: int
    ballots: int | None = Field(
        description="Number of ballots, fixed at the close and before any count; null before."
    )


class Area(SQLModel):
    code: str
    name: str
    kind: str
    parent: str | None = Field(description="Code of the area around it; null for the whole.")


class Round(RoundSummary):
    summary: str
    proposals_open_at: datetime | None
    proposals_close_at: datetime | None
    voting_opens_at: datetime | None
    voting_closes_at: datetime | None
    results_at: datetime | None = Field(description="Promised date of the result.")
    published_at: datetime | None
    ballot: dict[str, Any] = Field(description="Type of the ballot and its limits.")
    rule: dict[str, Any] = Field(description="Allocation rule with every option that was chosen.")
    lot_source: str
    lot_seed: str | None = Field(description="What decides last ties; null before the draw.")
    rule_sheet_sha256: str | None = Field(description="Digest of the frozen rules; null before.")
    counted_root: str | None = Field(
        description="Merkle root over the ballots, fixed before any count; null before."
    )
    pots: list[Pot]
    areas: list[Area]
    categories: list[str]


class RoundList(SQLModel):
    rounds: list[RoundSummary]


class Project(SQLModel):
    """A project on the ballot."""

    reference: str = Field(description="Its identifier in ballots, rule sheet and results.")
    title: str
    description: str
    cost_minor: int
    pot: uuid.UUID
    area: str | None
    category: str | None
    latitude: float | None
    longitude: float | None
    page: str


class ProjectList(SQLModel):
    round: str
    currency: str
    minor_per_unit: int
    projects: list[Project]


class ProjectResult(SQLModel):
    reference: str
    title: str
    won: bool
    votes: str = Field(description="Votes, or the sum of points or places; exact.")
    supporters: int
    reason: dict[str, Any] = Field(description="Why, with the figures that belong to it.")
    sentence: str = Field(description="The reason as the page says it.")


class PotResult(SQLModel):
    """The outcome of one pot."""

    pot: uuid.UUID
    name: str
    budget_minor: int
    spent_minor: int
    allocation: dict[str, Any] = Field(description="A document minga-allocation/1.")
    projects: list[ProjectResult] = Field(description="Winners in their order, then the others.")
    representation: dict[str, Any] = Field(description="Who got something out of the outcome.")
    ballots_sha256: str | None = Field(description="Digest of the file of ballots, if published.")
    ballots_file: str | None = Field(description="Its address; null for very few ballots.")


class Run(SQLModel):
    """One application of a rule to the ballots. Each hash covers the run before it."""

    run_no: int
    kind: str
    rule: dict[str, Any]
    reason: str
    standing: str
    requested_at: datetime
    sheet_sha256: str
    input_sha256: str
    prev_hash: str
    hash: str


class Result(SQLModel):
    round: str
    currency: str
    minor_per_unit: int
    published_at: datetime
    run: Run
    pots: list[PotResult]
    runs: list[Run] = Field(description="Every run that was made, failed ones too.")


class Tariff(SQLModel):
    service: str
    unit: str = Field(description="hour, visit, day or month.")
    amount_minor: int
    valid_from: date


class Provider(SQLModel):
    """An organisation on the public register, with how its users control it."""

    id: uuid.UUID
    name: str
    kind: str
    state: str = Field(description="accredited, or suspended: it takes no vouchers now.")
    valid_from: date | None
    valid_to: date | None
    services: list[str]
    areas: list[str] = Field(description="Ids of areas; none: the whole town.")
    languages: list[str]
    accessibility: list[str]
    user_control: str | None = Field(description="The right by which its users control it.")
    board_total: int | None
    board_user_members: int | None
    board_non_members: int | None
    tariffs: list[Tariff] = Field(description="Those in force today, the same for all residents.")
    page: str


class ProviderList(SQLModel):
    providers: list[Provider]


class Programme(SQLModel):
    """What vouchers pay for, from when to when, out of which budget."""

    id: uuid.UUID
    slug: str = Field(description="The programme's name in addresses.")
    name: str
    state: str = Field(description="approved, open (residents apply) or closed.")
    services: list[str]
    starts_on: date
    ends_on: date
    currency: str
    budget_minor: int = Field(description="For the whole period.")
    page: str


class ProgrammeList(SQLModel):
    programmes: list[Programme]


class AreaUptake(SQLModel):
    """A group; null where it has fewer than ten people, or would let such a one be computed."""

    area: str | None = Field(description="Name of the area; null: not said.")
    people: int | None
    used_percent: int | None = Field(description="Of what was handed over; rounded down.")


class ValueUptake(SQLModel):
    """As for areas, by what a person got in all."""

    above_minor: int | None = Field(description="null: the lowest value alone.")
    up_to_minor: int | None = Field(description="null: without an upper end.")
    people: int | None
    used_percent: int | None


class PaidProvider(SQLModel):
    """null where fewer than ten people stand behind it, or it would let that be computed."""

    provider: uuid.UUID
    name: str
    redeemed_minor: int | None = Field(description="Corrections netted.")
    paid_minor: int | None = Field(description="By the bank; what came back netted.")


class OpenBooks(SQLModel):
    """A programme's money and people. With 1 to 9 people only what was appropriated is told."""

    programme: str = Field(description="Slug.")
    currency: str
    until: datetime = Field(description="What happened before: the beginning of the week.")
    people: int | None = Field(description="Who was promised a voucher; null: 1 to 9.")
    appropriated_minor: int = Field(description="Given by the town and not taken back.")
    lies_minor: dict[str, int] | None = Field(
        description="By kind of account of the ledger; adds up to what was appropriated."
    )
    redeemed_minor: int | None
    moved_minor: dict[str, int] | None = Field(description="By kind of transfer.")
    areas: list[AreaUptake]
    values: list[ValueUptake]
    providers: list[PaidProvider]


class OpenBooksList(SQLModel):
    programmes: list[OpenBooks]


class ChargeRequest(SQLModel):
    """What a device asks to be paid for."""

    code: str = Field(description="Code of the voucher, or the address in its QR picture.")
    service: str = Field(description="home-care, elder-care, childcare or disability.")
    amount_minor: int = Field(gt=0)
    pin: str | None = Field(
        default=None, description="PIN of a printed voucher, or the code on the holder's phone."
    )


class CorrectionRequest(SQLModel):
    amount_minor: int = Field(ge=0, description="The right amount; 0: all of it goes back.")


class Redemption(SQLModel):
    """No answer says what a voucher holds, whose it is, or what its holder earns."""

    outcome: str = Field(description="accepted, awaiting_confirmation, declined or a refusal.")
    redemption_id: uuid.UUID | None = None
    amount_minor: int | None = Field(default=None, description="What stands after corrections.")
    redeemed_at: datetime | None = None


class Correction(SQLModel):
    outcome: str = Field(description="corrected.")
    redemption_id: uuid.UUID
    amount_minor: int = Field(description="What stands now.")


class Settlement(SQLModel):
    """What one settlement paid a provider; no holder is named."""

    settlement_id: uuid.UUID = Field(description="In hex the end-to-end id of the bank's payment.")
    programme: str = Field(description="Slug.")
    currency: str
    cut_off_at: datetime = Field(description="What was taken before.")
    state: str = Field(description="due (with the bank), booked, returned, or carried: not paid.")
    unpaid: str | None = Field(description="Why it was carried: small, owes, no_bank or bad_iban.")
    gross_minor: int = Field(description="Of its redemptions, corrections netted.")
    again_minor: int = Field(description="Sent back by the bank before, paid once more.")
    owed_back_minor: int = Field(description="Refunded to holders after it had been paid out.")
    fee_minor: int
    pay_minor: int = Field(description="Gross and again, less what is owed back and the fee.")
    redemptions: int


class SettlementList(SQLModel):
    settlements: list[Settlement]


class Refusal(SQLModel):
    """Nothing was charged."""

    outcome: str
    errors: list[str] | None = Field(default=None, description="With `invalid`: each fault.")
    message: str | None = Field(default=None, description="A sentence, where there is one.")
