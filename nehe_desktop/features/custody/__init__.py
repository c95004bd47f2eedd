"""Who sits at the keyboard, what he may do, and the log of what he looked at, printed and carried away."""
