"""The one face that knows Excel and CSV: reading, mapping, marking and writing. No toolkit, no SQL."""
