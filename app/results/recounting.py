"""How anybody recounts a published result at home: what to type in the folder of both files."""

import shlex
from collections.abc import Sequence

from app.results import export
from app.rounds.models import PotRow, RoundRow


def allocate_command(round_row: RoundRow, pot: PotRow, pots: Sequence[PotRow]) -> str:
    """Return the command that gives the winners of a pot again."""
    return shlex.join(["minga", "allocate", *_arguments(round_row, pot, pots)])


def explain_command(
    round_row: RoundRow, pot: PotRow, pots: Sequence[PotRow], reference: str
) -> str:
    """Return the command that tells of one project what its page tells."""
    file, *rule = _arguments(round_row, pot, pots)
    return shlex.join(["minga", "explain", file, reference, *rule])


def _arguments(round_row: RoundRow, pot: PotRow, pots: Sequence[PotRow]) -> list[str]:
    """Name both files as they are downloaded; the lot is drawn after the rules are fixed."""
    file = export.file_name(round_row, pot, pots)
    lot = ["--lot-seed", round_row.lot_seed] if round_row.lot_seed else []
    return [file, "--rule-sheet", f"{round_row.slug}-rules.json", *lot]
