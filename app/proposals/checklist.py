"""What a reviewer checks, and plain sentences to start a reason from. Data, in the town’s words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as lazy

YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = {YES: lazy("Yes"), NO: lazy("No"), UNSURE: lazy("Not sure")}


@dataclass(frozen=True)
class Question:
    """`good`: the answer that speaks for the proposal; another one is marked on the desk."""

    key: str
    text: Any
    good: str = YES


QUESTIONS = (
    Question("land", lazy("Is the place on the town’s own land, or does the owner agree?")),
    Question("legal", lazy("Do law and planning rules allow it?")),
    Question("competence", lazy("Is it the town’s own task, not that of another authority?")),
    Question("investment", lazy("Can it be done within two years of the vote?")),
    Question("maintenance", lazy("Is it clear who maintains it, and can they pay for it?")),
    Question("public", lazy("Is it open to everybody, without profit for its author?")),
    Question("duplicate", lazy("Is the same already planned or proposed?"), good=NO),
)

REASONS = {
    "feasible": lazy(
        "The proposal can be carried out. The town owns the place, the rules allow it, and "
        "its upkeep is covered."
    ),
    "land": lazy(
        "The place does not belong to the town, and its owner has not agreed. The town may not "
        "build there."
    ),
    "legal": lazy(
        "The rules that hold at this place do not allow it. The town cannot make an exception."
    ),
    "competence": lazy(
        "This is the task of another authority, so the town may not spend this money on it. "
        "We have passed your idea on."
    ),
    "cost": lazy(
        "Done well, this costs more than the round may spend on one project. A smaller part of "
        "it could be proposed next time."
    ),
    "upkeep": lazy(
        "It would need upkeep every year that the town’s budget cannot cover at present."
    ),
    "planned": lazy("The town already plans this. It will be done without the vote."),
    "public": lazy(
        "It would serve a few people or one business. Projects of the vote must be open to all."
    ),
}
"""Key of a ready-made reason -> its text, which the reviewer completes for the case."""


def doubts(answers: dict[str, str]) -> list[Question]:
    """Return the questions answered in a way that speaks against the proposal, or not at all."""
    return [question for question in QUESTIONS if answers.get(question.key) != question.good]
