"""A methodology: the tree of an index and the steps that compute it, as data."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from everycount.index.audit_plan import AuditPlan
from everycount.index.consistency import step_faults, treeless_faults
from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.outline import outline_faults
from everycount.index.plan_faults import plan_faults
from everycount.index.steps import Step
from everycount.index.tree import Tree, grow, tree_faults
from everycount.model.layout import Layout
from everycount.model.strict import STRICT, Faults, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A name for scores from a limit up."""

    __pydantic_config__ = STRICT

    name: str
    """What people read, such as `Good`."""
    least: float
    """The lowest score of the band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How scores become ranks and bands."""

    __pydantic_config__ = STRICT

    best: Literal["high", "low"] = "high"
    """Whether the highest or the lowest score of the top of the tree ranks first."""
    ties: Literal["min", "max", "average", "dense"] = "min"
    """The rank of equal scores: the better one (1, 2, 2, 4), the worse one, their mean, or without
    a gap after them (1, 2, 2, 3)."""
    decimals: int | None = None
    """Round scores to so many decimals before ranking. Left out: rank unrounded scores."""
    bands: tuple[Band, ...] = ()
    """Names for score bands of groups."""
    unranked: tuple[str, ...] = ()
    """Units that get scores but no rank, because they are averages of others: codes, or patterns
    such as `ZZ*`. They stay out of averages over groups of units too."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        if self.decimals is not None and not 0 <= self.decimals <= 15:
            faults.append((("decimals",), str(self.decimals), "0 to 15"))
        names = [band.name for band in self.bands]
        limits = [band.least for band in self.bands]
        for at, band in enumerate(self.bands):
            if names.count(band.name) > 1 or limits.count(band.least) > 1:
                found = f"{band.name!r} from {band.least:g}"
                faults.append((("bands", at), found, "each name and each limit once"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """Averages of scores over groups of units."""

    __pydantic_config__ = STRICT

    by: str
    """The grouping: a column of the --units file or of the data, such as region."""
    weight: str | None = None
    """A column to weight by as well, such as population; the plain mean is always given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Publisher, citation and licence of a method."""

    __pydantic_config__ = STRICT

    publisher: str = ""
    """Who publishes the index."""
    citation: str = ""
    """Report, edition, pages."""
    url: str = ""
    """Where it can be read."""
    licence: str = ""
    """Under what terms."""


@dataclass(frozen=True, kw_only=True)
class Methodology:
    """An index as data: its tree, its goalposts and its steps, in order."""

    __pydantic_config__ = STRICT

    id: str
    """A short name without spaces, such as `undp-gii`."""
    title: str
    """What people read."""
    version: str = "1"
    """Edition of the method."""
    description: str = ""
    """What the index measures, in a sentence or two."""
    notice: str = ""
    """A sentence shown wherever results are shown, such as that a published index was rebuilt."""
    framework: str | None = None
    """The indicator framework it draws on, as `id@version`."""
    source: Source = field(default_factory=Source)
    """Where the method is published."""
    data: Layout = field(default_factory=Layout)
    """How to read the data file."""
    units: Layout = field(default_factory=Layout)
    """How to read the file of units: `unit`, `sheet`, `header_row`, `header_rows`, `decimal`,
    `thousands`, `delimiter` and `missing` count."""
    groups: tuple[Group, ...]
    """The tree above the indicators."""
    indicators: tuple[ScoredIndicator, ...]
    """The indicators, in the order of the results."""
    steps: tuple[Step, ...]
    """What to do, in order."""
    ranking: Ranking = field(default_factory=Ranking)
    """Ranks and bands."""
    averages: tuple[Average, ...] = ()
    """Averages over groups of units."""
    audit: AuditPlan = field(default_factory=AuditPlan)
    """What an audit tests: choices to vary, limits, conceptual questions."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        if not self.id or any(c.isspace() for c in self.id):
            faults.append((("id",), repr(self.id), "a short name without spaces"))
        groups = {group.code for group in self.groups}
        faults += [
            (("averages", i, "weight"), f"{each.weight!r}, which is a group", "a column of figures")
            for i, each in enumerate(self.averages)
            if each.weight in groups
        ]
        broken = tree_faults(self.indicators, self.groups)
        if broken:  # most of what a step may do depends on a sound tree
            faults += [*broken, *treeless_faults(self.steps, self.indicators)]
        else:
            faults += step_faults(self.steps, self.indicators, self.groups, self.tree)
        if not faults:
            faults += plan_faults(self)
        if faults:
            raise Faults(faults)

    outline_faults = staticmethod(outline_faults)
    """What is wrong with the tree of a file whose parts have faults: for who reads the file."""

    @cached_property
    def tree(self) -> Tree:
        """The tree as arrays, computed once."""
        return grow(self.indicators, self.groups)
