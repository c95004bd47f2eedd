"""The shelf: every ledger of the program, each with how many rows it has."""
