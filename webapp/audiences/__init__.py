"""Audiences: who is meant by a notice or a warning, how many can be reached, and why others cannot."""
