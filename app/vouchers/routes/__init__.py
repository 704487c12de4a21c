"""Pages of vouchers: the till of providers, and what holders see and do."""
