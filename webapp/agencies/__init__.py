"""The official list of agencies that are licensed to place migrant workers (P3MI)."""
