"""Property tests of open books are not timed: a busy machine is no fault of theirs."""

import os

from hypothesis import settings

settings.register_profile("minga", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("minga")
