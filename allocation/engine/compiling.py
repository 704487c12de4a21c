"""Functions compiled once on a machine and kept for the next start.

Numba keeps what it compiled beside the source, and compiles anew when that file changes. It does
not notice changes in other files from which functions were compiled in, so that is done here.
`python -m allocation.engine.warm` compiles everything ahead, which set-up does.
"""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])

HERE = Path(__file__).parent
KEPT = HERE / "__pycache__"
STAMP = KEPT / "compiled-from"


def compiled(function: Function) -> Function:
    """Compile a function at its first call, or take what an earlier start has kept."""
    try:
        return cast("Function", njit(cache=True)(function))
    except RuntimeError:  # there is no folder to keep anything in
        return cast("Function", njit(function))


def forget_outdated() -> None:
    """Throw away what was compiled from other sources than these."""
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    now = hashlib.sha256(sources).hexdigest()
    with contextlib.suppress(OSError):
        if STAMP.exists() and STAMP.read_text() == now:
            return
        KEPT.mkdir(exist_ok=True)
        for path in (*KEPT.glob("*.nbi"), *KEPT.glob("*.nbc")):
            path.unlink(missing_ok=True)
        STAMP.write_text(now)


forget_outdated()
