"""REST: what the portal shows, as JSON and as files, described in OpenAPI."""
