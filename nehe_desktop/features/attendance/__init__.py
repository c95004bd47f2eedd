"""Attendance of stationed teams by half-days, nights and the working-day calendar."""
