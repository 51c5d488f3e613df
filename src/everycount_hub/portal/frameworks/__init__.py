"""Public pages of indicator sets."""
