"""Setting up a round step by step, up to the freeze."""
