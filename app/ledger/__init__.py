"""One ledger for all public money: accounts, immutable transfers, what they must always add up to."""
