"""Inequality measures: WHO's list as data, and how each is taken of a table of groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final, Literal

from everycount.arrays import disparity
from everycount.arrays.disparity import Kernel
from everycount.arrays.group_table import GroupTable

Need = Literal["order", "sizes", "mean", "reference", "scale"]

REVIEW: Final = "Schlotheuber and Hosseinpoor (2022), appendix A"
"""Summary measures of health inequality: a review of existing measures and their application,
International Journal of Environmental Research and Public Health 19(6), 3697."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """One summary measure.

    Attributes
    ----------
    name, full_name : str
        WHO's abbreviation in small letters, and what it stands for.
    kind : {"absolute", "relative"}
    weighting : {"weighted", "unweighted"}
        Whether groups count by their size.
    needs : tuple of {"order", "sizes", "mean", "reference", "scale"}
        What a table must have; "mean" is sizes or an average. A measure that picks two groups
        ("d", "r") or one ("par", "paf") follows an order if there is one.
    unit : str
        Of the value.
    neutral : float
        The value where all groups are equal.
    times : float
        What the definition is multiplied by, as WHO's tools do.
    interval : {"natural", "log"}
        The scale on which the interval is normal.
    kernel, switches : callable
        The definition before `times`; and distances from where it takes other groups or sides, at
        which it has a kink, shape (versions, distances).
    floor : float, optional
        The least value it can have. There it is flat or has an edge.
    undefined : str
        Why a table that has all it needs may have no value.
    source : str
    """

    name: str
    full_name: str
    kind: Literal["absolute", "relative"]
    weighting: Literal["weighted", "unweighted"]
    needs: tuple[Need, ...]
    unit: Literal["indicator", "indicator squared", "ratio", "percent", "thousandths"]
    kernel: Kernel
    neutral: float = 0.0
    times: float = 1.0
    interval: Literal["natural", "log"] = "natural"
    switches: Kernel | None = None
    floor: float | None = None
    undefined: str = "a sum of the table is too great for a number"
    source: str = REVIEW


NO_MEAN: Final = "the mean is not above 0, and a relative measure needs that"
NO_CURVE: Final = (
    "no finite logistic curve fits best: of the groups all, or all but one, are at 0 or at the "
    "whole scale, parted by a rank"
)
LOGIT: Final = (
    f"{REVIEW}; logistic curve fitted to the ridits of groups by maximum likelihood, each group "
    "weighted by its size (healthequal's default)"
)
LINE: Final = f"{REVIEW}; straight line through the ridits of groups, each weighted by its size"

_LIST: Final = (
    Measure(
        name="d",
        full_name="Difference",
        kind="absolute",
        weighting="unweighted",
        needs=(),
        unit="indicator",
        kernel=disparity.difference,
        switches=disparity.end_switches,
    ),
    Measure(
        name="r",
        full_name="Ratio",
        kind="relative",
        weighting="unweighted",
        needs=(),
        unit="ratio",
        neutral=1.0,
        interval="log",
        kernel=disparity.ratio,
        switches=disparity.end_switches,
        undefined="the estimate to divide by is not above 0, or the other is below",
    ),
    Measure(
        name="aci",
        full_name="Absolute concentration index",
        kind="absolute",
        weighting="weighted",
        needs=("order", "sizes"),
        unit="indicator",
        kernel=disparity.absolute_concentration,
    ),
    Measure(
        name="rci",
        full_name="Relative concentration index",
        kind="relative",
        weighting="weighted",
        needs=("order", "sizes"),
        unit="ratio",
        kernel=disparity.relative_concentration,
        undefined=NO_MEAN,
    ),
    Measure(
        name="sii",
        full_name="Slope index of inequality (logistic)",
        kind="absolute",
        weighting="weighted",
        needs=("order", "sizes", "scale"),
        unit="indicator",
        kernel=partial(disparity.slope, curve="logit"),
        undefined=NO_CURVE,
        source=LOGIT,
    ),
    Measure(
        name="rii",
        full_name="Relative index of inequality (logistic)",
        kind="relative",
        weighting="weighted",
        needs=("order", "sizes", "scale"),
        unit="ratio",
        neutral=1.0,
        interval="log",
        kernel=partial(disparity.slope_ratio, curve="logit"),
        undefined=f"{NO_CURVE}, or all are 0",
        source=LOGIT,
    ),
    Measure(
        name="sii_linear",
        full_name="Slope index of inequality (linear)",
        kind="absolute",
        weighting="weighted",
        needs=("order", "sizes"),
        unit="indicator",
        kernel=partial(disparity.slope, curve="linear"),
        undefined="everyone is in one group",
        source=LINE,
    ),
    Measure(
        name="rii_linear",
        full_name="Relative index of inequality (linear)",
        kind="relative",
        weighting="weighted",
        needs=("order", "sizes"),
        unit="ratio",
        neutral=1.0,
        interval="log",
        kernel=partial(disparity.slope_ratio, curve="linear"),
        undefined="the line is not above 0 at the lowest rank, or is below 0 at the highest",
        source=LINE,
    ),
    Measure(
        name="bgv",
        full_name="Between-group variance",
        kind="absolute",
        weighting="weighted",
        needs=("sizes",),
        unit="indicator squared",
        kernel=disparity.variance,
        floor=0.0,
    ),
    Measure(
        name="bgsd",
        full_name="Between-group standard deviation",
        kind="absolute",
        weighting="weighted",
        needs=("sizes",),
        unit="indicator",
        kernel=disparity.deviation,
        floor=0.0,
    ),
    Measure(
        name="cov",
        full_name="Coefficient of variation",
        kind="relative",
        weighting="weighted",
        needs=("sizes",),
        unit="percent",
        times=100.0,
        kernel=disparity.variation,
        floor=0.0,
        undefined=NO_MEAN,
    ),
    Measure(
        name="mdmu",
        full_name="Mean difference from mean (unweighted)",
        kind="absolute",
        weighting="unweighted",
        needs=("mean",),
        unit="indicator",
        kernel=partial(disparity.from_mean, weighting="unweighted"),
        switches=disparity.mean_switches,
        floor=0.0,
    ),
    Measure(
        name="mdmw",
        full_name="Mean difference from mean (weighted)",
        kind="absolute",
        weighting="weighted",
        needs=("sizes",),
        unit="indicator",
        kernel=partial(disparity.from_mean, weighting="weighted"),
        switches=disparity.mean_switches,
        floor=0.0,
    ),
    Measure(
        name="mdbu",
        full_name="Mean difference from best-performing subgroup (unweighted)",
        kind="absolute",
        weighting="unweighted",
        needs=(),
        unit="indicator",
        kernel=partial(disparity.from_best, weighting="unweighted"),
        switches=disparity.best_switches,
        floor=0.0,
    ),
    Measure(
        name="mdbw",
        full_name="Mean difference from best-performing subgroup (weighted)",
        kind="absolute",
        weighting="weighted",
        needs=("sizes",),
        unit="indicator",
        kernel=partial(disparity.from_best, weighting="weighted"),
        switches=disparity.best_switches,
        floor=0.0,
    ),
    Measure(
        name="mdru",
        full_name="Mean difference from reference subgroup (unweighted)",
        kind="absolute",
        weighting="unweighted",
        needs=("reference",),
        unit="indicator",
        kernel=partial(disparity.from_reference, weighting="unweighted"),
        switches=disparity.reference_switches,
        floor=0.0,
    ),
    Measure(
        name="mdrw",
        full_name="Mean difference from reference subgroup (weighted)",
        kind="absolute",
        weighting="weighted",
        needs=("reference", "sizes"),
        unit="indicator",
        kernel=partial(disparity.from_reference, weighting="weighted"),
        switches=disparity.reference_switches,
        floor=0.0,
    ),
    Measure(
        name="idisu",
        full_name="Index of disparity (unweighted)",
        kind="relative",
        weighting="unweighted",
        needs=("mean",),
        unit="percent",
        times=100.0,
        kernel=partial(disparity.disparity, weighting="unweighted"),
        switches=disparity.mean_switches,
        floor=0.0,
        undefined=NO_MEAN,
    ),
    Measure(
        name="idisw",
        full_name="Index of disparity (weighted)",
        kind="relative",
        weighting="weighted",
        needs=("sizes",),
        unit="percent",
        times=100.0,
        kernel=partial(disparity.disparity, weighting="weighted"),
        switches=disparity.mean_switches,
        floor=0.0,
        undefined=NO_MEAN,
    ),
    Measure(
        name="ti",
        full_name="Theil index",
        kind="relative",
        weighting="weighted",
        needs=("sizes",),
        unit="thousandths",
        times=1000.0,
        kernel=disparity.theil,
        floor=0.0,
        undefined="an estimate is below 0, or the mean is not above it",
    ),
    Measure(
        name="mld",
        full_name="Mean log deviation",
        kind="relative",
        weighting="weighted",
        needs=("sizes",),
        unit="thousandths",
        times=1000.0,
        kernel=disparity.log_deviation,
        floor=0.0,
        undefined="an estimate is not above 0, and has no logarithm",
    ),
    Measure(
        name="par",
        full_name="Population attributable risk",
        kind="absolute",
        weighting="weighted",
        needs=("mean",),
        unit="indicator",
        kernel=disparity.attributable,
        switches=disparity.aim_switches,
    ),
    Measure(
        name="paf",
        full_name="Population attributable fraction",
        kind="relative",
        weighting="weighted",
        needs=("mean",),
        unit="percent",
        times=100.0,
        kernel=disparity.attributable_fraction,
        switches=disparity.aim_switches,
        undefined=NO_MEAN,
    ),
)

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({row.name: row for row in _LIST})
"""Every measure by its name, in the order of WHO's review."""

_LACKS: Final[Mapping[Need, str]] = {
    "order": "no order of the groups was given",
    "sizes": "no sizes of the groups were given",
    "mean": "neither sizes of the groups nor an average was given",
    "reference": "no reference group was named",
    "scale": "no scale was given, and a logistic curve needs one",
}


def lacking(measure: Measure, table: GroupTable) -> str | None:
    """Say what a table lacks for a measure, or nothing.

    Examples
    --------
    >>> table = GroupTable(estimates=[1.0, 2.0], direction="favourable")
    >>> lacking(MEASURES["aci"], table)
    'no order of the groups was given'
    """
    has: Mapping[Need, bool] = {
        "order": table.order is not None,
        "sizes": table.sizes is not None,
        "mean": table.sizes is not None or table.average is not None,
        "reference": table.reference is not None,
        "scale": table.scale is not None,
    }
    return next((_LACKS[need] for need in measure.needs if not has[need]), None)
