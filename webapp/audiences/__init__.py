"""Whom a notice goes to: lists that a coordinator brings along."""
