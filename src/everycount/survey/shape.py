"""What the kernel may take for granted of a file, and what to do when it turns out otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from everycount.arrays.tables import Role

IntArray = npt.NDArray[np.int64]
ORDER: Final[tuple[Role, ...]] = ("stratum", "unit", "person")
"""From what changes least to what changes most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What has been seen so far of the characteristics and outcomes of a file.

    The first batch gives a shape; a later batch that does not fit gives a wider one, and the file
    is read again from the start; if that does not fit either, once more with the widest. So
    nothing has to be known beforehand, and most files are read once.
    """

    roles: tuple[Role, ...]
    """Whether each characteristic changes within units, between them, or between strata only."""
    own: tuple[bool, ...]
    """Whether some rows do not count for each outcome."""

    def wider(self, other: "Shape") -> "Shape":
        """Return the shape that fits both."""
        return Shape(
            roles=tuple(
                max(own, their, key=ORDER.index)
                for own, their in zip(self.roles, other.roles, strict=True)
            ),
            own=tuple(a or b for a, b in zip(self.own, other.own, strict=True)),
        )

    def widest(self) -> "Shape":
        """Return the shape that fits every file."""
        return Shape(roles=(ORDER[-1],) * len(self.roles), own=(True,) * len(self.own))


def roles_of(
    codes: Sequence[IntArray], starts: IntArray, strata: IntArray
) -> tuple[tuple[Role, ...], IntArray]:
    """Return the role of each characteristic in a batch, and its code at the head of each unit.

    Parameters
    ----------
    codes : sequence of int arrays, each (rows,)
        Levels of the characteristics.
    starts : int array, shape (units + 1,)
        Rows at which units begin, and the end.
    strata : int array, shape (units,)
        Stratum of each unit.

    Returns
    -------
    tuple of str
        The roles.
    int array, shape (characteristics, units)
        Codes of the first row of each unit.

    Examples
    --------
    >>> codes = [np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])]
    >>> roles_of(codes, np.array([0, 2, 4]), np.array([0, 0]))[0]
    ('unit', 'person')
    """
    lengths = np.diff(starts)
    heads = np.array([column[starts[:-1]] for column in codes], dtype=np.int64)
    heads = heads.reshape(len(codes), len(strata))
    first = np.full(int(strata.max()) + 1 if len(strata) else 0, -1)
    first[strata[::-1]] = np.arange(len(strata))[::-1]
    roles: list[Role] = []
    for column, head in zip(codes, heads, strict=True):
        if not np.array_equal(column, np.repeat(head, lengths)):
            roles.append("person")
        elif np.array_equal(head, head[first[strata]]):
            roles.append("stratum")
        else:
            roles.append("unit")
    return tuple(roles), heads
