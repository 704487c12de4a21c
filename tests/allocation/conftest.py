import os

import corpus
from hypothesis import settings

# A busy machine is no fault of the code; in CI the same examples come every time.
settings.register_profile("minga", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("minga")

# Not skipped but absent: a run that needs no real elections has nothing missing.
collect_ignore_glob = [] if corpus.corpus_files() else ["*_corpus.py"]
