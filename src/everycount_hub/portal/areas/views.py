"""The pages of areas."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.areas.listing import listing_of, near_areas
from everycount_hub.portal.areas.page import page_of
from everycount_hub.portal.areas.tables import tables_of
from everycount_hub.portal.areas.told import Told, told_of
from everycount_hub.portal.naming import area_name
from everycount_hub.portal.tables import About, file_of


@portal_page
def areas(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the areas."""
    listed = listing_of(
        request.GET.get("q", ""), edition, words, region=request.GET.get("region", "")
    )
    return show(
        request, "portal/areas/list.html", {"listing": listed}, edition=edition, words=words
    )


@portal_page
def area(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show the profile of an area."""
    if slug not in edition.areas:
        shown = {"asked": slug, "near": near_areas(edition, slug, words)}
        answer = show(request, "portal/areas/unknown.html", shown, edition=edition, words=words)
        answer.status_code = 404
        return answer
    told = _told(request, edition, words, slug)
    shown = page_of(told) | {"about": _about(request, told)}
    return show(request, "portal/areas/page.html", shown, edition=edition, words=words)


@portal_page
def data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Give the tables of a profile as a file."""
    if slug not in edition.areas:
        raise NotFound(f"there is no area {slug}")
    told = _told(request, edition, words, slug)
    return file_of(tables_of(told), _about(request, told), ending=ending, name=f"everycount-{slug}")


def _told(request: HttpRequest, edition: Edition, words: Language, slug: str) -> Told:
    return told_of(
        edition,
        edition.areas[slug],
        words,
        today=timezone.localdate(),
        framework=request.GET.get("set", ""),
    )


def _about(request: HttpRequest, told: Told) -> About:
    address = request.build_absolute_uri(reverse("portal:area", args=[told.area.slug]))
    used = dict.fromkeys(
        key
        for entry in told.entries
        if (known := told.known.of(entry.slug)) is not None
        and (key := known.sources.get(told.area.code))
    )
    datasets = [told.edition.datasets[key] for key in used]
    producers = dict.fromkeys(
        each.producer.get(told.words.code)
        or each.producer.get("en")
        or each.titles.get("en", each.key)
        for each in datasets
    )
    name = area_name(told.edition, told.area.code, told.words)
    sources = "; ".join(producers)
    return About(
        title=name,
        address=address,
        release=f"Edition {told.edition.digest}",
        licence="; ".join(dict.fromkeys(each.licence for each in datasets if each.licence)),
        citation=f"{sources}: {name}. Everycount, {told.edition.digest[:12]}. {address}",
    )
