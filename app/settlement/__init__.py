"""Paying providers for what was redeemed: batches, payment files, statements."""
