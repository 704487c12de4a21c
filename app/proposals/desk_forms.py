"""The forms of the review desk."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.accounts.models import AccountRow
from app.forms import MingaForm, MoneyField, Required, VersionedForm, choice, filled, length_up_to
from app.proposals import rules
from app.proposals.checklist import ANSWERS, QUESTIONS, REASONS
from app.proposals.models import ReviewRow
from app.proposals.review import Decision
from app.proposals.rules import Verdict

TEXT_LENGTH_MAX = 4000


class FilterForm(MingaForm):
    """What the work list shows. Wrong values show everything: an address may be old."""

    class Meta:
        csrf = False

    state = SelectField(lazy("State"), validate_choice=False)
    who = SelectField(lazy("Reviewed by"), validate_choice=False)
    area = SelectField(lazy("Area"), validate_choice=False)
    sort = SelectField(lazy("Order"), validate_choice=False)


class AssignForm(MingaForm):
    to = SelectField(lazy("Reviewed by"))

    def offer(self, people: Iterable[AccountRow]) -> None:
        self.to.choices = [choice("", lazy("Nobody yet"))] + [
            choice(str(person.id), person.name) for person in people
        ]

    def chosen(self) -> uuid.UUID | None:
        return uuid.UUID(self.to.data) if self.to.data else None


class QuestionForm(MingaForm):
    question = TextAreaField(
        lazy("Question to the author"),
        [Required(lazy("Write the question.")), length_up_to(rules.MESSAGE_LENGTH_MAX)],
        description=lazy("The author gets it by mail and can change the proposal to answer it."),
    )


class NoteForm(MingaForm):
    note = TextAreaField(
        lazy("Note for colleagues"),
        [Required(lazy("Write the note.")), length_up_to(rules.MESSAGE_LENGTH_MAX)],
        description=lazy("Only staff read it."),
    )


class TakeDownForm(MingaForm):
    reason = TextAreaField(
        lazy("Why is it taken down?"),
        [Required(lazy("Give the author a reason.")), length_up_to(rules.MESSAGE_LENGTH_MAX)],
        description=lazy("The author gets this by mail. It is for insults, private data and ads."),
    )


class ChecklistForm(VersionedForm):
    """One row of radios per question; see `checklist_form`."""

    def answers(self) -> dict[str, str]:
        return {one.key: str(self[one.key].data) for one in QUESTIONS if self[one.key].data}


def checklist_form(review: ReviewRow | None) -> ChecklistForm:
    """Make the form of the checklist with the answers given so far."""
    fields = {
        question.key: RadioField(
            question.text,
            choices=[choice(value, words) for value, words in ANSWERS.items()],
            validate_choice=False,
        )
        for question in QUESTIONS
    }
    made: Any = type("FilledChecklistForm", (ChecklistForm,), fields)
    given = dict(review.checklist) if review else {}
    form: ChecklistForm = made(data={**given, "version": str(review.version if review else 1)})
    return form


class DecisionForm(VersionedForm):
    verdict = RadioField(
        lazy("Can it be done?"),
        [Required(lazy("Choose whether it can be done."))],
        choices=[
            choice(
                Verdict.FEASIBLE, lazy("Yes"), hint=lazy("It goes on the ballot with its cost.")
            ),
            choice(Verdict.NOT_FEASIBLE, lazy("No"), hint=lazy("It does not go on the ballot.")),
        ],
    )
    start_from = SelectField(
        lazy("Start from a ready text"),
        description=lazy("Then complete it for this proposal."),
        choices=[choice("", lazy("Choose a text"))]
        + [choice(key, text) for key, text in REASONS.items()],
    )
    reason = TextAreaField(
        lazy("Reason"),
        [
            Required(lazy("Give the author a reason, in plain words.")),
            length_up_to(TEXT_LENGTH_MAX),
        ],
        description=lazy("The author and everybody else read it, once all answers are published."),
    )
    cost = MoneyField(
        lazy("Official cost"),
        description=lazy("All that it takes: planning, building, tax. Needed if it can be done."),
    )
    cost_explanation = TextAreaField(
        lazy("How the cost comes about"),
        [length_up_to(TEXT_LENGTH_MAX)],
        description=lazy("The main parts with their amounts. Everybody reads it."),
    )

    def put_ready_text(self) -> None:
        """Put the chosen text at the end of the reason; nothing that was typed is lost."""
        text = REASONS.get(self.start_from.data or "")
        if text is not None:
            self.reason.data = "\n\n".join(filter(None, [self.reason.data, str(text)]))
            self.start_from.data = ""

    def validate_cost(self, field: MoneyField) -> None:
        if self.verdict.data == Verdict.FEASIBLE and field.data is None and not field.errors:
            raise ValidationError(lazy("Enter what the project costs: an amount above 0."))

    def validate_cost_explanation(self, field: TextAreaField) -> None:
        if self.verdict.data == Verdict.FEASIBLE and not field.data:
            raise ValidationError(lazy("Say how the cost comes about."))

    def decision(self) -> Decision:
        return Decision(
            verdict=Verdict(filled(self.verdict)),
            reason=str(filled(self.reason)),
            cost_minor=self.cost.data,
            cost_explanation=self.cost_explanation.data or "",
        )


class JoinForm(MingaForm):
    title = StringField(
        lazy("Joint title"),
        [Required(lazy("Enter the joint title.")), length_up_to(rules.TITLE_LENGTH_MAX)],
    )
    description = TextAreaField(
        lazy("Joint description"),
        [
            Required(lazy("Enter the joint description.")),
            length_up_to(rules.DESCRIPTION_LENGTH_MAX),
        ],
        description=lazy("Every author has to agree to this text."),
    )
    reason = TextAreaField(
        lazy("Why should they be joined?"),
        [Required(lazy("Tell the authors why.")), length_up_to(2000)],
    )


def offer_filters(
    form: FilterForm,
    *,
    states: Sequence[tuple[str, object]],
    people: Iterable[AccountRow],
    areas: Iterable[tuple[str, str]],
    sorts: Sequence[tuple[str, object]],
) -> None:
    """Fill the filters; what is not among the offers falls back to the first one."""
    offers = {
        "state": states,
        "who": [
            ("", lazy("Anybody")),
            ("me", lazy("Me")),
            ("nobody", lazy("Nobody yet")),
            *((str(person.id), person.name) for person in people),
        ],
        "area": [("", lazy("All areas")), *areas],
        "sort": sorts,
    }
    for name, offered in offers.items():
        form[name].choices = [choice(value, label) for value, label in offered]
        if form[name].data not in {value for value, _label in offered}:
            form[name].data = offered[0][0]
