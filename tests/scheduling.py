"""Which tests run in the same worker, one after the other."""

from xdist.scheduler import LoadScopeScheduling

# Tests whose preparation takes longer than they do: it is made once, by the worker that gets them.
TOGETHER = {
    "tests/app/demo/": "the demonstration",
    "tests/journeys/test_pages.py": "the demonstration in Chromium",
    "tests/app/cli/test_study.py": "a study that nothing disturbed",
    "tests/app/frontend/test_scripts.py": "pages of scripts in Chromium",
}


class KeepTogether(LoadScopeScheduling):
    """Shares tests out one by one, but for those that belong together. Large groups come first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for path, name in TOGETHER.items() if nodeid.startswith(path)), nodeid)
