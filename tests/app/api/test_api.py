"""The API tells what the public pages tell, when they tell it."""

import hashlib
import json
import re

import pytest
from factories_results import make_closed, make_count, make_published
from factories_rounds import make_round

from allocation import pabulib
from voting import canonical

V1 = "/api/v1"


@pytest.fixture
def get(app):
    """Get an address of the API as a stranger: `get("/rounds", status=200)`."""
    client = app.test_client()

    def fetch(path: str, *, status: int = 200):
        answer = client.get(f"{V1}{path}")
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    return fetch


def test_rounds_are_listed_without_drafts(get) -> None:
    make_round("draft", slug="secret")
    made = make_round("voting", slug="meadow")

    [listed] = get("/rounds")["rounds"]

    assert listed["id"] == str(made.id)
    assert (listed["slug"], listed["phase"], listed["budget_minor"]) == (
        "meadow",
        "voting",
        1_000_000,
    )
    assert listed["page"].endswith("/rounds/meadow")


def test_a_round_is_found_by_slug_and_by_id(get) -> None:
    made = make_round("voting", slug="meadow", pots={"town": 500_000, "north": 200_000})

    by_slug, by_id = get("/rounds/meadow"), get(f"/rounds/{made.id}")

    assert by_slug == by_id
    assert [pot["budget_minor"] for pot in by_slug["pots"]] == [500_000, 200_000]
    assert by_slug["categories"] == ["Parks", "Streets"]
    assert {area["code"]: area["parent"] for area in by_slug["areas"]} == {
        "town": None,
        "north": "town",
    }
    assert by_slug["rule_sheet_sha256"]


def test_drafts_and_unknown_rounds_are_one_and_the_same(get) -> None:
    made = make_round("draft", slug="secret")

    for path in ("/rounds/secret", f"/rounds/{made.id}", "/rounds/none", "/rounds/secret/projects"):
        refused = get(path, status=404)
        assert refused["outcome"] == "not_found"
        assert "no such round" in refused["message"]


def test_projects_appear_when_all_prices_do(get) -> None:
    make_round("review", slug="early")
    make_round("frozen", slug="meadow")

    assert "appear all together" in get("/rounds/early/projects", status=404)["message"]
    listed = get("/rounds/meadow/projects")["projects"]
    assert (listed[0]["reference"], listed[0]["cost_minor"]) == ("bench", 100_000)


@pytest.mark.parametrize("state", ["voting", "closed", "counted"])
def test_nothing_tells_a_running_count(get, state: str) -> None:
    if state == "voting":
        make_round("voting", slug="meadow")
    else:
        made = make_closed(slug="meadow")
        if state == "counted":
            make_count(made)

    assert "not public yet" in get("/rounds/meadow/results", status=404)["message"]
    assert get("/rounds/meadow/ballots.pb", status=404)["outcome"] == "not_found"
    shown = get("/rounds/meadow")
    assert "votes" not in json.dumps(shown)
    assert [pot["ballots"] for pot in shown["pots"]] == [None if state == "voting" else 24]


def test_the_published_result_says_who_won_and_why(get) -> None:
    make_published(make_closed(slug="meadow"))

    answer = get("/rounds/meadow/results")
    [pot] = answer["pots"]

    assert pot["allocation"]["winners"] == ["bench", "pool", "trees"]
    assert pot["spent_minor"] == 650_000
    assert [one["won"] for one in pot["projects"]] == [True, True, True, False]
    assert pot["projects"][3]["sentence"].startswith("Not funded: ")
    assert pot["representation"]["ballots"] == 24


def test_the_hash_of_a_run_can_be_recomputed_from_the_answer(get) -> None:
    made = make_published(make_closed(slug="meadow"))

    [run] = get("/rounds/meadow/results")["runs"]
    content = {
        "prev": run["prev_hash"],
        "round": str(made.id),
        "run_no": run["run_no"],
        "kind": run["kind"],
        "rule": run["rule"],
        "sheet": run["sheet_sha256"],
        "input": run["input_sha256"],
        "reason": run["reason"],
    }

    assert hashlib.sha256(canonical.encode(content)).hexdigest() == run["hash"]


def test_the_ballots_are_those_whose_digest_the_result_names(app, get) -> None:
    make_published(make_closed(slug="meadow"))

    [pot] = get("/rounds/meadow/results")["pots"]
    answer = app.test_client().get(f"{V1}/rounds/meadow/ballots.pb")

    assert hashlib.sha256(answer.data).hexdigest() == pot["ballots_sha256"]
    assert len(pabulib.parse(answer.data)[0].ballots) == 24
    assert app.test_client().get(pot["ballots_file"]).data == answer.data


def test_of_several_pots_one_has_to_be_named(app, get) -> None:
    made = make_closed(
        [("bench",)] * 20,
        slug="meadow",
        pots={"town": 500_000, "north": 500_000},
        more={"North": [("pool",)] * 3},
    )
    make_published(made)
    town, north = made.pots

    refused = get("/rounds/meadow/ballots.pb", status=422)
    assert "Whole town, North" in refused["message"]
    assert app.test_client().get(f"{V1}/rounds/meadow/ballots.pb?pot={town.id}").status_code == 200
    assert "Fewer than 20" in get("/rounds/meadow/ballots.pb?pot=North", status=409)["message"]
    assert get("/rounds/meadow/ballots.pb?pot=East", status=404)["outcome"] == "not_found"
    assert get("/rounds/meadow/results")["pots"][1]["ballots_file"] is None
    assert north.name == "North"


def test_every_route_stands_in_the_description(app, get) -> None:
    document = get("/openapi.json")
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    described = {(path, method) for path, item in document["paths"].items() for method in item}

    assert described == routes
    assert document["openapi"].startswith("3.1")


def test_the_description_names_no_shape_that_it_does_not_have(get) -> None:
    document = get("/openapi.json")
    text = json.dumps(document)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert named <= set(document["components"]["schemas"])


def test_answers_have_the_fields_that_the_description_promises(get) -> None:
    make_published(make_closed(slug="meadow"))
    schemas = get("/openapi.json")["components"]["schemas"]

    for path, shape in (
        ("/rounds", "RoundList"),
        ("/rounds/meadow", "Round"),
        ("/rounds/meadow/projects", "ProjectList"),
        ("/rounds/meadow/results", "Result"),
    ):
        assert set(get(path)) == set(schemas[shape]["properties"]), path


def test_an_unknown_address_is_answered_in_json(get) -> None:
    assert set(get("/nothing", status=404)) == {"outcome", "message"}
