"""What programs ask of the hub."""
