"""The nodes of an index: indicators at the foot of the tree, groups above them."""

from dataclasses import dataclass
from typing import Literal

from everycount.index.formula import FormulaError, read_formula
from everycount.model.strict import STRICT, Faults, Path

Post = float | Literal["min", "max"] | str
"""A goalpost: a number, `min` or `max` of the figures, or a percentile of them such as `p2.5`."""


HEAVIEST = 1e9  # weights are relative; beyond this, products with scores lose their digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How an indicator is computed from other columns. Each operand is a column or a formula."""

    __pydantic_config__ = STRICT

    kind: Literal["formula", "ratio", "share", "share_ratio", "gap"]
    """`formula`: the formula; `ratio`: women / men; `share`: women / (women + men);
    `share_ratio`: the share over the share in the population, value / reference;
    `gap`: |value / reference - 1|, 0 where women (or men) are level with the reference."""
    formula: str | None = None
    """For `formula`."""
    women: str | None = None
    """For `ratio` and `share`."""
    men: str | None = None
    """For `ratio` and `share`."""
    value: str | None = None
    """For `share_ratio` and `gap`."""
    reference: str | None = None
    """For `share_ratio` and `gap`, such as `mean(w, m)`."""

    def __post_init__(self) -> None:
        wanted = _OPERANDS[self.kind]
        given = {name: getattr(self, name) for name in _ALL_OPERANDS}
        faults: list[tuple[Path, str, str]] = []
        for name, text in given.items():
            if (text is not None) != (name in wanted):
                want = f"{' and '.join(wanted)} with kind = {self.kind!r}"
                faults.append(((name,), "nothing" if text is None else repr(text), want))
            elif text is not None:
                faults += formula_faults((name,), text)
        if faults:
            raise Faults(faults)

    @property
    def operands(self) -> tuple[str, ...]:
        """The formulas it needs, in the order of its arithmetic."""
        return tuple(getattr(self, name) for name in _OPERANDS[self.kind])


_OPERANDS: dict[str, tuple[str, ...]] = {
    "formula": ("formula",),
    "ratio": ("women", "men"),
    "share": ("women", "men"),
    "share_ratio": ("value", "reference"),
    "gap": ("value", "reference"),
}
_ALL_OPERANDS = ("formula", "women", "men", "value", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The lowest and the highest figure to keep as they are."""

    __pydantic_config__ = STRICT

    low: float | None = None
    """Figures below become this. Left out: no limit below."""
    high: float | None = None
    """Figures above become this. Left out: no limit above."""

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise Faults([((), "neither low nor high", "at least one")])
        if self.low is not None and self.high is not None and self.low > self.high:
            want = f"a figure not above high = {self.high:g}"
            raise Faults([(("low",), f"{self.low:g}", want)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A coefficient that lowers the score of units whose level of achievement is low.

    The score keeps ``sqrt(level / maximum)`` of its distance from the worst score, as in EIGE's
    Gender Equality Index (EIGE 2017, Methodological Report, 'correcting coefficient').
    """

    __pydantic_config__ = STRICT

    level: str
    """The column, or a formula over columns, that holds the level of achievement."""
    maximum: float | None = None
    """The level that needs no correction. Left out: the highest level in the data, over all
    units and periods."""

    def __post_init__(self) -> None:
        faults = formula_faults(("level",), self.level)
        if self.maximum is not None and self.maximum <= 0:
            faults.append((("maximum",), f"{self.maximum:g}", "a figure above 0"))
        if faults:
            raise Faults(faults)


def formula_faults(path: Path, text: str) -> list[tuple[Path, str, str]]:
    """Return the fault of a formula that does not read, or nothing."""
    try:
        read_formula(text)
    except FormulaError as error:
        return [(path, str(error), "a formula")]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredIndicator:
    """An indicator at the foot of the tree."""

    __pydantic_config__ = STRICT

    code: str
    """Its name in this method; also the column (wide data) or the INDICATOR code (long data) that
    holds it, unless `column` or `derive` says otherwise."""
    parent: str
    """The group it belongs to."""
    name: str = ""
    """What people read."""
    weight: float = 1.0
    """Weight relative to its siblings."""
    unit: str = ""
    """The unit of measure of the figures."""
    worst: Post | tuple[Post, Post] | None = None
    """The figure that scores worst: a number, `"min"`, `"max"`, or a percentile such as `"p2.5"`.
    Above `best` where less is better. With an interval `best`, a pair gives the worst figure
    below and above it; one figure stands at the same distance on both sides."""
    best: Post | tuple[float, float] | None = None
    """The figure that scores best (the target): a number, `"min"`, `"max"`, a percentile, or an
    interval `[47, 53]` within which every figure scores best."""
    basis: str = ""
    """Where worst and best come from: a target, a law, a reading."""
    basis_kind: Literal["official", "ideal", "observed", ""] = ""
    """`official`: an agreed target; `ideal`: set by the index; `observed`: from the figures."""
    model: Literal["formative", "reflective", ""] = ""
    """Whether the indicator forms what is measured or reflects it; decides how the audit reads
    its correlations."""
    column: str | None = None
    """The column or INDICATOR code that holds it, where it is not `code`."""
    derive: Derivation | None = None
    """How to compute it from other columns; needs a `derive` step."""
    recode: dict[str, float] | None = None
    """The score of each category, or of single numbers: `{ "Yes" = 1, "No" = 0 }`; needs a
    `recode` step. A category that is not listed is a fault; a number not listed stays."""
    clip: Limits | None = None
    """Lowest and highest figure, as `{ low = 10, high = 1000 }`; figures beyond are cut. Needs a
    `clip` step."""
    correction: Correction | None = None
    """Lower scores where the level of achievement is low; for a normalise step by goalposts."""
    denominator: str | None = None
    """The column to divide by; needs a `denominate` step."""
    per: float = 1.0
    """Multiplies the ratio to the denominator, as 1000 for `per 1,000 people`."""
    first: int | None = None
    """No figure older than this year."""
    last: int | None = None
    """No figure newer than this year."""
    source: str = ""
    """Producer and series."""
    note: str = ""
    """Anything a reader should know."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        faults += _weight_faults(self.weight)
        for name in ("worst", "best"):
            faults += _post_faults(name, getattr(self, name))
        faults += _interval_faults(self.worst, self.best)
        if (self.worst is None) != (self.best is None):
            lacking = "worst" if self.worst is None else "best"
            faults.append(((lacking,), "nothing", "both worst and best, or neither"))
        if self.derive is not None and self.column is not None:
            faults.append((("column",), repr(self.column), "no column beside derive"))
        if faults:
            raise Faults(faults)


def _weight_faults(weight: float) -> list[tuple[Path, str, str]]:
    if 0 <= weight <= HEAVIEST:
        return []
    want = "0 or more" if weight < 0 else f"{HEAVIEST:g} at most: weights are relative"
    return [(("weight",), f"{weight:g}", want)]


def _post_faults(name: str, post: object) -> list[tuple[Path, str, str]]:
    posts = post if isinstance(post, tuple) else (post,)
    want = 'a number, "min", "max" or a percentile such as "p2.5"'
    return [
        ((name,), repr(each), want)
        for each in posts
        if isinstance(each, str) and each not in ("min", "max") and percentile(each) is None
    ]


def percentile(post: str) -> float | None:
    """Return the share (0 to 1) that a percentile such as ``p2.5`` means, or None."""
    try:
        share = float(post.removeprefix("p")) / 100 if post.startswith("p") else -1.0
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def ascends(worst: object, best: object) -> bool:
    """Tell whether more is better, from the goalposts alone.

    Examples
    --------
    >>> ascends(0, 100), ascends("max", 0), ascends("p97.5", "p2.5"), ascends(20, "max")
    (True, False, False, True)
    """
    if isinstance(worst, int | float) and isinstance(best, int | float):
        return best > worst
    # A number and an extreme or percentile: the half of the figures it is from tells the way.
    bad, good = _place(worst), _place(best)
    if bad is None:
        return good is not None and good > 0.5
    return bad < (0.5 if good is None else good)


def _place(post: object) -> float | None:
    """Return at which share of the figures a goalpost stands, None for a number."""
    if not isinstance(post, str):
        return None
    return {"min": 0.0, "max": 1.0}.get(post, percentile(post))


def in_words(post: object) -> str:
    """Return goalposts as a method file has them: 5, [47, 53], min."""
    if isinstance(post, tuple):
        return f"[{', '.join(in_words(each) for each in post)}]"
    return f"{post:.15g}" if isinstance(post, float) else str(post)


def _interval_faults(worst: object, best: object) -> list[tuple[Path, str, str]]:
    if isinstance(best, tuple) and not best[0] <= best[1]:
        return [(("best",), in_words(best), "the lower end first")]
    if isinstance(worst, tuple) and not isinstance(best, tuple):
        return [(("worst",), in_words(worst), "one figure, as best is not an interval")]
    if worst is not None and worst == best:
        return [(("best",), in_words(best), f"another figure than worst = {in_words(worst)}")]
    if isinstance(best, tuple) and isinstance(worst, int | float) and best[0] <= worst <= best[1]:
        return [(("worst",), in_words(worst), f"a figure outside best = {in_words(best)}")]
    if isinstance(best, tuple) and isinstance(worst, tuple):
        low, high = worst
        inside = isinstance(low, int | float) and low >= best[0]
        if inside or (isinstance(high, int | float) and high <= best[1]):
            want = f"one figure on either side of {in_words(best)}"
            return [(("worst",), in_words(worst), want)]
    return []


Method = Literal[
    "arithmetic",
    "geometric",
    "harmonic",
    "generalised",
    "log_mean_exp",
    "minimum",
    "copeland",
    "benefit_of_the_doubt",
    "formula",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A node of the tree above the indicators: a goal, a domain, a pillar, the index itself."""

    __pydantic_config__ = STRICT

    code: str
    """Its name in this method."""
    parent: str | None = None
    """The group above. The one group without a parent is the top of the tree."""
    name: str = ""
    """What people read."""
    weight: float = 1.0
    """Weight relative to its siblings."""
    aggregate: Method | None = None
    """How its children are combined, where that is not the `method` of the aggregate step."""
    power: float | None = None
    """For `generalised`."""
    formula: str | None = None
    """For `formula`: arithmetic over the names of any indicators and groups, such as
    `1 - harm / g`; a missing part leaves the result missing."""
    share_limits: tuple[float, float] | None = None
    """For `benefit_of_the_doubt`: least and greatest share (0 to 1) that each part may have in a
    unit's score. Left out: no limits."""
    of: Literal["children", "indicators"] = "children"
    """What is combined: its children, or all the indicators below it (the groups between are
    then results of their own that do not enter it)."""
    missing: Literal["renormalise", "propagate"] | None = None
    """What a missing part does, where that is not what the aggregate step says."""
    requires: tuple[str, ...] = ()
    """Indicators or groups below it without which it has no score, whatever else is there."""
    least: float | None = None
    """Least share (0 to 1) of its parts that must be there; with less it has no score."""
    needs: int | None = None
    """Least number of its parts that must be there."""
    counted: Literal["children", "indicators"] | None = None
    """Which parts `least` and `needs` count: its children or the indicators below it. Left out:
    those that `of` combines."""
    out_of: int | None = None
    """How many parts the group has in the original, where this method holds only some of them:
    `least` is then a share of this number."""
    worst: Post | None = None
    """As for an indicator, where a step normalises groups. Left out: more is better."""
    best: Post | None = None
    """As for an indicator, where a step normalises groups."""
    model: Literal["formative", "reflective", ""] = ""
    """Whether its parts form what is measured or reflect it."""
    note: str = ""
    """Anything a reader should know."""

    def __post_init__(self) -> None:
        faults = [*_own_method_faults(self), *_count_faults(self)]
        for name in ("worst", "best"):
            faults += _post_faults(name, getattr(self, name))
        faults += _interval_faults(self.worst, self.best)
        if faults:
            raise Faults(faults)


def _own_method_faults(group: Group) -> list[tuple[Path, str, str]]:
    """Find options of a method that the group does not use, or lacks."""
    faults: list[tuple[Path, str, str]] = []
    for key, method in (("formula", "formula"), ("power", "generalised")):
        value = getattr(group, key)
        if (value is not None) != (group.aggregate == method):
            want = f'a {key} with aggregate = "{method}", and only then'
            faults.append(((key,), "nothing" if value is None else repr(value), want))
    if group.share_limits is not None and group.aggregate not in (None, "benefit_of_the_doubt"):
        found = str(list(group.share_limits))
        want = f"no share_limits with aggregate = {group.aggregate!r}"
        faults.append((("share_limits",), found, want))
    if group.formula is not None and group.aggregate == "formula":
        faults += formula_faults(("formula",), group.formula)
    return faults


def _count_faults(group: Group) -> list[tuple[Path, str, str]]:
    """Find weights, shares and numbers out of their range."""
    faults: list[tuple[Path, str, str]] = []
    faults += _weight_faults(group.weight)
    if group.least is not None and not 0 <= group.least <= 1:
        faults.append((("least",), f"{group.least:g}", "a share from 0 to 1"))
    limits = group.share_limits
    if limits is not None and not 0 <= limits[0] <= limits[1] <= 1:
        want = "two shares from 0 to 1, the lower first"
        faults.append((("share_limits",), in_words(limits), want))
    for name in ("needs", "out_of"):
        count = getattr(group, name)
        if count is not None and count < 1:
            faults.append(((name,), str(count), "1 or more"))
    return faults
