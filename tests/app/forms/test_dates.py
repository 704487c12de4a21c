from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from app.forms import DatePartsField, MingaForm, MomentField, Required


class CalendarForm(MingaForm):
    opens_on = DatePartsField("Opens on", [Required("Enter the day of opening.")])
    closes_at = MomentField("Closes at")


@pytest.fixture(autouse=True)
def request_in_madrid():
    app = Flask("app")
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False)
    Babel(app, default_timezone="Europe/Madrid")
    with app.test_request_context():
        yield


def posted(**parts: str) -> CalendarForm:
    fields = {name.replace("__", "-"): value for name, value in parts.items()}
    form = CalendarForm(MultiDict(fields))
    form.validate()
    return form


def test_three_boxes_make_a_date() -> None:
    form = posted(opens_on__day="27", opens_on__month=" 3 ", opens_on__year="2027")

    assert form.opens_on.data == date(2027, 3, 27)
    assert form.errors == {}


def test_a_post_without_the_boxes_asks_for_the_date() -> None:
    form = posted()

    assert form.opens_on.errors == ["Enter the day of opening."]
    assert form.error_links() == [("opens_on-day", "Enter the day of opening.")]


def test_the_missing_box_is_named_and_led_to() -> None:
    form = posted(opens_on__day="27", opens_on__year="2027")

    assert form.error_links() == [("opens_on-month", "Enter the month.")]
    assert form.opens_on.boxes() == [("day", "27"), ("month", ""), ("year", "2027")]


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "2", "2027", "Enter a real date, such as 27 3 2027."),
        ("x", "2", "2027", "Enter a real date, such as 27 3 2027."),
        ("9" * 9999, "2", "2027", "Enter a real date, such as 27 3 2027."),
        ("1", "2", "27", "Enter the year with 4 figures, such as 2027."),
        ("1", "2", "0000", "Enter a real date, such as 27 3 2027."),
    ],
)
def test_what_is_no_date_is_refused_in_one_sentence(
    day: str, month: str, year: str, sentence: str
) -> None:
    form = posted(opens_on__day=day, opens_on__month=month, opens_on__year=year)

    assert [str(error) for error in form.opens_on.errors] == [sentence]


def test_a_moment_is_typed_in_the_towns_time_and_kept_in_utc() -> None:
    form = CalendarForm(
        MultiDict(
            {
                "closes_at-day": "1",
                "closes_at-month": "7",
                "closes_at-year": "2027",
                "closes_at-time": "18:30",
            }
        )
    )

    assert form.closes_at.data == datetime(2027, 7, 1, 16, 30, tzinfo=UTC)


def test_a_stored_moment_is_shown_in_the_towns_time() -> None:
    form = CalendarForm(data={"closes_at": datetime(2027, 1, 1, 22, 5, tzinfo=UTC)})

    assert form.closes_at.boxes()[0] == ("day", "1")
    assert form.closes_at.boxes()[3] == ("time", "23:05")


@pytest.mark.parametrize("time", ["24:00", "12:60", "noon", "1830"])
def test_what_is_no_time_of_day_is_refused(time: str) -> None:
    parts = {"closes_at__day": "1", "closes_at__month": "7", "closes_at__year": "2027"}

    form = posted(**parts, closes_at__time=time)

    assert ("closes_at-time", "Enter the time from 0:00 to 23:59, such as 18:00.") in (
        form.error_links()
    )
