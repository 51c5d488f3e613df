"""An index as the browser reads it."""

from typing import Any

from django.utils.translation import gettext as _

from everycount.search.index import AREA, Index


def written(index: Index) -> dict[str, Any]:
    """Return an index as JSON holds it."""
    parameters = [each.parameter for each in index.entries if each.kind == AREA]
    place = {each: at for at, each in enumerate(parameters)}
    return {
        "entries": [
            [
                each.kind, each.title, each.lang, each.address, each.parameter, each.goal,
                each.area, sorted(place[area] for area in each.areas if area in place),
                int(each.has_figures), index.lengths[number],
            ]
            for number, each in enumerate(index.entries)
        ],
        "parameters": parameters,
        "terms": index.terms,
        "rarity": index.rarity,
        "posts": index.posts,
        "places": index.places,
        "common": sorted(index.common),
    }  # fmt: skip


def labels() -> dict[str, str]:
    """Return what kinds of hits are called, and what the browser says of results."""
    return {
        "pair": _("Indicator for an area"),
        "indicator": _("Indicator"),
        "area": _("Country or area"),
        "framework": _("Indicator set"),
        "group": _("Topic"),
        "index": _("Index"),
        "policy": _("Policy"),
        "issue": _("Promise of a policy"),
        "dataset": _("Dataset"),
        "survey": _("Survey"),
        "page": _("Page"),
        "nothing": _("Nothing found. Try fewer or other words."),
        "found": _("Results: {count}"),
        "suggestions": _("Suggestions"),
    }
