import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField, RadioField, StringField

from app.forms import MingaForm, MoneyField, Required, choice, clean_text, filled


class ProposalForm(MingaForm):
    title = StringField("Title", [Required("Enter a title.")])
    secret = PasswordField("Password")
    cost = MoneyField("Cost", [Required("Enter the cost.")])
    rule = RadioField("Rule", [Required("Choose a rule.")], choices=[choice("es", "Equal shares")])
    agreed = BooleanField("I agree", [Required("Tick the box to go on.")])


@pytest.fixture(autouse=True)
def request_context():
    app = Flask("app")
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context():
        yield


def posted(**fields: str) -> ProposalForm:
    form = ProposalForm(MultiDict(fields))
    form.validate()
    return form


def test_text_arrives_trimmed_normalised_and_without_control_characters() -> None:
    assert clean_text("  a\r\nb\x00\x1b  ") == "a\nb"
    assert clean_text("e\N{COMBINING ACUTE ACCENT}") == "é"


def test_a_password_is_left_as_it_was_typed() -> None:
    assert posted(secret=" two  spaces ").secret.data == " two  spaces "


def test_a_text_without_end_is_refused() -> None:
    form = posted(title="x" * 20_001)

    assert "too long" in str(form.title.errors[0])


def test_every_empty_field_says_what_to_enter_and_only_that() -> None:
    form = posted(title="   ")

    assert form.error_links() == [
        ("title", "Enter a title."),
        ("cost", "Enter the cost."),
        ("rule", "Choose a rule."),
        ("agreed", "Tick the box to go on."),
    ]


def test_a_wrong_amount_is_shown_as_it_was_typed_with_one_sentence() -> None:
    form = posted(cost="much")

    assert form.cost._value() == "much"
    assert [str(error) for error in form.cost.errors] == [
        "Enter an amount in figures, such as 1250 or 1250.50."
    ]


def test_nothing_costs_nothing_and_counts_as_an_answer() -> None:
    form = posted(cost="0")

    assert (form.cost.data, form.cost.errors) == (0, [])


@pytest.mark.parametrize(
    ("minor_per_unit", "shown"), [(100, "12.05"), (1, "1205"), (1000, "1.205")]
)
def test_a_stored_amount_is_shown_in_units_of_its_currency(minor_per_unit: int, shown: str) -> None:
    form = ProposalForm(data={"cost": 1205}, meta={"minor_per_unit": minor_per_unit})

    assert form.cost._value() == shown


def test_a_refusal_stands_beside_its_field_or_at_the_head_of_the_form() -> None:
    form = posted(title="Bench", cost="5", rule="es", agreed="y")

    form.refuse("This title is taken.", field="title")
    form.refuse("The round has closed.")

    assert form.error_links() == [
        (None, "The round has closed."),
        ("title", "This title is taken."),
    ]


def test_a_field_read_before_it_was_validated_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="'cost'"):
        filled(ProposalForm().cost)
