"""The pages of areas: the list, and what the figures say of one country or province."""
