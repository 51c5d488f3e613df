"""Respondents of every combination of all characteristics: what a published table is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.lattice import LARGEST, Lattice
from everycount.arrays.tables import table_strides
from everycount.errors import MethodError, Problem
from everycount.survey.batch import prepare
from everycount.survey.findings import Findings
from everycount.survey.measure import Measure
from everycount.survey.plan import SurveyPlan

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
BITS = 60
"""Outcomes told apart by one whole number of 64 bits, with room to spare."""
MANY = 0.05
"""Share of rows without a level of a characteristic from which they are a group of people, such as
those never married, whom nobody asked for a husband's schooling; fewer are refusals and gaps, and
nobody outside knows whose. Our own choice."""
MOST = 2**62
"""Combinations beyond which they cannot be numbered by whole numbers of 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointCounts:
    """Respondents by all characteristics at once, unweighted.

    A characteristic of which some rows have no level has one level more in `lattice`, for them.
    Entries are joint cells with members, once for each set of outcomes that people were asked.
    """

    lattice: Lattice
    codes: IntArray
    """Level of each characteristic in each cell of the lattice, -1 where not crossed."""
    is_known: BoolArray
    """Whether a cell is of rows that have all levels crossed, (cells,)."""
    is_group: BoolArray
    """Whether a cell is of a group of people, (cells,): one known, or one that lacks a level that
    many lack."""
    joint: IntArray
    """Joint cell of each entry, ascending."""
    asked: BoolArray
    """Whether the people of an entry are in the universe of an outcome, (entries, outcomes)."""
    people: IntArray
    """Rows of each entry."""
    yes: IntArray
    """Respondents who say yes, (entries, outcomes); 0 for other statistics."""
    rows: IntArray
    """Respondents, (entries, outcomes)."""

    def spread(self, values: IntArray) -> IntArray:
        """Return values of entries as a table of all joint cells, (joint,)."""
        sums = np.bincount(self.joint, values, minlength=self.lattice.joint)
        return sums.astype(np.int64)


def joint_counts(plan: SurveyPlan) -> JointCounts:
    """Read the file once and count respondents by all characteristics at once.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.

    Raises
    ------
    MethodError
        If there are more combinations than can be audited.
    """
    sizes = [size + 1 for size in plan.sizes]
    _refuse_many(plan, prod(sizes), MOST)
    strides = np.array(table_strides(sizes, range(len(sizes))), dtype=np.int64)
    outcomes = range(len(plan.design.outcomes))
    keys = ["joint", *(f"asked {at}" for at in outcomes[::BITS])]
    columns = [*keys, "people", *(f"{what} {at}" for what in ("yes", "rows") for at in outcomes)]
    found = pl.DataFrame(schema=dict.fromkeys(columns, pl.Int64))
    for frame in plan.source.batches(plan.columns):
        batch = prepare(plan, frame, 1, Findings())
        codes = np.array(batch.codes, dtype=np.int64).reshape(len(sizes), batch.rows)
        numbers = {"joint": strides @ codes, "people": np.ones(batch.rows, dtype=np.int64)}
        more = pl.DataFrame({**numbers, **_answers(batch.measures)}).select(columns)
        found = pl.concat([found, more]).group_by(keys).sum()
    found, many = found.sort(keys), np.array(sizes, dtype=np.int64)
    levels = found["joint"].to_numpy()[None, :] // strides[:, None] % many[:, None]
    gaps = [bool((own == size).any()) for own, size in zip(levels, plan.sizes, strict=True)]
    wide = [size + gap for size, gap in zip(plan.sizes, gaps, strict=True)]
    _refuse_many(plan, prod(wide), LARGEST)
    # A lattice has at least one characteristic; one of a single level adds nothing.
    lattice = Lattice(levels=tuple(wide) or (1,), crossings=plan.tables())
    known = lattice_codes(lattice)[:, : len(wide)]
    people = found["people"].to_numpy()
    lacking = [people[own == size].sum() for own, size in zip(levels, plan.sizes, strict=True)]
    is_many = np.array(lacking, dtype=np.int64) >= MANY * people.sum()
    is_gap = known == np.array(plan.sizes, dtype=np.int64)
    bits = found.select(keys[1:]).to_numpy()
    asked = [bits[:, at // BITS] >> (at % BITS) & 1 for at in outcomes]
    return JointCounts(
        lattice=lattice,
        codes=known,
        is_known=~is_gap.any(axis=1),
        is_group=~(is_gap & ~is_many).any(axis=1),
        joint=np.array(table_strides(wide, range(len(wide))), dtype=np.int64) @ levels,
        asked=np.array(asked, dtype=np.bool_).reshape(len(outcomes), len(found)).T,
        people=people,
        yes=found.select(f"yes {at}" for at in outcomes).to_numpy(),
        rows=found.select(f"rows {at}" for at in outcomes).to_numpy(),
    )


def _refuse_many(plan: SurveyPlan, number: int, most: int) -> None:
    """Refuse more combinations than can be held."""
    if number > most:
        found = f"{number:,} combinations of all characteristics"
        expected = (
            f"at most {LARGEST:,}, so that what tables give away can be worked out: fewer "
            "characteristics or levels"
        )
        raise MethodError(plan.source.name, [Problem("confidentiality", found, expected)])


def lattice_codes(lattice: Lattice) -> IntArray:
    """Return the level of each characteristic in each cell, -1 where it is not crossed.

    Examples
    --------
    >>> lattice_codes(Lattice(levels=(2, 2), crossings=((), (1,)))).tolist()
    [[-1, -1], [-1, 0], [-1, 1]]
    """
    codes = np.full((lattice.cells, len(lattice.levels)), -1, dtype=np.int64)
    for table, crossing in enumerate(lattice.crossings):
        shape = lattice.shape(crossing)
        grid = np.indices(shape).reshape(len(shape), prod(shape))
        for variable, own in zip(crossing, grid, strict=True):
            codes[lattice.span(table), variable] = own
    return codes


def _answers(measures: Sequence[Measure]) -> dict[str, IntArray]:
    """Return for each row which outcomes it was asked, as bits, and what it says to each."""
    columns: dict[str, IntArray] = {}
    for at, each in enumerate(measures):
        name, bit = f"asked {at - at % BITS}", at % BITS
        before = columns.get(name, np.zeros(len(each.counts), dtype=np.int64))
        columns[name] = before | (each.asked.astype(np.int64) << bit)
        columns[f"yes {at}"] = (each.counts & (each.value == 1)).astype(np.int64)
        columns[f"rows {at}"] = each.counts.astype(np.int64)
    return columns
