"""What is wrong with a row of an uploaded roll, in words: what stands there, what to do."""

from collections.abc import Callable, Mapping

import flask_babel

from app.roll.rules import Problem, ProblemKind

_: Callable[..., str] = flask_babel.gettext


def problem_sentence(problem: Problem) -> str:
    """Say one problem; its line is told apart."""
    return _SENTENCES[problem.kind](problem)


_SENTENCES: Mapping[ProblemKind, Callable[[Problem], str]] = {
    ProblemKind.CELLS: lambda p: _(
        "This row has %(found)s cells and the header has %(limit)s. Look for a missing or "
        "surplus delimiter.",
        found=p.found,
        limit=p.limit,
    ),
    ProblemKind.QUOTES: lambda _p: _(
        "The quotation marks of this row do not fit. Each one that opens must be closed."
    ),
    ProblemKind.MISSING: lambda p: _("Nothing stands in %(column)s. Fill it in.", column=p.column),
    ProblemKind.TOO_LONG: lambda p: _(
        "%(column)s has more than %(limit)s characters (“%(found)s…”). Shorten it.",
        column=p.column,
        limit=p.limit,
        found=p.found,
    ),
    ProblemKind.CONTROL: lambda p: _(
        "%(column)s has characters that cannot be printed. Type it anew.", column=p.column
    ),
    ProblemKind.UNKNOWN_DISTRICT: lambda p: _(
        "There is no district “%(found)s”. Use one of the codes listed on this page.",
        found=p.found,
    ),
    ProblemKind.DUPLICATE: lambda p: _(
        "The register number “%(found)s” stands in line %(line)s already. Remove one of the two.",
        found=p.found,
        line=p.other_line,
    ),
    ProblemKind.BIRTH_DATE: lambda p: _(
        "“%(found)s” is no date of birth. Write it as 1968-03-21 or 21/03/1968.", found=p.found
    ),
    ProblemKind.UNDER_AGE: lambda p: _(
        "Born on %(found)s, this person is under %(limit)s on the last day of voting. "
        "Remove the row.",
        found=p.found,
        limit=p.limit,
    ),
}
