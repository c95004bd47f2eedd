"""Code tables and settings with a year and a source."""
