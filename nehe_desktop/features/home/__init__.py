"""The first page: numbers, what to do today, what is coming."""
