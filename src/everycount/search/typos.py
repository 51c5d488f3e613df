"""Words that were meant where one was misspelt."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

SHORT, LONG = 5, 9
"""Letters from which a word may have one slip, and two. Below, too many other words are as near:
"men" is one slip from "ten"."""
EDGE: Final = "$"
"""Marks the beginning and the end of a word among its pairs of letters."""


def slips_allowed(word: str) -> int:
    """Return how many slips a word may have; one with a digit in it is a code and has none.

    Examples
    --------
    >>> [slips_allowed(each) for each in ("men", "seats", "parliment", "5.5.1")]
    [0, 1, 2, 0]
    """
    if any(each.isdigit() for each in word) or len(word) < SHORT:
        return 0
    return 2 if len(word) >= LONG else 1


def pairs(word: str) -> list[str]:
    """Return the pairs of letters of a word, each once, in their order.

    Examples
    --------
    >>> pairs("men")
    ['$m', 'me', 'en', 'n$']
    """
    full = f"{EDGE}{word}{EDGE}"
    return list(dict.fromkeys(full[at : at + 2] for at in range(len(full) - 1)))


def by_pair(words: Iterable[str]) -> dict[str, list[int]]:
    """Return the places of words by the pairs of letters they have."""
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        for pair in pairs(word):
            found.setdefault(pair, []).append(place)
    return found


def near(word: str, known: list[str], places: Mapping[str, list[int]]) -> list[tuple[int, int]]:
    """Return the known words that a misspelt one may be, with the number of slips.

    Parameters
    ----------
    word : str
        What was written.
    known : list of str
    places : mapping
        What `by_pair` returns of them.

    Returns
    -------
    list of tuple of int
        Place and slips, in the order of the places; only those with the fewest slips.

    Examples
    --------
    >>> known = ["parliament", "parlement", "seat"]
    >>> near("parliment", known, by_pair(known))
    [(0, 1), (1, 1)]
    """
    allowed = slips_allowed(word)
    if not allowed:
        return []
    own = pairs(word)
    shared: Counter[int] = Counter()
    for pair in own:
        shared.update(places.get(pair, ()))
    # A slip spoils three pairs at most: two letters that changed places.
    least = max(1, len(own) - 3 * allowed)
    found = []
    for place in sorted(place for place, count in shared.items() if count >= least):
        count = slips(word, known[place], allowed)
        if count <= allowed:
            found.append((place, count))
    fewest = min((count for _, count in found), default=0)
    return [each for each in found if each[1] == fewest]


def slips(one: str, other: str, most: int) -> int:
    """Return by how many slips two words differ: a letter more, less, other, or two swapped.

    Parameters
    ----------
    one : str
    other : str
    most : int
        Beyond it the count does not matter.

    Returns
    -------
    int
        `most` + 1 if there are more.

    Examples
    --------
    >>> slips("vietnma", "vietnam", 2), slips("seat", "seats", 2), slips("seat", "labour", 2)
    (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        last, before, row = before, row, [at]
        for to, wanted in enumerate(other, start=1):
            best = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            is_swap = at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted
            row.append(min(best, last[to - 2] + 1) if is_swap else best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
