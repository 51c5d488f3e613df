"""Say the limits of an audit in words: what each one is, its value, and where that comes from."""

from dataclasses import fields
from typing import Final, Literal

from everycount.index.thresholds import Thresholds, source_of
from everycount.reports.audit_page import Limit
from everycount.reports.wording import figure, percent

_NAMES: Final[dict[str, tuple[str, Literal["share", "number"]]]] = {
    "availability": ("Least share of units with a figure", "share"),
    "zeros": ("Greatest share of known figures that are zero", "share"),
    "unique": ("Least share of known figures that differ from one another", "share"),
    "skewness": ("Outliers: absolute skewness from here on, together with kurtosis", "number"),
    "kurtosis": ("Outliers: excess kurtosis from here on, together with skewness", "number"),
    "kurtosis_alone": ("Outliers: excess kurtosis above this, whatever the skewness", "number"),
    "high_correlation": ("Two indicators correlate highly from this correlation on", "number"),
    "redundant": ("Two indicators say the same from this correlation on", "number"),
    "weak": ("A part and a group are linked from this correlation on", "number"),
    "adverse": ("Parts of an index work against one another below this correlation", "number"),
    "significance": ("A correlation with a larger p is not told from chance", "number"),
    "size": ("A score depends on the size of units from this correlation on", "number"),
    "alpha": ("Least Cronbach's alpha of a reflective group", "number"),
    "eigenvalue": ("A principal component counts from this eigenvalue on", "number"),
    "first_component": ("Least share of the variance in a reflective group's first component",
                        "share"),
    "children": ("Least number of parts for alpha and components to say something", "number"),
    "importance": ("Importance and weight disagree when one is more than this many times the other",
                   "number"),
    "places": ("A unit that moves more places than this is counted", "number"),
    "lead": ("Two units are told apart when one leads in at least this share of the builds",
             "share"),
    "apart": ("Places are meaningful from which on, at each distance, at least this share of the "
              "pairs is in order", "share"),
}  # fmt: skip
"""Each limit in words, and how its value is written."""


def limits_of(thresholds: Thresholds) -> tuple[Limit, ...]:
    """Return all limits of an audit, each with its source."""
    names = [each.name for each in fields(thresholds)]
    return tuple(
        Limit(
            name=_NAMES[name][0], value=_value(thresholds, name), source=source_of(thresholds, name)
        )
        for name in names
    )


def limit_words(thresholds: Thresholds, name: str) -> str:
    """Return one limit in a line.

    Examples
    --------
    >>> limit_words(Thresholds(size=0.5), "size")
    'A score depends on the size of units from this correlation on: 0.5 (set by the method; usual
    0.6)'
    """
    return f"{_NAMES[name][0]}: {_value(thresholds, name)} ({source_of(thresholds, name)})"


def _value(thresholds: Thresholds, name: str) -> str:
    value = float(getattr(thresholds, name))
    kind = _NAMES[name][1]
    return percent(value) if kind == "share" else figure(value).replace("-", "−")
