"""Sending units, stationed teams, their members, and helpers of households."""
