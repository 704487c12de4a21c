"""Residents write a proposal page by page; drafts are kept, and nothing typed is lost."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from browsing import Browser
from factories import make_account
from factories_proposals import make_proposal, stored
from factories_rounds import MadeRound, make_round
from PIL import Image
from sqlmodel import select

from app.accounts.models import AccountRow
from app.db import read_tx
from app.proposals import rules
from app.proposals.models import ProposalRow
from app.rounds.models import PictureRow

IDEA = {
    "title": "A roof for the bus stop",
    "description": "People wait in the sun.\n\nA roof would help.",
    "beneficiaries": "Everybody who takes the bus.",
}
BROWSER = Callable[..., Browser]


@pytest.fixture
def round_(app: object, noon: datetime) -> MadeRound:
    return make_round("proposals", title="Budget 2027")


@pytest.fixture
def marta(app: object) -> AccountRow:
    return make_account(name="Marta")


def all_proposals() -> list[ProposalRow]:
    return list(read_tx(lambda session: session.exec(select(ProposalRow)).all()))


def all_pictures() -> list[PictureRow]:
    return list(read_tx(lambda session: session.exec(select(PictureRow)).all()))


def own(row: ProposalRow, page: str = "") -> str:
    return f"/account/proposals/{row.id}{page and '/' + page}"


def photo(*, size: tuple[int, int] = (400, 300)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, "JPEG")
    return file.getvalue()


def test_a_proposal_is_written_and_sent_page_by_page(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    page = browser(marta)

    page.send(f"/rounds/{round_.slug}/propose")
    [draft] = all_proposals()
    page.send(own(draft, "idea"), IDEA)
    page.send(own(draft, "place"), {"area": str(round_.pot.area_id)})
    page.send(
        own(draft, "details"), {"category": str(round_.categories[0].id), "own_cost": "4 500"}
    )
    page.send(
        own(draft, "picture"),
        {"picture": (io.BytesIO(photo()), "stop.jpg"), "alt_text": "A bus stop in the sun"},
    )
    check = page.open(own(draft))
    sent = page.send(own(draft), button="Send my proposal")

    assert "A roof would help." in check.text
    assert "Its number is P1" in sent.text
    row = stored(draft.id)
    assert (row.state, row.number, row.own_cost_minor) == ("submitted", 1, 450_000)
    public = browser().open(f"/rounds/{round_.slug}/proposals")
    assert "A roof for the bus stop" in public.text
    assert public.select_one(".minga-card img")["alt"] == "A bus stop in the sun"
    browser().open(f"/pictures/{row.picture_id}")


def test_pressing_start_twice_begins_one_draft(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    page = browser(marta)
    form = page.open(f"/rounds/{round_.slug}/propose").select_one("main form")
    token = form.select_one("[name=csrf_token]")["value"]

    for _ in range(2):
        page.client.post(form["action"], data={"csrf_token": token})

    assert len(all_proposals()) == 1


def test_a_draft_that_is_not_complete_can_be_kept_for_another_day(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft", title="", description="", beneficiaries="")

    page = browser(marta).send(
        own(draft, "idea"), {"title": "Shade"}, button="Save for another day"
    )

    assert "Your draft was saved" in page.text
    assert stored(draft.id).title == "Shade"


def test_going_on_needs_what_is_needed(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft", title="", description="Typed already")

    page = browser(marta).send(own(draft, "idea"), status=422)

    assert "Enter a title." in page.select_one("#title-error").text
    assert page.select_one("#description").text.strip() == "Typed already"


@pytest.mark.parametrize(
    ("step", "sent", "field", "sentence"),
    [
        ("idea", {"title": "x" * 101}, "title", "100 characters"),
        ("idea", {"description": "x" * 4001}, "description", "4000 characters"),
        ("idea", {"description": "x" * 20_001}, "description", "too long"),
        ("idea", {"beneficiaries": "x" * 601}, "beneficiaries", "600 characters"),
        ("place", {"area": ""}, "area", "Choose the area."),
        ("place", {"area": "elsewhere"}, "area", "Not a valid choice"),
        ("place", {"latitude": "north", "longitude": "3"}, "latitude", "Enter degrees"),
        ("place", {"latitude": "91", "longitude": "3"}, "latitude", "Enter degrees"),
        ("place", {"latitude": "nan", "longitude": "3"}, "latitude", "Enter degrees"),
        ("place", {"latitude": "40.4", "longitude": ""}, "latitude", "both latitude"),
        ("place", {"latitude": "", "longitude": "3"}, "latitude", "both latitude"),
        ("details", {"category": "elsewhere"}, "category", "Not a valid choice"),
        ("details", {"own_cost": "a lot"}, "own_cost", "in figures"),
        ("details", {"own_cost": "0"}, "own_cost", "above 0"),
        ("details", {"own_cost": "-5"}, "own_cost", "in figures"),
        ("details", {"own_cost": ""}, "own_cost", "rough cost"),
        ("picture", {"alt_text": "A tree"}, "picture", "Choose a picture"),
        ("picture", {"alt_text": ""}, "alt_text", "Say in a sentence"),
        ("picture", {"alt_text": "x" * 301}, "alt_text", "300 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    browser: BROWSER,
    round_: MadeRound,
    marta: AccountRow,
    step: str,
    sent: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    draft = make_proposal(round_, marta, state="draft")

    page = browser(marta).send(own(draft, step), sent, status=422)

    assert sentence in page.select_one(f"#{field}-error").text
    assert page.title.text.strip().startswith("Error:")
    assert stored(draft.id).version == 1, "nothing is half-written"


def test_a_place_far_from_the_town_is_refused(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    square = {"type": "Polygon", "coordinates": [[[-4, 40], [-3, 40], [-3, 41], [-4, 40]]]}
    _draw(round_, square)
    draft = make_proposal(round_, marta, state="draft")

    refused = browser(marta).send(
        own(draft, "place"), {"latitude": "48.8", "longitude": "2.3"}, status=422
    )
    browser(marta).send(own(draft, "place"), {"latitude": "40,5", "longitude": "-3,5"})

    assert "not in the town" in refused.text
    assert (stored(draft.id).latitude, stored(draft.id).longitude) == (40.5, -3.5)


def _draw(round_: MadeRound, shape: dict[str, object]) -> None:
    from app.db import run_tx  # noqa: PLC0415
    from app.town.models import AreaRow  # noqa: PLC0415

    def draw(session: object) -> None:
        area = session.get_one(AreaRow, round_.pot.area_id)
        area.geometry = shape
        session.add(area)

    run_tx(draw)


def test_a_newer_text_is_not_overwritten_unseen(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    """Two windows: the second one is told, keeps its text, and may replace the first on purpose."""
    draft = make_proposal(round_, marta, state="draft", title="First")
    one, two = browser(marta), browser(marta)
    old = {"version": "1"}
    one.send(own(draft, "idea"), {"title": "From one window"})

    warned = two.send(own(draft, "idea"), {"title": "From the other"} | old, status=409)

    assert "changed meanwhile" in warned.text
    assert warned.select_one("#title")["value"] == "From the other"
    assert stored(draft.id).title == "From one window"
    version = warned.select_one("[name=version]")["value"]
    two.send(own(draft, "idea"), {"title": "From the other", "version": version})
    assert stored(draft.id).title == "From the other"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_forged_version_changes_nothing(
    browser: BROWSER, round_: MadeRound, marta: AccountRow, version: str
) -> None:
    draft = make_proposal(round_, marta, state="draft", title="Mine")

    browser(marta).send(own(draft, "idea"), {"title": "x", "version": version}, status=409)

    assert stored(draft.id).title == "Mine"


def test_a_draft_is_its_authors_alone(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft")
    pages = ["", "idea", "place", "details", "picture", "similar"]
    acts = ["send", "withdraw", "delete", "answer", "picture/remove"]

    for stranger in (make_account(), make_account("reviewer"), make_account("round_officer")):
        visitor = browser(stranger)
        token = visitor.open("/account/proposals") and _token(visitor)
        for page in pages:
            visitor.open(own(draft, page), status=404)
        for act in acts:
            answer = visitor.client.post(own(draft, act), data={"csrf_token": token, "answer": "x"})
            assert answer.status_code == 404, act

    assert stored(draft.id).state == "draft"


def _token(visitor: Browser) -> str:
    page = visitor.open("/rounds/x/propose", status=404)
    return str(page.select_one("[name=csrf_token]")["value"])


def test_drafts_are_on_no_public_page(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    make_proposal(round_, marta, state="draft", title="Half an idea")

    page = browser().open(f"/rounds/{round_.slug}/proposals")

    assert "Half an idea" not in page.text


def test_sending_twice_makes_one_proposal(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft")
    page = browser(marta)
    form = page.open(own(draft)).select_one(f"form[action='{own(draft, 'send')}']")
    fields = {one["name"]: one["value"] for one in form.select("input")}

    answers = [page.client.post(form["action"], data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert stored(draft.id).number == 1
    assert [row.state for row in all_proposals()] == ["submitted"]


def test_a_draft_changed_in_another_window_is_not_sent_unseen(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft")
    page = browser(marta)

    shown = page.send(own(draft), {"version": "7"}, button="Send my proposal")

    assert "changed in another window" in shown.text
    assert stored(draft.id).state == "draft"


@pytest.mark.parametrize("days", [-30, 30])
def test_proposals_are_taken_only_between_the_dates(
    browser: BROWSER,
    round_: MadeRound,
    marta: AccountRow,
    at: Callable[[datetime], None],
    noon: datetime,
    days: int,
) -> None:
    draft = make_proposal(round_, marta, state="draft")
    page = browser(marta)
    form = page.open(own(draft)).select_one(f"form[action='{own(draft, 'send')}']")
    fields = {one["name"]: one["value"] for one in form.select("input")}
    at(noon + timedelta(days=days))
    late = browser(marta)
    fields["csrf_token"] = late.open(own(draft)).select_one("[name=csrf_token]")["value"]

    answer = late.client.post(form["action"], data=fields)
    start = late.open(f"/rounds/{round_.slug}/propose")

    assert answer.status_code == 409
    assert "takes no proposals now" in answer.text
    assert not start.select("main form")
    assert stored(draft.id).state == "draft"


def test_what_is_missing_is_named_before_and_refused_at_sending(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft", own_cost_minor=None)
    page = browser(marta)
    shown = page.open(own(draft))
    token = shown.select_one("[name=csrf_token]")["value"]

    answer = page.client.post(own(draft, "send"), data={"csrf_token": token, "version": "1"})

    assert "Still missing" in shown.text
    assert answer.status_code == 422
    assert "Something is still missing" in answer.text


def test_an_estimate_above_what_one_project_may_cost_is_not_sent(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft", own_cost_minor=1_000_001)

    page = browser(marta).send(own(draft), button="Send my proposal", status=422)

    assert "more than one project may cost" in page.text


def test_one_person_can_have_only_so_many_proposals(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    rows = [make_proposal(round_, marta) for _ in range(rules.SUBMITTED_MAX)]
    draft = make_proposal(round_, marta, state="draft")

    page = browser(marta).send(own(draft), button="Send my proposal", status=409)

    assert "Your draft is kept" in page.text
    browser(marta).send(own(rows[0]), button="Yes, withdraw it")
    browser(marta).send(own(draft), button="Send my proposal")
    assert stored(draft.id).state == "submitted"


def test_one_person_can_begin_only_so_many_drafts(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    for _ in range(rules.STARTED_MAX):
        make_proposal(round_, marta, state="draft")

    page = browser(marta).send(f"/rounds/{round_.slug}/propose", status=409)

    assert "which is the most" in page.text


def test_a_stranger_is_led_to_sign_in(browser: BROWSER, round_: MadeRound) -> None:
    page = browser().open(f"/rounds/{round_.slug}/propose")

    assert "Sign in or open an account" in page.text
    assert not page.select("main form")


def test_a_deleted_draft_takes_its_picture_along(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft")
    page = browser(marta)
    page.send(
        own(draft, "picture"),
        {"picture": (io.BytesIO(photo()), "a.jpg"), "alt_text": "A tree"},
    )
    assert len(all_pictures()) == 1

    page.send(own(draft), button="Delete this draft")

    assert all_proposals() == []
    assert all_pictures() == []


def test_a_picture_can_be_replaced_described_and_removed(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft")
    page = browser(marta)
    for words in ("A tree", "Another tree"):
        page.send(
            own(draft, "picture"), {"picture": (io.BytesIO(photo()), "a.jpg"), "alt_text": words}
        )
    page.send(own(draft, "picture"), {"alt_text": "An oak"})

    [picture] = all_pictures()
    assert (picture.alt_text, picture.public) == ("An oak", False)
    browser().open(f"/pictures/{picture.id}", status=404)
    page.send(own(draft, "picture"), button="Remove the picture")
    assert all_pictures() == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a picture"),
        (b"not a picture", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (photo(size=(2000, 2000))[:5000], "damaged"),
        (photo() + b"\0" * 8_000_000, "larger than 8 MB"),
    ],
)
def test_a_file_that_is_no_good_picture_keeps_what_was_typed(
    browser: BROWSER, round_: MadeRound, marta: AccountRow, data: bytes, sentence: str
) -> None:
    draft = make_proposal(round_, marta, state="draft")

    page = browser(marta).send(
        own(draft, "picture"),
        {"picture": (io.BytesIO(data), "a.jpg"), "alt_text": "A bench"},
        status=422,
    )

    assert sentence in page.select_one("#picture-error").text
    assert page.select_one("#alt_text")["value"] == "A bench"
    assert all_pictures() == []


def test_a_file_of_50_mb_ends_in_a_sentence(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    draft = make_proposal(round_, marta, state="draft")

    page = browser(marta).send(
        own(draft, "picture"),
        {"picture": (io.BytesIO(b"\xff\xd8\xff" + bytes(50_000_000)), "a.jpg"), "alt_text": "A"},
        status=413,
    )

    assert "too large" in page.text
    assert stored(draft.id).title == draft.title, "the other pages are saved"


def test_proposals_that_look_alike_are_shown_before_more_is_written(
    browser: BROWSER, round_: MadeRound, marta: AccountRow
) -> None:
    make_proposal(round_, title="Roofs for bus stops", description="Shade for who waits.")
    make_proposal(round_, title="A library at night", description="Open until twelve.")
    draft = make_proposal(round_, marta, state="draft", title="", description="")

    page = browser(marta).send(own(draft, "idea"), IDEA)

    assert "Roofs for bus stops" in page.text
    assert "library" not in page.text
    assert "Mine is different" in page.text
