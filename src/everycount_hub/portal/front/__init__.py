"""What the first page shows: a promise kept or not, what is counted, one finding, what is new."""
