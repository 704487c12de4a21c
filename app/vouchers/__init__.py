"""Vouchers: who gets one, what it holds, how it is redeemed."""
