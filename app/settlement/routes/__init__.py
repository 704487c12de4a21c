"""Pages of settlement: those of staff, of providers, and of holders of vouchers."""
