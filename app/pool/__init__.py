"""The shared pool of a programme: what holders give of their vouchers, and who gets from it."""
