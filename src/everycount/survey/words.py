"""Say in a sentence what a survey finds: how many of how many, and the difference as tested."""

from collections.abc import Sequence
from math import isnan
from typing import Final, Literal

from everycount.survey.frequencies import common_denominator, natural_frequency
from everycount.survey.group_figures import Difference, Flag, GroupFigure, OutcomeWords

__all__ = [
    "Chosen",
    "Difference",
    "Flag",
    "GroupFigure",
    "OutcomeWords",
    "finding",
    "furthest",
    "natural_frequency",
    "statement",
]

Chosen = Literal["named", "searched", "held out"]
"""How a group came to be looked at: asked for by name; found by search in the data that also gave
its figure; found on one part of the sample and measured on the other."""

OLD: Final = 3
"""Years after which a figure is told in the past tense."""
DEFINITE: Final = ("the ", "all ", "those ")
"""How a group begins that so many are "of": "4 of 1,000 of the poorest", but "61 of 100 women"."""


def statement(
    figure: GroupFigure,
    *,
    outcome: OutcomeWords,
    year: int | None = None,
    current_year: int | None = None,
    level: float = 95,
) -> str:
    """Return what is found for one group, with its interval and what limits it.

    Parameters
    ----------
    figure : GroupFigure
        The group.
    outcome : OutcomeWords
        What is measured.
    year : int, optional
        When; the sentence opens with it.
    current_year : int, optional
        The year of the reader. If `year` is over three years before, the past tense is used.
    level : float
        Of the interval, in per cent.

    Returns
    -------
    str
        English.

    Raises
    ------
    ValueError
        If a share is not from 0 to 1.

    Examples
    --------
    >>> statement(GroupFigure(words="women aged 15–49", estimate=0.606, low=0.57, high=0.641),
    ...           outcome=OutcomeWords(present="cannot read", past="could not read", behind="high"),
    ...           year=2024, current_year=2026)
    'In 2024, 61 of 100 women aged 15–49 cannot read: 60.6 % (95 % interval 57.0 to 64.1).'
    """
    if not figure.is_shown:
        return _untold([figure])
    verb = _verb(outcome, year, current_year)
    words = f"{_share_of(figure, outcome)} {verb}"
    interval = f"{level:g} % interval {_number(figure.low, outcome)} to "
    interval += _number(figure.high, outcome)
    ends = "" if isnan(figure.low) or isnan(figure.high) else f" ({interval})"
    if outcome.kind == "share":
        words += f": {_number(figure.estimate, outcome)} %{ends}"
    else:
        words += f" {_number(figure.estimate, outcome)} {outcome.unit}".rstrip() + ends
    return _opened(f"{words}.", year) + _limits([figure])


def finding(
    group: GroupFigure,
    against: GroupFigure,
    difference: Difference | None,
    *,
    outcome: OutcomeWords,
    year: int | None = None,
    current_year: int | None = None,
    level: float = 95,
) -> str:
    """Return how two groups differ: both figures, the tested difference and what limits them.

    Two groups are compared by the difference and its interval alone. Their own intervals are not
    looked at: groups of which those overlap may well differ.

    Parameters
    ----------
    group, against : GroupFigure
        The group the sentence is about, and the one it is held against.
    difference : Difference, optional
        `against` less `group`; none where it was not tested.
    outcome : OutcomeWords
        What is measured.
    year : int, optional
        When; the sentence opens with it.
    current_year : int, optional
        The year of the reader. If `year` is over three years before, the past tense is used.
    level : float
        Of the interval, in per cent; the test is at 100 less this.

    Returns
    -------
    str
        English. A hidden figure, and a difference that would tell it, are not in it.

    Raises
    ------
    ValueError
        If a share is not from 0 to 1, or the difference has the other sign than the estimates.

    References
    ----------
    Schenker, N. and Gentleman, J. F. (2001), On judging the significance of differences by
    examining the overlap between confidence intervals, The American Statistician 55, 182-186.

    Examples
    --------
    >>> poor = GroupFigure(words="the poorest rural women without schooling", estimate=0.004)
    >>> rich = GroupFigure(words="the richest urban", estimate=0.878)
    >>> tested = Difference(value=0.874, low=0.831, high=0.917, p_value=0.0001)
    >>> finding(poor, rich, tested,
    ...         outcome=OutcomeWords(present="have electricity", past="had electricity"))
    '4 of 1,000 of the poorest rural women without schooling have electricity, against 88 of 100
    of the richest urban: 87.4 points more (95 % interval 83.1 to 91.7).'
    """
    groups = (group, against)
    shown = [each for each in groups if each.is_shown]
    if len(shown) < 2:
        told = [_untold([each for each in groups if not each.is_shown])]
        told += [
            statement(each, outcome=outcome, year=year, current_year=current_year, level=level)
            for each in shown
        ]
        return " ".join(told)
    _check(group, against, difference)
    verb = _verb(outcome, year, current_year)
    if outcome.kind == "share":
        people = common_denominator(group.estimate, against.estimate)
        one, other = (_share_of(each, outcome, people) for each in groups)
        words = f"{one} {verb}, against {other}"
    else:
        one, other = (_number(each.estimate, outcome) for each in groups)
        words = " ".join(part for part in (group.words, verb, one, outcome.unit) if part)
        words += f", against {other} among {against.words}"
    compared = _compared(difference, outcome, level)
    return _opened(f"{words}{compared}.", year) + _limits(groups)


def furthest(
    group: GroupFigure,
    everyone: GroupFigure,
    difference: Difference | None,
    *,
    outcome: OutcomeWords,
    chosen: Chosen,
    year: int | None = None,
    current_year: int | None = None,
    level: float = 95,
) -> str:
    """Return how the group furthest behind stands beside everyone, and how it was chosen.

    Parameters, return value and errors are those of `finding`.

    Parameters
    ----------
    group : GroupFigure
        The group furthest behind.
    everyone : GroupFigure
        The whole, or the group furthest ahead.
    difference : Difference, optional
        `everyone` less `group`.
    outcome : OutcomeWords
        What is measured; its `behind` says which end is furthest behind.
    chosen : str
        How the group came to be looked at.
    year, current_year : int, optional
        As in `finding`.
    level : float
        As in `finding`.

    Returns
    -------
    str
        English.

    Raises
    ------
    ValueError
        As `finding`; and if the group is ahead of `everyone`.

    Examples
    --------
    >>> women = GroupFigure(words="all women", estimate=0.606)
    >>> old = GroupFigure(words="the poorest women aged 35–49", estimate=0.956)
    >>> furthest(old, women, Difference(value=-0.35, low=-0.39, high=-0.31), chosen="searched",
    ...          outcome=OutcomeWords(present="cannot read", past="could not read", behind="high"))
    '96 of 100 of the poorest women aged 35–49 cannot read, against 61 of 100 of all women:
    35.0 points less (95 % interval 31.0 to 39.0). No group found is further behind. It was found
    by search in the same data, so its figure leans to the extreme.'
    """
    ahead = everyone.estimate - group.estimate
    if (ahead if outcome.behind == "low" else -ahead) < 0:
        raise ValueError(
            f"{group.words}: {group.estimate} is not behind {everyone.estimate}, where "
            f"{outcome.behind} is behind"
        )
    words = finding(
        group,
        everyone,
        difference,
        outcome=outcome,
        year=year,
        current_year=current_year,
        level=level,
    )
    if not group.is_shown:
        return words
    return f"{words} No group found is further behind.{_CHOSEN[chosen]}"


_CHOSEN: Final[dict[Chosen, str]] = {
    "named": "",
    "searched": " It was found by search in the same data, so its figure leans to the extreme.",
    "held out": " It was found on one part of the sample and measured on the other.",
}


def _check(group: GroupFigure, against: GroupFigure, difference: Difference | None) -> None:
    """Refuse a difference the wrong way round; a hundredth of it may be rounding."""
    if difference is not None:
        apart = against.estimate - group.estimate
        if difference.value * apart < 0 and abs(apart) > abs(difference.value) / 100:
            raise ValueError(
                f"found a difference of {difference.value} between {group.estimate} and "
                f"{against.estimate}, expected the second less the first"
            )


def _verb(outcome: OutcomeWords, year: int | None, current_year: int | None) -> str:
    is_old = year is not None and current_year is not None and current_year - year > OLD
    return outcome.past if is_old else outcome.present


def _opened(words: str, year: int | None) -> str:
    """Return a sentence with its year and a capital."""
    if year is not None:
        return f"In {year}, {words}"
    return words[:1].upper() + words[1:]


def _share_of(figure: GroupFigure, outcome: OutcomeWords, people: int | None = None) -> str:
    """Return so many of a group; of a mean, the group."""
    if outcome.kind == "mean":
        return figure.words
    count = natural_frequency(figure.estimate, denominator=people)
    is_definite = figure.words.startswith(DEFINITE)
    if count == "none" and not is_definite:
        count = "no"
    words = f"{count} of {figure.words}" if is_definite else f"{count} {figure.words}"
    # Nobody found is not nobody there.
    return f"{words} in the sample" if count in {"none", "no", "all"} else words


def _compared(difference: Difference | None, outcome: OutcomeWords, level: float) -> str:
    """Return the difference as tested, in words that close a sentence."""
    if difference is None:
        return "; the difference was not tested"
    unit = "points" if outcome.kind == "share" else outcome.unit
    size = " ".join(part for part in (_size(difference, outcome), unit) if part)
    more = "" if difference.value == 0 else " more" if difference.value > 0 else " less"
    ends = f"({level:g} % interval {_ends(difference, outcome)})"
    if difference.is_distinguishable(level):
        return f": {size}{more} {ends}"
    words = f"; the difference, {size}{more} {ends}, is not distinguishable from none"
    if difference.correction:
        words += f" when many comparisons are allowed for ({difference.correction})"
    return words


def _size(difference: Difference, outcome: OutcomeWords) -> str:
    """Return how large a difference is; one that rounds to none is not told as none."""
    text = _number(abs(difference.value), outcome)
    return "under 0.1" if text == "0.0" and difference.value else text


def _ends(difference: Difference, outcome: OutcomeWords) -> str:
    """Return the interval of a difference in the direction of its words."""
    low, high = difference.low, difference.high
    if low < 0 < high:
        return f"{_number(-low, outcome)} less to {_number(high, outcome)} more"
    ends = sorted((abs(low), abs(high)))
    return f"{_number(ends[0], outcome)} to {_number(ends[1], outcome)}"


def _number(value: float, outcome: OutcomeWords) -> str:
    """Return a figure with a decimal, a share in per cent."""
    scaled = 100 * value if outcome.kind == "share" else value
    return f"{round(scaled, 1) + 0.0:,.1f}".replace("-", "−")


def _untold(figures: Sequence[GroupFigure]) -> str:
    """Return that figures are not shown, or that there are none."""
    words = []
    for is_hidden, told in ((True, "not shown"), (False, "not known")):
        names = [each.words for each in figures if (each.flag == "hidden") is is_hidden]
        if names:
            figure, verb = ("figures", "are") if len(names) > 1 else ("figure", "is")
            words.append(f"The {figure} for {' and '.join(names)} {verb} {told}.")
    return " ".join(words)


def _limits(figures: Sequence[GroupFigure]) -> str:
    """Return what a reader must know of the figures told."""
    few = [
        each.words + ("" if each.n is None else f" ({each.n:,})")
        for each in figures
        if each.flag == "few"
    ]
    modelled = [each.words for each in figures if each.flag == "modelled"]
    words = f" Few cases, to be read with care: {' and '.join(few)}." if few else ""
    if modelled:
        words += f" From a model, not measured directly: {' and '.join(modelled)}."
    return words
