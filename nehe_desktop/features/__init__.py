"""Features: everything a capability of the work team needs, one folder each."""
