"""Answers to requests that go nowhere: pages in the hub's frame, JSON to programs."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from everycount_hub.languages import activate_offered
from everycount_hub.middleware import is_public
from everycount_hub.portal.about.missing import missing

TO_PROGRAMS = ("/api/", "/sdmx/")
"""How addresses begin that programs ask, and people do not."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what is wrong with a request that cannot even be read, such as the name of its host."""
    is_host = isinstance(exception, DisallowedHost)
    activate_offered(translation.get_language())
    if request.path.startswith(TO_PROGRAMS):
        words = _("The request cannot be read.")
        if is_host:
            words = _("The hub is not known by this name; it is at {address}.").format(
                address=settings.PUBLIC_URL
            )
        return JsonResponse({"error": words, "status": 400}, status=400)
    shown = {"is_host": is_host, "address": settings.PUBLIC_URL}
    return render(request, "400.html", shown, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at an address."""
    if not request.path.startswith(TO_PROGRAMS):
        return missing(request) if is_public(request.path) else page_not_found(request, exception)
    words = _("There is nothing at {path}; the addresses of the API are at {docs}.").format(
        path=request.path, docs=f"{settings.PUBLIC_URL}/api/docs/"
    )
    return JsonResponse({"error": words, "status": 404}, status=404)
