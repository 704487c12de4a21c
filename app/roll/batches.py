"""Letters for many: asked for, made by a job, taken away by the one who prints them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.db import read_tx, run_tx
from app.errors import ConflictError
from app.jobs import service as jobs
from app.jobs.models import JobRow, JobState
from app.policy import Actor
from app.roll import issuing, letter_files, queries, staging
from app.roll.codes import IssuedCode
from app.roll.letter_words import letter_texts
from app.roll.letters import Letter, LetterTexts
from app.roll.models import LetterBatchRow, RollImportState
from app.roll.roll_entries import ext_keys
from app.roll.rules import Person
from app.rounds import queries as rounds
from app.rounds.models import RoundRow

JOB = "roll.letters"
FORGET_JOB = "roll.forget_letters"
AGAIN_WITHIN = timedelta(minutes=15)
"""A download that broke off can be repeated by the same person; then the file is gone."""


@dataclass(frozen=True)
class Addressees:
    """Who gets a letter: entries without a code, and what the staged roll knows of them."""

    round_row: RoundRow
    entry_ids: Sequence[uuid.UUID]
    people: Sequence[Person]
    texts: LetterTexts

    def letters(self, issued: Sequence[IssuedCode]) -> list[Letter]:
        """Pair people and codes, in the order of the uploaded file."""
        return [
            Letter(person.name, person.address, one.code)
            for person, one in zip(self.people, issued, strict=True)
        ]


def request(session: Session, actor: Actor, slug: str, district: str | None) -> uuid.UUID:
    """Have letters made for everybody without a code, in one district or in all."""
    round_row = rounds.round_by_slug(session, slug)
    who = addressees(session, round_row, district)
    if any(is_under_way(session, row) for row in queries.letter_batches(session, round_row.id)):
        raise ConflictError(
            lazy("Letters of this round are being made already. Wait until they are ready.")
        )
    batch = LetterBatchRow(
        round_id=round_row.id,
        letters=len(who.entry_ids),
        district=district,
        requested_by=actor.account_id,
        requested_at=clock.now(),
    )
    batch.job_id = jobs.add(
        session, JOB, dedupe_key=f"letters:{batch.id}", args={"batch_id": str(batch.id)}
    )
    session.add(batch)
    details = {"letters": batch.letters, "district": district}
    audit.record(session, actor, "roll.letters_requested", slug, details)
    return batch.id


def addressees(session: Session, round_row: RoundRow, district: str | None) -> Addressees:
    """Find who has no code yet; raises ConflictError if nobody can be written to."""
    issuing.check_open(round_row)
    if round_row.roll_approved_at is None:
        raise ConflictError(
            lazy(
                "The voter roll has not been approved by a second person yet, so nobody has a vote."
            )
        )
    waiting = {
        row.ext_key: row.id
        for row in queries.entries_without_code(session, round_row.id, district=district)
    }
    staged = _staged(session, round_row.id)
    hashed = ext_keys(round_row.id, (person.register_number for person in staged))
    people = [
        (waiting[key], person) for key, person in zip(hashed, staged, strict=True) if key in waiting
    ]
    if not people:
        raise ConflictError(
            lazy("Everybody there has a code already. For a lost letter, issue a new code instead.")
        )
    ids, persons = zip(*people, strict=True)
    return Addressees(round_row, ids, persons, letter_texts(session, round_row))


def is_under_way(session: Session, batch: LetterBatchRow) -> bool:
    job = job_of(session, batch)
    return batch.ready_at is None and job is not None and job.state != JobState.FAILED


def job_of(session: Session, batch: LetterBatchRow) -> JobRow | None:
    return session.get(JobRow, batch.job_id) if batch.job_id else None


def finish(
    session: Session, batch_id: uuid.UUID, who: Addressees, issued: Sequence[IssuedCode]
) -> None:
    """Make the codes valid and the letters ready to be taken: in one transaction, or neither."""
    store_all(session, who, issued)
    batch = session.get_one(LetterBatchRow, batch_id)
    batch.ready_at = clock.now()
    session.add(batch)


def store_all(session: Session, who: Addressees, issued: Sequence[IssuedCode]) -> None:
    """Make codes valid. Refused if somebody got one elsewhere since the letters were begun."""
    free = {row.id for row in queries.entries_without_code(session, who.round_row.id)}
    if not free.issuperset(who.entry_ids):
        raise ConflictError(
            lazy("The roll has changed while the letters were made. Ask for the letters again.")
        )
    issuing.store(session, who.round_row.id, issued)
    if len(free) == len(who.entry_ids):
        _forget_addresses(session, who.round_row.id)


def take(actor: Actor, slug: str, batch_id: uuid.UUID) -> bytes:
    """Hand over the PDF. From then on it can be had again for 15 minutes, by the same person."""
    pdf = read_tx(lambda session: _open_file(session, actor, slug, batch_id))
    run_tx(lambda session: _mark_taken(session, actor, slug, batch_id))
    return pdf


def _open_file(session: Session, actor: Actor, slug: str, batch_id: uuid.UUID) -> bytes:
    batch = queries.letter_batch(session, rounds.round_by_slug(session, slug).id, batch_id)
    job = job_of(session, batch)
    if batch.ready_at is None or job is None:
        raise ConflictError(lazy("These letters are not ready yet. Reload the page in a minute."))
    if batch.taken_at is not None and not may_repeat(batch, actor):
        raise _gone()
    pdf = letter_files.read(batch.id, job.attempt)
    if pdf is None:
        raise _gone()
    return pdf


def may_repeat(batch: LetterBatchRow, actor: Actor) -> bool:
    """Say whether this person took the letters and may still repeat a download that broke off."""
    taken_at = batch.taken_at
    return (
        taken_at is not None
        and batch.taken_by == actor.account_id
        and clock.now() < taken_at + AGAIN_WITHIN
    )


def _mark_taken(session: Session, actor: Actor, slug: str, batch_id: uuid.UUID) -> None:
    batch = session.get_one(LetterBatchRow, batch_id, with_for_update=True)
    if batch.taken_at is not None and not may_repeat(batch, actor):
        raise _gone()  # a colleague was quicker
    if batch.taken_at is None:
        batch.taken_at, batch.taken_by = clock.now(), actor.account_id
        session.add(batch)
        jobs.add(
            session,
            FORGET_JOB,
            dedupe_key=f"forget-letters:{batch.id}",
            args={"batch_id": str(batch.id)},
            run_after=clock.now() + AGAIN_WITHIN,
        )
    audit.record(session, actor, "roll.letters_taken", slug, {"letters": batch.letters})


def _gone() -> ConflictError:
    return ConflictError(
        lazy(
            "These letters have been taken away already, and Minga keeps no copy of the codes. "
            "Ask the person who took them."
        )
    )


def _staged(session: Session, round_id: uuid.UUID) -> list[Person]:
    for row in queries.imports(session, round_id):
        if row.state == RollImportState.APPROVED and row.staged is not None:
            return staging.unseal_people(row.id, row.staged)
    return []


def _forget_addresses(session: Session, round_id: uuid.UUID) -> None:
    """Everybody has a letter: names and addresses have done their service."""
    for row in queries.imports(session, round_id):
        if row.state == RollImportState.APPROVED:
            row.staged = None
            session.add(row)
