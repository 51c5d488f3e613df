"""The page on which a reader gives weights of their own; never the published index."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from everycount.errors import EverycountError, NotFound
from everycount.language.language import Language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.indices.downloads import answer
from everycount_hub.portal.indices.own_weights import (
    Asked,
    Effect,
    asked_of,
    effect_of,
    effect_table,
    faults_of,
    reweighed,
    sentence_of,
)
from everycount_hub.portal.indices.spoken import Spoken
from everycount_hub.portal.indices.views import common, found
from everycount_hub.portal.tables import Table

ROBOTS = "noindex"
FAULTY = 422
"""Unprocessable content: what a form answers to numbers that are none."""


def _effect(
    spoken: Spoken, asked: tuple[Asked, ...]
) -> tuple[Effect | None, list[tuple[str, str]]]:
    """Return what the weights do, or every fault of them."""
    faults = faults_of(asked)
    if faults or not asked:
        return None, faults
    try:
        result = reweighed(spoken.index, {each.code: each.weight for each in asked})
    except EverycountError:
        return None, [("", _("The method has no result with these weights."))]
    return effect_of(spoken, result), []


@portal_page
def weights(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show the index with a reader's weights beside what is published."""
    spoken = found(edition, slug, words)
    asked = asked_of(spoken, request.GET)
    effect, faults = _effect(spoken, asked)
    wanted = request.GET.get("unit", "")
    unit = spoken.index.unit(wanted) if wanted else ""
    shown: dict[str, Any] = common(
        spoken,
        asked=asked,
        effect=effect,
        faults=faults,
        is_changed=any(each.weight != 1 for each in asked),
        unit=unit,
        sentence=sentence_of(spoken, effect, unit) if unit and effect else "",
        correlation=_correlation(spoken, effect),
        units=[(one, spoken.unit(one)) for one in spoken.by_name(spoken.names)],
    )
    page = show(request, "portal/indices/weights.html", shown, edition=edition, words=words)
    page["X-Robots-Tag"] = ROBOTS
    if faults:
        page.status_code = FAULTY
    return page


def _correlation(spoken: Spoken, effect: Effect | None) -> str:
    if effect is None or effect.correlation != effect.correlation:
        return ""
    return spoken.words.number(effect.correlation, 3)


@portal_page
def weights_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Return the index with a reader's weights as a file that says what it is."""
    spoken = found(edition, slug, words)
    effect, faults = _effect(spoken, asked_of(spoken, request.GET))
    if faults:
        said = " ".join(text for _field, text in faults)
        return HttpResponse(said, content_type="text/plain; charset=utf-8", status=FAULTY)
    if effect is None:
        raise NotFound("this index has no parts that weights can be given to")
    title = _("With weights of a reader’s own; not the published index")
    shown = [Table(id="own-weights", title=title, rows=effect_table(effect))]
    page = answer(spoken, shown, request, ending=ending, part="own-weights")
    page["X-Robots-Tag"] = ROBOTS
    return page
