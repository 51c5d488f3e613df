"""The pages about the portal."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from everycount.language.language import Language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.data.listing import rows_of

PARTS = ("about", "method", "accessibility", "api", "corrections", "licence")
"""The pages, in the order of their tabs."""


@portal_page
def part(request: HttpRequest, edition: Edition, words: Language, name: str) -> HttpResponse:
    """Show one of the pages about the portal."""
    shown = {
        "name": name,
        "address": settings.PUBLIC_URL,
        "licences": _licences(edition, words) if name == "licence" else (),
        "docs": reverse("api_docs"),
    }
    return show(request, f"portal/about/{name}.html", shown, edition=edition, words=words)


def _licences(edition: Edition, words: Language) -> tuple[tuple[str, str, int], ...]:
    """Return the licences in use, where their datasets are listed, and how many these are."""
    every = rows_of(edition, words)
    counts: dict[str, int] = {}
    for row in every:
        counts[row.licence] = counts.get(row.licence, 0) + 1
    return tuple(sorted((name, name or "none", count) for name, count in counts.items()))
