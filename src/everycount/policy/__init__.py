"""From the text of a law to the indicators that would show whether it is kept."""
