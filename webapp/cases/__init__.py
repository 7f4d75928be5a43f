"""Urgent cases: somebody calls for help, and officers are told until one of them answers."""
