"""The county hub: carries changes between laptops; it knows no ledger."""
