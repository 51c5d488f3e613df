"""Find the clauses of one reading of a document in another one, by their text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from everycount.policy.same_clause import fold

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
SIMILAR = 0.5
"""Share of pairs of neighbouring words that two texts have in common (Dice) from which they are
one clause, changed. Half: a clause of three words of which one changed still counts, and so does
scanned text with every fourth word misread; clauses that share a turn of phrase do not."""
SAME_PLACE = 1e-6
"""What speaks for the clause of the same number, where texts are equally near."""


def find_clauses(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """Return where clauses of one reading are in another.

    Parameters
    ----------
    old, new : mapping of str to str
        Words of each clause by its number. A clause without words is found by its number.

    Returns
    -------
    dict
        For each clause that is found its new number, and whether its text is the same but for
        what `fold` leaves aside. No two clauses are found in one place. Of all that are nearly
        the same, the pairs are taken that are nearest on the whole.

    Examples
    --------
    >>> old = {"1": "Women have equal rights.", "2": "The council reports every year."}
    >>> new = {"1": "The council reports every year.", "2": "Women shall have equal rights."}
    >>> find_clauses(old, new)
    {'2': ('1', True), '1': ('2', False)}
    """
    before = {number: fold(words) for number, words in old.items()}
    after = {number: fold(words) for number, words in new.items()}
    found = {
        number: (number, True)
        for number, words in before.items()
        if number in after and words == after[number]
    }
    places: defaultdict[str, list[str]] = defaultdict(list)
    for number in reversed(after):
        if number not in found:
            places[after[number]].append(number)
    for number, words in before.items():
        if number not in found and words and places[words]:
            found[number] = (places[words].pop(), True)
    taken = {place for place, _ in found.values()}
    for number, words in before.items():
        if not words and number in after and number not in taken:
            found[number] = (number, True)
            taken.add(number)
    rest = {number: words for number, words in before.items() if number not in found and words}
    open_ = {number: words for number, words in after.items() if number not in taken and words}
    nearest = _nearest(rest, open_)
    return found | {number: (place, False) for number, place in nearest.items()}


def same_places(
    found: Mapping[str, tuple[str, bool]], old: Mapping[str, str], new: Mapping[str, str]
) -> frozenset[str]:
    """Return the numbers whose clause has other words at the same place.

    Parameters
    ----------
    found : mapping
        Where clauses of one reading are in the other, from `find_clauses`.
    old, new : mapping of str to str
        For each clause of a reading the number of the one it is in, empty at the top; a clause
        comes after the one it is in.

    Returns
    -------
    frozenset of str
        Numbers in both readings that belong to no clause found elsewhere, in the same article
        or part. Whether the clause there is meant to replace the old one, people decide.

    Examples
    --------
    >>> sorted(same_places({"1": ("1", True)}, {"1": "", "1.a": "1"}, {"1": "", "1.a": "1"}))
    ['1.a']
    >>> sorted(same_places({"1": ("2", True)}, {"1": "", "1.a": "1"}, {"1": "", "1.a": "1"}))
    []
    """
    taken = {place for place, _ in found.values()}
    homes = {"": "", **{number: place for number, (place, _) in found.items()}}
    places = set()
    for number, parent in old.items():
        is_open = number not in found and number in new and number not in taken
        if is_open and homes.get(parent) == new[number]:
            homes[number] = number
            places.add(number)
    return frozenset(places)


def similarity(first: str, second: str) -> float:
    """Return how much of the neighbouring words of two texts is the same, 0 to 1 (Dice).

    Examples
    --------
    >>> similarity("women have rights", "Women hold rights")
    0.5
    """
    pairs = _pairs(fold(first)), _pairs(fold(second))
    return 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]))


def alike_words(share: float) -> str:
    """Return in words how much of two texts is the same.

    Examples
    --------
    >>> alike_words(0.374), alike_words(0.9996)
    ('37 % alike', '99 % alike')
    """
    return f"{int(100 * share)} % alike"


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return neighbouring words of a folded text, its beginning and end counted as words."""
    words = ["", *text.split(), ""]
    return set(pairwise(words))


def _nearest(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs of numbers whose texts are nearly the same."""
    numbers, places = list(old), list(new)
    if not numbers or not places:
        return {}
    rows, columns, scores = _likeness(list(old.values()), list(new.values()))
    home = {place: at for at, place in enumerate(places)}
    own = np.array([home.get(number, -1) for number in numbers])
    scores = scores + SAME_PLACE * (own[rows] == columns)
    found: dict[str, str] = {}
    # What is not similar, even by way of others, is assigned apart: small problems, not one big.
    size = len(numbers) + len(places)
    graph = csr_array((scores, (rows, len(numbers) + columns)), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    for label in np.unique(part[rows]):
        inside = part[rows] == label
        lines, line = np.unique(rows[inside], return_inverse=True)
        posts, post = np.unique(columns[inside], return_inverse=True)
        table = np.zeros((len(lines), len(posts)))
        table[line, post] = scores[inside]
        for at, to in zip(*linear_sum_assignment(table, maximize=True), strict=True):
            if table[at, to]:
                found[numbers[lines[at]]] = places[posts[to]]
    return found


def _likeness(old: Sequence[str], new: Sequence[str]) -> tuple[Ints, Ints, Floats]:
    """Return positions and Dice coefficient of each two texts that are nearly the same."""
    sides = [[_pairs(text) for text in texts] for texts in (old, new)]
    known = {pair: at for at, pair in enumerate(set().union(*sides[0], *sides[1]))}
    counts, tables = [], []
    for side in sides:
        count = np.array([len(each) for each in side])
        rows = np.repeat(np.arange(len(side)), count)
        columns = np.array([known[pair] for each in side for pair in each])
        shape = (len(side), len(known))
        tables.append(csr_array((np.ones(len(rows)), (rows, columns)), shape=shape))
        counts.append(count)
    shared = (tables[0] @ tables[1].T).tocoo()
    scores = 2 * shared.data / (counts[0][shared.row] + counts[1][shared.col])
    near = scores >= SIMILAR
    return shared.row[near], shared.col[near], scores[near]
