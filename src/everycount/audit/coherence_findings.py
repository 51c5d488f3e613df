"""What coherence finds, in sentences: each check says what it caught, or that it caught nothing."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from everycount.audit.checks import CHECKS, Check, Row, asked, caught, prepared
from everycount.audit.coherence import Coherence
from everycount.audit.findings import Finding, Light, Part, judged
from everycount.index.thresholds import Thresholds

NAMED = 8
"""How many nodes or pairs a sentence lists; the tables have all."""
Names = Mapping[str, str]


def findings(coherence: Coherence) -> tuple[Finding, ...]:
    """Return what the checks find, each with its figures, its limit and where that comes from.

    Returns
    -------
    tuple of Finding
        One for each check that has anything to look at, also where nothing is amiss; then what is
        for information only.
    """
    made = [_finding(coherence, check) for check in CHECKS]
    told = (_left_out, _uncorrelated, _unjudged, _external, _equalising, _period)
    made += [inform(coherence) for inform in told]
    return tuple(each for each in made if each is not None)


def _finding(coherence: Coherence, check: Check) -> Finding | None:
    """Return the finding of one check; None where there is nothing that it is about."""
    limits = coherence.thresholds
    table = prepared(check.table, getattr(coherence, check.table), coherence.groups)
    about = asked(table, check)
    if about.is_empty():
        return None
    heading = _with_limit(check.found, check, limits)
    if about[check.statistic].is_null().all():
        words = f"Not told, for lack of units or of differences. {heading}: unknown."
        return _judged(limits, check, "note", words)
    bad = caught(table, check, limits)
    if bad.is_empty():
        words = _with_limit(check.none, check, limits)
        untold = about[check.statistic].is_null().sum()
        if untold:
            words = f"{words} Of {untold} of {len(about)} it cannot be told."
        return _judged(limits, check, "good", words)
    if check.check == "closer":
        bad = bad.unique("node", keep="first", maintain_order=True)  # of several, the closest
    rows = list(bad.iter_rows(named=True))
    items = [_ITEMS[check.table](row, coherence.names, check) for row in rows]
    chance = _by_chance(rows, check, limits)
    words = f"{heading}: {listed(items)}.{chance}"
    nodes = dict.fromkeys(code for row in rows for code in _nodes(row))
    by_chance = _untold(rows, check, limits) == len(rows)
    return _judged(
        limits,
        check,
        "watch" if by_chance and check.light == "problem" else check.light,
        words,
        nodes=tuple(nodes),
        listing=(f"{heading}.{chance}", shown(items)),
        value=rows[0]["figure"],
    )


def _judged(
    limits: Thresholds,
    check: Check,
    light: Light,
    words: str,
    *,
    nodes: tuple[str, ...] = (),
    listing: tuple[str, tuple[str, ...]] = ("", ()),
    value: float | None = None,
) -> Finding:
    name, part = check.check, check.part
    if check.threshold is None:
        return Finding(
            check=name,
            part=part,
            light=light,
            words=words,
            nodes=nodes,
            heading=listing[0],
            items=listing[1],
            value=value,
        )
    return judged(
        limits,
        check.threshold,
        check=name,
        part=part,
        light=light,
        words=words,
        nodes=nodes,
        listing=listing,
        value=value,
    )


def _with_limit(words: str, check: Check, limits: Thresholds) -> str:
    limit = 0.0 if check.threshold is None else float(getattr(limits, check.threshold))
    return words.format(limit=limit, share=percent(limit))


def _by_chance(rows: Sequence[Row], check: Check, limits: Thresholds) -> str:
    """Say of how many correlations the p-value is above the limit."""
    count = _untold(rows, check, limits)
    if not count:
        return ""
    if count == len(rows):
        return f" None of them is told from chance (p above {limits.significance:g})."
    return f" Of them {count} cannot be told from chance (p above {limits.significance:g})."


def _untold(rows: Sequence[Row], check: Check, limits: Thresholds) -> int:
    """Return how many correlations have a p-value above the limit."""
    values = [row.get(f"p_{check.statistic}") for row in rows]
    return sum(value is not None and value > limits.significance for value in values)


# ---------------------------------------------------------------- words


def named(code: str, names: Names) -> str:
    """Return a node as people read it, with its code.

    Examples
    --------
    >>> named("LPI", {"LPI": "Logistics"}), named("LPI", {"LPI": ""})
    ('Logistics (LPI)', 'LPI')
    """
    name = names.get(code, "")
    return f"{name} ({code})" if name and name != code else code


def listed(items: Sequence[str]) -> str:
    """Return a list in one sentence: the first eight, and how many more.

    Examples
    --------
    >>> listed(["a", "b"]), listed(list("abcdefghij"))
    ('a; b', 'a; b; c; d; e; f; g; h; and 2 more')
    """
    return "; ".join(shown(items))


def shown(items: Sequence[str]) -> tuple[str, ...]:
    """Return what a finding lists: the first eight, and how many more."""
    more = [f"and {len(items) - NAMED} more"] if len(items) > NAMED else []
    return (*items[:NAMED], *more)


def percent(share: float) -> str:
    """Return a share in percent.

    Examples
    --------
    >>> percent(0.65), percent(0.1234)
    ('65 %', '12.3 %')
    """
    return f"{round(share * 100, 1):g} %"


def _nodes(row: Row) -> list[str]:
    return [str(row[key]) for key in ("a", "b", "node") if key in row]


def _of_indicator(row: Row, names: Names, check: Check) -> str:
    own = named(row["node"], names)
    if check.statistic.startswith("kurtosis"):
        skewness = row[check.statistic.replace("kurtosis", "skewness")]
        return f"{own} {skewness:.2f} and {_number(row[check.statistic])}"
    return f"{own} {percent(row[check.statistic])}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _of_pair(row: Row, names: Names, check: Check) -> str:
    return f"{named(row['a'], names)} and {named(row['b'], names)} {row['pearson']:.2f}"


def _of_part(row: Row, names: Names, check: Check) -> str:
    own, other = named(row["node"], names), named(row["ancestor"], names)
    if check.check == "closer":
        mine = f"{named(row['parent'], names)} {row['own']:.2f}"
        return f"{own} with {other} {row['pearson']:.2f}, with its own {mine}"
    return f"{own} in {other} {row['pearson']:.2f}"


def _of_group(row: Row, names: Names, check: Check) -> str:
    value, own = row[check.statistic], named(row["node"], names)
    if check.statistic == "first_share":
        return f"{own} {percent(value)}"
    return f"{own} {value}" if isinstance(value, int) else f"{own} {value:.2f}"


def _of_size(row: Row, names: Names, check: Check) -> str:
    kinds = {"pearson": "", "pearson_log": " (logarithm)", "spearman": " (ranks)"}
    best = next(words for kind, words in kinds.items() if row[kind] == row["greatest"])
    return f"{named(row['node'], names)} with {row['column']} {row['greatest']:.2f}{best}"


def _of_balance(row: Row, names: Names, check: Check) -> str:
    own, group = named(row["node"], names), named(row["parent"], names)
    return f"{own} in {group} {percent(row['share'])} for a weight of {percent(row['weight'])}"


_ITEMS: dict[str, Callable[[Row, Names, Check], str]] = {
    "indicators": _of_indicator,
    "correlations": _of_pair,
    "parents": _of_part,
    "groups": _of_group,
    "size": _of_size,
    "importance": _of_balance,
}


# ---------------------------------------------------------------- for information


def _note(check: str, part: Part, words: str, nodes: Sequence[str] = ()) -> Finding:
    unique = tuple(dict.fromkeys(nodes))
    return Finding(check=check, part=part, light="note", words=words, nodes=unique)


def _left_out(coherence: Coherence) -> Finding | None:
    table = coherence.indicators.filter(pl.col("left_out").is_not_null())
    if table.is_empty():
        return None
    nodes, why = table["node"].to_list(), table["left_out"].to_list()
    pairs = zip(nodes, why, strict=True)
    items = [f"{named(node, coherence.names)}, {reason}" for node, reason in pairs]
    return _note("left_out", "data", f"Left out by the method: {listed(items)}.", nodes)


def _uncorrelated(coherence: Coherence) -> Finding | None:
    """Name what has no correlation with its own group."""
    table = coherence.parents.filter(pl.col("is_parent") & pl.col("pearson").is_null())
    if table.is_empty():
        return None
    nodes = table["node"].to_list()
    items = listed([named(node, coherence.names) for node in nodes])
    words = f"No correlation with the own group (no differences, or fewer than 3 units): {items}."
    return _note("uncorrelated", "coherence", words, nodes)


def _unjudged(coherence: Coherence) -> Finding | None:
    """Tell alpha and components of the groups that are not judged by them."""
    table = coherence.groups.filter(~pl.col("judged") & (pl.col("parts") > 1))
    if table.is_empty():
        return None
    items = []
    for row in table.iter_rows(named=True):
        figures = [f"alpha {_number(row['alpha'])}"]
        if row["first_share"] is not None:
            figures.append(f"first component {percent(row['first_share'])}")
        if not row["model"]:
            figures.append("not declared")
        items.append(f"{named(row['node'], coherence.names)} {', '.join(figures)}")
    words = (
        "For information only, as parts that form what is measured need not go together (groups "
        f"that are not declared are taken to be such): {listed(items)}."
    )
    return _note("formative", "coherence", words, table["node"].to_list())


def _external(coherence: Coherence) -> Finding | None:
    """Tell how the top of the tree goes with other indices."""
    if coherence.external.is_empty():
        return None
    top = coherence.external["node"][0]
    items = [
        f"{row['index']} {_number(row['pearson'])}, of ranks {_number(row['spearman'])} "
        f"({row['units']} units)"
        for row in coherence.external.filter(pl.col("node") == top).iter_rows(named=True)
    ]
    words = f"Correlation of {named(top, coherence.names)} with other indices: {listed(items)}."
    return _note("external", "coherence", words, [top])


def _equalising(coherence: Coherence) -> Finding | None:
    """Tell for which groups there are weights that make importance proportional to weight."""
    table = coherence.importance.filter(pl.col("equalising").is_not_null())
    if table.is_empty():
        return None
    groups = table["parent"].unique(maintain_order=True).to_list()
    items = listed([named(group, coherence.names) for group in groups])
    words = (
        "Weights that would make every part matter in proportion to its present weight are in the "
        f"table of importance for {items}. They are for comparison, not a recommendation."
    )
    return _note("equalising", "importance", words, groups)


def _period(coherence: Coherence) -> Finding | None:
    if coherence.periods < 2:
        return None
    words = f"Of {coherence.periods} periods only the newest, {coherence.period}, is looked at."
    return _note("period", "coherence", words)
