"""Survey design: the sample, the characteristics people are grouped by, and the outcomes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Literal

from everycount.model.conditions import Code, Condition, code_text, repeated
from everycount.model.sampling import Fault, Sampling
from everycount.model.strict import STRICT, Faults

Statistic = Literal["proportion", "mean", "total", "ratio", "quantile"]
QuantileRule = Literal[
    "math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"
]
IntervalMethod = Literal[
    "logit", "xlogit", "wilson", "beta", "korn-graubard", "arcsine", "likelihood", "t", "normal"
]
CUSTOM = "CUST_BREAKDOWN"
"""Dimension for characteristics that have none of their own."""
DIMENSIONS = (
    "SEX",
    "AGE",
    "URBANISATION",
    "INCOME_WEALTH_QUANTILE",
    "EDUCATION_LEV",
    "OCCUPATION",
    "DISABILITY_STATUS",
    "ACTIVITY",
    "PRODUCT",
    "CUST_BREAKDOWN",
    "COMPOSITE_BREAKDOWN",
    "ETHNICITY",
    "MIGRATION_STATUS",
    "MARITAL_STATUS",
)
"""Dimensions of an observation that a characteristic may be. SDMX Global DSD for the SDGs, with
those that gender statistics add."""
RESERVED = (
    *("outcome", "statistic", "estimate", "std_error", "ci_low", "ci_high", "df", "deff", "n"),
    *("cv", "flag", "nature", "gamma", "direct_estimate", "direct_std_error", "_T"),
    *("difference", "t", "p", "p_adjusted", "ratio", "ratio_std_error", "ratio_ci_low"),
    "ratio_ci_high",
)
"""Columns of tables of estimates, and the code of the total: no characteristic is called so."""
AGAINST = "against_"
"""How columns of the other group begin in tables of differences."""
RESERVED_CODES = ("", "_T", "_Z")
"""Codes that no level may have: nothing, the total and what does not apply. SDMX, Guidelines for
the creation of code lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a characteristic, made of codes or of a range of numbers."""

    __pydantic_config__ = STRICT

    code: str
    """What the level is called in tables, such as Q1 or 15-19. ``_T`` is the total and may not be
    used."""
    label: str = ""
    """The level in words. Left out: the label of its first code in the file, or the code."""
    values: tuple[Code, ...] = ()
    """Codes of the microdata that make this level."""
    at_least: float | None = None
    """Smallest number of this level."""
    below: float | None = None
    """Number that is just too large for this level."""

    def __post_init__(self) -> None:
        """Refuse a level that holds nothing."""
        faults: list[Fault] = []
        if self.code in RESERVED_CODES:
            faults.append((("code",), repr(self.code), "a code of its own; _T is the total"))
        has_range = self.at_least is not None or self.below is not None
        if bool(self.values) == has_range:
            faults.append(((), "both or neither of values and a range", "one of the two"))
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            found = f"at_least {self.at_least:g}, below {self.below:g}"
            faults.append((("below",), found, "a range that holds something"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Equal groups of people from poorest to richest, such as fifths by a wealth score.

    The cut points are quantiles over all rows of the file with a score, weighted by the sampling
    weight times `members`, before any universe is applied.
    """

    __pydantic_config__ = STRICT

    groups: int = 5
    """How many groups: 5 for fifths, 10 for tenths."""
    members: str | None = None
    """Column with the number of household members, when a row is a household; so that fifths are
    of people. Left out: a row is a person."""
    weight: str | None = None
    """Column with the household weight, if it is not the sampling weight."""
    once_per: tuple[str, ...] = ()
    """Columns that identify the household, when rows are persons but only one row of each should
    count, with its `members`. Left out: every row counts."""

    def __post_init__(self) -> None:
        """Refuse groups that cannot be."""
        if not 2 <= self.groups <= 100:
            raise Faults([(("groups",), str(self.groups), "from 2 to 100 groups")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """Something people are grouped by: sex, age, wealth, place, ethnicity or disability.

    Say at most one of `levels`, `bands` and `cut`. With none, every code found in the file is a
    level, labelled as the file labels it.
    """

    __pydantic_config__ = STRICT

    name: str
    """Column of the characteristic in tables of estimates."""
    column: str | None = None
    """Column of the microdata. Left out: the one called as `name`."""
    label: str = ""
    """The characteristic in words. Left out: what the file says, or the name."""
    dimension: str = CUSTOM
    """SDMX dimension it goes to in observations, such as SEX, AGE or INCOME_WEALTH_QUANTILE."""
    ordered: bool = False
    """Whether the levels ascend, as ages and wealth do. Bands and cuts always do."""
    levels: tuple[Level, ...] = ()
    """Levels made of codes or ranges."""
    bands: tuple[float, ...] = ()
    """Edges of bands of whole numbers: [15, 20, 25] makes 15-19 and 20-24."""
    cut: Cut | None = None
    """Equal groups cut from a score, such as wealth fifths."""
    missing: tuple[Code, ...] = ()
    """Codes that mean not known. Empty cells and the user-missing codes of the file always do."""
    elsewhere: Literal["refuse", "exclude"] = "refuse"
    """What to do with a code that belongs to no level: refuse the file, or leave the rows out of
    tables by this characteristic and count them."""
    merges: tuple[tuple[str, ...], ...] = ()
    """Pairs of levels, by their codes, that may be joined where too many cells would have to be
    hidden to protect people. Neighbours of ordered characteristics may be, too, if the file says
    ``merging = "neighbours"``."""

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        if self.name in ("", *RESERVED) or self.name.startswith(AGAINST):
            yield ("name",), repr(self.name), "a name that is no column of the estimates"
        if self.dimension not in DIMENSIONS:
            yield ("dimension",), repr(self.dimension), f"one of {', '.join(DIMENSIONS)}"
        said = [name for name in ("levels", "bands", "cut") if getattr(self, name)]
        if len(said) > 1:
            yield (said[1],), f"{' and '.join(said)}", "one of levels, bands and cut"
        if self.bands and (len(self.bands) < 2 or any(a >= b for a, b in pairwise(self.bands))):
            yield ("bands",), str(list(self.bands)), "two or more edges that ascend"
        yield from repeated((level.code for level in self.levels), ("levels",), "code")
        for at, pair in enumerate(self.merges):
            if len(set(pair)) != 2:
                yield ("merges", at), str(list(pair)), "two different levels"
        yield from self._code_faults()
        yield from self._overlaps()

    def _code_faults(self) -> Iterator[Fault]:
        """Yield a fault for each code of the microdata that means two things."""
        seen: dict[str, str] = {}
        for at, level in enumerate(self.levels):
            for code in map(code_text, level.values):
                if code in seen:
                    found = f"code {code} that {seen[code]!r} holds already"
                    yield ("levels", at, "values"), found, "each code in one level"
                seen[code] = level.code
        for at, code in enumerate(map(code_text, self.missing)):
            if code in seen:
                found = f"code {code} that {seen[code]!r} holds already"
                yield ("missing", at), found, "a code of a level, or one that means not known"

    def _overlaps(self) -> Iterator[Fault]:
        """Yield a fault for each range that reaches into the one before."""
        ranges = [
            (-inf if level.at_least is None else level.at_least, level, at)
            for at, level in enumerate(self.levels)
            if not level.values
        ]
        ranges.sort(key=lambda each: (each[0], each[2]))
        for (_, before, _), (low, _, at) in pairwise(ranges):
            if before.below is None or low < before.below:
                found = f"a range that overlaps with that of {before.code!r}"
                yield ("levels", at), found, "each number in one level"

    @property
    def source(self) -> str:
        """Return the column of the microdata."""
        return self.name if self.column is None else self.column

    @property
    def is_ordered(self) -> bool:
        """Tell whether levels ascend."""
        return self.ordered or bool(self.bands) or self.cut is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is measured, among whom, and with which weight."""

    __pydantic_config__ = STRICT

    name: str
    """Name of the outcome in tables."""
    column: str | None = None
    """Column of the microdata; for a ratio its numerator. Left out: the one called as `name`."""
    statistic: Statistic = "proportion"
    """proportion, mean, total, ratio or quantile."""
    label: str = ""
    """The outcome in words, such as "Women who cannot read"."""
    yes: tuple[Code, ...] = ()
    """Proportion, total: codes that count as 1. Left out: the column holds 0 and 1 (a total: any
    numbers)."""
    no: tuple[Code, ...] = ()
    """Codes that count as 0. Left out, with `yes`: every other code that is not missing."""
    missing: tuple[Code, ...] = ()
    """Codes that mean not known; such rows are left out and counted. Empty cells and user-missing
    codes of the file always are."""
    denominator: str | None = None
    """Ratio: column of the denominator."""
    share_of: Literal["group", "everyone"] = "group"
    """Proportion: the denominator. ``group``: those in the same cell. ``everyone``: all in the
    universe, so that the cells of a table add up to the overall proportion."""
    probability: float | None = None
    """Quantile: which, from 0 to 1; 0.5 is the median."""
    rule: QuantileRule = "math"
    """Quantile: what stands between two values; ``math`` and ``school`` are the inverse of the
    distribution without and with averaging, ``hf1`` to ``hf9`` those of Hyndman and Fan."""
    weight: str | None = None
    """Column with the weight of this outcome, such as that of a violence module. Left out: the
    sampling weight."""
    weight_divisor: float | None = None
    """Divisor of that weight. Left out: as for the sampling weight."""
    universe: tuple[Condition, ...] = ()
    """Whom the outcome is about; all conditions must hold. Left out: every row."""
    direction: Literal["opportunity", "barrier"] = "opportunity"
    """Whether more is better (an opportunity) or worse (a barrier)."""
    interval: IntervalMethod | None = None
    """How its confidence interval is made. Left out: as `interval` of the file for a proportion,
    t for the others."""
    indicator: str = ""
    """Code of the indicator in observations. Left out: the name."""
    unit: str = ""
    """SDMX unit, such as PT for percent of people. Left out: PT for proportions, otherwise
    NUMBER."""

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        if not self.name:
            yield ("name",), "nothing", "a name"
        for key, owner in (("denominator", "ratio"), ("probability", "quantile")):
            given = getattr(self, key) is not None
            if given != (self.statistic == owner):
                found = f"{key} for a {self.statistic}" if given else f"a {owner} without {key}"
                yield (key,), found, f"{key} for a {owner} and for nothing else"
        if self.probability is not None and not 0 < self.probability < 1:
            yield ("probability",), f"{self.probability:g}", "a number between 0 and 1"
        yield from self._code_faults()
        if self.share_of == "everyone" and self.statistic != "proportion":
            yield ("share_of",), f"a share for a {self.statistic}", "a proportion"
        if self.interval not in (None, "t", "normal") and self.statistic != "proportion":
            yield ("interval",), f"{self.interval} for a {self.statistic}", "t or normal"
        if self.weight_divisor is not None and self.weight_divisor <= 0:
            yield ("weight_divisor",), f"{self.weight_divisor:g}", "a number above 0"

    def _code_faults(self) -> Iterator[Fault]:
        if self.yes and self.statistic not in ("proportion", "total"):
            yield ("yes",), f"codes for a {self.statistic}", "codes for a proportion or a total"
        if self.no and not self.yes:
            yield ("no",), "no without yes", "both, or yes alone"
        seen: dict[str, str] = {}
        for key in ("yes", "no", "missing"):
            for at, code in enumerate(map(code_text, getattr(self, key))):
                if seen.setdefault(code, key) != key:
                    yield (key, at), f"code {code} that stands in {seen[code]}", "each code once"

    @property
    def source(self) -> str:
        """Return the column of the microdata."""
        return self.name if self.column is None else self.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossings:
    """Which tables are made."""

    __pydantic_config__ = STRICT

    depth: int = 3
    """How many characteristics are crossed at most: 3 gives all one-, two- and three-way
    tables."""
    only: tuple[tuple[str, ...], ...] = ()
    """Tables wanted, by names of characteristics. Left out: all up to `depth`."""
    limit: int = 20_000
    """Largest number of cells that is made without being asked again; beyond it the file is
    refused and the number said."""

    def __post_init__(self) -> None:
        """Refuse depths and limits that mean nothing."""
        faults: list[Fault] = []
        if self.depth < 1:
            faults.append((("depth",), str(self.depth), "1 or more"))
        if self.limit < 1:
            faults.append((("limit",), str(self.limit), "1 or more"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDesign:
    """All that must be known to make estimates from a file of microdata."""

    __pydantic_config__ = STRICT

    title: str = ""
    """The survey in words."""
    preset: str | None = None
    """Shipped design from which what is left out here is taken: dhs, mics or lfs. A preset does
    not name characteristics or outcomes."""
    area: str = ""
    """Code of the area, for observations: ISO 3166-1 alpha-3, such as VNM."""
    period: str = ""
    """Year of the survey, for observations and words, such as 2023."""
    source: str = ""
    """Who made the survey, for observations."""
    sampling: Sampling = field(default_factory=Sampling)
    """How the sample was drawn."""
    characteristics: tuple[Characteristic, ...] = ()
    """What people are grouped by."""
    outcomes: tuple[Outcome, ...] = ()
    """What is measured."""
    crossings: Crossings = field(default_factory=Crossings)
    """Which tables are made."""
    level: float = 0.95
    """Confidence level of intervals."""
    interval: IntervalMethod = "logit"
    """How confidence intervals of proportions are made."""
    reliability: str = "none"
    """Rules that flag estimates too uncertain to use: dhs, statcan, nchs2017, turkstat, none."""
    confidentiality: str = "none"
    """Rules that hide cells so that nobody is found: acro-uk, or another shipped set, or none."""
    merging: Literal["declared", "neighbours", "never"] = "declared"
    """Before cells are hidden: whether to join levels that `merges` declares, also neighbours of
    ordered characteristics, or none. What was joined is told."""
    circumstances: tuple[str, ...] = ()
    """Characteristics that may make the groups furthest behind. Left out: all."""

    def __post_init__(self) -> None:
        """Refuse names that stand twice or for nothing."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        names = [each.name for each in self.characteristics]
        yield from repeated(names, ("characteristics",), "name")
        yield from repeated((each.name for each in self.outcomes), ("outcomes",), "name")
        seen: dict[str, str] = {CUSTOM: ""}
        for at, each in enumerate(self.characteristics):
            if seen.setdefault(each.dimension, each.name) not in ("", each.name):
                found = f"{each.dimension}, which is that of {seen[each.dimension]}"
                yield ("characteristics", at, "dimension"), found, f"another, such as {CUSTOM}"
        if not 0 < self.level < 1:
            yield ("level",), f"{self.level:g}", "a number between 0 and 1, such as 0.95"
        known = f"one of {', '.join(names) or 'the characteristics, of which there are none'}"
        for at, table in enumerate(self.crossings.only):
            for name in dict.fromkeys(table):
                if name not in names:
                    yield ("crossings", "only", at), repr(name), known
            yield from repeated(table, ("crossings", "only", at), "characteristic")
        for at, name in enumerate(self.circumstances):
            if name not in names:
                yield ("circumstances", at), repr(name), known
