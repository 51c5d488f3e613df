"""Figures: what the observations of an indicator or an area say, as facts and as sentences."""
