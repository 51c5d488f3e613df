"""The sampled units of a survey, each once, and the stages of sampling laid along them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.linearise import Stage
from everycount.arrays.strata import Frame, between, frame
from everycount.model.sampling import Lonely, LonelyDomains, Sampling
from everycount.survey.batch import Batch
from everycount.survey.findings import Findings
from everycount.survey.plan import SurveyPlan
from everycount.survey.sampled import STRATA, UNITS, population_of_heads
from everycount.survey.strata import SHOWN, Key, Stratum, named, population_of
from everycount.survey.totals import lonely_error

ROUNDING = 1e-26
"""Share of the squares of scores below which their variance is rounding: the error is then less
than 1e-13 of them."""
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """The units of the last stage of sampling that adds to the variance, and all stages of them.

    Scores of an estimate need be known by unit only: all that follows is sums over units.
    """

    stages: tuple[Stage, ...]
    """The first stage, then those below it, laid along the units."""
    frames: tuple[Frame, ...]
    """The same, brought to units and strata of each stage."""
    strata: tuple[str, ...]
    """Names of the strata of the first stage, by code."""
    lonely: tuple[tuple[str, ...], ...]
    """Names of strata with one unit that are not fully sampled, by stage."""
    rule: Lonely
    lonely_domains: LonelyDomains

    @property
    def units(self) -> int:
        """Return the number of units of the last stage."""
        return len(self.stages[0].units)

    @property
    def psu(self) -> IntArray:
        """Return the unit of the first stage that each unit lies in, from 0."""
        return self.frames[0].units

    @property
    def looks_at_members(self) -> bool:
        """Tell whether variances depend on which units have members of a domain."""
        return self.lonely_domains == "adjust" or any(map(len, self.lonely))

    def variance(self, scores: FloatArray, members: BoolArray) -> float:
        """Return the variance of a sum of scores.

        Parameters
        ----------
        scores : ndarray, shape (units,)
            Weighted influence values of an estimate, summed by unit.
        members : ndarray of bool, shape (units,)
            Units with members of its domain.

        Returns
        -------
        float
            NaN where no stratum with members tells the error, as each has a single unit.
        """
        inside = members[:, None] if self.looks_at_members else None
        total = 0.0
        for depth, stage in enumerate(self.frames):
            # Below the first stage the streaming kernel, too, counts units without members as 0.
            domains = "centre" if depth else self.lonely_domains
            found = between(
                stage, scores[:, None], inside, lonely=self.rule, lonely_domains=domains
            )
            total += float(found[0, 0])
        if not total <= ROUNDING * float(scores @ scores):  # NaN is not
            return total
        return np.nan if self._is_alone(members) else 0.0

    def _is_alone(self, members: BoolArray) -> bool:
        """Tell whether no stratum of a domain tells its error, as each has a single unit."""
        first = self.frames[0]
        if self.rule == "adjust" and not first.single.all():
            return False  # the others tell it
        strata = first.stratum[first.units[members]]
        return len(strata) > 0 and bool(first.single[strata].all())

    def df(self, members: BoolArray) -> int:
        """Return degrees of freedom: first-stage units with members less strata with members."""
        first = self.frames[0]
        has_members = np.zeros(len(first.stratum), dtype=np.bool_)
        has_members[first.units[members]] = True
        return int(has_members.sum()) - len(np.unique(first.stratum[has_members]))

    def refuse_lonely(self, subject: str) -> None:
        """Raise MethodError if there are lonely strata and the rule is to fail."""
        for number, names in enumerate(self.lonely, start=1):
            if names and self.rule == "fail":
                raise lonely_error(list(names), subject, stage=number)


@dataclass(slots=True, eq=False)
class Register:
    """The units seen so far, numbered as they come, with what identifies them."""

    plan: SurveyPlan
    keys: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Strata and units of every stage, one row for each unit."""
    rows: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Number of rows of each unit."""
    populations: list[list[FloatArray]] = field(default_factory=list)

    @property
    def sampling(self) -> Sampling:
        """Return how the sample was drawn."""
        return self.plan.design.sampling

    @property
    def stages(self) -> int:
        """Return how many stages add to the variance."""
        return self.sampling.stages_of_variance

    def number(self, batch: Batch, frame: pl.DataFrame, findings: Findings) -> IntArray:
        """Return the number of the unit of each row, new units noted.

        Parameters
        ----------
        batch : Batch
            Rows made ready for the last stage that adds to the variance.
        frame : DataFrame
            The same rows of the file.
        findings : Findings
            Where populations that are none are noted.
        """
        heads = pl.concat([batch.strata, batch.units], how="horizontal")
        before, names = len(self.keys), heads.columns
        self.keys = pl.concat([self.keys, heads])
        if batch.units.width:
            self.keys = self.keys.unique(maintain_order=True)
            placed = heads.join(self.keys.with_row_index("number"), on=names, how="left",
                                nulls_equal=True, maintain_order="left")  # fmt: skip
            numbers = placed["number"].to_numpy().astype(np.int64)
        else:  # every row is a unit
            numbers = np.arange(before, before + len(heads), dtype=np.int64)
        rows = np.diff(batch.starts)
        more = np.zeros(len(self.keys) - before, dtype=np.int64)
        self.rows = np.append(self.rows, more)
        np.add.at(self.rows, numbers, rows)
        _, first = np.unique(numbers, return_index=True)
        self._note_populations(batch, frame, first[numbers[first] >= before], findings)
        return np.repeat(numbers, rows)

    def _note_populations(
        self, batch: Batch, frame: pl.DataFrame, new: IntArray, findings: Findings
    ) -> None:
        """Note what the rows of new units say of the populations of their strata."""
        named = [self.sampling.population, *(each.population for each in self.sampling.stages)]
        columns, found = self.plan.source.columns, []
        for at, name in enumerate(named[: self.stages], start=1):
            if name is None:
                said = np.full(len(batch.strata), np.inf)
            elif at == self.stages and batch.populations is not None:
                said = batch.populations
            else:
                said = population_of_heads(
                    name, frame, batch.starts, column=columns[name], findings=findings
                )
            found.append(said[new])
        self.populations.append(found)

    def sampled(self, findings: Findings) -> Sampled | None:
        """Return all units with their stages; None if there are faults, of whatever kind."""
        stages: list[Stage] = []
        names: list[list[Key]] = []
        above = np.zeros(len(self.keys), dtype=np.int64)
        for at, said in enumerate(zip(*self.populations, strict=True), start=1):
            stratum = _paired(above, _dense(self.keys[STRATA.format(at)]))
            unit = self._units(at, stratum, findings)
            population = np.concatenate(said)
            stages.append(Stage(units=unit, strata=stratum, population=population))
            columns = [form.format(up) for up in range(1, at) for form in (STRATA, UNITS)]
            _, heads = np.unique(stratum, return_index=True)
            names.append(self.keys[heads].select([*columns, STRATA.format(at)]).rows())
            above = unit
        if not findings.faults:
            stages = [
                _counted(stage, keys, findings) for stage, keys in zip(stages, names, strict=True)
            ]
        return None if findings.faults else _sampled(self.sampling, stages, names)

    def _units(self, at: int, stratum: IntArray, findings: Findings) -> IntArray:
        """Return the code of the unit of a stage, from 0, noting units in two strata."""
        name = UNITS.format(at)
        if name not in self.keys.columns:
            return np.arange(len(self.keys), dtype=np.int64)
        unit = _dense(self.keys[name])
        if self.sampling.nested or at > 1:
            return _paired(stratum, unit)
        self._note_two_strata(findings)
        return _paired(np.zeros(len(unit), dtype=np.int64), unit)

    def _note_two_strata(self, findings: Findings) -> None:
        """Note units of the first stage that lie in two strata, with their rows."""
        stratum, unit = STRATA.format(1), UNITS.format(1)
        twice = (
            self.keys.select(unit, stratum)
            .with_columns(rows=pl.Series(self.rows))
            .drop_nulls()  # a fault of their own
            .group_by(unit)
            .agg(pl.col(stratum).n_unique(), pl.col("rows").sum())
            .filter(pl.col(stratum) > 1)
        )
        texts = sorted((named((unit,)), rows) for unit, _, rows in twice.iter_rows())
        expected = "each unit in one stratum; if their numbers begin anew, say nested = true"
        for at, (text, count) in enumerate(texts):
            found = f"unit {text} in two strata" if at < SHOWN else "other units in two strata"
            findings.fault("psu", found, expected, rows=count)


def _sampled(
    sampling: Sampling, stages: Sequence[Stage], names: Sequence[Sequence[Key]]
) -> Sampled:
    """Return units with their stages, and the names of strata."""
    frames: list[Frame] = []
    for stage in stages:
        last = frames[-1] if frames else None
        frames.append(frame(stage.units, stage.strata, stage.population, last))
    texts = [tuple(map(named, keys)) for keys in names]
    return Sampled(
        stages=tuple(stages),
        frames=tuple(frames),
        strata=texts[0],
        lonely=tuple(
            tuple(text[at] for at in np.flatnonzero(each.single))
            for text, each in zip(texts, frames, strict=True)
        ),
        rule=sampling.lonely,
        lonely_domains=sampling.lonely_domains,
    )


def _dense(series: pl.Series) -> IntArray:
    """Return codes from 0 in the order of the values; a fault elsewhere tells of empty cells."""
    return series.rank("dense").fill_null(0).to_numpy().astype(np.int64)


def _paired(first: IntArray, second: IntArray) -> IntArray:
    """Return a code from 0 for each pair of codes that occurs, in their order."""
    width = int(second.max(initial=0)) + 1
    _, codes = np.unique(first * width + second, return_inverse=True)
    return np.asarray(codes, np.int64)


def _counted(stage: Stage, keys: Sequence[Key], findings: Findings) -> Stage:
    """Return a stage whose populations are numbers of units, shares turned into them."""
    assert stage.population is not None
    if np.isposinf(stage.population).all():
        return stage
    homes = np.zeros(int(stage.units.max()) + 1, dtype=np.int64)
    homes[stage.units] = stage.strata
    sizes = np.bincount(homes, minlength=len(keys))
    given: list[set[float]] = [set() for _ in keys]
    pairs = pl.DataFrame({"stratum": stage.strata, "population": stage.population}).unique()
    for stratum, population in pairs.iter_rows():
        given[stratum].add(population)
    counts = np.array(
        [
            population_of(Stratum(key=key, slot=0, units=int(size), populations=values), findings)
            for key, size, values in zip(keys, sizes, given, strict=True)
        ]
    )
    return Stage(units=stage.units, strata=stage.strata, population=counts[stage.strata])
