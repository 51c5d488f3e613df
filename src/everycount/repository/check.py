"""Check observations before they are released: every rule named, its findings and their reasons."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from everycount.model.codes import CodeList
from everycount.model.dataset import Dataset
from everycount.model.finding import SEVERITIES, Limits, Rule, Severity
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, INDICATOR, OBSERVATION, VALUE
from everycount.repository.check_context import ROW, SCHEMA, CheckContext, joined
from everycount.repository.check_coverage import check_codes, check_coverage
from everycount.repository.check_rules import BY_ID, RULES
from everycount.repository.check_series import check_gone, check_jumps, check_release, count_gone
from everycount.repository.check_totals import check_totals
from everycount.repository.check_values import (
    check_age,
    check_missing,
    check_periods,
    check_precision,
    check_ranges,
    check_shares,
    check_units,
)
from everycount.repository.parts import ROWS, Part, parts, tell_nobody

OF_INDICATORS: tuple[Callable[[pl.LazyFrame, CheckContext], Iterator[pl.DataFrame]], ...] = (
    check_codes,
    check_units,
    check_shares,
    check_age,
    check_coverage,
)
"""Checks of whole indicators: sums over the observations, which are never in memory at once."""
OF_FIGURES: tuple[Callable[[pl.DataFrame, CheckContext], Iterator[pl.DataFrame]], ...] = (
    check_ranges,
    check_missing,
    check_totals,
    check_jumps,
    check_precision,
    check_periods,
)
"""Checks of figures, and of these against others of the same indicator and area."""
TOGETHER = (INDICATOR, AREA)
"""What the figures have in common that a figure is held against."""
FIRST = 0.1
"""The share of the work that checks of whole indicators are, measured with five million rows."""
USED = tuple(
    each.id
    for each in OBSERVATION.components
    if each.kind == "code"
    or each.role in ("time", "measure")
    or each.id in {"VALUE_TEXT", "LOWER_BOUND", "UPPER_BOUND", "STD_ERROR", "SAMPLE_SIZE"}
)
"""Components that any rule looks at; comments and such may be most of a file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckResult:
    """What checking found."""

    findings: pl.DataFrame
    """One row a finding: rule, indicator, area, period, breakdown, component, found, expected,
    number of observations. Ordered by rule as `RULES`, then as the first observation that a row
    speaks of stands in the data. All findings, or the first of each rule that were asked for."""
    counts: Mapping[str, int]
    """The number of findings of each rule that has any, in the order of the rules."""
    observations: int

    def rules(self, severity: Severity) -> tuple[Rule, ...]:
        """Return the rules of a severity that have findings."""
        return tuple(BY_ID[name] for name in self.counts if BY_ID[name].severity == severity)

    @property
    def is_releasable(self) -> bool:
        """Whether no error was found."""
        return not self.rules("error")

    def words(self, *, examples: int = 3) -> str:
        """Return the findings as text: each rule, why it matters, examples, what to do."""
        seen = _counted(self.observations, "observation")
        if not self.counts:
            return f"{seen}, nothing found."
        totals = [
            _counted(sum(self.counts[rule.id] for rule in self.rules(severity)), severity)
            for severity in SEVERITIES
            if self.rules(severity)
        ]
        lines = [f"{seen}: {', '.join(totals)}."]
        for name, count in self.counts.items():
            rule = BY_ID[name]
            lines += ["", f"{rule.severity}: {rule.title} ({rule.id}, {count:,})", f"  {rule.why}"]
            shown = self.findings.filter(pl.col("rule") == name).head(examples)
            lines += [f"  - {_sentence(row)}" for row in shown.iter_rows(named=True)]
            if count > shown.height:
                lines.append(f"  … and {count - shown.height:,} more")
            lines.append(f"  What to do: {rule.remedy}")
        return "\n".join(lines)


def check_dataset(
    dataset: Dataset,
    *,
    today: date,
    codes: Mapping[str, CodeList] | None = None,
    framework: Framework | None = None,
    previous: pl.DataFrame | None = None,
    limits: Limits | None = None,
    skip: Collection[str] = (),
) -> CheckResult:
    """Check the observations of a dataset against every rule.

    Parameters
    ----------
    dataset : Dataset
        The observations, which fit their structure already.
    today : date
        For stale figures and periods that have not begun.
    codes : mapping of str to CodeList, optional
        Code lists by component, as `code_lists` returns them. Those of the dataset if left out.
    framework : Framework, optional
        Its indicators give units and expected breakdowns; see `cited` for how data name them.
    previous : DataFrame, optional
        Observations of the last release.
    limits : Limits, optional
        How strict the rules are.
    skip : collection of str
        Rules to leave out.

    Returns
    -------
    CheckResult

    Raises
    ------
    ValueError
        If `skip` names a rule that does not exist.

    References
    ----------
    .. [1] UNECE (2019), Generic Statistical Business Process Model 5.1, sub-process 5.3.

    Examples
    --------
    >>> from everycount.model.observation import OBSERVATION
    >>> table = pl.DataFrame(schema=dict(OBSERVATION.schema))
    >>> check_dataset(Dataset(table=table), today=date(2026, 1, 1)).words()
    '0 observations, nothing found.'
    """
    return check_observations(
        dataset.table.lazy(),
        today=today,
        codes=dataset.codes if codes is None else codes,
        framework=framework,
        previous=None if previous is None else previous.lazy(),
        limits=limits,
        skip=skip,
    )


def check_observations(
    table: pl.LazyFrame,
    *,
    today: date,
    codes: Mapping[str, CodeList],
    framework: Framework | None = None,
    previous: pl.LazyFrame | None = None,
    limits: Limits | None = None,
    skip: Collection[str] = (),
    most: int | None = None,
    rows: int = ROWS,
    tell: Callable[[float], object] | None = None,
) -> CheckResult:
    """Check observations that need not fit into memory, such as a scan of a Parquet file.

    What is found is the same as of a table in memory. Rows may stand in any order; those of one
    indicator and area are in memory together, so they are the least that it must hold.

    Parameters
    ----------
    table : LazyFrame
        Observations, which fit their structure already. It is read several times.
    today, framework, limits, skip
        As for `check_dataset`.
    codes : mapping of str to CodeList
        Code lists by component, those of the data included.
    previous : LazyFrame, optional
        Observations of the last release.
    most : int, optional
        The first findings of each rule that are kept, if not all; all are counted.
    rows : int, optional
        Observations that are in memory at a time, or more if one indicator has more in one area.
    tell : callable, optional
        Called with the share of the work that is done, from 0 to 1.

    Returns
    -------
    CheckResult

    Raises
    ------
    ValueError
        If `skip` names a rule that does not exist.

    Examples
    --------
    >>> empty = pl.LazyFrame(schema=dict(OBSERVATION.schema))
    >>> check_observations(empty, today=date(2026, 1, 1), codes={}).counts
    {}
    """
    strangers = set(skip) - set(BY_ID)
    if strangers:
        raise ValueError(f"there are no rules {sorted(strangers)}")
    context = CheckContext(
        codes=codes,
        indicators=cited(framework, codes.get(INDICATOR)) if framework else {},
        today=today,
        limits=limits or Limits(),
    )
    found = _Found(skip=frozenset(skip), most=most)
    numbered = table.with_row_index(ROW).select(ROW, *USED)
    for done, each in enumerate(OF_INDICATORS):
        (tell or tell_nobody)(FIRST * done / len(OF_INDICATORS))
        found.add(each(numbered, context))
    former = _figures(previous)
    pieces = parts([numbered, *former], TOGETHER, rows=rows)
    total, seen = sum(part.rows for part in pieces), 0
    gone: list[pl.DataFrame] = []
    for part in pieces:
        gone += _check_part(part, numbered, former, context=context, found=found)
        seen += part.rows
        (tell or tell_nobody)(FIRST + (1 - FIRST) * seen / max(total, 1))
    found.add(check_gone(gone))
    return found.result(table.select(pl.len()).collect(engine="streaming").item())


def _figures(previous: pl.LazyFrame | None) -> list[pl.LazyFrame]:
    """Return the figures of the last release with their places, if there is one."""
    if previous is None:
        return []
    rows = previous.with_row_index(ROW).select(ROW, *OBSERVATION.key, VALUE)
    return [rows.filter(pl.col(VALUE).is_not_null())]


def _check_part(
    part: Part,
    table: pl.LazyFrame,
    former: Sequence[pl.LazyFrame],
    *,
    context: CheckContext,
    found: "_Found",
) -> Iterator[pl.DataFrame]:
    """Add what checks of figures find in a part; yield the counts of those that are gone."""
    rows = part.of(table)
    for each in OF_FIGURES:
        found.add(each(rows, context))
    for figures in former:
        before = part.of(figures)
        found.add(check_release(rows, before, context))
        yield count_gone(rows, before)


@dataclass(slots=True, kw_only=True)
class _Found:
    """What was found so far; with `most`, only the first findings of each rule are kept."""

    skip: frozenset[str]
    most: int | None
    counts: Counter[str] = field(default_factory=Counter)
    kept: pl.DataFrame = field(default_factory=lambda: joined(()))

    def add(self, tables: Iterable[pl.DataFrame]) -> None:
        """Add findings, in any order of their places."""
        found = joined(tables).filter(~pl.col("rule").is_in(list(self.skip)))
        self.counts.update(dict(found.group_by("rule").len().iter_rows()))
        self.kept = pl.concat([self.kept, found])
        if self.most is not None:
            is_first = pl.int_range(pl.len()).over("rule") < self.most
            self.kept = self.kept.sort(ROW, maintain_order=True).filter(is_first)

    def result(self, observations: int) -> CheckResult:
        """Return all of it in order."""
        order = {rule.id: position for position, rule in enumerate(RULES)}
        position = pl.col("rule").replace_strict(order, return_dtype=pl.Int64)
        return CheckResult(
            findings=self.kept.sort(position, ROW, maintain_order=True).select(*SCHEMA),
            counts={name: self.counts[name] for name in order if name in self.counts},
            observations=observations,
        )


def cited(framework: Framework, listed: CodeList | None = None) -> Mapping[str, Indicator]:
    """Return the indicators of a framework by what data may call them.

    Parameters
    ----------
    framework : Framework
        Its indicators are cited by key, and by their printed code where only one has it.
    listed : CodeList, optional
        What the data say of their own codes. A series whose description is the number of an
        indicator, or several, such as ``5.3.1; 16.2.1``, stands for the first of them.

    Returns
    -------
    mapping of str to Indicator
    """
    indicators = framework.indicators
    codes = [indicator.code for indicator in indicators]
    known = {each.code: each for each in indicators if codes.count(each.code) == 1}
    known |= {each.key: each for each in indicators}
    series = {}
    for code in listed.codes if listed else ():
        numbers = [part.strip() for part in code.description.replace(",", ";").split(";")]
        found = next((known[number] for number in numbers if number in known), None)
        if found is not None and code.id not in known:
            series[code.id] = found
    return {**series, **known}


def _counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _sentence(row: Mapping[str, object]) -> str:
    """Return a finding in words."""
    place = [
        str(row[name])
        for name in ("INDICATOR", "REF_AREA", "TIME_PERIOD", "breakdown")
        if row[name]
    ]
    return f"{', '.join(place)}: {row['component']} is {row['found']}, expected {row['expected']}"
