"""Show estimates by group: a dot and its interval, in panels, beside the line for everybody."""

from collections.abc import Sequence
from typing import Final

from everycount.charts.estimates import SHARE, Everybody, GroupEstimate, Measure, People
from everycount.charts.interval_rows import WORDS, Words, interval_rows
from everycount.charts.theme import Spec

__all__ = ["WORDS", "Everybody", "GroupEstimate", "Measure", "Words", "alt", "dot_intervals"]

NAMED: Final = 3
"""Groups that `alt` names before it counts the rest."""


def dot_intervals(
    rows: Sequence[GroupEstimate],
    *,
    title: str,
    everybody: Everybody | None = None,
    measure: Measure = SHARE,
    people: People = "all",
    words: Words = WORDS,
    description: str | None = None,
    width: int = 614,
) -> Spec:
    """Return a row for each group: a dot, its interval and the figure, under the panel's heading.

    Few cases have a hollow dot and brackets, modelled figures a dashed interval and an e. A hidden
    group says that it is not shown, whatever the reason.

    Parameters
    ----------
    rows : sequence of GroupEstimate
        Panels are shown as they first appear, rows in the order given.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    everybody : Everybody, optional
        The estimate that a dashed line shows.
    measure : Measure
        What the figures are and how they are printed; shares unless given.
    people : {"all", "women", "men"}
        Whom the chart counts, which says colour and shape of the dots.
    words : Words
        The key; it names the interval.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more. Names are wrapped and never cut; on a narrow chart long ones
        stand above their rows, and intervals in the table only.

    Returns
    -------
    dict
        A Vega-Lite specification. The axis starts at zero unless the measure has other ends.

    Raises
    ------
    ValueError
        If there are no rows, or a share is not from 0 to 1.

    References
    ----------
    Everycount design brief, section 5: estimates are dots with intervals.

    Examples
    --------
    >>> row = GroupEstimate(name="Poorest fifth", panel="Age 35–49", estimate=0.956, low=0.932,
    ...                     high=0.971)
    >>> dot_intervals([row], title="Cannot read", everybody=Everybody(words="all women",
    ...               estimate=0.606))["height"]
    45
    """
    return interval_rows(
        rows,
        description=description
        or alt(rows, title=title, everybody=everybody, measure=measure, words=words),
        measure=measure,
        everybody=everybody,
        people=people,
        words=words,
        width=width,
    )


def alt(
    rows: Sequence[GroupEstimate],
    *,
    title: str,
    everybody: Everybody | None = None,
    measure: Measure = SHARE,
    words: Words = WORDS,
) -> str:
    """Return the finding in English: highest, lowest, everybody, and what is marked or not shown.

    Examples
    --------
    >>> rows = [GroupEstimate(name=name, panel="Age 35–49", estimate=p, low=p - 0.02, high=p + 0.02)
    ...         for name, p in (("Poorest fifth", 0.956), ("Richest fifth", 0.439))]
    >>> alt(rows, title="Women who cannot read", everybody=Everybody(words="All women",
    ...     estimate=0.606))
    'Women who cannot read. 2 groups. Highest: Age 35–49, Poorest fifth, 95.6 % (95 % interval
    93.6 to 97.6). Lowest: Age 35–49, Richest fifth, 43.9 % (95 % interval 41.9 to 45.9). All women
    60.6 %.'
    """
    count = f"{len(rows):,} group{'' if len(rows) == 1 else 's'}"
    sentences = [title, count]
    shown = [row for row in rows if row.is_shown]
    if len(shown) > 1:
        for name, pick in (("Highest", max), ("Lowest", min)):
            row = pick(shown, key=lambda row: row.estimate)
            sentences.append(f"{name}: {told(row, measure, words)}")
    else:
        sentences += [told(row, measure, words) for row in shown]
    if everybody is not None:
        who = everybody.words[:1].upper() + everybody.words[1:]
        sentences.append(f"{who} {measure.number(everybody.estimate)}{measure.sign}")
    return ". ".join([*sentences, *marked(rows)]) + "."


def told(row: GroupEstimate, measure: Measure = SHARE, words: Words = WORDS) -> str:
    """Return a group with its figure, what limits it, and its interval.

    Examples
    --------
    >>> told(GroupEstimate(name="Rural", estimate=0.2, low=0.1, high=0.4, flag="few"))
    'Rural, 20.0 %, few cases (95 % interval 10.0 to 40.0)'
    """
    name = f"{row.panel}, {row.name}" if row.panel else row.name
    limit = {"few": ", few cases", "modelled": ", modelled"}.get(row.flag, "")
    is_known = row.low <= row.high
    ends = f" ({words.interval} {measure.span(row.low, row.high)})" if is_known else ""
    return f"{name}, {measure.number(row.estimate)}{measure.sign}{limit}{ends}"


def marked(rows: Sequence[GroupEstimate]) -> list[str]:
    """Return what is flagged, hidden and missing, a phrase each.

    Examples
    --------
    >>> marked([GroupEstimate(name="Rural", flag="hidden"), GroupEstimate(name="Urban")])
    ['Not shown: Rural', 'No figure: Urban']
    """
    kinds = {
        "Few cases": [row for row in rows if row.flag == "few"],
        "Modelled": [row for row in rows if row.flag == "modelled"],
        "Not shown": [row for row in rows if row.flag == "hidden"],
        "No figure": [row for row in rows if not row.is_shown and row.flag != "hidden"],
    }
    phrases = []
    for kind, found in kinds.items():
        names = [f"{row.panel}, {row.name}" if row.panel else row.name for row in found]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        if names:
            phrases.append(f"{kind}: {'; '.join(names[:NAMED])}{more}")
    return phrases
