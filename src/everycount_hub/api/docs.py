"""The page on which people try the API: Swagger UI from this server, without inline scripts."""

from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

SWAGGER = files("ninja") / "static" / "ninja"
"""Swagger UI (Apache-2.0) as django-ninja ships it."""
FILES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation of the API, to be tried."""
    return render(request, "api/docs.html")


@require_safe
def swagger(request: HttpRequest, name: str) -> HttpResponse:
    """Return a file of Swagger UI."""
    if name not in FILES:
        raise Http404(name)
    response = HttpResponse((SWAGGER / name).read_bytes(), content_type=FILES[name])
    response["Cache-Control"] = "public, max-age=86400"
    return response


urlpatterns = [
    path("docs/", docs, name="api_docs"),
    path("docs", docs),
    path("docs/<str:name>", swagger, name="api_docs_file"),
]
