"""Small elections in the Pabulib format, to take apart in tests."""

from collections.abc import Sequence
from pathlib import Path

DATA = Path(__file__).parent / "allocation" / "data"

META = {
    "description": "Green mile",
    "country": "Portugal",
    "unit": "Valdeagua",
    "instance": "2026",
    "num_projects": "3",
    "num_votes": "4",
    "budget": "1000",
    "vote_type": "approval",
    "rule": "unknown",
    "date_begin": "01.03.2026",
    "date_end": "2026",
}
PROJECTS = ("project_id;cost;votes;name", "1;500;3;Trees", "2;400;2;Benches", "3;700;1;Roof")
VOTES = ("voter_id;vote", "a;1,2", "b;1", "c;2,3", "d;1")
POINT_VOTES = ("voter_id;vote;points", "a;1,2;3,2", "b;1;5", "c;2,3;4,1", "d;1;2.5")
# Where the first row of each section stands when META is as above.
FIRST_PROJECT_LINE = 16
FIRST_VOTE_LINE = 21


def data_files() -> list[Path]:
    return sorted(DATA.glob("*.pb"))


def pb_file(
    *, projects: Sequence[str] = PROJECTS, votes: Sequence[str] = VOTES, **meta: str | None
) -> str:
    """Build a file without faults, unless the arguments bring them; None leaves a key out."""
    values = {**META, **meta}
    pairs = [f"{key};{value}" for key, value in values.items() if value is not None]
    lines = ["META", "key;value", *pairs, "PROJECTS", *projects, "VOTES", *votes]
    return "\n".join(lines) + "\n"


def cumulative_file(votes: Sequence[str] = POINT_VOTES) -> str:
    """Build a file with points; it has one line of META more."""
    return pb_file(vote_type="cumulative", max_sum_points="5", votes=votes)
