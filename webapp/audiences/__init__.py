"""Audiences: who is meant by a notice or a warning, how many can be reached, and why others cannot.

Also lists of recipients that officers bring along.
"""
