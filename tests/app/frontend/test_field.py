import pytest
from bs4 import BeautifulSoup
from flask_wtf.file import FileField
from pages import check_page
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from app.forms import DatePartsField, MingaForm, MomentField, MoneyField, Required, choice

AREAS = [choice("east", "East", hint="Across the river"), choice("west", "West")]
DESCRIBED = {"description": "A hint.", "validators": [Required("Fill this in.")]}


class EveryForm(MingaForm):
    line = StringField("Line", **DESCRIBED)
    email = EmailField("E-mail", **DESCRIBED, render_kw={"autocomplete": "email"})
    secret = PasswordField("Secret", **DESCRIBED)
    count = IntegerField("Count", **DESCRIBED)
    cost = MoneyField("Cost", **DESCRIBED)
    text = TextAreaField("Text", **DESCRIBED)
    area = SelectField("Area", **DESCRIBED, choices=[choice("", "Choose"), *AREAS])
    one = RadioField("One", **DESCRIBED, choices=AREAS)
    many = SelectMultipleField("Many", **DESCRIBED, choices=AREAS)
    tick = BooleanField("Tick", **DESCRIBED)
    day = DatePartsField("Day", **DESCRIBED)
    at = MomentField("At", **DESCRIBED)
    picture = FileField("Picture", **DESCRIBED)


FORM = (
    "{{ error_summary(form) }}<h1>Test</h1>{% call form_tag(form) %}"
    "{% for one in form if one.type != 'CSRFTokenField' %}{{ field(one) }}{% endfor %}{% endcall %}"
)
IMPORTS = ("field.html: field", "form.html: error_summary, form_tag")


def empty_form() -> MingaForm:
    form = EveryForm()
    form.validate()
    return form


@pytest.fixture
def wrong(draw_page) -> BeautifulSoup:
    return draw_page(FORM, *IMPORTS, form=empty_form)


def test_every_kind_of_field_passes_the_page_check_empty_and_wrong(draw_page, wrong) -> None:
    check_page(draw_page(FORM, *IMPORTS, form=EveryForm))
    check_page(wrong)


def test_the_title_says_error_and_the_summary_leads_to_every_field(wrong: BeautifulSoup) -> None:
    targets = [link["href"] for link in wrong.select(".govuk-error-summary a")]

    assert wrong.title.text.startswith("Error: Test")
    assert {"#line", "#one", "#many", "#tick", "#day-day", "#at-day", "#picture"} <= set(targets)
    assert len(targets) == len([field for field in EveryForm.__dict__ if field[0] != "_"])


@pytest.mark.parametrize(
    "control",
    ["line", "email", "secret", "count", "cost", "area", "picture", "text"],
)
def test_hint_and_error_are_read_out_with_the_control(wrong: BeautifulSoup, control: str) -> None:
    described = wrong.select_one(f"#{control}")["aria-describedby"].split()

    assert described[:2] == [f"{control}-hint", f"{control}-error"]
    assert "Fill this in." in wrong.select_one(f"#{control}-error").text


@pytest.mark.parametrize("group", ["one", "many", "day", "at"])
def test_hint_and_error_of_a_group_are_read_out_with_its_legend(
    wrong: BeautifulSoup, group: str
) -> None:
    [fieldset] = [one for one in wrong.select("fieldset") if one.select(f"[id^={group}]")]

    assert fieldset["aria-describedby"].split() == [f"{group}-hint", f"{group}-error"]


def test_what_was_typed_comes_back_except_passwords(draw) -> None:
    page = draw(
        "{{ field(form.line) }}{{ field(form.secret) }}{{ field(form.one) }}{{ field(form.many) }}",
        "field.html: field",
        form=lambda: EveryForm(
            data={"line": '"<b>"', "secret": "x", "one": "west", "many": ["east"]}
        ),
    )

    assert page.select_one("#line")["value"] == '"<b>"'
    assert not page.select_one("#secret").get("value")
    assert [tag["value"] for tag in page.select("[checked]")] == ["west", "east"]


def test_a_choice_carries_its_hint(wrong: BeautifulSoup) -> None:
    described = wrong.select_one("#one")["aria-describedby"]

    assert wrong.select_one(f"#{described}").text.strip() == "Across the river"


def test_a_text_with_a_limit_counts_what_is_left(draw) -> None:
    class LimitedForm(MingaForm):
        text = TextAreaField("Text", [Length(max=500)])

    page = draw("{{ field(form.text) }}", "field.html: field", form=LimitedForm)

    assert page.select_one("[data-maxlength='500']")
    assert "up to 500 characters" in page.select_one("#text-info").text


def test_a_choice_opens_the_fields_that_belong_to_it(draw) -> None:
    page = draw(
        "{{ field(form.one, conditional={'west': field(form.line)}) }}",
        "field.html: field",
        form=EveryForm,
    )

    opened = page.select_one("[data-aria-controls]")
    assert opened["value"] == "west"
    assert page.select_one(f"#{opened['data-aria-controls']} #line")


def test_money_shows_its_currency_and_the_typed_amount(draw) -> None:
    page = draw(
        "{{ field(form.cost) }}",
        "field.html: field",
        form=lambda: EveryForm(data={"cost": 5}, meta={"currency": "PLN", "minor_per_unit": 1}),
    )

    assert page.select_one(".govuk-input__prefix").text.strip() == "PLN"
    assert page.select_one("#cost")["value"] == "5"


def test_hidden_fields_and_lists_of_fields_are_drawn(draw) -> None:
    class PartsForm(MingaForm):
        key = HiddenField("Key")
        names = FieldList(StringField("Name"), min_entries=2)

    page = draw("{{ field(form.key) }}{{ field(form.names) }}", "field.html: field", form=PartsForm)

    assert page.select_one("#key")["type"] == "hidden"
    assert [tag["id"] for tag in page.select("[type=text]")] == ["names-0", "names-1"]


def test_an_error_of_the_whole_form_is_no_dead_link(draw_page) -> None:
    def refused() -> MingaForm:
        form = EveryForm()
        form.refuse("The round has closed. Nothing was sent.")
        return form

    page = draw_page(FORM, *IMPORTS, form=refused)

    assert "The round has closed." in page.select_one(".govuk-error-summary").text
    assert page.select(".govuk-error-summary a") == []


def test_the_label_can_be_the_heading_of_the_page(draw_page) -> None:
    page = draw_page("{{ field(form.line, heading=true) }}", "field.html: field", form=EveryForm)

    assert page.select_one("h1 label[for=line]")


def test_a_form_with_a_file_sends_files(wrong: BeautifulSoup) -> None:
    assert wrong.select_one("main form")["enctype"] == "multipart/form-data"
