"""What people of a town do in a round, each act as its pages ask for it."""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from factories_accounts import PASSWORD, code_now
from PIL import Image
from postbox import Mailbox
from pypdf import PdfReader
from visiting import Calendar, Visitor

TOWN_TIME = ZoneInfo("Europe/Madrid")
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def come_to(person: Visitor, calendar: Calendar, email: str, path: str) -> None:
    """Open a page of the staff, signing in when it asks for that."""
    person.open(path)
    if person.heading == "Sign in as staff":
        calendar.wait(seconds=31)  # a time code works once
        person.write("E-mail address", email)
        person.write("Password", PASSWORD)
        person.write("Time code", code_now())
        person.press("Sign in")


def do_weighty(person: Visitor, calendar: Calendar, button: str) -> None:
    """Press a button that may ask for the second factor first, then press it again."""
    person.press(button)
    if person.heading == "Show that it is you":
        calendar.wait(seconds=31)
        person.write("Time code", code_now())
        person.press("Go on")
        person.press(button)


def approve(person: Visitor, calendar: Calendar, email: str, words: str) -> None:
    """Come as the second person, read what waits and agree."""
    come_to(person, calendar, email, "/staff/decisions")
    person.press(words)
    do_weighty(person, calendar, "Approve")
    person.sees("approved")


def set_up_round(officer: Visitor, title: str, opens: datetime) -> str:
    """Go through all steps up to the announcement; returns the round's name in addresses."""
    officer.press("New round")
    officer.write("What is the round called?", title)
    officer.write("What is it about?", "Shade and benches for hot summers.")
    officer.press("Save and continue")
    officer.write("Valdeagua", "10,000")
    officer.write("North", "4,000")
    officer.press("Save and continue")
    officer.write("Categories", "Parks\nStreets")
    officer.press("Save and continue")
    _set_dates(officer, opens)
    officer.choose("Choose projects")
    officer.write("Most projects on a ballot", "2")
    officer.press("Save and continue")
    officer.choose("Method of Equal Shares (recommended)")
    officer.press("Save and continue")
    officer.write("Where does the lot come from?", "Dice thrown in the council on 3 June.")
    officer.press("Save and continue")
    return officer.page.url.rsplit("/", 1)[1]


def _set_dates(officer: Visitor, opens: datetime) -> None:
    officer.choose("Yes, between two dates")
    for number, legend in enumerate(
        (
            "Residents can propose from",
            "Residents can propose until",
            "Voting opens",
            "Voting closes",
            "The result is published by",
        )
    ):
        _write_moment(officer, legend, opens + timedelta(days=10 * number))
    officer.press("Save and continue")


def _write_moment(officer: Visitor, legend: str, moment: datetime) -> None:
    local = moment.astimezone(TOWN_TIME)
    boxes = officer.page.get_by_role("group", name=legend)
    for label, text in (
        ("Day", str(local.day)),
        ("Month", str(local.month)),
        ("Year", str(local.year)),
        ("Time", f"{local:%H:%M}"),
    ):
        boxes.get_by_label(label).fill(text)


def open_account(resident: Visitor, mailbox: Mailbox, email: str, name: str) -> None:
    """Sign in for the first time, from a page that asked for it."""
    resident.write("Your e-mail address", email)
    resident.press("Send me a link")
    resident.open(mailbox.link(email))
    resident.write("Your name", name)
    resident.press("Open your account")


def begin_proposal(resident: Visitor, title: str) -> None:
    resident.press("Start now")
    resident.write("Title", title)
    resident.write("What should be done?", "Plant lime trees along the street to the school.")
    resident.write("Who benefits?", "Children on their way to school.")


def choose_place(resident: Visitor, area: str) -> None:
    resident.select("Area", area)
    _save(resident)


def choose_details(resident: Visitor) -> None:
    resident.choose("Parks")
    resident.write("What could it cost?", "3000")
    _save(resident)


def add_picture(resident: Visitor) -> None:
    resident.attach("Picture", "street.png", _picture(), "image/png")
    resident.write("What does the picture show?", "A street without a tree")
    _save(resident)
    resident.sees("The picture was saved.")


def _save(resident: Visitor) -> None:
    resident.press("Save and continue")


def decide(reviewer: Visitor, slug: str, number: int, *, cost: str | None) -> None:
    """Fill in the checklist and give a verdict; without a cost it cannot be done."""
    here = f"/staff/rounds/{slug}/proposals/{number}"
    reviewer.open(f"{here}/checklist")
    for group in reviewer.page.get_by_role("group").all():
        group.get_by_label("Yes").check()
    reviewer.press("Save the checklist")
    reviewer.open(f"{here}/decide")
    reviewer.choose("Yes" if cost else "No")
    reviewer.write("Reason", "The street belongs to the town." if cost else "No place for it.")
    if cost:
        reviewer.write("Official cost", cost)
        reviewer.write("How the cost comes about", "Twelve trees and their planting.")
    reviewer.press("Save the verdict")


def add_project(officer: Visitor, slug: str, title: str, cost: str, pot: str) -> None:
    officer.open(f"/staff/rounds/{slug}/projects/new")
    officer.write("Title", title)
    officer.write("Description", "Where people wait today in the sun.")
    officer.write("Cost", cost)
    officer.select("Paid from the budget of", pot)
    officer.press("Save")


def upload_roll(clerk: Visitor, roll: bytes) -> None:
    clerk.attach("File with the voter roll", "roll.csv", roll, "text/csv")
    clerk.press("Upload and check")


def codes_of(letters: bytes) -> list[str]:
    """Read the codes from the letters, as the people do who get them."""
    pages = PdfReader(io.BytesIO(letters)).pages
    return [CODE.findall(page.extract_text())[0] for page in pages]


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "#88aa66").save(made, "PNG")
    return made.getvalue()
