"""The print centre: which papers there are, what is on them, and the register of what was printed."""
