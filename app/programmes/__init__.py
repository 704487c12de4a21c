"""Voucher programmes: what they pay for, for whom, and how much by income."""
