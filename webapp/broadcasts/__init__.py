"""Broadcasts: what a coordinator tells many people at once, when, and at what cost."""
