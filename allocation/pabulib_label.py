"""What a rule is called in the Pabulib format, and what its name leaves unsaid."""

import json

from allocation.options import Comparison, Completion, Rule, Utility
from allocation.rule_sheet import RuleSheet

# What a label says; everything else about the sheet goes into the comment.
SAID_BY_EQUAL_SHARES = frozenset({"rule", "utility", "completion", "comparison"})
SAID_BY_ADD1 = SAID_BY_EQUAL_SHARES | {"exhaustive_stop", "integral_start", "increment"}
SAID_BY_GREEDY = frozenset({"rule", "utility", "stop_at_misfit", "votes_min", "constraints"})


def pabulib_label(sheet: RuleSheet) -> tuple[str, str]:
    """Give the value of the `rule` field and a comment with the options it does not cover.

    >>> pabulib_label(RuleSheet(rule=Rule.GREEDY, stop_at_misfit=True))[0]
    'greedy-no-skip'
    """
    label, said = _label(sheet)
    options = {
        name: value
        for name, value in sheet.to_dict().items()
        if name not in said and value not in (None, False)
    }
    comment = json.dumps(options, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return label, f"rule options {comment}" if options else ""


def _label(sheet: RuleSheet) -> tuple[str, frozenset[str]]:
    if sheet.rule is Rule.GREEDY and sheet.utility is None:
        return _greedy_label(sheet)
    comparable = sheet.comparison in {Comparison.NONE, Comparison.SATISFACTION}
    if sheet.rule is Rule.EQUAL_SHARES and sheet.utility is Utility.COST and comparable:
        suffix = "-comparison" if sheet.comparison is Comparison.SATISFACTION else ""
        if sheet.completion is Completion.NONE:
            return f"equalshares{suffix}", SAID_BY_ADD1
        if _is_checker_add1(sheet):
            return f"equalshares/add1{suffix}", SAID_BY_ADD1
    return "unknown", frozenset()


def _is_checker_add1(sheet: RuleSheet) -> bool:
    """Whether this is add1 as the format's own checker recounts it."""
    return (
        sheet.completion is Completion.ADD1
        and not sheet.exhaustive_stop
        and sheet.integral_start
        and sheet.increment == 1
    )


def _greedy_label(sheet: RuleSheet) -> tuple[str, frozenset[str]]:
    variants = {
        "greedy-no-skip": sheet.stop_at_misfit,
        "greedy-threshold": sheet.votes_min is not None,
        "greedy-exclusive": bool(sheet.constraints),
    }
    used = [label for label, is_used in variants.items() if is_used]
    if len(used) > 1 or sheet.fund_unsupported:
        return "greedy-custom", frozenset({"rule"})
    if not used:
        return "greedy", SAID_BY_GREEDY
    # The label says that there is a threshold or a group, not which.
    return used[0], frozenset({"rule", "utility", "stop_at_misfit"})
