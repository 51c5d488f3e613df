"""A space of terms: the vocabulary of a framework, and how much each term of it tells."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from everycount.arrays.lexical import dampen, ngrams, rarity, scale, stack, unit_rows

Bag = Mapping[str, float]
"""Terms of a text and how often, or how strongly, each occurs."""
GRAMS: Final = (3, 4, 5)
"""Lengths of the runs of letters: usual values, not tuned."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """Terms with their columns and weights; one more column stands for all unknown terms."""

    numbers: Mapping[str, int]
    weights: NDArray[np.float64]

    def rows(self, bags: Iterable[Bag], *, longest: float = np.inf) -> sparse.csr_array:
        """Return texts as weighed rows of length 1; see `unit_rows` for `longest`."""
        return unit_rows(self.weighed(bags), longest=longest)

    def weighed(self, bags: Iterable[Bag]) -> sparse.csr_array:
        """Return texts as weighed rows."""
        return scale(dampen(_table(bags, self.numbers)), self.weights)


def space_of(
    bags: Sequence[Bag], *, more: Sequence[Bag] = (), weight: Callable[[str], float] | None = None
) -> Space:
    """Return the space of some texts: rare terms weigh more.

    Parameters
    ----------
    bags : sequence of Bag
        Texts by which rarity is counted.
    more : sequence of Bag, optional
        Texts whose terms also get a column; a term only they have counts as rare.
    weight : callable, optional
        Factor by term, 1 if left out.

    Returns
    -------
    Space
        For placing texts.

    Examples
    --------
    >>> space = space_of([{"women": 1, "seat": 1}, {"women": 1}])
    >>> space.rows([{"women": 1}, {"lake": 2}]).toarray().round(2)
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    terms = dict.fromkeys(chain.from_iterable((*bags, *more)))
    numbers = {term: at for at, term in enumerate(terms)}
    factors = [weight(term) if weight else 1.0 for term in terms]
    return Space(numbers=numbers, weights=rarity(_table(bags, numbers)) * np.array([*factors, 1.0]))


def counted(terms: Iterable[str]) -> Bag:
    """Return how often each term occurs."""
    return Counter(terms)


def letters(bag: Bag) -> Bag:
    """Return the runs of letters in the terms of a text; pairs of syllables are left aside.

    Examples
    --------
    >>> sorted(letters({"pay": 1}))
    [' pa', ' pay', ' pay ', 'ay ', 'pay', 'pay ']
    """
    return Counter(chain.from_iterable(_grams(term) for term in bag if "_" not in term))


@lru_cache(maxsize=100_000)
def _grams(term: str) -> tuple[str, ...]:
    """Return the runs of letters in one term."""
    return tuple(ngrams(term, GRAMS))


def _table(bags: Iterable[Bag], numbers: Mapping[str, int]) -> sparse.csr_array:
    """Return texts as rows of counts, unknown terms in the last column."""
    unknown, get = len(numbers), numbers.get
    rows = (([get(term, unknown) for term in bag], bag.values()) for bag in bags)
    return stack(rows, unknown + 1)
