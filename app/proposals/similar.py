"""Which proposals are about the same thing: shared words, rare words counting most. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from app.texts import fold

Key = TypeVar("Key")

SHOWN_MAX = 3
LIKENESS_MIN = 0.25
_STEM_LENGTH = 5  # with the last s cut, "stop" and "stops", "jardín" and "jardines" are one word
_WORD = re.compile(r"[^\W\d_]{4,}")
_WORDS_MAX = 400


def similar(text: str, others: Mapping[Key, str]) -> list[Key]:
    """Return up to three of `others` that share enough with `text`, the most alike first.

    >>> similar("Benches in the park", {"a": "A bench for Park Street", "b": "Night buses"})
    ['a']
    """
    stems = {key: _stems(other) for key, other in others.items()}
    own = _stems(text)
    weights = _weights([own, *stems.values()])
    scored = [(_likeness(own, found, weights), key) for key, found in stems.items()]
    alike = sorted((s for s in scored if s[0] >= LIKENESS_MIN), key=lambda s: -s[0])
    return [key for _, key in alike[:SHOWN_MAX]]


def _stems(text: str) -> frozenset[str]:
    words = _WORD.findall(fold(text))[:_WORDS_MAX]
    return frozenset(word.rstrip("s")[:_STEM_LENGTH] for word in words)


def _weights(texts: list[frozenset[str]]) -> dict[str, float]:
    """A word that stands in every text says nothing; one that stands in two says much."""
    texts_with = Counter(stem for stems in texts for stem in stems)
    return {stem: math.log(1 + len(texts) / count) for stem, count in texts_with.items()}


def _likeness(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return from 0 (no word in common) to 1 (the same words): the cosine of the two."""
    shared = sum(weights[stem] ** 2 for stem in one & other)
    lengths = [math.sqrt(sum(weights[stem] ** 2 for stem in stems)) for stems in (one, other)]
    return shared / math.prod(lengths) if all(lengths) else 0.0
