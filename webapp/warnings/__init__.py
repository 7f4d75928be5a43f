"""Warnings to people at risk: by area and pattern, never by what a report says in its own words."""
