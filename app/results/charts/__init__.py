"""Pictures of a result. They are drawn where ballots are counted and stored; no page draws one."""
