"""The steps of the command `hub`."""
