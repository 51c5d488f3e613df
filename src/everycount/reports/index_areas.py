"""Make the ranking on the page of an index: areas ranked, areas that are not, and bands."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from everycount.index.methodology import Methodology
from everycount.index.ranking import band_of
from everycount.reports.edition import Edition
from everycount.reports.index_page import Area, Band
from everycount.reports.wording import figure


def ranked_of(edition: Edition, grouping: str) -> tuple[Area, ...]:
    """Return the ranked areas, best first."""
    groups = edition.groups(grouping) if grouping else ("",) * len(edition.rows)
    result = edition.result
    bands = band_of(result.state, edition.top)
    ranks = edition.ranks
    return tuple(
        Area(
            unit=edition.units[k],
            name=edition.names[k],
            group=groups[k],
            rank=figure(ranks[k], 6),
            score=float(edition.top[k]),
            band=bands[k] or "",
            figures=int(edition.known[k].sum()),
            of=result.state.leaf_count,
        )
        for k in edition.order
    )


def not_ranked_of(edition: Edition) -> tuple[Area, ...]:
    """Return the areas without a rank, by name, with the reason and what they lack."""
    others = replace(edition, rows=edition.unranked)
    codes = np.array(edition.result.state.columns[: edition.result.state.leaf_count], object)
    rows = sorted(np.flatnonzero(np.isnan(edition.ranks)), key=lambda k: edition.names[k])
    found = [(edition, int(k), _reason(edition, int(k))) for k in rows]
    found += [(others, k, _average_words(others, k)) for k in range(len(others.rows))]
    return tuple(
        Area(
            unit=part.units[k],
            name=part.names[k],
            figures=int(part.known[k].sum()),
            of=len(codes),
            reason=reason,
            lacks=tuple(codes[~part.known[k]]),
        )
        for part, k, reason in found
    )


def _average_words(others: Edition, k: int) -> str:
    """Return why an average of others is not ranked, with its score."""
    score = others.top[k]
    scored = "it has no score" if np.isnan(score) else f"it scores {others.text(score)}"
    return f"An average of other areas; {scored}"


def _reason(edition: Edition, k: int) -> str:
    """Return in words why a row is not ranked."""
    state = edition.result.state
    top, row = state.tree.top, edition.rows[k]
    status = edition.statuses[k, top]
    if status == "too_few":
        assert state.have is not None, "an aggregate step counted"
        assert state.asked is not None, "an aggregate step counted"
        have, asked = state.have[row, top], state.asked[top]
        return f"{have:.0f} {_counted(edition.result.methodology)}, {asked:.0f} needed"
    if status == "screened_out":
        return f"Left out before scoring: {state.screened[int(row)].partition(': ')[2]}"
    return {
        "no_data": "No figure",
        "incomplete": "A part that the index cannot do without is missing",
    }.get(status, "The method gives it no score")


def _counted(method: Methodology) -> str:
    """Return what the top of the tree counts: its indicators, or its groups."""
    top = next(each for each in method.groups if each.parent is None)
    counts_children = (top.counted or top.of) == "children"
    below = any(each.parent == top.code for each in method.groups)
    return "groups" if counts_children and below else "indicators"


def ranking_note(edition: Edition) -> str:
    """Return what an area needs to be ranked, and how to read ranks."""
    state = edition.result.state
    asked = 0 if state.asked is None else int(state.asked[state.tree.top])
    need = ""
    if asked > 1:
        what = _counted(edition.result.methodology)
        need = f"An area is ranked if it has figures for {asked} {what}. "
    return f"{need}Small differences say little: read scores in groups, not one by one."


def bands_of(method: Methodology) -> tuple[Band, ...]:
    """Return bands with their limits, best first."""
    found = sorted(method.ranking.bands, key=lambda band: -band.least)
    limits = [f"{figure(found[0].least)} and over"] if found else []
    limits += [f"{figure(low.least)} to under {figure(up.least)}" for up, low in pairwise(found)]
    return tuple(Band(name=b.name, limits=text) for b, text in zip(found, limits, strict=True))
