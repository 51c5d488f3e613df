"""How a sample was drawn: strata, stages, weights, populations, or replicate weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from everycount.model.conditions import repeated
from everycount.model.strict import STRICT, Faults, Path

Lonely = Literal["fail", "remove", "certainty", "adjust", "average"]
LonelyDomains = Literal["centre", "adjust"]
ReplicateKind = Literal["JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR", "ACS", "other"]
Fault = tuple[Path, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherStage:
    """A stage of sampling below the first: units drawn within those of the stage above."""

    __pydantic_config__ = STRICT

    units: str
    """Column that names the unit drawn, such as the household or the person."""
    strata: tuple[str, ...] = ()
    """Columns that make the strata of this stage within a unit of the stage above."""
    population: str | None = None
    """Column with the number of units in the population of the stratum, or with the share of them
    that was drawn (at most 1). Left out: this stage and those below it add nothing to the
    variance, as if all their units had been taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateWeights:
    """Replicate weights that came with the file."""

    __pydantic_config__ = STRICT

    kind: ReplicateKind
    """JK1, JK2, JKn, BRR, Fay, bootstrap, SDR (successive difference), ACS, or other, which needs
    `scale`."""
    columns: tuple[str, ...]
    """Columns with the replicate weights, in order. ``*`` stands for anything: ``rw*`` is rw1,
    rw2, … in the order of their numbers, but never the sampling weight itself."""
    scale: float | None = None
    """Number by which the sum of squares is multiplied. Left out: what the kind prescribes."""
    rscales: tuple[float, ...] = ()
    """Multiplier of each replicate, or one for all. Left out: what the kind prescribes; JKn needs
    them, as they hold the strata."""
    rho: float | None = None
    """Fay's coefficient, from 0 to below 1; needed by Fay."""
    centre: Literal["mean", "full"] | None = None
    """What replicates are compared with: their mean, or the estimate of the full sample (mse).
    Left out: full for SDR and ACS, otherwise the mean."""
    weights_are: Literal["analysis", "factors"] = "analysis"
    """``analysis``: the columns are whole weights. ``factors``: they multiply the sampling
    weight."""
    df: int | None = None
    """Degrees of freedom as the producer states them. Left out: rank of the weights less one."""

    def __post_init__(self) -> None:
        """Refuse what cannot be scaled."""
        faults: list[Fault] = []
        faults += repeated(self.columns, ("columns",), "column")
        if not self.columns:
            faults.append((("columns",), "none", "at least one column, such as rw*"))
        if self.kind == "Fay" and self.rho is None:
            faults.append((("rho",), "nothing", "Fay's coefficient, such as 0.3"))
        if self.rho is not None and not 0 <= self.rho < 1:
            faults.append((("rho",), f"{self.rho:g}", "a number from 0 to below 1"))
        if self.rho and self.kind != "Fay":
            faults.append((("rho",), f"rho for {self.kind}", "rho for Fay and for nothing else"))
        if self.kind == "other" and self.scale is None:
            faults.append((("scale",), "nothing", "a scale, as the kind prescribes none"))
        if self.kind == "JKn" and not self.rscales:
            faults.append((("rscales",), "nothing", "a multiplier for each replicate"))
        if self.scale is not None and self.scale <= 0:
            faults.append((("scale",), f"{self.scale:g}", "a number above 0"))
        faults += [
            (("rscales", at), f"{each:g}", "a number from 0")
            for at, each in enumerate(self.rscales)
            if each < 0
        ]
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the sample was drawn and how its weights are used.

    Left out altogether: one stage, no strata, every row a unit, every weight 1.
    """

    __pydantic_config__ = STRICT

    strata: tuple[str, ...] = ()
    """Columns that make the strata of the first stage; several are crossed."""
    psu: str | None = None
    """Column that names the primary sampling unit. Left out: every row is a unit."""
    nested: bool = False
    """Whether numbers of PSUs begin anew in every stratum. If not, a PSU that stands in two strata
    is a fault."""
    weight: str | None = None
    """Column with the sampling weight. Left out: 1 for every row."""
    weight_divisor: float = 1.0
    """Number by which every weight is divided; DHS writes weights without their six decimals, so
    1000000 there."""
    population: str | None = None
    """Column with the number of PSUs in the population of the stratum, or with the share of them
    that was drawn (at most 1), for the finite population correction. Left out: none."""
    stages: tuple[FurtherStage, ...] = ()
    """Further stages, the second first."""
    replicates: ReplicateWeights | None = None
    """Replicate weights of the file; with them strata and stages are not used for errors."""
    lonely: Lonely = "fail"
    """What to do with a stratum that has one PSU: ``fail`` refuses; ``remove`` and ``certainty``
    let it add nothing to the variance; ``adjust`` takes its distance from the mean of all PSUs;
    ``average`` gives it the average variance of the other strata."""
    lonely_domains: LonelyDomains = "centre"
    """What to do with a stratum of several PSUs of which one alone has members of a group:
    ``centre`` counts the others as nought, which is right; ``adjust``, where `lonely` is adjust or
    average, treats it as a lonely PSU, which is cautious. Stages below the first are always
    ``centre``."""
    simple_random: Literal["with", "without"] | None = None
    """What design effects compare with: simple random sampling with replacement, or without, for
    which weights must add up to the population. Left out: without where `population` is given,
    otherwise with."""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        if self.weight_divisor <= 0:
            yield ("weight_divisor",), f"{self.weight_divisor:g}", "a number above 0"
        if self.population and not self.weight and not self.replicates:
            yield ("weight",), "a population without a weight", "the column with the weight"
        if self.stages and self.psu is None:
            yield ("stages",), "further stages without a first", "psu"
        if self.nested and not self.strata:
            yield ("nested",), "true without strata", "strata, or nested left out"
        for at, stage in enumerate(self.stages):
            above = (self.population, *(each.population for each in self.stages[:at]))
            if stage.population is not None and None in above:
                found = "a population below a stage drawn with replacement"
                yield ("stages", at, "population"), found, "a population for the stages above too"

    @property
    def stages_of_variance(self) -> int:
        """Return how many stages add to the variance: the first, and those with a population."""
        known = [stage.population is not None for stage in self.stages]
        return 1 + (known.index(False) if False in known else len(known))
