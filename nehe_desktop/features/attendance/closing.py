"""What a lock of a month closes."""

from nehe_desktop.core.deciding import Closing

CLOSING = Closing("month_lock", ("team", "day:7"))
"""The half-days and nights of a team in a month."""
