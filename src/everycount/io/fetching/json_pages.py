"""Read a page of JSON far enough to know whether there is another."""

import json
from typing import Any

from everycount.errors import InputError, Problem


def read_json(content: bytes, *, subject: str) -> Any:
    """Return the JSON of a page.

    Raises
    ------
    InputError
        If it is none, with its beginning: services answer a page in HTML when something is wrong.
    """
    try:
        return json.loads(content)
    except ValueError as error:
        begin = content[:80].decode("utf-8", "replace")
        raise InputError(subject, [Problem("answer", repr(begin), "JSON")]) from error
