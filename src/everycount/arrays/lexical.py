"""Compare texts given as term numbers: TF-IDF, cosines, and n-grams of characters."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Bag = tuple[Sequence[int], Iterable[float]]
"""Terms of one text: their numbers, and how often or how strongly each occurs."""


def stack(bags: Iterable[Bag], width: int) -> sparse.csr_array:
    """Return texts as a sparse table, shape (texts, `width`); repeated terms are added up.

    Examples
    --------
    >>> stack([((0, 2, 0), (1, 1, 1)), ((), ())], 3).toarray()
    array([[2., 0., 1.],
           [0., 0., 0.]])
    """
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for terms, weights in bags:
        columns.extend(terms)
        values.extend(weights)
        ends.append(len(columns))
    table = sparse.csr_array(
        (np.array(values, float), np.array(columns, np.int32), np.array(ends, np.int64)),
        shape=(len(ends) - 1, width),
    )
    table.sum_duplicates()
    return table


def rarity(table: sparse.csr_array) -> Floats:
    """Return log(1 + texts / texts with the term) for each term; unseen terms count as in one.

    Parameters
    ----------
    table : csr_array
        Shape (texts, terms), from `stack`.

    Returns
    -------
    ndarray
        Inverse document frequency, shape (terms,), above 0.

    Examples
    --------
    >>> rarity(stack([((0,), (1,)), ((0, 1), (1, 1))], 3)).round(2)
    array([0.69, 1.1 , 1.1 ])
    """
    texts = np.maximum(np.bincount(table.indices, minlength=table.shape[1]), 1)
    return np.asarray(np.log1p(max(table.shape[0], 1) / texts), float)


def dampen(table: sparse.csr_array) -> sparse.csr_array:
    """Return the table with 1 + log(value) for every value above 1, so that repeats count less.

    Examples
    --------
    >>> dampen(stack([((0, 1), (1, np.e))], 2)).toarray()
    array([[1., 2.]])
    """
    damped = table.copy()
    damped.data = np.where(table.data > 1, 1 + np.log(np.maximum(table.data, 1)), table.data)
    return damped


def scale(table: sparse.csr_array, weights: Floats) -> sparse.csr_array:
    """Return the table with each column multiplied by its weight.

    Examples
    --------
    >>> scale(stack([((0, 1), (1, 1))], 2), np.array([2.0, 3.0])).toarray()
    array([[2., 3.]])
    """
    scaled = table.copy()
    scaled.data = table.data * weights[table.indices]
    return scaled


def unit_rows(table: sparse.csr_array, *, longest: float = np.inf) -> sparse.csr_array:
    """Return the rows divided by their lengths; empty rows stay empty.

    Parameters
    ----------
    table : csr_array
        Shape (texts, terms).
    longest : float, optional
        From this length on, a row is divided only by the geometric mean of it and its own length:
        a long clause must not lose the title it contains. By default every row gets length 1.

    Returns
    -------
    csr_array
        Same shape.

    Examples
    --------
    >>> unit_rows(stack([((0, 1), (3, 4)), ((), ())], 2)).toarray()
    array([[0.6, 0.8],
           [0. , 0. ]])
    >>> unit_rows(stack([((0,), (8,))], 1), longest=2).toarray()
    array([[2.]])
    """
    lengths = np.sqrt(table.multiply(table).sum(axis=1))
    divisors = np.where(lengths > longest, np.sqrt(lengths * min(longest, 1e300)), lengths)
    divisors[divisors == 0] = 1
    return sparse.csr_array(sparse.diags_array(1 / divisors) @ table)


def products(queries: sparse.csr_array, texts: sparse.csr_array) -> Floats:
    """Return the product of every query with every text, shape (queries, texts).

    Examples
    --------
    >>> products(stack([((0,), (1,))], 2), stack([((0,), (2,)), ((1,), (5,))], 2))
    array([[2., 0.]])
    """
    return np.asarray((queries @ texts.T).toarray(), float)


def best_of_owner(scores: Floats, owners: Sequence[int], count: int) -> Floats:
    """Return the greatest score among the texts of each owner, 0 for an owner without a text.

    Parameters
    ----------
    scores : ndarray
        Shape (queries, texts), 0 or more where texts are alike.
    owners : sequence of int
        Owner of each text, in ascending order.
    count : int
        Number of owners.

    Returns
    -------
    ndarray
        Shape (queries, count), never below 0.

    Examples
    --------
    >>> best_of_owner(np.array([[0.1, 0.7, 0.2]]), [0, 0, 2], 3)
    array([[0.7, 0. , 0.2]])
    """
    best = np.zeros((len(scores), count))
    if len(owners):
        present, starts = np.unique(np.asarray(owners), return_index=True)
        best[:, present] = np.maximum(np.maximum.reduceat(scores, starts, axis=1), 0)
    return best


def ngrams(word: str, sizes: Sequence[int]) -> list[str]:
    """Return the runs of characters of a word, its ends marked by spaces.

    Examples
    --------
    >>> ngrams("pay", (3, 4))
    [' pa', 'pay', 'ay ', ' pay', 'pay ']
    """
    marked = f" {word} "
    return [marked[at : at + size] for size in sizes for at in range(len(marked) - size + 1)]
