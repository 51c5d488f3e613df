"""What pages show. Queries never write."""
