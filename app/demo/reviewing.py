"""The review desk: what becomes of each proposal, and the day on which all answers are released."""

import uuid
from collections.abc import Sequence
from functools import partial

from sqlmodel import Session

from app.db import read_tx, run_tx
from app.demo.proposing import Proposals, author_of
from app.demo.seed import MINOR_PER_UNIT, IdeaSeed, RoundSeed
from app.demo.world import World
from app.policy import Actor
from app.proposals import checklist, merging, queries, release, review, service
from app.proposals.review import Decision
from app.proposals.rules import Verdict
from app.rounds import queries as rounds

_REVIEWERS = {
    "parks": "reviewer",
    "care": "reviewer",
    "culture": "reviewer",
    "youth": "second_reviewer",
    "streets": "second_reviewer",
    "climate": "second_reviewer",
}
_VERDICTS = {
    "adopted": Verdict.FEASIBLE,
    "feasible": Verdict.FEASIBLE,
    "not_feasible": Verdict.NOT_FEASIBLE,
}
_LOOKED_AT = frozenset({"in_review", "question", *_VERDICTS})


def review_all(world: World, seed: RoundSeed, made: Proposals) -> None:
    """Bring every proposal of a round to where the data say the review has got."""
    ideas = world.town.ideas_of(seed.key)
    start = min(seed.days["proposals_close"] + 1, -5)
    end = seed.days.get("released", -1)
    for number, idea in enumerate(ideas):
        moment = world.timeline.moment(start + (end - start) * number / len(ideas), hour=8)
        world.timeline.reach(moment)
        _review(world, idea, made[idea.key])
    for key in dict.fromkeys(idea.merge for idea in ideas if idea.merge):
        _join(world, [idea for idea in ideas if idea.merge == key], made, key)


def release_all(world: World, seed: RoundSeed) -> None:
    """Release all answers of a round at once; without a date for it, only propose that."""
    days = seed.days.get("released")
    world.timeline.reach(world.timeline.moment(-1 if days is None else days))
    officer = world.actor("officer")

    def propose(session: Session) -> None:
        release.propose(session, officer, rounds.round_by_slug(session, world.slug(seed)))

    run_tx(propose)
    if days is not None:
        world.approve("second_officer", release.ACTION)


def _review(world: World, idea: IdeaSeed, proposal_id: uuid.UUID) -> None:
    reviewer = world.actor(_REVIEWERS[idea.category])
    if idea.becomes == "withdrawn":
        author = world.actor(author_of(world.town, idea))
        run_tx(lambda session: service.withdraw(session, author, proposal_id))
    if idea.becomes not in _LOOKED_AT:
        return
    run_tx(lambda session: review.assign(session, reviewer, proposal_id, reviewer.account_id))
    if idea.question:
        run_tx(lambda session: review.ask(session, reviewer, proposal_id, idea.question))
    if idea.answer:
        author = world.actor(author_of(world.town, idea))
        run_tx(lambda session: service.answer(session, author, proposal_id, idea.answer))
    if not idea.question:
        _check(reviewer, idea, proposal_id)
    if idea.becomes in _VERDICTS:
        _decide(world, reviewer, idea, proposal_id)


def _check(reviewer: Actor, idea: IdeaSeed, proposal_id: uuid.UUID) -> None:
    """Answer the checklist: in full where a verdict follows, the first half where it does not."""
    answers = {question.key: question.good for question in checklist.QUESTIONS}
    if idea.doubt:
        answers[idea.doubt] = checklist.NO
    if idea.becomes not in _VERDICTS:
        answers = dict(list(answers.items())[:3])
    version = _version(proposal_id)
    run_tx(lambda s: review.check(s, reviewer, proposal_id, version=version, answers=answers))


def _decide(world: World, reviewer: Actor, idea: IdeaSeed, proposal_id: uuid.UUID) -> None:
    decision = Decision(
        verdict=_VERDICTS[idea.becomes],
        reason=idea.why or str(checklist.REASONS["feasible"]),
        cost_minor=None if idea.no_cost else idea.cost * MINOR_PER_UNIT,
        cost_explanation="" if idea.no_cost else world.town.cost_words[idea.category],
    )
    version = _version(proposal_id)
    run_tx(lambda s: review.decide(s, reviewer, proposal_id, decision, version=version))


def _version(proposal_id: uuid.UUID) -> int:
    row = read_tx(lambda session: queries.review(session, proposal_id))
    if row is None:
        raise RuntimeError(f"nobody has begun the review of {proposal_id}")
    return row.version


def _join(world: World, ideas: Sequence[IdeaSeed], made: Proposals, key: str) -> None:
    """Ask the authors of proposals that are alike; where the data say so, one has not answered."""
    words = world.town.merges[key]
    reviewer = world.actor("reviewer")
    ids = [made[idea.key] for idea in ideas]

    def ask(session: Session) -> uuid.UUID:
        merge = merging.ask(
            session, reviewer, ids, title=words.title, description=words.text, reason=words.reason
        )
        return merge.id

    merge_id = run_tx(ask)
    waits = ideas[0] if ideas[0].becomes == "merge_asked" else None
    for idea in ideas:
        if idea is not waits:
            author = world.actor(author_of(world.town, idea))
            say_yes = partial(
                merging.answer,
                actor=author,
                merge_id=merge_id,
                proposal_id=made[idea.key],
                agreed=True,
            )
            run_tx(say_yes)
