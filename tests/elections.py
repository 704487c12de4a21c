"""Elections for tests of counting: small ones by hand or by chance, and the real ones."""

import functools
import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import corpus

from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.pabulib import parse

POINTS = {VoteType.CUMULATIVE, VoteType.SCORING}


def make_election(
    costs: dict[str, int],
    ballots: Sequence[str | tuple[str, ...]],
    *,
    budget: int = 100,
    vote_type: VoteType = VoteType.APPROVAL,
    points: Sequence[tuple[int | Fraction, ...]] = (),
    **fields: Any,
) -> Instance:
    """An election with `costs` by id; a ballot is a tuple of ids, or a text of one-letter ids."""
    return Instance(
        vote_type=vote_type,
        budget=budget,
        projects=tuple(Project(id_, cost) for id_, cost in costs.items()),
        ballots=tuple(
            Ballot(tuple(ids), tuple(map(Fraction, points[place])) if points else (), f"v{place}")
            for place, ids in enumerate(ballots)
        ),
        **fields,
    )


def random_election(seed: int, vote_type: VoteType = VoteType.APPROVAL) -> Instance:
    """A tiny election made for ties: few costs, repeated ballots, some empty, odd ids."""
    random = Random(f"{vote_type}{seed}")
    ids = random.sample(["2", "10", "a-1", "a_1", "07", "7", "Z"], random.randint(1, 6))
    costs = {id_: random.choice([2, 2, 3, 4, 6, 12]) for id_ in ids}
    ballots: list[tuple[str, ...]] = []
    points: list[tuple[int, ...]] = []
    for _ in range(random.randint(1, 5)):
        size = 1 if vote_type is VoteType.CHOOSE_1 else random.randint(0, len(ids))
        chosen = tuple(random.sample(ids, size))
        given = tuple(random.choice([0, 1, 1, 2, 3]) for _ in chosen)
        copies = random.randint(1, 3)
        ballots += [chosen] * copies
        points += [given] * copies
    return make_election(
        costs,
        ballots,
        budget=random.choice([3, 6, 7, 10, 12, 20]),
        vote_type=vote_type,
        points=points if vote_type in POINTS else (),
        default_score=Fraction(random.choice([0, 0, 1]))
        if vote_type is VoteType.SCORING
        else Fraction(0),
    )


def shuffled(instance: Instance, seed: int) -> Instance:
    """The same election with its rows in another order."""
    random = Random(seed)
    projects = random.sample(instance.projects, len(instance.projects))
    ballots = random.sample(instance.ballots, len(instance.ballots))
    return replace(instance, projects=tuple(projects), ballots=tuple(ballots))


@functools.lru_cache(maxsize=4)
def real_election(name: str) -> Instance:
    """An election of PABULIB_DIR, read leniently as the commands on files do."""
    instance, _ = parse(corpus.corpus_file(name).read_bytes(), "lenient")
    return instance


def known_outcomes(name: str) -> list[dict[str, Any]]:
    """The lines of a file of known outcomes in PABULIB_DIR; none without the folder."""
    return [
        json.loads(line)
        for path in corpus.corpus_files(name)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
