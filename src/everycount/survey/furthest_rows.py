"""Rows of one outcome reduced to circumstances, PSUs and replicates: what trees are grown on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from everycount.arrays.circumstances import Cells, Kind
from everycount.arrays.clustered import Clustered, by_psu, by_row, cluster
from everycount.arrays.replicate import Centre
from everycount.arrays.resample import bootstrap
from everycount.errors import MethodError, Problem
from everycount.model.design import Outcome
from everycount.survey.coding import Coding
from everycount.survey.findings import Excluded
from everycount.survey.measure import Measure
from everycount.survey.repeats import Repeats
from everycount.survey.sample import Sample
from everycount.survey.sample_tables import SampleTable, SampleTables
from everycount.survey.unit_totals import TableTotals, add_up

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Method = Literal["escap", "chosen"]
Repetitions = Callable[[], Iterable[Cells]]
"""Gives the cells under each replicate, as often as it is called."""
METHODS: Final[tuple[Method, ...]] = ("escap", "chosen")
IDENTITIES: Final = ("ETHNICITY",)
"""Dimensions of who people are, for which ESCAP lets groups be smaller. UN ESCAP's code does so
for ethnicity, religion and language; the latter two have no dimension and are named by option."""
SUITABLE: Final = ("proportion", "mean")
BLOCK: Final = 4_000_000
"""Factors of PSUs, and replicate weights of rows, made at a time: 32 MB; not critical."""
KEPT: Final = 10_000_000
"""Cells times replicates that are kept in memory, 320 MB; beyond it they are made again."""
REPLICATES: Final = (50, 200)
"""Bootstrap replicates at least and at most; an error from 50 is itself off by a tenth."""
REPEATED: Final = 2_500_000
"""Cells in all replicates together, from which fewer are made; our own choice, 10 seconds."""
DRAWS: Final = (20, 200)
"""Draws of chance at least and at most; the Monte Carlo error of the expected D is a fifth and a
fourteenth of the spread of a draw."""
DRAWN: Final = 20_000_000
"""Rows in all draws together, from which fewer draws are made; our own choice, about 5 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FurthestOptions:
    """How those furthest behind are sought."""

    methods: tuple[Method, ...] = METHODS
    """``escap``: as UN ESCAP does. ``chosen``: the same tree, as deep as cross-validation over PSUs
    finds it to hold."""
    circumstances: tuple[str, ...] = ()
    """Characteristics that may make groups. Left out: those of the design, or all."""
    identity: tuple[str, ...] = ()
    """Circumstances that say who people are (religion, language), so that groups may be smaller;
    one of the dimension ETHNICITY always does."""
    seed: int = 1
    """Where random numbers start: folds, halves, bootstrap replicates and draws."""
    replicates: int | None = None
    """Bootstrap replicates of PSUs, where the file has no replicate weights. Left out: 200, fewer
    where circumstances have over 12,500 combinations."""
    draws: int | None = None
    """Draws for the D to expect by chance. Left out: 200, fewer for over 100,000 rows."""

    def draws_for(self, rows: int) -> int:
        """Return the number of draws for a number of rows."""
        if self.draws is not None:
            return self.draws
        return int(np.clip(DRAWN // max(rows, 1), *DRAWS))

    def replicates_for(self, cells: int) -> int:
        """Return the number of bootstrap replicates for a number of cells."""
        if self.replicates is not None:
            return self.replicates
        return int(np.clip(REPEATED // max(cells, 1), *REPLICATES))

    def rng(self, purpose: int) -> np.random.Generator:
        """Return random numbers for a purpose, the same whatever else is done."""
        return np.random.default_rng([self.seed, purpose])


FOLDS_RNG, HALVES_RNG, BOOTSTRAP_RNG, CHANCE_RNG = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How replicates become variances."""

    scale: float
    rscales: FloatArray
    centre: Centre


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reduced:
    """The rows of one outcome, and the cells of circumstances in its PSUs."""

    sample: Sample
    """The sample with this outcome alone."""
    tables: SampleTables
    circumstances: tuple[int, ...]
    """Positions of the characteristics."""
    has_identity: bool
    codes: IntArray
    """Level by row and circumstance, -1 where it is not known."""
    outcome_by_row: FloatArray
    """NaN where a row does not count."""
    table: Clustered
    excluded: tuple[Excluded, ...]

    @property
    def outcome(self) -> Outcome:
        """Return the outcome."""
        return self.sample.plan.design.outcomes[0]

    @property
    def measure(self) -> Measure:
        """Return the outcome by row."""
        return self.sample.measures[0]

    @property
    def codings(self) -> tuple[Coding, ...]:
        """Return the circumstances."""
        return tuple(self.sample.plan.codings[at] for at in self.circumstances)

    @property
    def rows(self) -> int:
        """Return the number of rows that are used."""
        return int(self.table.cells.n.sum())

    @property
    def psus(self) -> int:
        """Return the number of PSUs with a row that is used."""
        return len(np.unique(self.table.psu))

    @property
    def has_psus(self) -> bool:
        """Tell whether PSUs are named, so that neighbours can be kept together."""
        return self.sample.plan.design.sampling.psu is not None

    def table_of(self, cell: IntArray, size: int) -> SampleTable:
        """Return a table of any parts of the rows.

        Parameters
        ----------
        cell : ndarray of int, shape (rows,)
            Part of each row from 0; -1 for none.
        size : int
            Number of parts.
        """
        sample = self.sample
        cells = np.arange(size, dtype=np.int64)[:, None]
        totals = None
        if sample.sampled is not None:
            totals = TableTotals(
                table=(),
                cells=cells,
                units=sample.sampled.units,
                sums=add_up(sample.unit, cell, self.tables.values),
            )
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(size + 1))
        return SampleTable(
            of=self.tables, table=(), cells=cells, totals=totals, order=order, starts=starts
        )

    def scale(self, options: FurthestOptions) -> Scale:
        """Return how replicates become variances."""
        repeats = self.sample.repeats
        if repeats is not None:
            return Scale(scale=repeats.scale, rscales=repeats.rscales, centre=repeats.centre)
        count = options.replicates_for(len(self.table.cells.n))
        return Scale(scale=1 / (count - 1), rscales=np.ones(count), centre="mean")

    def replicates(self, options: FurthestOptions) -> Iterator[Cells]:
        """Yield the cells under replicate weights of the file, or under bootstraps of PSUs."""
        repeats = self.sample.repeats
        if repeats is None:
            yield from self._bootstraps(options)
        elif repeats.place is not None:
            place = np.zeros(len(self.table.stratum), dtype=np.int64)
            place[self.table.psu_of_row] = repeats.place
            yield from by_psu(self.table, repeats.matrix[place])
        else:
            for part in parts_of_repeats(repeats, self.sample.rows):
                rows = np.arange(self.sample.rows)
                weights = part.weights(self.measure, rows)
                yield from by_row(
                    self.outcome_by_row,
                    self.measure.weight,
                    self.table,
                    replicate_weights=weights,
                )

    def repetitions(self, options: FurthestOptions) -> Repetitions:
        """Return what gives the replicates again and again, from memory if they are few."""
        count = self.scale(options).rscales.size
        if len(self.table.cells.n) * count > KEPT:
            return lambda: self.replicates(options)
        kept = tuple(self.replicates(options))
        return lambda: kept

    def _bootstraps(self, options: FurthestOptions) -> Iterator[Cells]:
        """Yield the cells under Rao and Wu's bootstrap of PSUs within strata."""
        rng = options.rng(BOOTSTRAP_RNG)
        strata = self.table.stratum
        population = self._population()
        most = max(2, BLOCK // len(strata))
        wanted = options.replicates_for(len(self.table.cells.n))
        done = 0
        while done < wanted:
            count = min(most, wanted - done)
            made = bootstrap(strata, max(count, 2), rng=rng, population=population, single="remove")
            yield from by_psu(self.table, made.factors[:, :count])
            done += count

    def _population(self) -> FloatArray:
        """Return the number of PSUs in the population of the stratum of each PSU."""
        sampled = self.sample.sampled
        assert sampled is not None
        first = sampled.frames[0]
        found = np.full(len(self.table.stratum), np.inf)
        share = 1 - first.unsampled[first.stratum]
        size = first.size[first.stratum]
        whole = np.divide(size, share, out=np.full(len(size), np.inf), where=share > 0)
        found[self.table.psu_of_row] = whole[sampled.psu[self.sample.unit]]
        return found


def parts_of_repeats(repeats: Repeats, rows: int) -> Iterator[Repeats]:
    """Yield replicate weights of so many rows some columns at a time."""
    width = max(1, BLOCK // max(rows, 1))
    for start in range(0, repeats.count, width):
        held = slice(start, start + width)
        yield replace(repeats, matrix=repeats.matrix[:, held], rscales=repeats.rscales[held])


def reduce_rows(sample: Sample, outcome: str, options: FurthestOptions) -> Reduced:
    """Reduce the rows of one outcome to the cells of circumstances in each PSU.

    Parameters
    ----------
    sample : Sample
        From `everycount.survey.sample.load`.
    outcome : str
        Name of an outcome of the design, a proportion or a mean.
    options : FurthestOptions
        Which circumstances.

    Raises
    ------
    MethodError
        If there is no such outcome or circumstance, it is no proportion or mean, or too few rows
        or PSUs are left.
    """
    plan = sample.plan
    names = [each.name for each in plan.design.outcomes]
    problems = []
    if outcome not in names:
        expected = f"one of {', '.join(names)}" if names else "one of the design, which has none"
        problems.append(Problem("outcome", repr(outcome), expected))
    elif plan.design.outcomes[names.index(outcome)].statistic not in SUITABLE:
        found = f"a {plan.design.outcomes[names.index(outcome)].statistic}"
        problems.append(Problem(f"outcome {outcome}", found, "a proportion or a mean"))
    problems += _option_problems(sample, options)
    if problems:
        raise MethodError(plan.source.name, problems)
    own = _alone(sample, names.index(outcome))
    places = _circumstances(own, options)
    codings = [own.plan.codings[at] for at in places]
    measure = own.measures[0]
    columns = [own.codes[at] for at in places]
    codes = np.column_stack(
        [
            np.where(column == coding.missing, -1, column)
            for column, coding in zip(columns, codings, strict=True)
        ]
    )
    y = np.where(measure.counts, measure.value, np.nan)
    psu, stratum = _psus(own)
    kinds: list[Kind] = [
        "ordered" if coding.characteristic.is_ordered else "nominal" for coding in codings
    ]
    table = cluster(y, measure.weight, codes, kinds=kinds, psu=psu, stratum=stratum)
    reduced = Reduced(
        sample=own,
        tables=SampleTables.of(own, ()),
        circumstances=places,
        has_identity=any(
            coding.characteristic.dimension in IDENTITIES or coding.name in options.identity
            for coding in codings
        ),
        codes=codes,
        outcome_by_row=y,
        table=table,
        excluded=_excluded(own, outcome, codings, codes),
    )
    _refuse_few(reduced)
    return reduced


def _option_problems(sample: Sample, options: FurthestOptions) -> list[Problem]:
    """Return what is wrong with the options for a survey."""
    known = [coding.name for coding in sample.plan.codings]
    expected = f"one of {', '.join(known)}" if known else "characteristics, of which there are none"
    chosen = [known[at] for at in _circumstances(sample, options)]
    problems = [
        Problem("circumstances", repr(name), expected)
        for name in options.circumstances
        if name not in known
    ]
    if not known:
        problems.append(Problem("circumstances", "none", "at least one characteristic"))
    problems += [
        Problem("identity", repr(name), f"one of {', '.join(chosen)}, the circumstances")
        for name in options.identity
        if name not in chosen
    ]
    if options.replicates is not None and options.replicates < 2:
        problems.append(Problem("replicates", str(options.replicates), "2 or more"))
    if options.draws is not None and options.draws < 2:
        problems.append(Problem("draws", str(options.draws), "2 or more"))
    return problems


def _circumstances(sample: Sample, options: FurthestOptions) -> tuple[int, ...]:
    """Return positions of the circumstances, in the order in which they were named."""
    known = [coding.name for coding in sample.plan.codings]
    wanted: Sequence[str] = options.circumstances or sample.plan.design.circumstances or known
    return tuple(known.index(name) for name in dict.fromkeys(wanted) if name in known)


def _alone(sample: Sample, number: int) -> Sample:
    """Return a sample with one outcome, a share of its group."""
    design = sample.plan.design
    outcome = replace(design.outcomes[number], share_of="group")
    plan = replace(sample.plan, design=replace(design, outcomes=(outcome,)))
    return replace(sample, plan=plan, measures=(sample.measures[number],))


def _psus(sample: Sample) -> tuple[IntArray, IntArray]:
    """Return the PSU and the stratum of each row."""
    if sample.sampled is None:
        return sample.unit, np.zeros(sample.rows, dtype=np.int64)
    psu = sample.sampled.psu[sample.unit]
    return psu, sample.sampled.frames[0].stratum[psu]


def _excluded(
    sample: Sample, outcome: str, codings: Sequence[Coding], codes: IntArray
) -> tuple[Excluded, ...]:
    """Return rows left out, each by the first reason that holds."""
    found = [each for each in sample.findings.left_out if each.subject == outcome]
    left = sample.measures[0].counts
    for coding, column in zip(codings, codes.T, strict=True):
        lacking = left & (column < 0)
        if lacking.any():
            reason = f"no level of {coding.name}"
            found.append(Excluded(subject=outcome, reason=reason, rows=int(lacking.sum())))
        left = left & (column >= 0)
    return tuple(found)


def _refuse_few(reduced: Reduced) -> None:
    """Refuse a sample from which no error can be had."""
    subject = reduced.sample.plan.source.name
    if reduced.psus < 2:
        found = f"{reduced.psus} sampled unit with a row that is used"
        raise MethodError(
            subject, [Problem(f"outcome {reduced.outcome.name}", found, "two or more")]
        )
    if reduced.sample.repeats is None:
        size = np.bincount(reduced.table.stratum)
        population = reduced._population()
        is_part = ~np.isclose(population, size[reduced.table.stratum], rtol=1e-9)
        if not ((size[reduced.table.stratum] > 1) & is_part).any():
            expected = "one with two units or more that is not taken whole"
            raise MethodError(subject, [Problem("strata", "none to resample", expected)])
