"""Elections in the Pabulib format (`.pb`): read strictly or leniently, checked, written."""

from allocation.pabulib.problems import Mode, Problem
from allocation.pabulib.reader import check, parse
from allocation.pabulib.text import Limits
from allocation.pabulib.writer import write

__all__ = ["Limits", "Mode", "Problem", "check", "parse", "write"]
