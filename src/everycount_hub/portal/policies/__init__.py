"""Public pages of policy reviews."""
