"""Sync: the one face that knows the network."""
