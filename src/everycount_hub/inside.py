"""Ask the hub itself for a page, in this process: to draw an edition ahead, or to export it."""

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponseBase
from django.utils import translation


def ask(path: str, *, headers: Mapping[str, str] | None = None) -> HttpResponseBase:
    """Return the answer to a GET from nobody in particular.

    Parameters
    ----------
    path : str
        Address on this hub, with its query if it has one.
    headers : mapping of str to str, optional
        Such as ``{"Accept": "text/csv"}``.
    """
    before = translation.get_language()
    try:
        return _handler().get_response(WSGIRequest(_environment(path, headers or {})))
    finally:
        # The page was in a language of its own.
        translation.activate(before or settings.LANGUAGE_CODE)


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _environment(path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    place, _mark, query = path.partition("?")
    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))), "")
    given = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": place.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host or "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http" if settings.IS_LOCAL else "https",
        "wsgi.input": io.BytesIO(),
        **given,
    }
