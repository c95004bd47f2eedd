"""Teams: their letters."""
