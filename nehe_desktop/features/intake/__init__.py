"""Lists of other offices taken in: read, compared, shown, stored as one step, given back marked."""
