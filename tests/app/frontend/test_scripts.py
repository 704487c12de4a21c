"""What the scripts add in a browser, under the real security policy, on a narrow screen."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import webauthn
from flask import Flask, render_template_string, request
from playwright.sync_api import Page, expect
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from app.vouchers.till_forms import CodeForm

pytestmark = pytest.mark.browser

BALLOT = """
{% extends "booth_base.html" %}
{% from "components/ballot.html" import ballot_form, ballot_bar, ballot_project, rank_list,
   ballot_script %}
{% block title %}Ballot{% endblock %}
{% block scripts %}{{ ballot_script() }}{% endblock %}
{% block content %}
  <h1>Ballot</h1>
  {% call ballot_form("/draft") %}
    {% if kind == "ranking" %}{{ rank_list("Your order", "Nothing yet.") }}{% endif %}
    {% for id in ("a", "b", "c") %}
      {{ ballot_project(kind, {"id": id, "title": "Project " ~ id}, none, loop.index) }}
    {% endfor %}
    {{ ballot_bar("Not cast yet.", "0 chosen.") }}
  {% endcall %}
{% endblock %}
"""


@pytest.fixture
def drafts(site: Flask) -> list[dict[str, Any]]:
    """What arrived at the draft's address, and a ballot page to send it from."""
    arrived: list[dict[str, Any]] = []

    @site.get("/ballot/<kind>")
    def ballot(kind: str) -> str:
        return render_template_string(BALLOT, kind=kind)

    @site.post("/draft")
    def draft() -> dict[str, object]:
        fields = request.form.to_dict(flat=False)
        fields.pop("csrf_token")
        arrived.append(fields)
        chosen = fields.get("project", [])
        blockers = ["One project too many."] if len(chosen) > 1 else []
        return {"status": f"{len(chosen)} chosen.", "blockers": blockers, "castable": not blockers}

    return arrived


def test_each_choice_is_kept_on_the_server_whose_words_fill_the_bar(
    drafts: list[dict[str, Any]], serve: Callable[[], str], window: Page
) -> None:
    window.goto(f"{serve()}/ballot/approval")

    window.get_by_label("Project a").check()
    expect(window.locator("[data-ballot-status]")).to_have_text("1 chosen.")
    window.get_by_label("Project b").check()
    expect(window.locator("[data-ballot-blockers]")).to_have_text("One project too many.")
    window.get_by_label("Project a").uncheck()
    expect(window.locator("[data-ballot-blockers]")).to_be_hidden()

    assert drafts[-1] == {"project": ["b"]}
    assert window.evaluate("localStorage.length + sessionStorage.length") == 0


def test_quick_clicks_end_with_the_last_state(
    drafts: list[dict[str, Any]], serve: Callable[[], str], window: Page
) -> None:
    window.goto(f"{serve()}/ballot/approval")

    for name in ("a", "b", "c"):
        window.get_by_label(f"Project {name}").check()
    window.get_by_label("Project a").uncheck()
    expect(window.locator("[data-ballot-status]")).to_have_text("2 chosen.")

    assert drafts[-1] == {"project": ["b", "c"]}


def test_an_order_is_made_and_changed_by_buttons(
    drafts: list[dict[str, Any]], serve: Callable[[], str], window: Page
) -> None:
    window.goto(f"{serve()}/ballot/ranking")

    for name in ("a", "b", "c"):
        window.get_by_role("button", name=f"Add to my order Project {name}").click()
    window.get_by_role("button", name="Move up Project c").press("Enter")
    expect(window.get_by_role("button", name="Move up Project c")).to_be_focused()
    window.get_by_role("button", name="Take out Project a").click()
    expect(window.locator(".minga-rank__title")).to_have_text(["Project c", "Project b"])
    expect(window.get_by_role("status").filter(has_text="no longer in your order")).to_be_attached()

    window.wait_for_timeout(800)
    assert drafts[-1] == {"rank-a": [""], "rank-b": ["2"], "rank-c": ["1"]}


def test_an_order_is_changed_by_dragging(
    drafts: list[dict[str, Any]], serve: Callable[[], str], window: Page
) -> None:
    window.goto(f"{serve()}/ballot/ranking")
    for name in ("a", "b", "c"):
        window.get_by_role("button", name=f"Add to my order Project {name}").click()
    handle = window.locator(".minga-rank__handle").nth(2)
    handle.scroll_into_view_if_needed()
    top = window.locator(".minga-rank__item").first.bounding_box()
    held = handle.bounding_box()
    assert top is not None
    assert held is not None

    window.mouse.move(held["x"] + 8, held["y"] + 8)
    window.mouse.down()
    window.mouse.move(held["x"] + 8, top["y"] + 5, steps=12)
    window.mouse.up()

    expect(window.locator(".minga-rank__title").first).to_have_text("Project c")
    window.wait_for_timeout(800)
    assert drafts[-1] == {"rank-a": ["2"], "rank-b": ["3"], "rank-c": ["1"]}


def test_the_code_of_the_letter_fills_the_field_and_leaves_the_address(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    @site.get("/code")
    def code() -> str:
        return render_template_string(
            "{% extends 'base.html' %}{% block title %}Code{% endblock %}{% block content %}"
            "<h1>Code</h1><label for='code'>Code</label>"
            "<input id='code' data-voting-code>{% endblock %}"
        )

    window.goto(f"{serve()}/code#ABCD-EFGH-JKMN-PQRS")

    expect(window.locator("#code")).to_have_value("ABCD-EFGH-JKMN-PQRS")
    assert window.url.endswith("/code")


def test_a_form_is_sent_once_however_often_the_button_is_pressed(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    sent: list[str] = []

    @site.route("/once", methods=["GET", "POST"])
    def once() -> str:
        if request.method == "POST":
            sent.append("once")
            time.sleep(1.6)  # a slow answer, and a second press after GOV.UK's own guard has gone
        return render_template_string(
            "{% extends 'base.html' %}"
            "{% from 'components/form.html' import form_tag, submit_button %}"
            "{% block title %}Once{% endblock %}{% block content %}<h1>Once</h1>"
            "{% call form_tag() %}{{ submit_button('Send') }}{% endcall %}"
            "<p id='sent'>{{ sent }}</p>{% endblock %}",
            sent=len(sent),
        )

    window.goto(f"{serve()}/once")
    press = "document.querySelector('main button').click()"
    window.evaluate(f"{press}; setTimeout(() => {press}, 1200)")

    expect(window.locator("#sent")).to_have_text("1")
    assert sent == ["once"]


def test_a_job_is_followed_until_it_is_done(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    answers = iter([{"percent": 60, "step": "Counting", "done": False}])

    @site.get("/wait")
    def wait() -> str:
        return render_template_string(
            "{% extends 'base.html' %}{% from 'components/progress.html' import job_progress %}"
            "{% block title %}Wait{% endblock %}{% block content %}<h1>Wait</h1>"
            "{{ job_progress('/poll', 0, 'Starting', '/wait') }}{% endblock %}"
        )

    @site.get("/poll")
    def poll() -> dict[str, object]:
        return next(answers, {"percent": 100, "step": "", "done": True, "url": "/healthy"})

    @site.get("/healthy")
    def done() -> str:
        return '<link rel="icon" href="data:,"><title>Done</title>'

    window.goto(f"{serve()}/wait")

    expect(window.locator("[data-job-step]")).to_have_text("Counting")
    assert window.locator("progress").evaluate("bar => bar.value") == 60
    window.wait_for_url("**/healthy")


MAP = """
{% extends "base.html" %}
{% from "components/map.html" import map_scripts, place_map, point_picker %}
{% block title %}Map{% endblock %}
{% block scripts %}{{ map_scripts() }}{% endblock %}
{% block content %}
  <h1>Map</h1>
  {{ place_map("places", "Projects", areas, [point]) }}
  <label for="lat">Latitude</label><input id="lat">
  <label for="lon">Longitude</label><input id="lon">
  {{ point_picker("pick", "Where?", areas, {"id": "lat"}, {"id": "lon"}) }}
{% endblock %}
"""
SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "<b>East</b>"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[2, 40], [2.1, 40], [2.1, 40.1], [2, 40.1], [2, 40]]],
            },
        }
    ],
}


def test_the_map_needs_no_other_host_and_works_by_keyboard(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    point = {"lat": 40.05, "lon": 2.05, "title": "<img src=x>", "href": "/p/1", "line": "€5"}
    hosts: set[str] = set()
    window.on("request", lambda asked: hosts.add(asked.url.split("/")[2].split(":")[0]))

    @site.get("/map")
    def show() -> str:
        return render_template_string(MAP, areas=SQUARE, point=point)

    window.goto(f"{serve()}/map")
    window.locator("#places .minga-map__pin").press("Enter")
    expect(window.locator(".leaflet-popup a.govuk-link")).to_have_text("<img src=x>")
    window.get_by_role("button", name="Put the mark in the middle of the map").press("Enter")

    assert float(window.locator("#lat").input_value()) == pytest.approx(40.05, abs=0.01)
    assert float(window.locator("#lon").input_value()) == pytest.approx(2.05, abs=0.01)
    assert hosts == {"127.0.0.1"}


@pytest.mark.parametrize("typed", [("99", "abc"), ("99", "2"), ("40,05", "2,05"), ("", "2")])
def test_what_is_no_place_has_no_mark_and_breaks_no_map(
    site: Flask, serve: Callable[[], str], window: Page, typed: tuple[str, str]
) -> None:
    """A form that was refused comes back with what was typed."""
    point = {"lat": 40.05, "lon": 2.05, "title": "A bench", "href": "/p/1"}
    filled = MAP.replace('id="lat"', f'id="lat" value="{typed[0]}"', 1)
    filled = filled.replace('id="lon"', f'id="lon" value="{typed[1]}"', 1)

    @site.get("/map")
    def show() -> str:
        return render_template_string(filled, areas=SQUARE, point=point)

    window.goto(f"{serve()}/map")

    expect(window.get_by_role("button", name="Put the mark in the middle")).to_be_visible()
    expect(window.locator("#pick .minga-map__pin--chosen")).to_have_count(0)


PASSKEY = """
{% extends "base.html" %}
{% from "components/passkey.html" import passkey_button, passkey_script %}
{% block title %}Passkey{% endblock %}
{% block scripts %}{{ passkey_script() }}{% endblock %}
{% block content %}
  <h1>Passkey</h1>
  {{ passkey_button("create", "Make one", "/options/create", "/verify/create") }}
  {{ passkey_button("get", "Use it", "/options/get", "/verify/get") }}
{% endblock %}
"""


def test_a_passkey_is_made_and_used_and_the_server_can_verify_both(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    known: dict[str, Any] = {"challenge": b"a challenge of the server"}

    @site.get("/passkey")
    def passkey() -> str:
        return render_template_string(PASSKEY)

    @site.post("/options/<kind>")
    def options(kind: str) -> dict[str, Any]:
        if kind == "create":
            made = webauthn.generate_registration_options(
                rp_id="localhost", rp_name="M", user_name="Ana", challenge=known["challenge"]
            )
        else:
            made = webauthn.generate_authentication_options(
                rp_id="localhost",
                challenge=known["challenge"],
                allow_credentials=[PublicKeyCredentialDescriptor(id=known["id"])],
            )
        return dict(json.loads(webauthn.options_to_json(made)))

    @site.post("/verify/<kind>")
    def verify(kind: str) -> dict[str, str]:
        expected = {
            "credential": request.json["credential"],
            "expected_challenge": known["challenge"],
            "expected_rp_id": "localhost",
            "expected_origin": f"http://{request.host}",
        }
        if kind == "create":
            seen = webauthn.verify_registration_response(**expected)
            known.update(id=seen.credential_id, key=seen.credential_public_key)
        else:
            webauthn.verify_authentication_response(
                **expected, credential_public_key=known["key"], credential_current_sign_count=0
            )
        return {"url": f"/passkey?done={kind}"}

    devices = window.context.new_cdp_session(window)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    window.goto(serve().replace("127.0.0.1", "localhost") + "/passkey")

    window.get_by_role("button", name="Make one").click()
    window.wait_for_url("**/passkey?done=create")
    window.get_by_role("button", name="Use it").click()
    window.wait_for_url("**/passkey?done=get")


def test_no_passkey_is_offered_where_browsers_refuse_it(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    @site.get("/passkey")
    def passkey() -> str:
        return render_template_string(PASSKEY)

    window.goto(f"{serve()}/passkey")

    expect(window.get_by_role("button", name="Make one")).to_be_hidden()


TYPED = """
{% extends "base.html" %}
{% from "components/field.html" import field %}
{% block title %}Voucher{% endblock %}
{% block content %}<h1>Voucher</h1>{{ field(form.code) }}{% endblock %}
"""


def test_a_slip_in_a_typed_code_is_told_before_it_is_sent(
    site: Flask, serve: Callable[[], str], window: Page
) -> None:
    site.add_url_rule("/typed", view_func=lambda: render_template_string(TYPED, form=CodeForm()))
    window.goto(f"{serve()}/typed")
    field, slip = window.get_by_label("Code of the voucher"), window.locator("#code-slip")

    field.fill("0123-4567-89AN")
    field.blur()
    expect(slip).to_have_text("A character is wrong. Please read the code again.")
    expect(field).to_have_attribute("aria-describedby", "code-hint code-slip")
    field.fill("oi23 4567 89am")
    expect(slip).to_be_empty()
