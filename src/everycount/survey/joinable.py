"""Which levels of a characteristic may be one, and which pairs a design names in vain."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from everycount.errors import Problem
from everycount.survey.coding import Coding

FEWEST = 3
"""Levels a characteristic has before two of them are joined: of one nobody can be compared."""


def joinable(
    coding: Coding, groups: Sequence[Sequence[int]], joined: Coding, *, merging: str
) -> list[tuple[int, int]]:
    """Return the pairs of levels that may be joined next, by position among those joined so far.

    Parameters
    ----------
    coding : Coding
        The characteristic with the levels it had.
    groups : sequence of sequences of int
        Which of these make up each level it has now.
    joined : Coding
        The characteristic with the levels it has now.
    merging : {"declared", "neighbours", "never"}
        Pairs that `merges` names, also neighbours of an ordered characteristic, or none.
    """
    if merging == "never" or len(groups) < FEWEST:
        return []
    codes = [level.code for level in coding.levels]
    group_of = {codes[at]: k for k, group in enumerate(groups) for at in group}
    pairs = [sorted(group_of[code] for code in pair) for pair in coding.characteristic.merges]
    if merging == "neighbours" and coding.characteristic.is_ordered:
        pairs += [[at, at + 1] for at in range(len(groups) - 1)]
    distinct = dict.fromkeys((one, two) for one, two in pairs if one != two)
    return [pair for pair in distinct if are_alike(joined, *pair)]


def are_alike(coding: Coding, first: int, second: int) -> bool:
    """Tell whether two levels can be one: both of codes, or neighbours of ranges or cuts."""
    by_code = [bool(coding.levels[at].values) for at in (first, second)]
    if all(by_code) and not coding.cuts:
        return True
    return second == first + 1 and by_code[0] == by_code[1] and _meet(coding, first, second)


def _meet(coding: Coding, first: int, second: int) -> bool:
    """Tell whether a range ends where the next begins; cuts always do."""
    return bool(coding.cuts) or coding.levels[first].below == coding.levels[second].at_least


def vain_pairs(codings: Sequence[Coding]) -> Iterator[Problem]:
    """Yield a problem for every pair to be joined that is not there or can never be one level."""
    for coding in codings:
        codes = [level.code for level in coding.levels]
        where = f"characteristic {coding.name}, merges"
        for pair in coding.characteristic.merges:
            strange = [code for code in pair if code not in codes]
            for code in strange:
                yield Problem(where, f"level {code!r}", _near(code, codes))
            if not strange:
                first, second = sorted(codes.index(code) for code in pair)
                if not are_alike(coding, first, second):
                    found = f"{codes[first]} and {codes[second]}, which do not meet"
                    yield Problem(
                        where, found, "two levels of codes, or ranges that are neighbours"
                    )


def _near(code: str, codes: Sequence[str]) -> str:
    """Return in words which levels are called nearly so."""
    lower = {each.lower(): each for each in codes}
    near = [lower[each] for each in get_close_matches(code.lower(), lower, n=3)]
    if near:
        return f"a level, perhaps {' or '.join(near)}"
    return f"one of {', '.join(codes[:12])}{', …' if len(codes) > 12 else ''}"
