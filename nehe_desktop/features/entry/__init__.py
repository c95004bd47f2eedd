"""The way in: first start of a laptop, and log-in afterwards."""
