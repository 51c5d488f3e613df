"""The steps of a method: what may be done to figures on their way to an index.

A method file lists its steps in the order in which they run; each is optional. The string below
a field is its description in the reference (docs/reference/formats.md) and the JSON Schema.
"""

from dataclasses import dataclass
from typing import Literal

from everycount.model.strict import STRICT, Faults, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """Choose one figure for each unit and indicator out of several years."""

    __pydantic_config__ = STRICT

    do: Literal["select"]
    take: Literal["latest", "exact", "mean"] = "latest"
    """`latest`: the newest figure in the window; `exact`: the figure of the reference year
    itself; `mean`: the mean of the figures in the window."""
    periods: tuple[int, ...] = ()
    """Reference years. With several, the index is built for each (a panel). With none there is
    one edition, whose reference year is `last`, or the newest year in the data."""
    window: int | None = None
    """How many years count, up to and with the reference year. Left out: no limit."""
    first: int | None = None
    """No figure older than this year. An indicator's own `first` comes before it."""
    last: int | None = None
    """No figure newer than this year. An indicator's own `last` comes before it."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        if self.window is not None and self.window < 1:
            faults.append((("window",), str(self.window), "1 year or more"))
        if len(set(self.periods)) < len(self.periods):
            faults.append((("periods",), str(list(self.periods)), "each year once"))
        if self.first is not None and self.last is not None and self.first > self.last:
            faults.append((("first",), str(self.first), f"a year not after last = {self.last}"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derive:
    """Compute every indicator that declares `derive` from other columns of the data.

    Best before `select`: the figures that are combined are then always of the same year.
    """

    __pydantic_config__ = STRICT

    do: Literal["derive"]
    years: Literal["same", "any"] = "same"
    """After `select` the newest figures of women and of men may be of different years. `same`
    leaves such a result missing and warns; `any` computes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recode:
    """Turn categories (or single numbers) into scores, as each indicator's `recode` says."""

    __pydantic_config__ = STRICT

    do: Literal["recode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Cut figures at the limits that an indicator's `clip` gives."""

    __pydantic_config__ = STRICT

    do: Literal["clip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominate:
    """Divide figures by the denominator that an indicator names (population, GDP, area)."""

    __pydantic_config__ = STRICT

    do: Literal["denominate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Leave out units, indicators or groups of indicators with too few figures.

    What is left out counts nowhere after this step; the result says what it was and why.
    """

    __pydantic_config__ = STRICT

    do: Literal["screen"]
    units: float | None = None
    """Least share (0 to 1) of the indicators a unit must have."""
    nonzero: float | None = None
    """Least share (0 to 1) of a unit's known figures that must not be zero."""
    groups: float | None = None
    """Least share (0 to 1) of a group's indicators a unit must have for the group to count: with
    less, the unit's figures in that group are left out."""
    indicators: float | None = None
    """Least share (0 to 1) of the units (judged after `units`) an indicator must have."""

    def __post_init__(self) -> None:
        limits = [("units", self.units), ("nonzero", self.nonzero)]
        limits += [("groups", self.groups), ("indicators", self.indicators)]
        faults: list[tuple[Path, str, str]] = [
            ((name,), str(share), "a share from 0 to 1")
            for name, share in limits
            if share is not None and not 0 <= share <= 1
        ]
        if all(share is None for _, share in limits):
            faults.append(((), "no limit", "at least one of units, nonzero, groups, indicators"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impute:
    """Fill missing figures. Every cell that is filled is marked as imputed in the results."""

    __pydantic_config__ = STRICT

    do: Literal["impute"]
    method: Literal["mean", "median", "siblings", "last", "linear", "em", "given"]
    """`mean`, `median`: of the units of the same period (of the same group of units, with `by`);
    `siblings`: the mean of the unit's other indicators of the same group (normalise first);
    `last`: the unit's last figure before; `linear`: on a straight line in time between the
    unit's figures before and after; `em`: expectation-maximisation under a multivariate normal;
    `given`: the figures in `values`."""
    by: str | None = None
    """A grouping of units (a column of the --units file or of the data), for `mean`, `median`
    and `given`."""
    weight: str | None = None
    """A column to weight the `mean` by, such as population."""
    level: int | None = None
    """Fill the nodes of this level of the tree (1 is the indicators); needs an `aggregate` step
    up to that level before. Left out: 1."""
    nodes: tuple[str, ...] = ()
    """Fill these indicators or groups only."""
    limit: int | None = None
    """For `last`: how many years a figure may be carried."""
    edges: Literal["keep", "constant"] = "keep"
    """For `linear`: what to do before the first and after the last figure. `keep` leaves the gap;
    `constant` takes the nearest figure."""
    values: dict[str, dict[str, float]] | None = None
    """For `given`: node, then group of units (or unit, without `by`), then the figure. `"*"`
    stands for all that are not named."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        if self.by is not None and self.method not in ("mean", "median", "given"):
            faults.append((("by",), repr(self.by), "no by with method = " + self.method))
        if self.weight is not None and self.method != "mean":
            faults.append((("weight",), repr(self.weight), 'a weight only with method = "mean"'))
        if (self.values is not None) != (self.method == "given"):
            found = "values" if self.values is not None else "no values"
            faults.append((("values",), found, 'values with method = "given", and only then'))
        faults += _one_of_level_and_nodes(self.level, self.nodes)
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treat:
    """Treat outliers of the indicators that fail a rule of skewness and kurtosis.

    They are winsorised point by point, then, where that does not do, transformed. What was treated
    is marked and counted.
    """

    __pydantic_config__ = STRICT

    do: Literal["treat"]
    winsorise: int | None = None
    """The most points of an indicator that may be winsorised. Left out: none."""
    transform: (
        Literal["log", "log_ct", "log_ct_original", "log_ct_plus", "log_gii", "box_cox"] | None
    ) = None
    """What to do with an indicator that still fails. `log` is the natural logarithm; `log_ct`,
    `log_ct_plus`, `log_ct_original` and `log_gii` are the shifted logarithms of the COIN Tool
    and the Global Innovation Index; `box_cox` takes `box_cox_lambda`."""
    always: bool = False
    """Transform whatever the rule says (for indicators known to be spread over magnitudes)."""
    box_cox_lambda: float = 0.0
    """Power of the Box-Cox transformation; 0 is the logarithm."""
    skewness: float = 2.0
    """An indicator is suspect when its absolute skewness is above this."""
    kurtosis: float = 3.5
    """An indicator is suspect when its excess kurtosis is above this."""
    rule: Literal["both", "either"] = "both"
    """`both`: an outlier is found when both limits are passed; `either`: when one is."""
    nodes: tuple[str, ...] = ()
    """Treat these indicators only."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        if self.winsorise is None and self.transform is None:
            faults.append(((), "neither winsorise nor transform", "at least one"))
        if self.winsorise is not None and self.winsorise < 1:
            faults.append((("winsorise",), str(self.winsorise), "1 point or more"))
        if self.always and self.transform is None:
            faults.append((("always",), "true without a transform", "a transform to apply"))
        if self.box_cox_lambda and self.transform != "box_cox":
            want = 'none without transform = "box_cox"'
            faults.append((("box_cox_lambda",), f"{self.box_cox_lambda:g}", want))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalise:
    """Put indicators on one scale. The direction comes from each indicator's worst and best."""

    __pydantic_config__ = STRICT

    do: Literal["normalise"]
    method: Literal[
        "goalposts",
        "min_max",
        "z_score",
        "rank",
        "percentile_rank",
        "borda",
        "distance_to_maximum",
        "distance_to_reference",
        "fraction_of_maximum",
        "truncate",
    ]
    """`goalposts`: distance from each indicator's `worst` towards its `best`; `min_max`: from the
    worst to the best figure seen, whatever the goalposts; `z_score`: in standard deviations from
    the mean; `rank`: 1 for the worst; `percentile_rank`: share of the other units below;
    `borda`: number of units below; `distance_to_maximum`: from the worst figure (0) to the best
    (1); `distance_to_reference`: from the worst figure (0) to the unit `reference` (1);
    `fraction_of_maximum`: of the best figure; `truncate`: the figure itself, cut at `best`."""
    scale: tuple[float, float] | None = None
    """The scores at worst and at best: [0, 100] (the default of goalposts and min_max), [1, 100],
    [0, 1]. For `z_score`: the mean and the standard deviation to have, [0, 1] if left out. The
    other methods have the scale in their description and take none."""
    clip: Literal["both", "best", "worst", "none"] = "both"
    """For `goalposts`: cut scores beyond best, beyond worst, both or not at all."""
    cap: bool = True
    """For `distance_to_reference`: a unit better than the reference scores 1, not more."""
    pool: Literal["all", "period"] | int = "all"
    """In a panel, where figures such as the lowest or the mean come from: all periods together,
    each period on its own, or the one period given."""
    reference: str | None = None
    """For `distance_to_reference`: the unit."""
    level: int | None = None
    """Normalise the nodes of this level (2 and up: groups that were aggregated before)."""
    nodes: tuple[str, ...] = ()
    """Normalise these indicators or groups only; another step may do the rest."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        scaled = ("goalposts", "min_max", "z_score")
        if self.scale is not None and self.method not in scaled:
            found = str(list(self.scale))
            faults.append((("scale",), found, "no scale with method = " + self.method))
        elif self.scale is not None and self.method != "z_score":
            if not self.scale[0] < self.scale[1]:
                faults.append((("scale",), str(list(self.scale)), "the worst score first"))
        elif self.scale is not None and self.scale[1] <= 0:
            faults.append((("scale",), str(list(self.scale)), "a standard deviation above 0"))
        if isinstance(self.pool, int) and self.method in ("rank", "percentile_rank", "borda"):
            faults.append(
                (("pool",), str(self.pool), "all or period: ranks are among those ranked")
            )
        if (self.reference is not None) != (self.method == "distance_to_reference"):
            want = 'reference with method = "distance_to_reference", and only then'
            faults.append((("reference",), repr(self.reference), want))
        faults += _one_of_level_and_nodes(self.level, self.nodes)
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh:
    """Set weights among siblings from the data instead of the `weight` in the tree."""

    __pydantic_config__ = STRICT

    do: Literal["weigh"]
    method: Literal["equal", "pca", "standard_deviations", "optimised"]
    """`equal`: all siblings alike; `pca`: loadings of the first principal component;
    `standard_deviations`: in inverse proportion to the standard deviation; `optimised`: so that
    each sibling correlates with the result of `target` as its declared weight asks."""
    level: int = 1
    """The level of the nodes that get weights (1 is the indicators)."""
    parents: tuple[str, ...] = ()
    """Only the children of these groups. Left out: of all groups."""
    target: str | None = None
    """For `optimised`: the group whose score the nodes should matter to equally. Left out: the
    top of the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """Combine children into the score of their group, level by level."""

    __pydantic_config__ = STRICT

    do: Literal["aggregate"]
    missing: Literal["renormalise", "propagate"]
    """What a missing child does to its group. `renormalise`: the others share its weight (the same
    as giving it the mean of the others); `propagate`: the group is missing too. A group's own
    `least` asks for a minimum share of children or indicators."""
    method: (
        Literal[
            "arithmetic",
            "geometric",
            "harmonic",
            "generalised",
            "log_mean_exp",
            "minimum",
            "copeland",
            "benefit_of_the_doubt",
        ]
        | tuple[
            Literal["arithmetic", "geometric", "harmonic", "minimum", "copeland"],
            ...,
        ]
    ) = "arithmetic"
    """How children are combined, for all groups that do not say otherwise by their own
    `aggregate`. A list gives the method of level 2 first, then of level 3 and so on."""
    power: float | None = None
    """For `generalised`: the exponent (1 arithmetic, -1 harmonic; 0 is the geometric mean)."""
    rate: float = 1.0
    """For `log_mean_exp`: log(mean(exp(rate * x))) / rate."""
    least: float = 0.0
    """Least share (0 to 1) of children a group needs, where the group has no `least`."""
    to: int | None = None
    """Stop after this level, so that other steps can work on its scores. Left out: the top."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        if (self.power is not None) != (self.method == "generalised"):
            want = 'power with method = "generalised", and only then'
            faults.append((("power",), str(self.power), want))
        if not 0 <= self.least <= 1:
            faults.append((("least",), str(self.least), "a share from 0 to 1"))
        if self.rate == 0:
            faults.append((("rate",), "0", "a number other than 0"))
        if faults:
            raise Faults(faults)


Step = (
    Select
    | Derive
    | Recode
    | Clip
    | Denominate
    | Screen
    | Impute
    | Treat
    | Normalise
    | Weigh
    | Aggregate
)


def _one_of_level_and_nodes(
    level: int | None, nodes: tuple[str, ...]
) -> list[tuple[Path, str, str]]:
    if level is not None and nodes:
        return [(("level",), f"both level = {level} and nodes", "one of level and nodes")]
    if level is not None and level < 1:
        return [(("level",), str(level), "1 (the indicators) or more")]
    return []
