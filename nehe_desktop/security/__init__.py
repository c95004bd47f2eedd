"""What keeps a laptop's data: keys, copies, the self-check and the log. No Qt, no feature."""
