"""Search: by words in any language, on the server and, for suggestions and copies, in a browser."""
