"""Going through the batches of one file with the kernel, stratum by stratum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.scatter import (
    MOMENTS,
    Layout,
    State,
    layout,
    new_state,
    padded,
    scatter,
)
from everycount.arrays.tables import TablePlan, places, plan_tables
from everycount.model.sampling import LonelyDomains
from everycount.survey.batch import Batch
from everycount.survey.findings import Findings
from everycount.survey.moments import WHOLE, Folded, StratumMoments
from everycount.survey.shape import Shape, roles_of
from everycount.survey.slots import SlotPlan, fill
from everycount.survey.strata import Key, Register, Stratum, distinct, population_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Wider(Exception):
    """The file does not fit the shape assumed; it must be read again with this one."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """What stays the same during a pass."""

    sizes: tuple[int, ...]
    """Levels of each characteristic, without one for rows that have none."""
    tables: tuple[tuple[int, ...], ...]
    shape: Shape
    slots: SlotPlan
    shifts: tuple[float, ...]
    nested: bool
    lonely_domains: LonelyDomains
    fraction: Callable[[Stratum], float]
    """Share of the units above that were sampled: 1 at the first stage."""
    memory: int
    """Bytes that moments of open strata may take; beyond it all but the current one are folded."""


@dataclass(slots=True, eq=False)
class Going:
    """A pass on its way."""

    frame: Frame
    findings: Findings
    whole: TablePlan = field(init=False)
    """Cells of all wanted tables, with a level for rows without one."""
    plan: TablePlan = field(init=False)
    layout: Layout = field(init=False)
    state: State = field(init=False)
    places: tuple[IntArray, IntArray, IntArray] = field(init=False)
    """Where the cells of a stratum go among all cells."""
    folded: Folded = field(init=False)
    totals: FloatArray = field(init=False)
    register: Register = field(default_factory=Register)
    fractions: dict[Key, float] = field(default_factory=dict)
    lonely: list[str] = field(default_factory=list)
    units: int = 0
    strata: int = 0
    current: tuple[Stratum, IntArray, Key] | None = None
    """Stratum, unit codes and key of the unit that may go on in the next batch."""
    last: Stratum | None = None
    """Stratum of the last unit, which may have more in the next batch."""

    def __post_init__(self) -> None:
        """Make room."""
        frame, outcomes = self.frame, len(self.frame.slots.outcomes)
        sizes = [size + 1 for size in frame.sizes]
        self.whole = plan_tables(sizes, frame.tables, ["person"] * len(sizes))
        self.plan = plan_tables(sizes, frame.tables, frame.shape.roles)
        self.layout = layout(self.plan, frame.slots.pairs)
        slots = padded(frame.slots.count)
        each = self.plan.cells * 8 * (slots + MOMENTS * outcomes)
        capacity = max(2, frame.memory // each)
        self.state = new_state(
            self.plan, slots=frame.slots.count, outcomes=outcomes, strata=int(capacity)
        )
        self.places = places(self.plan, self.whole)
        self.folded = Folded.empty(self.whole.cells, outcomes)
        self.totals = np.zeros((self.whole.cells, slots))

    @property
    def capacity(self) -> int:
        """Return how many strata may be open at a time."""
        return int(self.state.totals.shape[0])

    def add(self, batch: Batch) -> None:
        """Add a batch.

        Raises
        ------
        Wider
            If the batch does not fit the shape assumed.
        NotGrouped
            If rows of a unit or of a closed stratum do not stand together.
        """
        keys, at = distinct(batch.strata)
        if self._lacks_room(keys):
            self._make_room(batch)
        if self._lacks_room(keys):
            middle = len(batch.strata) // 2
            self.add(batch.part(0, middle))
            self.add(batch.part(middle, len(batch.strata)))
            return
        self._scatter(batch, self.register.strata(keys), at)

    def finish(self) -> None:
        """Fold what is still open.

        Raises
        ------
        NotGrouped
            If rows of a unit do not stand together.
        """
        self._end_unit()
        self.register.report(self.findings)
        for stratum in self.register.close(None):
            self._fold(stratum)

    def _lacks_room(self, keys: Sequence[Key]) -> bool:
        """Tell whether there are too many strata to have all of them open."""
        new = sum(key not in self.register.open for key in keys)
        return len(self.register.open) + new > self.capacity

    def _scatter(self, batch: Batch, strata: list[Stratum], at: IntArray) -> None:
        """Give a batch to the kernel."""
        first = self._key(batch, 0)
        goes_on = self.current is not None and self.current[2] == first
        if not goes_on:
            self._end_unit()
        heads = self._check_shape(batch, strata, at, goes_on=goes_on)
        self._begin(batch, strata, at, goes_on=goes_on)
        units = heads[self.plan.unit].T
        may_go_on = bool(batch.units.width)
        codes = [batch.codes[variable] for variable in self.plan.person]
        scatter(
            self._values(batch),
            np.array(codes, dtype=np.uint16).reshape(len(codes), batch.rows),
            batch.starts,
            strata=np.array([each.slot for each in strata], dtype=np.int64)[at],
            unit_codes=np.ascontiguousarray(units),
            goes_on=(goes_on, may_go_on),
            layout=self.layout,
            state=self.state,
        )
        self.last = strata[at[-1]]
        if may_go_on:
            self.current = (self.last, units[-1:].copy(), self._key(batch, -1))

    def _values(self, batch: Batch) -> FloatArray:
        """Return what the rows of a batch add up."""
        values = np.zeros((batch.rows, padded(self.frame.slots.count)))
        fill(values, self.frame.slots, batch.measures, self.frame.shifts)
        return values

    def _key(self, batch: Batch, at: int) -> Key:
        """Return what identifies a unit of a batch."""
        return (*batch.strata.row(at), *batch.units.row(at)) if batch.units.width else ()

    def _check_shape(
        self, batch: Batch, strata: list[Stratum], at: IntArray, *, goes_on: bool
    ) -> IntArray:
        """Return the codes at the head of each unit; refuse a batch of a wider shape."""
        found, heads = shape_of(batch, at)
        roles = list(found.roles)
        for stratum, head in zip(strata, _first_heads(heads, at), strict=True):
            if stratum.constants is None:
                stratum.constants = tuple(head.tolist())
            for variable, (old, new) in enumerate(zip(stratum.constants, head, strict=True)):
                if old != new and roles[variable] == "stratum":
                    roles[variable] = "unit"
        if goes_on and self.current is not None:
            for variable, old in zip(self.plan.unit, self.current[1][0], strict=True):
                if old != heads[variable, 0]:
                    roles[variable] = "person"
        wider = self.frame.shape.wider(replace(found, roles=tuple(roles)))
        if wider != self.frame.shape:
            raise Wider(wider)
        return heads

    def _begin(self, batch: Batch, strata: list[Stratum], at: IntArray, *, goes_on: bool) -> None:
        """Register the units of a batch; the first may be known."""
        if batch.units.width:
            units = batch.units if not self.frame.nested else _beside(batch.strata, batch.units)
            rows = np.diff(batch.starts)
            self.register.begin(units, batch.strata, rows=rows, goes_on=goes_on)
        counts = np.bincount(at[int(goes_on) :], minlength=len(strata))
        for stratum, count in zip(strata, counts.tolist(), strict=True):
            stratum.units += count
        if batch.populations is not None:
            pairs = pl.DataFrame({"at": at, "population": batch.populations})
            for place, population in pairs.filter(pl.col("population").is_finite()).unique().rows():
                strata[place].populations.add(population)

    def _end_unit(self) -> None:
        """Finish the unit that might have gone on."""
        if self.current is None:
            return
        stratum, codes, _ = self.current
        self.current = None
        scatter(
            np.zeros((0, self.state.local.shape[1])),
            np.zeros((len(self.plan.person), 0), dtype=np.uint16),
            np.zeros(2, dtype=np.int64),
            strata=np.array([stratum.slot], dtype=np.int64),
            unit_codes=codes,
            goes_on=(True, False),
            layout=self.layout,
            state=self.state,
        )

    def _make_room(self, batch: Batch) -> None:
        """Fold all open strata but the last, which may go on."""
        if self.current is not None and self.current[2] != self._key(batch, 0):
            self._end_unit()
        keep = self.last
        for stratum in self.register.close(keep):
            self._fold(stratum)
        if keep is not None and keep.slot != 0:
            for array in (self.state.totals, self.state.moments):
                array[0] = array[keep.slot]
                array[keep.slot] = 0
            keep.slot = 0

    def _fold(self, stratum: Stratum) -> None:
        """Add a finished stratum to the cells, and free its place."""
        slot = stratum.slot
        population = population_of(stratum, self.findings)
        fraction = self.frame.fraction(stratum)
        self.fractions[stratum.key] = fraction * min(1.0, stratum.units / population)
        source, place, steps = self.places
        occupied = np.flatnonzero((self.state.totals[slot, :, 0] != 0)[source])
        constants = np.array(stratum.constants, dtype=np.int64)[self.plan.stratum]
        cells = place[occupied] + steps[occupied] @ constants
        kept = source[occupied]
        self.totals[cells] += self.state.totals[slot, kept]
        moments = self.state.moments[slot, kept]
        self.folded.fold(
            StratumMoments(
                units=stratum.units,
                population=population,
                cells=cells,
                sums=moments[..., :2],
                spread=moments[..., 2:5],
                members=moments[..., 5].astype(np.int64),
                counted=moments[..., 6].astype(np.int64),
                fraction=fraction,
            ),
            self.frame.lonely_domains,
        )
        self.units += stratum.units
        self.strata += 1
        if stratum.units == 1 and population > 1 + WHOLE:
            self.lonely.append(stratum.name)
        self.state.totals[slot] = 0
        self.state.moments[slot] = 0


def shape_of(batch: Batch, at: IntArray) -> tuple[Shape, IntArray]:
    """Return the shape of a batch by itself, and the codes at the head of each unit.

    Parameters
    ----------
    batch : Batch
        The batch.
    at : int array, shape (units,)
        Stratum of each unit, from 0.
    """
    roles, heads = roles_of(batch.codes, batch.starts, at)
    return (
        Shape(roles=roles, own=tuple(not bool(each.counts.all()) for each in batch.measures)),
        heads,
    )


def _first_heads(heads: IntArray, at: IntArray) -> IntArray:
    """Return the codes of the first unit of each stratum, (strata, characteristics)."""
    _, first = np.unique(at, return_index=True)
    return heads[:, first].T


def _beside(strata: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Return units with their strata, where their numbers begin anew in each."""
    return pl.concat([strata, units], how="horizontal")
