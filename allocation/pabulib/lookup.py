"""Which of many texts are the same, and where they are among others.

Texts are sorted by a number made of their bytes, their digest. Texts with one digest are compared
byte by byte, so the answer is right whatever the digests; only its speed depends on them.
"""

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.texts import WORD_BYTES, Places, Texts

# Odd numbers of well-mixed bits: multiplied by them, words that differ little differ much.
FACTORS = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93], dtype=np.uint64)
HALF_A_WORD = np.uint64(32)
NOWHERE = -1


def are_different(texts: Texts) -> bool:
    in_order = np.sort(_digests(texts))
    return not (in_order[1:] == in_order[:-1]).any() or len(different(texts)[0]) == len(texts)


def different(texts: Texts) -> tuple[Places, Places]:
    """Return where each different text comes first, in order, and for each text which it is."""
    if not len(texts):
        return texts.begins, texts.begins
    digests = _digests(texts)
    order = np.argsort(digests)
    is_new = np.concatenate([[True], np.diff(digests[order]) != 0])
    firsts = np.minimum.reduceat(order, np.flatnonzero(is_new))
    number = np.empty(len(texts), dtype=np.int64)
    number[order] = np.cumsum(is_new) - 1
    others = np.flatnonzero(firsts[number] != np.arange(len(texts)))
    if not _are_equal(texts.take(firsts[number[others]]), texts.take(others)).all():
        return _different_strings(texts)
    by_place = np.argsort(firsts)
    return firsts[by_place], np.argsort(by_place)[number]


def find(wanted: Texts, among: Texts) -> Places:
    """Tell for each wanted text where it is among others, all of them different; else NOWHERE."""
    digests, sought = _digests(among), _digests(wanted)
    by_digest = np.argsort(digests)
    in_order = digests[by_digest]
    if not len(among) or (in_order[1:] == in_order[:-1]).any():
        return _find_strings(wanted, among)
    after = np.searchsorted(in_order, sought).clip(max=len(among) - 1)
    found = np.where(in_order[after] == sought, by_digest[after], NOWHERE)
    hits = np.flatnonzero(found != NOWHERE)
    found[hits[~_are_equal(wanted.take(hits), among.take(found[hits]))]] = NOWHERE
    return found


def _digests(texts: Texts) -> NDArray[np.uint64]:
    digests = np.zeros(len(texts), dtype=np.uint64)
    for place in texts.long:
        digests[place] = hash(texts[place]) % 2**64
    for places, words in texts.by_word():
        mixed = (digests[places] ^ words) * FACTORS[0]
        digests[places] = (mixed ^ mixed >> HALF_A_WORD) * FACTORS[1]
    return digests


def _are_equal(some: Texts, others: Texts) -> NDArray[np.bool_]:
    """Compare texts that have the same digest, pair by pair."""
    is_equal: NDArray[np.bool_] = some.lengths == others.lengths
    # A single word can be had back from its digest, so such texts are the same.
    pairs = np.flatnonzero(is_equal & (some.lengths > WORD_BYTES))
    some, others = some.take(pairs), others.take(pairs)
    for place in some.long:
        is_equal[pairs[place]] = some[place] == others[place]
    for (places, words), (_, others_words) in zip(some.by_word(), others.by_word(), strict=True):
        is_equal[pairs[places]] &= words == others_words
    return is_equal


def _different_strings(texts: Texts) -> tuple[Places, Places]:
    """Do the same as `different` where two texts have one digest: slowly."""
    strings = texts.strings()
    number = {text: place for place, text in enumerate(dict.fromkeys(strings))}
    numbers = np.array([number[text] for text in strings], dtype=np.int64)
    return np.unique(numbers, return_index=True)[1], numbers


def _find_strings(wanted: Texts, among: Texts) -> Places:
    """Do the same as `find` where two of the others have one digest: slowly."""
    place = {text: place for place, text in enumerate(among.strings())}
    return np.array([place.get(text, NOWHERE) for text in wanted.strings()], dtype=np.int64)
