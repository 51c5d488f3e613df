"""For programs that look for pages: sitemap, robots and whom to tell of a hole."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from lxml import etree

from everycount.errors import NotFound
from everycount_hub.edition.read import Edition
from everycount_hub.portal.places import dataset_address
from everycount_hub.queries.editions import current_edition

SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
LARGEST = 50_000
"""Addresses of one file. sitemaps.org, protocol."""
PAGES = (
    "home", "indicators", "areas", "frameworks", "indices", "policies", "surveys", "data",
    "releases", "compare", "glossary", "learn", "about", "method", "accessibility", "api",
    "corrections", "licence",
)  # fmt: skip
"""Pages without a name in their address; those this hub does not have are left out."""
EXPIRES = timedelta(days=365)
"""How long security.txt holds. RFC 9116, 2.5.5: less than a year is best."""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell programs what they may look through: everything public, each view of it once."""
    lines = [
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /workbench/",
        "Disallow: /api/",
        "Disallow: /sdmx/",
        "Disallow: /*/search/",
        "Disallow: /*.zip$",
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Tell whom to write to about a hole. RFC 9116."""
    contact = getattr(settings, "SECURITY_CONTACT", "") or f"{settings.PUBLIC_URL}/en/about/"
    # To the day, so that a day has one answer.
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + EXPIRES
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Name every public page in each language; one page's languages point to one another."""
    try:
        pages = list(pages_of(current_edition()))
    except NotFound:
        pages = []
    codes = [code for code, _name in settings.LANGUAGES]
    pages = pages[: LARGEST // len(codes)]
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    for page in pages:
        for code in codes:
            url = etree.SubElement(root, f"{{{SITEMAP}}}url")
            etree.SubElement(url, f"{{{SITEMAP}}}loc").text = f"{settings.PUBLIC_URL}/{code}{page}"
            for other in (*codes, "x-default"):
                own = "en" if other == "x-default" else other
                etree.SubElement(
                    url, f"{{{XHTML}}}link", rel="alternate", hreflang=other,
                    href=f"{settings.PUBLIC_URL}/{own}{page}",
                )  # fmt: skip
    content = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


def pages_of(edition: Edition) -> Iterator[str]:
    """Yield the address of each page of an edition, without the language it begins with."""
    with translation.override("en"):
        for address in _addresses(edition):
            yield address.removeprefix("/en")


def _addresses(edition: Edition) -> Iterator[str]:
    for name in PAGES:
        yield from _address(name)
    for slug in edition.indicators:
        yield from _address("indicator", slug)
    for slug in edition.areas:
        yield from _address("area", slug)
    for reference in edition.frameworks:
        yield from _address("framework", reference)
    for dataset in edition.datasets.values():
        yield from _address("dataset", dataset.workspace, dataset.slug)
        own = dataset_address(dataset) if dataset.digest else ""
        if own and own != reverse("portal:dataset", args=[dataset.workspace, dataset.slug]):
            yield own
    for release in edition.releases:
        yield from _address("release", release.workspace, str(release.number))


def _address(name: str, *given: str) -> Iterator[str]:
    try:
        yield reverse(f"portal:{name}", args=given)
    except NoReverseMatch:
        return
