"""Visits to households and the problems found there."""
