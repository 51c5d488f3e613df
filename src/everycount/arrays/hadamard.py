"""Hadamard: square matrices of 1 and -1 whose rows are orthogonal, for balanced replicates."""

from math import isqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Signs: TypeAlias = NDArray[np.int8]


def hadamard(order: int) -> Signs:
    """Return a Hadamard matrix with 1 in the whole first row and column.

    Sylvester's doubling, and Paley's first and second construction over a prime: of the orders up
    to 200 that are divisible by 4, these leave out 52, 92, 100, 116, 156, 172, 184 and 188.

    Parameters
    ----------
    order : int
        1, 2, or one of `hadamard_order`.

    Returns
    -------
    ndarray of int8, shape (order, order)

    Raises
    ------
    ValueError
        If there is no construction for the order here.

    References
    ----------
    .. [1] Paley, R. E. A. C. (1933), On orthogonal matrices, Journal of Mathematics and Physics
       12, 311-320.
    .. [2] Hedayat, A. and Wallis, W. D. (1978), Hadamard matrices and their applications, Annals of
       Statistics 6, 1184-1238.

    Examples
    --------
    >>> matrix = hadamard(12).astype(int)
    >>> bool((matrix @ matrix.T == 12 * np.eye(12)).all())
    True
    """
    if not _has_construction(order):
        raise ValueError(f"found order {order}, expected one such as {hadamard_order(order)}")
    matrix = _construct(order)
    matrix = matrix * matrix[:, :1]
    return matrix * matrix[:1]


def hadamard_order(least: int) -> int:
    """Return the smallest order from `least` on for which `hadamard` has a matrix.

    Examples
    --------
    >>> [hadamard_order(least) for least in (1, 3, 9, 18, 50)]
    [1, 4, 12, 20, 56]
    """
    order = max(least, 1)
    while not _has_construction(order):
        order += 1
    return order


def _has_construction(order: int) -> bool:
    if order in {1, 2}:
        return True
    if order < 1 or order % 4:
        return False
    return _is_prime(order - 1) or _is_second_kind(order) or _has_construction(order // 2)


def _is_second_kind(order: int) -> bool:
    """Tell whether Paley's second construction makes the order: 2 (q + 1), q = 1 modulo 4."""
    q = order // 2 - 1
    return q % 4 == 1 and _is_prime(q)


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, isqrt(number) + 1))


def _construct(order: int) -> Signs:
    if order == 1:
        return np.ones((1, 1), np.int8)
    if order > 2 and _is_prime(order - 1):  # then q is 3 modulo 4, and the core skew
        return _bordered(order - 1, lower=-1) + np.eye(order, dtype=np.int8)
    if order > 2 and _is_second_kind(order):
        core = _bordered(order // 2 - 1, lower=1)
        same = np.array([[1, 1], [1, -1]], np.int8)
        turned = np.array([[1, -1], [-1, -1]], np.int8)
        return np.kron(core, same) + np.kron(np.eye(len(core), dtype=np.int8), turned)
    return np.kron(np.array([[1, 1], [1, -1]], np.int8), _construct(order // 2))


def _bordered(q: int, *, lower: int) -> Signs:
    """Return Jacobsthal's matrix of a prime q with a border of 1 above and `lower` at the left."""
    residue = np.full(q, -1, np.int8)
    residue[np.arange(1, q, dtype=np.int64) ** 2 % q] = 1
    residue[0] = 0
    core = np.zeros((q + 1, q + 1), np.int8)
    core[0, 1:], core[1:, 0] = 1, lower
    core[1:, 1:] = residue[np.subtract.outer(np.arange(q), np.arange(q)) % q]
    return core
