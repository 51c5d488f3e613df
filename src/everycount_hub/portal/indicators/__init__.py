"""The pages of indicators: the list, one indicator, its files and what other sites embed."""
