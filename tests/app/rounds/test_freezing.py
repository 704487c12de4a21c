"""Rules and projects are fixed by two officers, by their digest, and stay as they are."""

import pytest
from factories_rounds import at_once, make_round
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, UserFacingError
from app.rounds import freezing, queries, service, sheet
from app.rounds.models import RoundState
from app.rounds.setup import projects
from voting import canonical

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def reviewed(context):
    """A round whose prices are public: the next act is the freeze."""
    return make_round("review", prices_released_at=clock.now())


def test_two_officers_fix_the_rules_and_the_digest_is_that_of_the_bytes(
    reviewed, officer, approve, audited
) -> None:
    approval = freezing.propose_freeze(officer, reviewed.slug)

    approve(approval)

    row = read_tx(lambda session: queries.round_by_id(session, reviewed.id))
    fixed = read_tx(lambda session: queries.rule_sheet(session, reviewed.id))
    assert row.state == RoundState.FROZEN
    assert fixed.sha256 == sheet.digest(fixed.content) == approval.payload["sha256"]
    content = canonical.decode(fixed.content)
    assert content["rule"]["rule"] == "equal-shares"
    assert content["rule"]["utility"] == "cost"
    assert [one["reference"] for one in content["projects"]] == [
        "bench",
        "pool",
        "trees",
        "library",
    ]
    assert content["pots"][0]["budget_minor"] == 1_000_000
    assert audited(reviewed.slug) == ["round.freeze.proposed", "round.freeze.approved"]


def test_who_proposed_the_freeze_cannot_approve_it(reviewed, officer, approve) -> None:
    approval = freezing.propose_freeze(officer, reviewed.slug)

    with pytest.raises(ForbiddenError, match="second person"):
        approve(approval, by=officer)

    assert read_tx(lambda s: queries.rule_sheet(s, reviewed.id)) is None


def test_what_was_changed_since_the_proposal_is_not_fixed(
    reviewed, officer, second_officer, approve
) -> None:
    approval = freezing.propose_freeze(officer, reviewed.slug)
    values = {
        "title": "Library",
        "reference": "library",
        "description": "More books.",
        "cost_minor": 500_000,
        "pot_id": reviewed.pot.id,
        "area_id": None,
        "category_id": None,
        "latitude": None,
        "longitude": None,
    }
    version = read_tx(lambda s: queries.round_by_id(s, reviewed.id)).version
    library = reviewed.projects[3].id
    projects.edit(second_officer, reviewed.slug, library, values, version=version)

    with pytest.raises(ConflictError, match="changed since this was proposed"):
        approve(approval)

    assert read_tx(lambda s: queries.round_by_id(s, reviewed.id)).state == RoundState.REVIEW


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"projects": ()}, "no projects on this ballot"),
        ({"projects": [("dear", 2_000_000)], "ballot_type": "knapsack"}, "nobody could choose"),
        ({"limits": {"number_min": 9}}, "only 4 are there"),
        ({"lot_source": ""}, "where the lot comes from"),
        ({"rule": {"rule": "equal-shares", "utility": "points"}}, "does not fit the ballot"),
        ({"prices_released_at": None}, "Release the decisions"),
        (
            {"ballot_type": "scores", "limits": {"score_min": -2}},
            "Equal shares cannot count scores below 0",
        ),
        (
            {"ballot_type": "scores", "limits": {"score_default": -1}},
            "Equal shares cannot count scores below 0",
        ),
    ],
)
def test_a_round_that_cannot_stand_is_not_fixed_and_says_why(
    officer, broken: dict[str, object], sentence: str
) -> None:
    made = make_round("review", **{"prices_released_at": clock.now(), **broken})

    with pytest.raises(UserFacingError, match=sentence):
        freezing.propose_freeze(officer, made.slug)


def test_two_officers_proposing_at_once_leave_one_proposal(
    app, reviewed, officer, second_officer
) -> None:
    outcomes = at_once(
        app,
        lambda: freezing.propose_freeze(officer, reviewed.slug),
        lambda: freezing.propose_freeze(second_officer, reviewed.slug),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["ApprovalRow", "ConflictError"]


def test_two_officers_approving_at_once_fix_the_rules_once(
    app, reviewed, officer, third_officer, approve
) -> None:
    approval = freezing.propose_freeze(officer, reviewed.slug)

    outcomes = at_once(app, lambda: approve(approval), lambda: approve(approval, by=third_officer))

    assert sorted(type(one).__name__ for one in outcomes) == ["ConflictError", "NoneType"]
    assert read_tx(lambda s: queries.rule_sheet(s, reviewed.id)) is not None


def test_a_project_added_after_the_freeze_is_refused_and_written_down(officer, audited) -> None:
    made = make_round("frozen")
    values = {"reference": "x", "title": "X", "cost_minor": 1, "pot_id": made.pot.id}

    with pytest.raises(service.FrozenError, match="fixed and published"):
        projects.add(officer, made.slug, values)
    with pytest.raises(service.FrozenError):
        run_tx(lambda s: service.add_project(s, made.row, **values))

    assert audited(made.slug) == ["round.edit_refused"]


@pytest.mark.parametrize("state", ["frozen", "voting", "closed", "published"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE project SET cost_minor = 1",
        "UPDATE project SET title = 'Other'",
        "DELETE FROM project",
        "UPDATE pot SET budget_minor = 1",
        "UPDATE round SET rule = '{}'",
        "UPDATE round SET ballot = '{}'",
        "UPDATE round SET lot_source = 'mine'",
        "UPDATE rule_sheet SET sha256 = 'x'",
        "DELETE FROM rule_sheet",
    ],
)
def test_the_database_itself_keeps_what_is_fixed(state: str, statement: str) -> None:
    made = make_round(state)

    with pytest.raises(DBAPIError, match=r"frozen|insert-only"):
        run_tx(lambda session: session.connection().execute(text(statement)))

    kept = read_tx(lambda s: queries.projects(s, made.id))
    assert [one.cost_minor for one in kept] == [100_000, 300_000, 250_000, 400_000]


def test_the_same_round_gives_the_same_bytes(reviewed) -> None:
    first, again = (read_tx(lambda s: sheet.build(s, reviewed.row)) for _ in range(2))

    assert first == again


def test_a_freeze_that_waits_is_the_only_one(reviewed, officer) -> None:
    approval = freezing.propose_freeze(officer, reviewed.slug)

    waiting = read_tx(lambda s: approvals.pending_for(s, freezing.FREEZE, reviewed.slug))
    assert waiting.id == approval.id
    assert approval.payload["sha256"] in read_tx(lambda s: approvals.describe(s, waiting))
