"""The pages of indicators."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.indicators.listing import listing_of, near_slugs
from everycount_hub.portal.indicators.page import Asked, page_of
from everycount_hub.portal.indicators.proof import citation_of, licence_of
from everycount_hub.portal.indicators.tables import full_chunks, view_tables
from everycount_hub.portal.naming import named
from everycount_hub.portal.tables import About, file_of


@portal_page
def indicators(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the indicators."""
    today = timezone.localdate()
    listed = listing_of(request.GET, edition, words, today)
    return show(
        request, "portal/indicators/list.html", {"listing": listed}, edition=edition, words=words
    )


@portal_page
def indicator(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show an indicator."""
    entry = edition.indicators.get(slug)
    if entry is None:
        return _unknown(request, edition, words, slug)
    asked = _asked(request, edition, words, entry)
    return show(
        request, "portal/indicators/page.html", page_of(asked), edition=edition, words=words
    )


@portal_page
def data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Give the tables of the view as a file."""
    entry = _entry(edition, slug)
    asked = _asked(request, edition, words, entry)
    if asked.known is None or asked.figures is None:
        raise NotFound(f"the indicator {slug} has no figures")
    tables = view_tables(
        edition, asked.known, asked.choice,
        figures=asked.figures, parts=asked.parts, language=words.code,
    )  # fmt: skip
    return file_of(
        tables, _about(request, edition, words, entry), ending=ending, name=f"everycount-{slug}"
    )


@portal_page
def full(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Give every figure of an indicator as CSV."""
    entry = _entry(edition, slug)
    response = StreamingHttpResponse(
        full_chunks(edition, entry, timezone.localdate()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="everycount-{slug}-full.csv"'
    return response


# Charts are free to be shown elsewhere; there is nothing to click for whoever frames one.
@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
@portal_page
def embed(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show the chart alone, for other sites to put into theirs."""
    asked = _asked(request, edition, words, _entry(edition, slug))
    return show(
        request, "portal/indicators/embed.html", page_of(asked), edition=edition, words=words
    )


def _asked(request: HttpRequest, edition: Edition, words: Language, entry: IndicatorEntry) -> Asked:
    address = request.build_absolute_uri(reverse("portal:indicator", args=[entry.slug]))
    return Asked.read(
        request.GET, edition, entry, words=words, today=timezone.localdate(), address=address
    )


def _entry(edition: Edition, slug: str) -> IndicatorEntry:
    if slug not in edition.indicators:
        raise NotFound(f"there is no indicator {slug}")
    return edition.indicators[slug]


def _unknown(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    near = near_slugs(edition, slug, words)
    shown = {"asked": slug, "near": near}
    answer = show(request, "portal/indicators/unknown.html", shown, edition=edition, words=words)
    answer.status_code = 404
    return answer


def _about(request: HttpRequest, edition: Edition, words: Language, entry: IndicatorEntry) -> About:
    address = request.build_absolute_uri(
        reverse("portal:indicator", args=[entry.slug])
        + (f"?{request.GET.urlencode()}" if request.GET else "")
    )
    return About(
        title=named(entry.names, words).text,
        address=address,
        release=f"Edition {edition.digest}",
        licence=licence_of(edition, entry),
        citation=citation_of(edition, entry, address, words),
    )
