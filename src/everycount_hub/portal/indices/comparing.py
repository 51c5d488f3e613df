"""Pages that compare: two units of an index, two editions of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.indices import overview
from everycount_hub.portal.indices.downloads import answer
from everycount_hub.portal.indices.editions import (
    Changes,
    Choice,
    causes_of,
    changes_of,
    changes_table,
    choices_of,
)
from everycount_hub.portal.indices.opened import OpenIndex, open_index
from everycount_hub.portal.indices.pairing import Pairing, pair_table, pairing_of
from everycount_hub.portal.indices.spoken import Spoken
from everycount_hub.portal.indices.views import common, found
from everycount_hub.portal.tables import Table


def _units(spoken: Spoken, request: HttpRequest) -> tuple[str, str]:
    """Return the units asked for, or the first two of the ranking."""
    ranked = [each.unit for each in overview.ranked_of(spoken)]
    usual = (*ranked, *spoken.index.result.state.units)
    given = [request.GET.get(name, "") for name in ("a", "b")]
    units = [spoken.index.unit(text) if text else "" for text in given]
    for k in (0, 1):
        if not units[k]:
            units[k] = next((unit for unit in usual if unit not in units), usual[0])
    return units[0], units[1]


def _pairing(spoken: Spoken, request: HttpRequest) -> Pairing:
    return pairing_of(spoken, *_units(spoken, request))


@portal_page
def compare(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show two units side by side."""
    spoken = found(edition, slug, words)
    shown = common(
        spoken,
        pairing=_pairing(spoken, request),
        units=[(unit, spoken.unit(unit)) for unit in spoken.by_name(spoken.names)],
    )
    return show(request, "portal/indices/compare.html", shown, edition=edition, words=words)


@portal_page
def compare_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Return two units side by side as a file."""
    spoken = found(edition, slug, words)
    rows = pair_table(_pairing(spoken, request))
    shown = [Table(id="comparison", title=_("Comparison"), rows=rows)]
    return answer(spoken, shown, request, ending=ending, part="compare")


def _changes(
    spoken: Spoken, request: HttpRequest
) -> tuple[list[Choice], Choice | None, OpenIndex | None, Changes | None]:
    """Return the editions there are, the one chosen, and what changed from it.

    Raises
    ------
    NotFound
        If another is asked for than there are.
    """
    choices = choices_of(spoken.edition, spoken.dataset)
    wanted = request.GET.get("with", "")
    chosen = next((each for each in choices if each.key == wanted), None)
    if wanted and chosen is None:
        raise NotFound(f"there is no other edition {wanted[:40]!r}")
    chosen = chosen or (choices[0] if choices else None)
    if chosen is None:
        return choices, None, None, None
    before = open_index(spoken.edition, chosen.dataset)
    return choices, chosen, before, changes_of(spoken, before)


@portal_page
def editions(request: HttpRequest, edition: Edition, words: Language, slug: str) -> HttpResponse:
    """Show what changed from another edition of the index, and why."""
    spoken = found(edition, slug, words)
    choices, chosen, before, changes = _changes(spoken, request)
    unit = request.GET.get("unit", "")
    code = spoken.index.unit(unit) if unit else ""
    causes: list[Any] = []
    if code and before is not None:
        causes = [(spoken.nodes.get(each.code, each.code), each)
                  for each in causes_of(spoken, before, code)]  # fmt: skip
    shown = common(
        spoken,
        choices=choices,
        chosen=chosen,
        changes=changes,
        unit=code,
        unit_name=spoken.unit(code) if code else "",
        causes=causes,
        came=spoken.listed(_known(spoken, changes.came), 12) if changes else "",
        left=words.listed(changes.left, 12) if changes else "",
        units=[(one, spoken.unit(one)) for one in spoken.by_name(spoken.names)],
    )
    return show(request, "portal/indices/editions.html", shown, edition=edition, words=words)


def _known(spoken: Spoken, units: tuple[str, ...]) -> list[str]:
    return spoken.by_name([unit for unit in units if unit in spoken.names])


@portal_page
def editions_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Return what changed as a file."""
    spoken = found(edition, slug, words)
    changes = _changes(spoken, request)[3]
    if changes is None:
        raise NotFound("there is no other edition of this index")
    shown = [Table(id="changes", title=_("Changes"), rows=changes_table(changes.rows))]
    return answer(spoken, shown, request, ending=ending, part="editions")
