"""Settings of this laptop: people, look, backups, self-check, recent steps, diagnosis."""
