"""The count of a closed round and its publication, by the acts of two officers."""

from app.db import read_tx, run_tx
from app.demo import care_programmes
from app.demo.seed import RoundSeed
from app.demo.world import World
from app.results import publication, runs
from app.rounds import queries as rounds


def count_and_publish(world: World, seed: RoundSeed) -> None:
    """Close by date, enter the public draw, count by the rule sheet, publish."""
    timeline = world.timeline
    timeline.reach(timeline.moment(seed.days["voting_closes"], hour=20))
    row = read_tx(lambda session: rounds.round_by_slug(session, world.slug(seed)))
    timeline.reach(timeline.moment(seed.days["voting_closes"] + 2))
    officer, draw = world.actor("officer"), seed.draw or ""
    run_tx(lambda session: publication.propose_draw(session, officer, row.id, draw))
    world.approve("second_officer", publication.DRAW)
    run_tx(lambda session: runs.request_official(session, officer, row.id))
    timeline.reach(timeline.moment(seed.days["results"]))
    officer = world.actor("officer")
    run_tx(lambda session: publication.propose_publication(session, officer, row.id))
    world.approve("second_officer", publication.PUBLISH)
    care_programmes.schedule(world, seed)
