"""Why a count has no outcome, in words of the page and not of the command line."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app.results.counting import NoOutcome

SENTENCE_LENGTH_MAX = 2000

_SENTENCES = {
    "too_long": lazy(
        "The count took longer than six hours and was ended. Ask whoever runs Minga to count on a "
        "faster computer."
    ),
    "memory": lazy(
        "The count needs more memory than it may have. Ask whoever runs Minga to count on a "
        "larger computer."
    ),
    "not_intact": lazy(
        "The ballots in the database are not those that were fixed at the close. Nothing was "
        "counted. Ask whoever runs Minga to compare the database with its backups."
    ),
    "not_proven": lazy(
        "Within its time the computer could not prove that it had found the best set of projects. "
        "An outcome without proof is never published. Run it again at a quiet hour or on a faster "
        "computer."
    ),
}


def sentence(answer: NoOutcome, titles: Mapping[str, str]) -> str:
    """Say what stood in the way; `titles` are those of the round's projects."""
    if answer.tied:
        text = _(
            "%(names)s are exactly tied, and the published order for ties does not separate them. "
            "Nothing was decided.",
            names=listed([titles.get(one, one) for one in answer.tied]),
        )
    else:
        text = _SENTENCES.get(answer.code, answer.text)
    return str(text)[:SENTENCE_LENGTH_MAX]


def listed(names: Sequence[str]) -> str:
    """Write names as a list in a sentence."""
    if len(names) <= 1:
        return "".join(names)
    return str(_("%(most)s and %(last)s", most=", ".join(names[:-1]), last=names[-1]))
