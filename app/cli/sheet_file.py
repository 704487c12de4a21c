"""Reading a rule from a file that Minga published: a rule sheet, or the result of a count."""

import json
from pathlib import Path
from typing import Any

from allocation.errors import RuleOptionError
from app.cli.output import read_text


def read_sheet_file(path: Path) -> dict[str, Any]:
    """Return the options of the rule that stands in a file of JSON.

    It is a rule sheet as a round publishes it, a result as `--json` writes it, both of which hold
    the rule beside much else, or a rule alone. Raises RuleOptionError for anything else.
    """
    try:
        content = json.loads(read_text(path))
    except ValueError as error:
        raise RuleOptionError(
            f"{path.name} is not JSON. Give the rule sheet as it was downloaded."
        ) from error
    rule = content.get("rule") if isinstance(content, dict) else None
    if isinstance(rule, dict):
        return dict(rule)
    if isinstance(rule, str):
        return dict(content)
    raise RuleOptionError(f"{path.name} names no rule. Give the rule sheet as it was downloaded.")
