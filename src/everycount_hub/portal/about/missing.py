"""The page of a public address that leads nowhere: what may have been meant."""

from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from everycount.errors import NotFound
from everycount.language.language import Language, language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import frame_of
from everycount_hub.portal.naming import Named, area_name, named
from everycount_hub.queries.editions import current_edition

NEAR = 6
"""Suggestions at most."""
ALIKE = 0.6
"""How alike an address and a name must be, of 1: `difflib`'s usual limit."""
LONGEST = 80
"""Letters of a part of an address that are compared; names are shorter."""


def missing(request: HttpRequest) -> HttpResponse:
    """Say that a public address leads nowhere, and suggest pages with names like it."""
    words = language(translation.get_language() or "en")
    shown = frame_of(request, words)
    try:
        edition = current_edition()
    except NotFound:
        pass
    else:
        shown |= {"edition": edition, "near": near(edition, request.path, words)}
    return render(request, "portal/missing.html", shown, status=404)


def near(edition: Edition, path: str, words: Language) -> list[tuple[str, Named]]:
    """Return addresses and titles of pages whose name is like a part of an address.

    Parameters
    ----------
    edition : Edition
    path : str
    words : Language
    """
    asked = [part[:LONGEST].lower() for part in path.split("/")[2:] if part]
    known: dict[str, tuple[str, Named]] = {}
    for slug, entry in edition.indicators.items():
        known[slug.lower()] = (reverse("portal:indicator", args=[slug]), named(entry.names, words))
    for slug, area in edition.areas.items():
        page = (
            reverse("portal:area", args=[slug]),
            Named(text=area_name(edition, area.code, words)),
        )
        known[slug.lower()] = page
        for name in {area.names.get("en", ""), area.names.get(words.code, "")} - {""}:
            known.setdefault(name.lower().replace(" ", "-"), page)
    for each in edition.datasets.values():
        address = reverse("portal:dataset", args=[each.workspace, each.slug])
        known.setdefault(each.slug.lower(), (address, named(each.titles, words)))
    found: dict[str, Named] = {}
    for part in reversed(asked):
        for name in get_close_matches(part, known, n=NEAR, cutoff=ALIKE):
            address, title = known[name]
            found.setdefault(address, title)
    return list(found.items())[:NEAR]
