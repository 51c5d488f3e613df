"""Show the leaves of the furthest-behind tree: their paths in words, from furthest behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Final, Literal

from everycount.charts import interval_rows as rows_of
from everycount.charts.dot_intervals import NAMED, told
from everycount.charts.estimates import (
    SHARE,
    Everybody,
    GroupEstimate,
    Measure,
    People,
    refuse_untold,
)
from everycount.charts.theme import Spec
from everycount.survey.group_figures import Flag

__all__ = ["WORDS", "Leaf", "Words", "alt", "leaves"]

Behind = Literal["low", "high"]
"""Which end is furthest behind: the low one, or of a barrier the high one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One group at the end of a tree, with its estimate and its part of the population."""

    path: tuple[str, ...]
    """Its circumstances in words, from the first split to the last: ("rural", "no schooling").
    Empty for a tree without a split."""
    share: float = nan
    """Part of the population that lives in these circumstances, from 0 to 1. NaN if not told, and
    of a hidden leaf."""
    estimate: float = nan
    """NaN where there is no figure, and where it is hidden."""
    low: float = nan
    """Lower end of the interval; NaN where there is none."""
    high: float = nan
    """Upper end."""
    flag: Flag = ""

    def __post_init__(self) -> None:
        figures = (self.share, self.estimate, self.low, self.high)
        refuse_untold(", ".join(self.path), self.flag, figures)
        if not (isnan(self.share) or 0 <= self.share <= 1):
            raise ValueError(f"{', '.join(self.path)}: found a part of {self.share}, not 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    share: str = "{share} of people"
    """Under the path: the part of the population. Say who: "{share} of women"."""
    order: str = "from furthest behind to furthest ahead"
    between: str = ", "
    """Between the circumstances of a path."""
    root: str = "everybody"
    """The path of a tree without a split."""
    rows: rows_of.Words = field(default_factory=rows_of.Words)


WORDS: Final = Words()


def leaves(
    tree: Sequence[Leaf],
    *,
    title: str,
    behind: Behind,
    everybody: Everybody | None = None,
    measure: Measure = SHARE,
    people: People = "all",
    words: Words = WORDS,
    description: str | None = None,
    width: int = 614,
) -> Spec:
    """Return a row for each leaf, furthest behind first: path, dot with interval, and figure.

    The part of the population stands under the path. Hidden leaves come last, in the order of
    their paths, so that their place tells nothing.

    Parameters
    ----------
    tree : sequence of Leaf
        In any order; equal figures stay in it.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    behind : {"low", "high"}
        Which end is furthest behind: "high" for a barrier.
    everybody : Everybody, optional
        The mean of all, which a dashed line shows.
    measure : Measure
        What the figures are and how they are printed; shares unless given.
    people : {"all", "women", "men"}
        Whom the chart counts, which says colour and shape of the dots.
    words : Words
        Words in the chart.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more. Paths are wrapped and never cut; on a narrow chart long ones
        stand above their rows, and intervals in the table only.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no leaves, or a share is not from 0 to 1.

    References
    ----------
    Everycount design brief, section 5. "Furthest behind" is about circumstances, section 6.

    Examples
    --------
    >>> leaf = Leaf(path=("rural", "no schooling"), share=0.09, estimate=0.004, low=0.001,
    ...             high=0.013)
    >>> leaves([leaf], title="Electricity", behind="low")["height"]
    36
    """
    if not tree:
        raise ValueError("a chart of leaves needs at least one leaf")
    ordered = _ordered(tree, behind)
    return rows_of.interval_rows(
        [_row(leaf, words) for leaf in ordered],
        description=description
        or alt(tree, title=title, behind=behind, everybody=everybody, measure=measure, words=words),
        notes=[_part(leaf, measure, words) for leaf in ordered],
        over=words.order,
        measure=measure,
        everybody=everybody,
        people=people,
        words=words.rows,
        width=width,
    )


def _ordered(tree: Sequence[Leaf], behind: Behind) -> list[Leaf]:
    """Return the leaves from furthest behind, then those without a figure by their paths."""
    known = [leaf for leaf in tree if not isnan(leaf.estimate)]
    rest = [leaf for leaf in tree if isnan(leaf.estimate)]
    return [
        *sorted(known, key=lambda leaf: leaf.estimate, reverse=behind == "high"),
        *sorted(rest, key=lambda leaf: leaf.path),
    ]


def _row(leaf: Leaf, words: Words) -> GroupEstimate:
    """Return a leaf as a row, its path beginning with a capital."""
    path = words.between.join(leaf.path) or words.root
    return GroupEstimate(
        name=path[:1].upper() + path[1:],
        estimate=leaf.estimate,
        low=leaf.low,
        high=leaf.high,
        flag=leaf.flag,
    )


def _part(leaf: Leaf, measure: Measure, words: Words) -> str:
    """Return what part of the population a leaf holds, in words, or nothing."""
    if isnan(leaf.share):
        return ""
    part = Measure(decimal_mark=measure.decimal_mark).number(leaf.share)
    return words.share.format(share=f"{part} %")


def alt(
    tree: Sequence[Leaf],
    *,
    title: str,
    behind: Behind,
    everybody: Everybody | None = None,
    measure: Measure = SHARE,
    words: Words = WORDS,
) -> str:
    """Return the finding in English: who is furthest behind and ahead, and how many they are.

    Examples
    --------
    >>> tree = [Leaf(path=("urban",), share=0.4, estimate=0.88, low=0.85, high=0.91),
    ...         Leaf(path=("rural", "no schooling"), share=0.09, estimate=0.04, flag="few")]
    >>> alt(tree, title="Electricity", behind="low",
    ...     everybody=Everybody(words="everybody", estimate=0.41))
    'Electricity. 2 groups. Furthest behind: Rural, no schooling, 4.0 %, few cases; 9.0 % of people.
    Furthest ahead: Urban, 88.0 % (95 % interval 85.0 to 91.0); 40.0 % of people. Everybody 41.0 %.'
    """
    count = f"{len(tree):,} group{'' if len(tree) == 1 else 's'}"
    sentences = [title, count]
    ordered = _ordered(tree, behind)
    known = [leaf for leaf in ordered if not isnan(leaf.estimate)]
    ends = {"Furthest behind": known[:1], "Furthest ahead": known[1:][-1:]}
    for name, found in ends.items():
        for leaf in found:
            part = _part(leaf, measure, words)
            figure = told(_row(leaf, words), measure, words.rows)
            sentences.append(f"{name}: {figure}" + (f"; {part}" if part else ""))
    if everybody is not None:
        who = everybody.words[:1].upper() + everybody.words[1:]
        sentences.append(f"{who} {measure.number(everybody.estimate)}{measure.sign}")
    hidden = [_row(leaf, words).name for leaf in ordered if isnan(leaf.estimate)]
    if hidden:
        more = f" and {len(hidden) - NAMED} more" if len(hidden) > NAMED else ""
        sentences.append(f"Without a figure: {'; '.join(hidden[:NAMED])}{more}")
    return ". ".join(sentences) + "."
