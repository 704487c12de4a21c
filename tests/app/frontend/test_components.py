from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import flash
from markupsafe import Markup
from pages import check_page

from app.static_files import asset_url

PROJECT = {
    "id": "p 1",
    "title": "Shade <trees>",
    "href": "/p/1",
    "cost": "€24,500",
    "area": "East",
    "category": "Green",
    "reference": "P-17",
    "summary": "Fourteen trees.",
    "picture": "/picture/1",
    "picture_alt": "A bare street",
}
KINDS = ("approval", "knapsack", "points", "ranking", "scores")


def test_a_chart_is_its_table_with_bars_in_proportion(draw_page) -> None:
    page = draw_page(
        "<h1>Test</h1>{{ bar_chart('Votes', 'Project', 'Votes', rows) }}",
        "chart.html: bar_chart",
        rows=[("Trees", 40, "40", True), ("Racks", 10, "10", False)],
    )

    check_page(page)
    bars = [bar["width"] for bar in page.select(".minga-chart__part")]
    assert bars == ["100.00%", "25.00%"]


@pytest.mark.parametrize("rows", [[], [("Nothing", 0, "0", False)]])
def test_a_chart_without_votes_is_empty_not_broken(draw, rows) -> None:
    page = draw("{{ bar_chart('V', 'P', 'V', rows) }}", "chart.html: bar_chart", rows=rows)

    assert [bar["width"] for bar in page.select(".minga-chart__part")] == ["0.00%"] * len(rows)


def test_a_table_names_its_rows_and_columns_and_can_be_scrolled_by_keyboard(draw_page) -> None:
    page = draw_page(
        "<h1>Test</h1>{{ data_table('Funded', ['Project', 'Cost'], rows, numeric=('Cost',)) }}",
        "table.html: data_table",
        rows=[["Trees <1>", "€5"], [Markup("<a href='/p'>Racks</a>"), "€7"]],
    )

    check_page(page)
    assert [tag.text for tag in page.select("th[scope=row]")] == ["Trees <1>", "Racks"]
    assert page.select_one("tbody td")["class"][-1] == "govuk-table__cell--numeric"
    assert page.select_one("[role=region][tabindex='0'] table")


def test_pages_far_away_are_left_out_of_the_pagination(draw) -> None:
    page = draw(
        "{{ pagination(5, 12, address) }}",
        "pagination.html: pagination",
        address=lambda: lambda number: f"/p?page={number}",
    )

    assert page.select_one("[rel=prev]")["href"] == "/p?page=4"
    assert [tag.text.strip() for tag in page.select("li")] == ["1", "⋯", "4", "5", "6", "⋯", "12"]
    assert page.select_one("[aria-current=page]").text.strip() == "5"


def test_a_single_page_needs_no_pagination(draw) -> None:
    page = draw("{{ pagination(1, 1, none) }}", "pagination.html: pagination")

    assert page.text.strip() == ""


def test_a_card_shows_what_is_known_and_escapes_it(draw_page) -> None:
    page = draw_page(
        "<h1>Test</h1>{{ project_card(project) }}"
        "{{ project_card({'title': 'Racks', 'href': '/2'}) }}",
        "project.html: project_card",
        project=PROJECT,
    )

    check_page(page)
    assert [tag.text for tag in page.select("h2 a")] == ["Shade <trees>", "Racks"]


def test_steps_mark_the_present_one_and_tell_what_is_done(draw) -> None:
    page = draw(
        "{{ steps([('A', 'May', 'done'), ('B', none, 'now'), ('C', none, 'later')], 'Round') }}",
        "status.html: steps",
    )

    assert page.select_one("[aria-current=step]").text.strip() == "B"
    assert "(done)" in page.select_one("li").text


@pytest.mark.parametrize("kind", KINDS)
def test_the_ballot_names_its_fields_as_the_counting_reads_them(draw_page, kind: str) -> None:
    page = draw_page(
        "<h1>Test</h1>{% call ballot_form('/draft') %}"
        "{% call ballot_project(kind, project, value, 1, limits) %}More{% endcall %}"
        "{{ ballot_bar('Not cast yet.', '1 of 5 chosen.', ['One too many.']) }}{% endcall %}",
        "ballot.html: ballot_form, ballot_project, ballot_bar",
        kind=kind,
        project=PROJECT,
        value=True if kind in ("approval", "knapsack") else 3,
        limits=SimpleNamespace(score_min=-1, score_max=3),
    )

    check_page(page)
    name = {"points": "points-p 1", "scores": "points-p 1", "ranking": "rank-p 1"}.get(kind)
    [control] = page.select("#choice-1")
    assert control["name"] == (name or "project")
    assert page.select("[checked][value='p 1'], [value='3']")
    assert "Not cast yet." in page.select_one(".minga-bar").text
    assert page.select_one("form")["autocomplete"] == "off"


def test_an_error_on_the_ballot_stands_beside_its_project(draw) -> None:
    page = draw(
        "{{ ballot_project('points', project, 'x', 1, none, 'Write a whole number.') }}",
        "ballot.html: ballot_project",
        project=PROJECT,
    )

    assert "choice-1-error" in page.select_one("#choice-1")["aria-describedby"]
    assert "Write a whole number." in page.select_one("#choice-1-error").text


def test_the_booth_has_no_menu_and_no_way_out_by_accident(draw) -> None:
    page = draw(
        "{% extends 'booth_base.html' %}{% block title %}Ballot{% endblock %}"
        "{% block content %}<h1>Ballot</h1>{% endblock %}",
        navigation=[("Rounds", "/", True)],
    )

    check_page(page)
    assert page.select("header a, nav") == []


def test_a_person_who_is_signed_in_sees_so_and_can_sign_out(draw_page) -> None:
    actor = SimpleNamespace(signed_in=True, name="Inés Roca")

    page = draw_page("<h1>Test</h1>", actor=actor, navigation=[("Rounds", "/", True)])

    check_page(page)
    assert "Inés Roca" in page.select_one("header").text
    assert page.select_one("header form[action='/sign-out']")
    assert page.select_one("nav [aria-current]").text.strip() == "Rounds"


def test_a_demonstration_says_so_on_every_page(draw_page, draw) -> None:
    page = draw_page("<h1>Test</h1>", demo=True)
    booth = draw(
        "{% extends 'booth_base.html' %}{% block title %}B{% endblock %}"
        "{% block content %}<h1>B</h1>{% endblock %}",
        demo=True,
    )

    assert "no vote counts" in page.select_one(".minga-demo").text
    assert "no vote counts" in booth.select_one(".minga-demo").text


def test_flashed_sentences_are_shown_once_as_text(draw_page) -> None:
    def with_messages() -> str:
        flash("Sent <ok>.")
        flash("Closes soon.", "important")
        return ""

    page = draw_page("<h1>Test</h1>", unused=with_messages)

    banners = page.select(".govuk-notification-banner")
    assert [one.select_one("h2").text.strip() for one in banners] == ["Done", "Important"]
    assert "Sent <ok>." in banners[0].text


def test_an_error_page_gives_the_number_to_quote(draw) -> None:
    page = draw(
        "{% include 'errors/error.html' %}",
        title="Sorry, there is a problem",
        sentence="Try again.",
        reference="ab12cd34",
    )

    check_page(page)
    assert "ab12cd34" in page.select_one("main").text


def test_maps_passkeys_codes_and_jobs_pass_the_page_check(draw_page) -> None:
    page = draw_page(
        "<h1>Test</h1>{{ place_map('map', 'Projects', areas, points) }}"
        "{{ passkey_button('get', 'Use a passkey', '/o', '/v') }}"
        "{{ tracking_code('Your code', 'K7QM-2XWD-9RTA-HC4E') }}{{ print_button('Print') }}"
        "{{ job_progress('/poll', 30, 'Counting', '/here') }}{{ summary_list([('A', 1, '/a')]) }}",
        "map.html: place_map",
        "passkey.html: passkey_button",
        "code.html: tracking_code, print_button",
        "progress.html: job_progress",
        "summary.html: summary_list",
        areas={"type": "FeatureCollection", "features": []},
        points=[{"title": "</script><script>alert(1)</script>", "lat": 1, "lon": 2}],
    )

    check_page(page)
    assert "".join(page.select_one(".minga-code__code").text.split()) == "K7QM-2XWD-9RTA-HC4E"
    assert page.select("main script:not([type='application/json'])") == []


def test_money_numbers_and_times_are_written_for_the_reader(draw) -> None:
    page = draw(
        "{{ 125050|money('EUR') }} {{ 125000|money('EUR') }} {{ 7|money('PLN', 1) }} "
        "{{ 7050|money('XXX') }} {{ 1234567|number }} {{ at|moment }} {{ at|day }}",
        at=datetime(2027, 6, 30, 22, 30),  # noqa: DTZ001 (as SQLite hands it back)
    )

    words = page.text.replace("\N{NO-BREAK SPACE}", " ")
    # The last, without a currency, is of an imported election. The moment is half past midnight
    # in Madrid, on the first of July.
    assert words == "€1,250.50 €1,250 PLN 7 70.50 1,234,567 1 July 2027, 00:30 1 July 2027"


def test_a_built_file_is_fetched_once(site) -> None:
    with site.test_request_context():
        address = asset_url("app.css")

    with site.test_client().get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_asset_that_was_not_built_is_named(site) -> None:
    with site.test_request_context(), pytest.raises(RuntimeError, match=r"'none\.css'.*make setup"):
        asset_url("none.css")
