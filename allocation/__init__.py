"""Counting: from ballots and costs to funded projects, exactly, with the reason for each.

Pure Python. Text or data classes in, data classes out; no web, database, clock or network, so the
same input and rule sheet give the same bytes on every machine.
"""
