"""Delegation: who may act for the holder of a voucher, how far, until when, and what they did."""
