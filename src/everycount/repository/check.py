"""Check observations before they are released: every rule named, its findings and their reasons."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from everycount.model.codes import CodeList
from everycount.model.dataset import Dataset
from everycount.model.finding import SEVERITIES, Limits, Rule, Severity
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator
from everycount.model.observation import INDICATOR
from everycount.repository.check_context import CheckContext, joined
from everycount.repository.check_coverage import check_codes, check_coverage
from everycount.repository.check_rules import BY_ID, RULES
from everycount.repository.check_series import check_jumps, check_release
from everycount.repository.check_totals import check_totals
from everycount.repository.check_values import (
    check_missing,
    check_periods,
    check_precision,
    check_ranges,
    check_units,
)

CHECKS: tuple[Callable[[CheckContext], Iterator[pl.DataFrame]], ...] = (
    check_codes,
    check_units,
    check_ranges,
    check_missing,
    check_totals,
    check_jumps,
    check_release,
    check_precision,
    check_periods,
    check_coverage,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckResult:
    """What checking found."""

    findings: pl.DataFrame
    """One row a finding: rule, indicator, area, period, breakdown, component, found, expected,
    number of observations. Ordered by rule as `RULES`, then as the data."""
    observations: int

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of findings of each rule that has any, in the order of the rules."""
        counted = dict(self.findings.group_by("rule").len().iter_rows())
        return {rule.id: counted[rule.id] for rule in RULES if rule.id in counted}

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
            if count > examples:
                lines.append(f"  … and {count - examples:,} more")
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
    """Check observations against every rule.

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
    strangers = set(skip) - set(BY_ID)
    if strangers:
        raise ValueError(f"there are no rules {sorted(strangers)}")
    known = dataset.codes if codes is None else codes
    context = CheckContext(
        table=dataset.table,
        codes=known,
        indicators=cited(framework, known.get(INDICATOR)) if framework else {},
        previous=previous,
        today=today,
        limits=limits or Limits(),
    )
    found = joined(table for each in CHECKS for table in each(context))
    order = {rule.id: position for position, rule in enumerate(RULES)}
    ordered = found.filter(~pl.col("rule").is_in(list(skip))).sort(
        pl.col("rule").replace_strict(order, return_dtype=pl.Int64), maintain_order=True
    )
    return CheckResult(findings=ordered, observations=dataset.table.height)


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
