"""Changes people make: lock the row, check the state, write, one audit event."""
