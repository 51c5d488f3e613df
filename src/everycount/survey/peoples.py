"""Which outcomes are about the same people, about some of the same, or about others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from everycount.model.conditions import code_text
from everycount.model.design import Outcome
from everycount.survey.joint_counts import JointCounts

BoolArray = npt.NDArray[np.bool_]
Relation = Literal["within", "overlapping", "apart"]
ALIKE = 0.01
"""Share of rows by which people may differ and be taken for the same, as those whose answer is
missing are: about as many as a survey misses. Our own choice."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """People whom some outcomes are about."""

    outcomes: tuple[int, ...]
    """Positions of the outcomes."""
    entries: BoolArray
    """Which entries of the counts they are, (entries,)."""
    rows: int


def peoples(counts: JointCounts, outcomes: Sequence[Outcome]) -> tuple[People, ...]:
    """Return the different peoples that outcomes are about, the most numerous first.

    Parameters
    ----------
    counts : JointCounts
        Respondents of all combinations, and what they were asked.
    outcomes : sequence of Outcome
        Those of the design. Two that ask others the same, however few, are apart: their answers
        would follow from both.
    """
    groups: list[tuple[BoolArray, list[int]]] = []
    for number, asked in enumerate(counts.asked.T):
        for entries, numbers in groups:
            most = max(_rows(counts, entries), _rows(counts, asked))
            others = [each for each in numbers if _rows(counts, counts.asked[:, each] ^ asked)]
            tells = any(is_same_question(outcomes[each], outcomes[number]) for each in others)
            if not tells and _rows(counts, entries ^ asked) <= ALIKE * most:
                numbers.append(number)
                break
        else:
            groups.append((asked, [number]))
    found = [
        People(outcomes=tuple(numbers), entries=entries, rows=_rows(counts, entries))
        for entries, numbers in groups
    ]
    return tuple(sorted(found, key=lambda each: -each.rows))


def relation(counts: JointCounts, wide: BoolArray, narrow: BoolArray) -> Relation:
    """Tell how the entries of fewer people lie to those of more.

    Examples
    --------
    Women who were ever married are *within* women; women and those below 20 are *overlapping*.
    """
    if not _rows(counts, wide & narrow):
        return "apart"
    return "overlapping" if _rows(counts, narrow & ~wide) else "within"


def is_same_question(one: Outcome, other: Outcome) -> bool:
    """Tell whether two outcomes ask the same of different people.

    Examples
    --------
    >>> grown = Outcome(name="adults", column="reads", yes=(1,))
    >>> is_same_question(grown, Outcome(name="reads", yes=("1",)))
    True
    """
    keys = [
        (each.source, each.denominator, frozenset(map(code_text, each.yes)))
        for each in (one, other)
    ]
    return keys[0] == keys[1]


def _rows(counts: JointCounts, entries: BoolArray) -> int:
    return int(counts.people[entries].sum())
