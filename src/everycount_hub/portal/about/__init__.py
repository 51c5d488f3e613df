"""Pages about the portal itself, and the page of an address that leads nowhere."""
