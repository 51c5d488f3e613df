"""The trace of a build: what was done to how many figures, with which weights."""

from dataclasses import dataclass
from typing import Any

from everycount.model.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFacts:
    """Which method was used."""

    __pydantic_config__ = STRICT

    id: str
    """Its short name."""
    version: str
    """Its edition."""
    title: str
    """Its title."""
    notice: str
    """The sentence to show wherever the results are shown; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of what."""

    __pydantic_config__ = STRICT

    units: int
    """Units in the data."""
    rows: int
    """Units times periods."""
    scored: int
    """Rows with a score of the top of the tree."""
    ranked: int
    """Rows with a rank: those with a score, less units that are not ranked."""
    indicators: int
    """Indicators of the method."""
    figures: int
    """Figures of indicators that were observed (or derived from such), over all rows."""
    imputed: int
    """Figures of indicators that were filled in."""
    groups_imputed: int
    """Scores of groups that were filled in."""
    winsorised: int
    """Figures moved in as outliers."""
    transformed: int
    """Figures transformed as belonging to a skewed indicator."""
    screened_out: int
    """Rows left out for too few figures."""
    indicators_left_out: int
    """Indicators left out for too few units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeWeight:
    """The weight of a node of the tree."""

    __pydantic_config__ = STRICT

    node: str
    """Its code."""
    level: int
    """Its level: 1 for an indicator."""
    weight: float
    """Its weight relative to its siblings."""
    effective: float | None
    """Its share of the top by nominal weights; null below a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a build did, as plain data."""

    __pydantic_config__ = STRICT

    method: MethodFacts
    """Which method was used."""
    counts: Counts
    """How many of what."""
    warnings: tuple[str, ...]
    """What a reader should look at."""
    weights: tuple[NodeWeight, ...]
    """The weights that were used."""
    steps: tuple[dict[str, Any], ...]
    """What each step did, in order: its name under `step`, then facts of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file that went in."""

    __pydantic_config__ = STRICT

    role: str
    """`method`, `data` or `units`; of an audit also `draws` and `external`."""
    name: str
    """Name of the file."""
    sha256: str
    """Digest of its bytes, in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile(Trace):
    """The file result.json."""

    __pydantic_config__ = STRICT

    everycount: str
    """Version of the library."""
    inputs: tuple[Input, ...]
    """The files that went in."""
    files: tuple[str, ...]
    """The files that came out beside this one."""
