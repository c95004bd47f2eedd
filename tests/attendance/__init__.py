"""Attendance: fills, undo, sheets, and the month by keyboard."""
