"""Say in short what an index found and what it was made from: finding, numbers, rules, trace."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from everycount.index.methodology import Methodology
from everycount.reports.edition import Edition
from everycount.reports.index_page import Finding, Stat
from everycount.reports.wording import both, figure, label, percent, plural


def finding_of(edition: Edition) -> Finding:
    """Return who leads, and the mean: one sentence, one number."""
    scores, order, ranks = edition.top, edition.order, edition.ranks
    if not order:
        return Finding(before="No area can be ranked: the figures are too few, for all", number="")
    first = [edition.names[k] for k in order if ranks[k] == ranks[order[0]]]
    share = "leads" if len(first) == 1 else "share the first place"
    leaders = both(first) if len(first) <= 3 else f"{first[0]} and {len(first) - 1} others"
    low = " with the lowest score" if edition.result.methodology.ranking.best == "low" else ""
    high = edition.declared[1] if edition.declared else None
    of = f" of {figure(high)}" if high is not None and not low else ""
    return Finding(
        before=f"{leaders} {share}{low}; the mean score of the ranked areas is",
        number=f"{edition.text(float(np.mean(scores[list(order)])))}{of}",
        after=".",
    )


def stats_of(
    edition: Edition, scored: int, original: Methodology | None, part: str
) -> tuple[Stat, ...]:
    """Return the numbers worth seeing first."""
    method = edition.result.methodology
    ranked, areas = len(edition.order), len(edition.rows)
    filled = _filled(edition)
    of = f"of {len(original.indicators)} in the original" if original else ""
    stats = [
        Stat(
            label="Areas ranked",
            value=f"{ranked:,}",
            note="all of them"
            if ranked == areas
            else f"{areas - ranked:,} {'has' if areas - ranked == 1 else 'have'} too few figures",
        ),
        Stat(label="Indicators", value=str(len(method.indicators)), note=of),
    ]
    groups = len(method.groups) - 1
    if groups:
        stats.append(
            Stat(label=f"{label(part)}s with a score", value=str(scored), note=f"of {groups}")
        )
    figures = int(edition.known.sum())
    filled_in = f"{filled:,} gaps filled in" if filled else "no gaps filled in"
    stats.append(Stat(label="Figures", value=f"{figures:,}", note=filled_in))
    return tuple(stats)


def levels_note(method: Methodology, part: str) -> str:
    """Return the rule that all groups below the top share, and what the counts are."""
    below = [each for each in method.groups if each.parent is not None]
    shares = {each.least for each in below}
    original = "original " if any(each.out_of for each in below) else ""
    said = []
    if len(shares) == 1 and (share := shares.pop()):
        has = f"An area has a score for a {part} where it has figures for at least"
        said.append(f"{has} {percent(share)} of the {original}indicators.")
    if original:
        said.append("Indicators: those of this method, of those in the original.")
    return " ".join(said)


def trace_of(edition: Edition, trace: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what one needs to repeat the build."""
    rows = [*provenance_of(edition.result.methodology, trace)]
    counts = edition.result.trace().counts
    touched = [
        f"{plural(count, noun)} {done}"
        for count, noun, done in (
            (_filled(edition), "gap", "filled in"),
            (counts.winsorised, "figure", "winsorised"),
            (counts.transformed, "figure", "transformed"),
            (counts.screened_out, "area", "left out"),
            (counts.indicators_left_out, "indicator", "left out"),
        )
        if count
    ]
    rows.append(("Changed by the method", ", ".join(touched) or "no figure"))
    return tuple(rows)


def provenance_of(method: Methodology, trace: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return which method and which files something was made from, and by which version."""
    rows = [("Method", f"{method.id}, version {method.version}")]
    if method.source.citation:
        rows.append(("Published", method.source.citation))
    if method.source.licence:
        rows.append(("Licence of the method", method.source.licence))
    rows += [
        (f"{label(each['role'])} file", f"{each['name']}, SHA-256 {each['sha256']}")
        for each in trace.get("inputs", ())
    ]
    if "everycount" in trace:
        rows.append(("Everycount", str(trace["everycount"])))
    return tuple(rows)


def _filled(edition: Edition) -> int:
    """Return how many gaps were filled, of indicators and of groups."""
    return int((edition.statuses == "imputed").sum())
