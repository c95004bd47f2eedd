"""Sync as people see it: what waits, what came, conflicts, doubles."""
