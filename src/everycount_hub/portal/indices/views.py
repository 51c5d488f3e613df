"""The pages of indices: list, index, goals, method, audit, one unit."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.indices import checks, overview, sources, tables, varied
from everycount_hub.portal.indices.charts import intervals_of, line_of
from everycount_hub.portal.indices.opened import addresses
from everycount_hub.portal.indices.spoken import Spoken
from everycount_hub.portal.indices.units import history_of, profile_of


def found(edition: Edition, slug: str, words: Language) -> Spoken:
    """Return an index that is asked for.

    Raises
    ------
    NotFound
        If there is no such index, or it was withdrawn.
    """
    dataset = addresses(edition).get(slug)
    if dataset is None or not dataset.digest:
        raise NotFound(f"there is no index {slug[:60]!r}")
    return overview.spoken_of(edition, slug, words.code)


def common(spoken: Spoken, **shown: Any) -> dict[str, Any]:
    """Return what every page of an index shows, and its own parts."""
    method = spoken.index.result.methodology
    base = reverse("portal:index", args=[spoken.slug])
    return {
        "spoken": spoken,
        "index": spoken.index,
        "dataset": spoken.dataset,
        "title": spoken.title,
        "notice": spoken.given(method.notice),
        "base": base,
        "foreign": "" if spoken.source_language == spoken.words.code else spoken.source_language,
        **shown,
    }


@portal_page
def index_list(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the indices, each with its finding and verdict."""
    rows = []
    for slug, dataset in addresses(edition).items():
        spoken = overview.spoken_of(edition, slug, words.code) if dataset.digest else None
        rows.append(
            {
                "slug": slug,
                "dataset": dataset,
                "spoken": spoken,
                "finding": overview.finding_of(spoken) if spoken else "",
                "verdict": overview.said_of(spoken)["verdict"] if spoken else None,
                "units": words.number(len(spoken.index.newest.order), 0) if spoken else "",
                "indicators": words.number(spoken.index.result.state.leaf_count, 0)
                if spoken
                else "",
            }
        )
    shown = {"rows": rows}
    return show(request, "portal/indices/list.html", shown, edition=edition, words=words)


@portal_page
def index(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show an index: finding, ranking, map, goals, regions, audit in short, method, files."""
    dataset = addresses(edition).get(slug)
    if dataset is not None and not dataset.digest:
        shown: Mapping[str, Any] = {"dataset": dataset, "slug": slug}
        answer = show(request, "portal/indices/withdrawn.html", shown, edition=edition, words=words)
        answer.status_code = 410
        return answer
    spoken = found(edition, slug, words)
    ranked = overview.ranked_of(spoken)
    groups = sorted({each.group for each in ranked if each.group})
    group = request.GET.get("group", "")
    group = group if group in groups else ""
    shown = common(
        spoken,
        **overview.parts_of(spoken),
        ranked=[each for each in ranked if not group or each.group == group],
        all_ranked=len(ranked),
        groups=groups,
        group=group,
        unranked=overview.unranked_of(spoken),
        **overview.said_of(spoken),
        api=f"/api/v1/indices/{dataset.workspace}/{dataset.slug}" if dataset else "",
    )
    return show(request, "portal/indices/index.html", shown, edition=edition, words=words)


@portal_page
def goals(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show the score of every ranked unit in every group."""
    spoken = found(edition, slug, words)
    shown = common(spoken, **tables.goal_matrix(spoken))
    return show(request, "portal/indices/goals.html", shown, edition=edition, words=words)


@portal_page
def method(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show the method: steps, indicators with goalposts and weights, sources, digests."""
    spoken = found(edition, slug, words)
    shown = common(
        spoken,
        **overview.said_of(spoken),
        description=spoken.given(spoken.index.result.methodology.description),
        indicators=tables.indicators_of(spoken),
        sources=sources.sources_of(spoken),
        inputs=spoken.index.verdict["inputs"],
        method=spoken.index.result.methodology,
    )
    return show(request, "portal/indices/method.html", shown, edition=edition, words=words)


@portal_page
def audit(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show the audit: readings, intervals, who leads whom, what was varied, what was found."""
    spoken = found(edition, slug, words)
    shown = common(
        spoken,
        **overview.said_of(spoken),
        found=checks.found_of(spoken),
        answers=varied.answers_of(spoken),
        chart=intervals_of(spoken),
        neighbours=tables.neighbours_of(spoken),
        english=spoken.index.verdict,
    )
    return show(request, "portal/indices/audit.html", shown, edition=edition, words=words)


@portal_page
def unit(
    request: HttpRequest, edition: Edition, words: Language, slug: str, unit: str
) -> HttpResponse:
    """Show one unit within an index."""
    spoken = found(edition, slug, words)
    code = spoken.index.unit(unit)
    profile = profile_of(spoken, code)
    history = history_of(spoken, code) if spoken.index.is_panel else []
    points = [(year, score) for year, score, _rank in history]
    shown = common(
        spoken,
        profile=profile,
        area=overview.address_of_area(spoken, code),
        trend=line_of(spoken, [(profile.name, points)]) if points else None,
        neighbours=_beside(spoken, code),
        has_weights=bool(overview.said_of(spoken)["has_weights"]) and profile.is_ranked,
    )
    return show(request, "portal/indices/unit.html", shown, edition=edition, words=words)


def _beside(spoken: Spoken, unit: str) -> list[dict[str, str]]:
    """Return the units next to one in the ranking."""
    ranked = overview.ranked_of(spoken)
    at = next((k for k, each in enumerate(ranked) if each.unit == unit), None)
    if at is None:
        return []
    near = [ranked[k] for k in range(max(0, at - 2), min(len(ranked), at + 3)) if k != at]
    return [{"unit": each.unit, "name": each.name, "rank": each.rank} for each in near]


def page_title(spoken: Spoken, name: str) -> str:
    """Return the title of a page below an index, for files made of it."""
    return _("{title}: {part}").format(title=spoken.title.text, part=name)
