"""The limits an audit judges by: every one a setting, with where its usual value comes from."""

from dataclasses import dataclass
from math import inf

from everycount.model.strict import STRICT, Faults, Path

GUIDE = "JRC, Your 10-Step Pocket Guide to Composite Indicators & Scoreboards (2019)"
COINR = "COINr 1.1.14 (Becker et al. 2022), default"
HANDBOOK = "OECD and JRC (2008), Handbook on Constructing Composite Indicators"
OWN = "Everycount's own choice; no standard gives one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The limits of an audit. A limit that is left out has the value shown, from its source."""

    __pydantic_config__ = STRICT

    availability: float = 0.65
    """Least share (0 to 1) of units with a figure."""
    zeros: float = 0.5
    """Greatest share of known figures that are zero."""
    unique: float = 0.5
    """Least share of known figures that differ from one another."""
    skewness: float = 2.0
    """Outliers: absolute skewness from this on, together with `kurtosis`."""
    kurtosis: float = 3.5
    """Outliers: excess kurtosis from this on, together with `skewness`."""
    kurtosis_alone: float = 10.0
    """Outliers: excess kurtosis above this, whatever the skewness."""
    high_correlation: float = 0.9
    """Two indicators correlate highly, in either direction, from this on (absolute)."""
    redundant: float = 0.95
    """Two indicators say the same from this correlation on; an indicator that correlates so with
    its group dominates it."""
    weak: float = 0.3
    """An indicator is hardly seen in its group below this correlation."""
    adverse: float = -0.3
    """An indicator works against its own group, or two parts of a group against one another,
    below this correlation."""
    significance: float = 0.05
    """Correlations with a p-value above this are not told from none."""
    size: float = 0.6
    """Scores depend on the size of units from this correlation on (absolute)."""
    alpha: float = 0.7
    """Least Cronbach's alpha of a reflective group."""
    eigenvalue: float = 1.0
    """A principal component counts from this eigenvalue on."""
    first_component: float = 0.6
    """Least share of variance that the first component of a reflective group explains."""
    children: int = 3
    """Least number of parts of a group for alpha and components to say something."""
    importance: float = 2.0
    """Importance and weight disagree when one share is more than this many times the other."""
    places: int = 5
    """Units that move more than this many places are counted."""
    lead: float = 0.95
    """Two units are told apart when one leads in at least this share of the builds in which
    both have a score."""
    apart: float = 0.95
    """So many places are called meaningful from which on, at every distance, at least this share
    of the pairs of units is told apart, the one ranked higher leading."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        for name, (low, high, want) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                faults.append(((name,), f"{value:g}", want))
        if faults:
            raise Faults(faults)


_SHARE = (0.0, 1.0, "a share from 0 to 1")
_CORRELATION = (0.0, 1.0, "a correlation from 0 to 1")
_LEAD = (0.5, 1.0, "a share from 0.5 to 1")
_ABOVE = (0.0, inf, "0 or more")
_RANGES: dict[str, tuple[float, float, str]] = {
    "availability": _SHARE,
    "zeros": _SHARE,
    "unique": _SHARE,
    "skewness": _ABOVE,
    "kurtosis": _ABOVE,
    "kurtosis_alone": _ABOVE,
    "high_correlation": _CORRELATION,
    "redundant": _CORRELATION,
    "weak": _CORRELATION,
    "adverse": (-1.0, 0.0, "a correlation from -1 to 0"),
    "significance": _SHARE,
    "size": _CORRELATION,
    "alpha": _SHARE,
    "eigenvalue": _ABOVE,
    "first_component": _SHARE,
    "children": (2, inf, "2 or more"),
    "importance": (1.0, inf, "1 or more"),
    "places": (0, inf, "0 or more"),
    "lead": _LEAD,
    "apart": _LEAD,
}
"""Lowest and highest value of each limit, and the same in words."""

SOURCES: dict[str, str] = {
    "availability": f"{GUIDE}: 65 % of the units",
    "zeros": COINR,
    "unique": COINR,
    "skewness": f"{GUIDE}: skewness above 2 and kurtosis above 3.5",
    "kurtosis": f"{GUIDE}: skewness above 2 and kurtosis above 3.5",
    "kurtosis_alone": f"{GUIDE}: kurtosis above 10",
    "high_correlation": COINR,
    "redundant": f"{GUIDE}: correlation above 0.95",
    "weak": f"{GUIDE}: correlation between -0.3 and 0.3",
    "adverse": f"{GUIDE}: correlation below -0.3",
    "significance": COINR,
    "size": f"{GUIDE}, and {COINR}: 0.6",
    "alpha": f"{HANDBOOK}, step 4, after Nunnally (1978): 0.7",
    "eigenvalue": f"{HANDBOOK}, step 4: Kaiser's criterion",
    "first_component": f"{HANDBOOK}, step 4: factors that explain 60 % together; here the first",
    "children": f"{GUIDE}: 3 indicators at least",
    "importance": OWN,
    "places": OWN,
    "lead": OWN,
    "apart": OWN,
}
"""Where the value of each limit comes from, as it is printed beside it."""


def source_of(thresholds: Thresholds, name: str) -> str:
    """Return where a limit comes from; the method, where it is not the usual value.

    Examples
    --------
    >>> source_of(Thresholds(alpha=0.8), "alpha")
    'set by the method; usual 0.7'
    """
    usual = Thresholds.__dataclass_fields__[name].default
    if getattr(thresholds, name) == usual:
        return SOURCES[name]
    return f"set by the method; usual {usual:g}"
