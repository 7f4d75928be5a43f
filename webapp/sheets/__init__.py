"""Rows of cells out of files that somebody sent: CSV as spreadsheets write it, and XLSX. Knows no noun."""
