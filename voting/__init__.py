"""Voting: what may be on a ballot, who may cast it, and what is written down for the record.

Pure Python. No web, database, clock or randomness of its own: random bytes and keys are arguments,
so the same input gives the same bytes on every machine.
"""
