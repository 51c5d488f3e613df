"""The page of results, and the index for the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from everycount.language.language import Language
from everycount.search.facets import narrow
from everycount.search.find import Hit, address_of, find
from everycount.search.index import AREA, Index
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.search.indexed import index_of, script_of
from everycount_hub.portal.search.written import labels

LENGTH = 200
"""Letters of a query that are read."""
SHOWN = 40
"""Results that are shown; whoever wants more narrows them."""
VALUES = 12
"""Values of a facet that are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the results."""

    label: str
    title: str
    lang: str
    address: str
    areas: str
    """Names of the areas of a pair."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value of a facet, as a link."""

    title: str
    count: int
    query: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What results can be narrowed by."""

    title: str
    choices: tuple[Choice, ...]


@portal_page
def search(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """Show what a query finds."""
    text = request.GET.get("q", "").strip()[:LENGTH]
    chosen = {name: request.GET.get(name, "")[:LENGTH] for name in ("kind", "area", "goal")}
    chosen["figures"] = request.GET.get("figures", "")[:LENGTH]
    index = index_of(edition, words)
    narrowed = narrow(index, find(index, text), chosen)
    names = labels()
    shown = {
        "text": text,
        "results": [_result(index, each, words, names) for each in narrowed.hits[:SHOWN]],
        "count": len(narrowed.hits),
        "beyond": max(0, len(narrowed.hits) - SHOWN),
        "facets": _facets(index, narrowed.counts, {"q": text, **chosen}, names),
        "is_narrowed": any(chosen.values()),
        "all_query": urlencode({"q": text}),
        "examples": _examples(index),
    }
    return show(request, "portal/search/page.html", shown, edition=edition, words=words)


@portal_page
def index(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """Give the index of a language as a plain script, which works from a folder as well."""
    content = script_of(edition.digest, words.code)
    return HttpResponse(content, content_type="text/javascript; charset=utf-8")


def _result(index: Index, hit: Hit, words: Language, names: Mapping[str, str]) -> Result:
    entry = index.entries[hit.entry]
    areas = words.listed(index.entries[each].title for each in hit.areas)
    is_empty = entry.kind == "indicator" and not entry.has_figures
    return Result(
        label=names[hit.kind],
        title=entry.title,
        lang=entry.lang,
        address=reverse("portal:home") + address_of(index, hit),
        areas=areas,
        note=_("No figures yet") if is_empty else "",
    )


def _facets(
    index: Index,
    counts: Mapping[str, Mapping[str, int]],
    asked: Mapping[str, str],
    names: Mapping[str, str],
) -> list[Facet]:
    areas = {each.parameter: each.title for each in index.entries if each.kind == AREA}
    goals = {
        each.goal: f"{each.goal} {each.title}" for each in index.entries if each.kind == "group"
    }
    known: dict[str, tuple[str, Mapping[str, str]]] = {
        "kind": (_("Kind"), names),
        "area": (_("Country or area"), areas),
        "goal": (_("Topic"), goals),
        "figures": (_("Figures"), {"yes": _("Has figures")}),
    }
    made = []
    for name, (title, values) in known.items():
        choices = []
        for value, count in list(counts[name].items())[:VALUES]:
            is_on = asked[name] == value
            query = {**asked, name: "" if is_on else value}
            choices.append(
                Choice(
                    title=values.get(value, value),
                    count=count,
                    query=urlencode({key: text for key, text in query.items() if text}),
                    is_on=is_on,
                )
            )
        if choices:
            made.append(Facet(title=title, choices=tuple(choices)))
    return made


def _examples(index: Index) -> list[str]:
    """Return titles to begin with: the first topics, and an indicator with figures."""
    groups = [each.title for each in index.entries if each.kind == "group"]
    return groups[:6]
