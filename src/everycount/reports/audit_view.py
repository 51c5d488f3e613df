"""See an audit as its report does: the first ranking that was tested, with names for codes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import polars as pl

from everycount.audit.audit import Audit
from everycount.audit.coherence_findings import named
from everycount.audit.findings import Finding
from everycount.audit.uncertainty import Standing, quantile_name
from everycount.charts import render
from everycount.charts.theme import Spec
from everycount.index.audit_plan import AuditPlan
from everycount.index.result import IndexResult
from everycount.index.thresholds import Thresholds
from everycount.reports.audit_page import Chart, Judged
from everycount.reports.threshold_words import limit_words

WIDE: Final = 720
NARROW: Final = 328
ON_PAGE: Final = 500
"""Rows that a table on the page has at most; the file has all of them."""
ON_PAPER: Final = 40
"""Rows that a table on paper has where all of them are more than a reader can use."""


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """An audit, of which the first ranking is shown: the first node, in its newest period."""

    found: Audit
    files: frozenset[str] = frozenset()
    """Names of the files beside the report."""

    @property
    def result(self) -> IndexResult:
        """The index as it is declared."""
        return self.found.result

    @property
    def plan(self) -> AuditPlan:
        """What was varied."""
        return self.result.methodology.audit

    @property
    def limits(self) -> Thresholds:
        """The limits that findings were judged by."""
        return self.plan.thresholds

    @property
    def first(self) -> Standing:
        """What the builds say of the ranking that is shown."""
        return self.found.uncertainty.standings[0]

    @property
    def ends(self) -> tuple[str, str]:
        """The columns of the interval of a rank."""
        low, high = self.plan.percentiles
        return quantile_name(low), quantile_name(high)

    @property
    def interval(self) -> str:
        """The interval in words: `5 to 95 % of the builds`."""
        low, high = self.plan.percentiles
        return f"{low:g} to {high:g} % of the builds"

    @cached_property
    def ranks(self) -> pl.DataFrame:
        """The table of ranks, by nominal rank."""
        return self.shown(self.found.uncertainty.ranks)

    def shown(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a table that are of the ranking that is shown."""
        own = pl.col("node") == self.first.node
        return table.filter(own, pl.col("period").eq_missing(self.first.period))

    def name(self, unit: str) -> str:
        """Return what people read for a unit; its code where it has no name."""
        return self.result.state.about.names.get(unit) or unit

    def unit(self, unit: str) -> str:
        """Return a unit with its code, as tables have it."""
        return named(unit, self.result.state.about.names)

    def node(self, code: str) -> str:
        """Return an indicator or group with its code, as tables have it."""
        return named(code, self.found.coherence.names)

    def short(self, code: str) -> str:
        """Return what an indicator or group is called without its code."""
        return self.found.coherence.names.get(code) or code

    def file(self, name: str) -> str:
        """Return the name of a file if it stands beside the report, otherwise nothing."""
        return name if name in self.files else ""

    def findings(self, part: str, is_here: Callable[[Finding], bool]) -> tuple[Judged, ...]:
        """Return some of the findings, under one heading."""
        return tuple(
            Judged(
                part=part,
                light=each.light,
                words=said[0],
                about=said[1:],
                limit=limit_words(self.limits, each.threshold) if each.threshold else "",
            )
            for each in self.found.verdict.findings
            if is_here(each)
            for said in [itemised(each)]
        )


def itemised(finding: Finding) -> tuple[str, ...]:
    """Return a finding as what is said and its items, where the sentence lists several."""
    return (finding.heading, *finding.items) if len(finding.items) > 1 else (finding.words,)


def chart_of(
    draw: Callable[[int], Spec],
    *,
    title: str,
    unit: str = "",
    key: str = "",
    on_paper: Sequence[Spec] = (),
) -> Chart:
    """Return a chart, drawn once for wide and once for narrow pages.

    Parameters
    ----------
    draw : callable
        Returns the chart for a width in CSS pixels. Its description is the alternative text.
    title, unit, key : str
        The caption, as `Chart` has it.
    on_paper : sequence of dict
        The chart in pieces; none where the wide one fits on a page.
    """
    wide = draw(WIDE)
    return Chart(
        svg=render.svg(wide),
        alt=str(wide["description"]),
        title=title,
        unit=unit,
        key=key,
        narrow=render.svg(draw(NARROW)),
        on_paper=tuple(render.svg(each) for each in on_paper) if len(on_paper) > 1 else (),
    )


def slices(count: int, most: int) -> list[slice]:
    """Return as few slices of `count` rows as hold `most` rows each, about equally long.

    Examples
    --------
    >>> slices(104, 60)
    [slice(0, 52, None), slice(52, 104, None)]
    """
    pieces = max(1, -(-count // most))
    ends = [count * k // pieces for k in range(pieces + 1)]
    return [slice(low, high) for low, high in pairwise(ends)]
