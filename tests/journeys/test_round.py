"""A whole round, from the first idea to the published result, by the people who make it."""

from collections.abc import Callable
from datetime import timedelta

import factories
import factories_ballots
import pyotp
import pytest
import townspeople as people
from factories_accounts import PASSWORD, make_staff
from flask import Flask
from postbox import Mailbox
from visiting import Calendar, Visitor

from app import clock
from app.db import read_tx
from app.policy import ADMINISTRATOR, CLERK, ROUND_OFFICER
from app.rounds import queries as rounds
from app.rounds.models import RoundRow
from app.town.models import AreaKind

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
ANA, BEA, CARL = (f"{name}@valdeagua.example" for name in ("ana", "bea", "carl"))
RUI, ROSA, NICO = (f"{name}@valdeagua.example" for name in ("rui", "rosa", "nico"))
BOSS = "boss@valdeagua.example"
SHADE, ROOF = "Shade for the school street", "A roof over the street"


@pytest.fixture
def staff(site: str) -> None:
    """Two officers, a clerk and an administrator in a town with a district."""
    town = factories.make_area("town", name="Valdeagua")
    factories.make_area("north", name="North", kind=AreaKind.DISTRICT, parent=town)
    make_staff(ROUND_OFFICER, email=ANA, name="Ana Officer")
    make_staff(ROUND_OFFICER, email=BEA, name="Bea Officer")
    make_staff(CLERK, email=CARL, name="Carl Clerk")
    make_staff(ADMINISTRATOR, email=BOSS, name="Boss")


@pytest.mark.parametrize(
    ("database", "options"),
    [("sqlite", {"scripts": True}), ("postgresql", {"scripts": False, "wide": True})],
    indirect=["database"],
    ids=["phone", "desk without scripts"],
)
def test_a_whole_round(
    app: Flask, calendar: Calendar, staff: None, visit: Visit, options: dict[str, bool]
) -> None:
    mailbox = Mailbox(app)
    ana, bea, carl, rui = (visit(**options) for _ in range(4))
    rosa, nico = (visit(**options) for _ in range(2))

    people.come_to(ana, calendar, ANA, "/staff/rounds")
    slug = people.set_up_round(ana, "Shade in town", clock.now() + timedelta(hours=1))
    ana.press("Announce the round")
    calendar.wait(hours=2)

    _propose_in_two_sittings(rosa, mailbox)
    _propose_something_alike(nico, mailbox)
    _make_reviewer(visit(**options), rui, calendar, mailbox)
    _review(rui, rosa, slug, mailbox)
    _end_proposals_and_publish_answers(ana, bea, calendar, slug)
    rosa.open("/account/proposals")
    rosa.press(SHADE)
    rosa.sees("It can be done", "€3,000")
    nico.open("/account/proposals")
    nico.press(ROOF)
    nico.sees("It cannot be done", "No place for it.")

    _freeze(ana, bea, calendar, slug)
    codes = _import_roll_and_print(carl, bea, calendar, slug)
    _open_vote(ana, bea, calendar, slug)
    for code in codes:
        _vote_on_both_ballots(visit(**options), slug, code)
    calendar.wait_until(_round(slug).voting_closes_at)

    _count_and_publish(ana, bea, calendar, slug)
    _read_the_result(visit(**options), slug)


def _propose_in_two_sittings(rosa: Visitor, mailbox: Mailbox) -> None:
    rosa.open("/")
    rosa.press("Propose a project")
    rosa.press("Sign in or open an account")
    people.open_account(rosa, mailbox, ROSA, "Rosa Prado")
    people.begin_proposal(rosa, SHADE)
    rosa.press("Save for another day")
    rosa.press(SHADE)
    rosa.press("Change Area")
    people.choose_place(rosa, "Valdeagua")
    rosa.press("Change Topic")
    people.choose_details(rosa)
    rosa.press("Change Picture")
    people.add_picture(rosa)
    rosa.press("Send my proposal")
    rosa.sees("Sent")


def _propose_something_alike(nico: Visitor, mailbox: Mailbox) -> None:
    nico.open("/")
    nico.press("Propose a project")
    nico.press("Sign in or open an account")
    people.open_account(nico, mailbox, NICO, "Nico Sur")
    people.begin_proposal(nico, ROOF)
    nico.press("Save and continue")
    nico.sees("Is it one of these?", SHADE)
    nico.press("Mine is different: go on")
    people.choose_place(nico, "North")
    people.choose_details(nico)
    nico.press("Go on without a picture")
    nico.press("Send my proposal")


def _make_reviewer(boss: Visitor, rui: Visitor, calendar: Calendar, mailbox: Mailbox) -> None:
    people.come_to(boss, calendar, BOSS, "/staff/people")
    boss.press("Add a person")
    boss.write("Name", "Rui Reviewer")
    boss.write("E-mail address", RUI)
    boss.choose("Reviewer")
    boss.press("Add")
    rui.open(mailbox.link(RUI))
    rui.write("Choose a password", PASSWORD)
    rui.write("The same password again", PASSWORD)
    key = rui.page.locator(".minga-key").text_content()
    rui.write("Time code", pyotp.TOTP("".join(key.split())).at(clock.now()))
    rui.press("Finish and sign in")


def _review(rui: Visitor, rosa: Visitor, slug: str, mailbox: Mailbox) -> None:
    rui.open(f"/staff/rounds/{slug}/proposals")
    rui.press(SHADE)
    rui.press("I review it")
    rui.write("Question to the author", "Which side of the street?")
    rui.press("Ask the author")
    rosa.open(mailbox.link(ROSA))
    rosa.sees("Which side of the street?")
    rosa.write("Your answer", "The sunny one.")
    rosa.press("Send my answer")
    people.decide(rui, slug, 1, cost="3000")
    people.decide(rui, slug, 2, cost=None)


def _end_proposals_and_publish_answers(
    ana: Visitor, bea: Visitor, calendar: Calendar, slug: str
) -> None:
    people.come_to(ana, calendar, ANA, f"/staff/rounds/{slug}")
    ana.press("End the time for proposals now")
    people.add_project(ana, slug, "Bus shelter", "2500", pot="North")
    people.add_project(ana, slug, "Fountain", "1000", pot="North")
    ana.open(f"/staff/rounds/{slug}/proposals/release")
    people.do_weighty(ana, calendar, "Ask a second officer to publish")
    people.approve(bea, calendar, BEA, "Publish all answers")


def _freeze(ana: Visitor, bea: Visitor, calendar: Calendar, slug: str) -> None:
    calendar.wait(minutes=6)  # both have to show their second factor anew
    ana.open(f"/staff/rounds/{slug}")
    people.do_weighty(ana, calendar, "Propose to fix rules and projects")
    ana.sees("Waiting for a second officer.")
    people.approve(bea, calendar, BEA, "Fix the rules")


def _import_roll_and_print(carl: Visitor, bea: Visitor, calendar: Calendar, slug: str) -> list[str]:
    """Upload a roll with a fault, then without; print the letters once; returns their codes."""
    people.come_to(carl, calendar, CARL, f"/staff/rounds/{slug}/roll")
    voters = factories_ballots.make_people(2, district="north")
    roll = factories_ballots.make_csv(voters)
    people.upload_roll(carl, roll.replace(b"north", b"nowhere", 1))
    carl.sees("The file has 1 problem. Nothing was kept.", "nowhere")
    people.upload_roll(carl, roll)
    people.do_weighty(carl, calendar, "Ask a second person to approve this roll")
    people.approve(bea, calendar, BEA, "Make 2 people the voter roll")
    carl.open(f"/staff/rounds/{slug}/roll")
    people.do_weighty(carl, calendar, "Make the letters")
    carl.sees("The letters are ready.")
    codes = people.codes_of(carl.download("Take the letters away (PDF)"))
    assert len(set(codes)) == 2
    return codes


def _open_vote(ana: Visitor, bea: Visitor, calendar: Calendar, slug: str) -> None:
    calendar.wait(minutes=6)
    people.come_to(ana, calendar, ANA, f"/staff/rounds/{slug}")
    people.do_weighty(ana, calendar, "Propose to open the vote")
    people.approve(bea, calendar, BEA, "Open the vote")
    calendar.wait_until(_round(slug).voting_opens_at)
    ana.open("/")  # what was due is done by now


def _vote_on_both_ballots(voter: Visitor, slug: str, code: str) -> None:
    """Come by the QR code of the letter, or type its code; cast one ballot after the other."""
    voter.open(f"/ballot/{slug}#{code}" if voter.scripts else f"/ballot/{slug}")
    if not voter.scripts:
        voter.write("Your code", code.lower().replace("-", " "))
    voter.press("Go to my ballot")
    voter.sees("You have 2 ballots.", "Not cast yet: North, Valdeagua.")
    for pot, project in (("Valdeagua", SHADE), ("North", "Bus shelter")):
        voter.press(pot)
        voter.choose(project)
        voter.press("Check and cast")
        voter.press("Cast this ballot")
    voter.sees("Your other ballots")
    voter.press("Finish and leave")
    assert voter.heading == "You have left the booth"


def _count_and_publish(ana: Visitor, bea: Visitor, calendar: Calendar, slug: str) -> None:
    people.come_to(ana, calendar, ANA, f"/staff/rounds/{slug}/count")
    ana.write("Outcome of the public draw", "3 1 6 6 2")
    ana.press("Enter the draw")
    people.approve(bea, calendar, BEA, "3 1 6 6 2")
    ana.open(f"/staff/rounds/{slug}/count")
    people.do_weighty(ana, calendar, "Run the official count")
    ana.open(f"/staff/rounds/{slug}/count")
    ana.press("Look at the draft")
    ana.sees("A draft: only staff see it")
    ana.open(f"/staff/rounds/{slug}/count")
    ana.press("Propose to publish the result")
    people.approve(bea, calendar, BEA, "Publish")


def _read_the_result(anybody: Visitor, slug: str) -> None:
    anybody.open("/")
    anybody.press("Shade in town")
    anybody.press("See the result")
    anybody.sees(SHADE, "Bus shelter", "Fountain", "€3,000")
    anybody.press(SHADE)
    anybody.sees("Plant lime trees along the street to the school.")


def _round(slug: str) -> RoundRow:
    return read_tx(lambda session: rounds.round_by_slug(session, slug))
