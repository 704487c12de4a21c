"""One ledger for all public money: accounts, immutable transfers, and what always holds."""
