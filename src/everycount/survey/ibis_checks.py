"""What is wrong with the rows of an Ibis table, and which are left out: as the kernel counts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from everycount.errors import MethodError, Problem
from everycount.model.conditions import code_text
from everycount.model.design import Outcome
from everycount.survey.cells import as_codes
from everycount.survey.coding import Coding
from everycount.survey.findings import SHOWN, UNCLEAR, Findings
from everycount.survey.ibis_columns import (
    among,
    is_missing,
    level_of,
    measured,
    no_number,
    number_of,
    real,
    sure,
)
from everycount.survey.ibis_queries import fetched
from everycount.survey.ibis_spread import Centre
from everycount.survey.measure import yes_codes
from everycount.survey.plan import SurveyPlan
from everycount.survey.strata import Key, Stratum, named, population_of

Expr = Any
FEW = 1_000
"""Values of a population that are fetched to be named, if a stratum has several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a first look at the rows says of the outcomes."""

    rows: int
    own: tuple[bool, ...]
    """Whether some rows do not count for each outcome."""
    shifts: tuple[float, ...]
    """About the mean of each outcome that is a mean or a total, 0 for others."""
    centres: tuple[Centre, ...]
    """About the means of A and C over the rows that were asked, for each outcome."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Tests:
    """Tests of rows, and what to note of as many as fail or are left out."""

    plan: SurveyPlan
    cells: Expr
    """The microdata, from `everycount.survey.ibis_columns.plain`."""
    findings: Findings
    each: list[tuple[Expr, Callable[..., None]]] = field(default_factory=list)
    absent: list[tuple[Expr, Callable[[], None]]] = field(default_factory=list)
    """Tests of rows, and what to note if none meets them."""

    def fault(self, test: Expr, where: str, found: str, expected: str) -> None:
        """Test for a fault that is the same for all rows."""
        self.each.append((test, partial(self.findings.fault, where, found, expected)))

    def leave_out(self, test: Expr, subject: str, reason: str) -> None:
        """Test for rows that are left out of something."""
        self.each.append((test, partial(self.findings.leave_out, subject, reason)))

    def ask(self, test: Expr, note: Callable[[Expr, int], None]) -> None:
        """Test for faults of which a second query says more."""
        strange = sure(test)
        self.each.append((strange, lambda rows: note(self.cells.filter(strange), rows)))

    def name(self, test: Expr, column: Expr, where: str, expected: str) -> None:
        """Test for faults that are named by the values of a column, the commonest first."""
        shown = self.cells.select(strange=sure(test), value=column)

        def note(rows: int) -> None:
            those = shown.filter(shown["strange"])
            values = those.group_by("value").aggregate(rows=those.count())
            ordered = values.order_by([values["rows"].desc(), "value"]).limit(SHOWN)
            for value, count in fetched(ordered).select("value", "rows").iter_rows():
                found = f"value {code_text(value)!r}"
                self.findings.fault(where, found, expected, rows=int(count))
                rows -= int(count)
            if rows:
                self.findings.fault(where, "other values", expected, rows=rows)

        self.each.append((sure(test), note))


def check_rows(plan: SurveyPlan, cells: Expr, findings: Findings) -> Checked:
    """Count faults and rows left out, in one query; where there are faults, others name them.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    cells : Ibis table
        The columns it needs, from `everycount.survey.ibis_columns.plain`.
    findings : Findings
        Where they are noted.

    Raises
    ------
    MethodError
        If there are no rows.
    """
    design, columns = plan.design, plan.source.columns
    tests = _Tests(plan=plan, cells=cells, findings=findings)
    _test_keys(tests)
    _test_weights(tests)
    for coding in plan.codings:
        _test_levels(tests, coding)
    _test_population(tests)
    parts: dict[str, Expr] = {}
    for at, outcome in enumerate(design.outcomes):
        said = measured(design, outcome, cells, columns)
        _test_outcome(tests, outcome, said)
        parts |= {f"{name}{at}": part for name, part in _parts(said).items()}
    marked = {f"c{at}": test.cast("int64") for at, (test, _) in enumerate(tests.each)}
    marked |= {f"a{at}": test.cast("int64") for at, (test, _) in enumerate(tests.absent)}
    # What is the same for all rows is no column of the table; here it becomes one.
    marks = cells.select(**marked, **parts)
    sums = {name: marks[name].sum() for name in (*marked, *parts)}
    found = fetched(marks.aggregate(rows=marks.count(), **sums)).row(0, named=True)
    if not found["rows"]:
        raise MethodError(plan.source.name, [Problem("file", "no rows", "at least one")])
    for at, (_, note) in enumerate(tests.each):
        if found[f"c{at}"]:
            note(rows=int(found[f"c{at}"]))
    for at, (_, look) in enumerate(tests.absent):
        if not found[f"a{at}"]:
            look()
    outcomes = list(enumerate(design.outcomes))
    _weigh(plan, {at: found[f"w{at}"] or 0.0 for at, _ in outcomes}, findings)
    return Checked(
        rows=int(found["rows"]),
        own=tuple(int(found[f"n{at}"]) < found["rows"] for at, _ in outcomes),
        shifts=tuple(_shift(outcome, found, at) for at, outcome in outcomes),
        centres=tuple(_centre(outcome, found, at) for at, outcome in outcomes),
    )


def _weigh(plan: SurveyPlan, sums: Mapping[int, float], findings: Findings) -> None:
    """Note weights of the rows that count that are too large to be counted with."""
    largest: dict[str, float] = {}
    for at, outcome in enumerate(plan.design.outcomes):
        name = outcome.weight or plan.design.sampling.weight
        largest[str(name)] = max(largest.get(str(name), 0.0), sums[at])
    for name, total in largest.items():
        findings.weigh(f"weight, column {name}", np.array([total]))


def _parts(said: Mapping[str, Expr]) -> dict[str, Expr]:
    """Return what is summed of an outcome."""
    counts, weight = said["counts"], said["weight"]
    return {
        "n": counts.cast("int64"),
        "q": said["asked"].cast("int64"),
        "w": counts.ifelse(weight, real(0)),
        "y": counts.ifelse(weight * said["value"], real(0)),
        "b": counts.ifelse(weight * said["below"], real(0)),
    }


def _shift(outcome: Outcome, found: Mapping[str, Any], at: int) -> float:
    """Return the mean of an outcome if it is a mean or a total, otherwise 0."""
    weight, value = found[f"w{at}"], found[f"y{at}"]
    return value / weight if outcome.statistic in ("mean", "total") and weight and value else 0.0


def _centre(outcome: Outcome, found: Mapping[str, Any], at: int) -> Centre:
    """Return the means of A and C over the rows that were asked."""
    asked, weight, value, below = (found[f"{name}{at}"] or 0.0 for name in "qwyb")
    second = {"proportion": weight - value, "ratio": below}.get(outcome.statistic, weight)
    first = 0.0 if outcome.statistic == "mean" else value
    return first / max(asked, 1), second / max(asked, 1)


def _test_keys(tests: _Tests) -> None:
    """Test for rows without a stratum or unit."""
    sampling, columns = tests.plan.design.sampling, tests.plan.source.columns
    for name in (*sampling.strata, *([sampling.psu] if sampling.psu else [])):
        what = "unit" if name == sampling.psu else "stratum"
        lacking = is_missing(tests.cells[name], columns[name])
        tests.fault(lacking, f"{what}, column {name}", "nothing", f"a {what}")


def _test_population(tests: _Tests) -> None:
    """Test for rows that say nothing of the population of their stratum."""
    name = tests.plan.design.sampling.population
    if name is not None:
        column, expected = tests.cells[name], "a number of units, or a share up to 1"
        lacking = is_missing(column, tests.plan.source.columns[name]) | no_number(column)
        tests.fault(lacking, f"population, column {name}", "nothing or no number", expected)


def _test_weights(tests: _Tests) -> None:
    """Test for weights that cannot be."""
    design, columns = tests.plan.design, tests.plan.source.columns
    sampling = design.sampling.weight
    for name in dict.fromkeys([sampling, *(each.weight for each in design.outcomes)]):
        if name is None:
            continue
        where, column = f"weight, column {name}", tests.cells[name]
        lacking, strange = is_missing(column, columns[name]), no_number(column)
        tests.fault(strange, where, "text or infinity", "a number from 0")
        negative = ~lacking & sure(number_of(column) < 0)
        tests.fault(negative, where, "a weight below 0", "a number from 0")
        if name == sampling:
            expected = "a weight for every row (0 if it does not count)"
            tests.fault(lacking & ~strange, where, "nothing", expected)


def _test_levels(tests: _Tests, coding: Coding) -> None:
    """Test for rows without a level of a characteristic."""
    column = coding.column.name
    level, last = level_of(coding, tests.cells[column]), len(coding.levels)
    tests.leave_out(level == last, coding.name, "not known")
    if coding.characteristic.elsewhere == "exclude":
        tests.leave_out(level == last + 1, coding.name, "in no level")
        return
    where = f"characteristic {coding.name}, column {column}"
    known = ", ".join(each.code for each in coding.levels[:20])
    tests.name(
        level == last + 1, tests.cells[column], where, f"a code of one of its levels ({known})"
    )


def _test_outcome(tests: _Tests, outcome: Outcome, said: Mapping[str, Expr]) -> None:
    """Test for rows left out of an outcome, and for values that it cannot have."""
    tests.leave_out(said["outside"], outcome.name, "outside the universe")
    tests.leave_out(~(said["inside"] | said["outside"]), outcome.name, UNCLEAR)
    tests.leave_out(said["inside"] & ~said["asked"], outcome.name, "without weight")
    tests.leave_out(said["asked"] & ~said["counts"], outcome.name, "not known")
    source, counts = tests.cells[outcome.source], said["counts"]
    if outcome.denominator is not None:
        _test_numbers(tests, outcome, outcome.denominator, counts)
    if not outcome.yes:
        _test_numbers(tests, outcome, outcome.source, counts)
        if outcome.statistic == "proportion":
            _test_shares(tests, outcome, counts)
        return
    where = f"outcome {outcome.name}, column {outcome.source}"
    if outcome.no:
        strange = counts & ~among(source, (*outcome.yes, *outcome.no))
        tests.name(strange, source, where, "a code of yes, no or missing")
    else:
        _seek(tests, outcome, where, counts)


def _seek(tests: _Tests, outcome: Outcome, where: str, counts: Expr) -> None:
    """Test whether one of the codes of `yes` occurs, in rows that count or others."""
    codes, source = yes_codes(outcome), tests.cells[outcome.source]

    def note() -> None:
        """Look what counts instead."""
        counted = tests.cells.filter(counts).select(value=source).distinct()
        values = fetched(counted.order_by("value").limit(SHOWN + 1))["value"]
        tests.findings.seek(where, codes, lambda: as_codes(values).cast(pl.String).to_list())

    tests.absent.append((among(source, codes), note))


def _test_numbers(tests: _Tests, outcome: Outcome, name: str, counts: Expr) -> None:
    """Test for cells that count and are no numbers."""
    where = f"outcome {outcome.name}, column {name}"

    def note(strange: Expr, rows: int) -> None:
        example = fetched(strange.select(each=strange[name]).order_by("each").limit(1))["each"][0]
        found = f"text that is no number, such as {str(example)!r},"
        tests.findings.fault(where, found, "numbers", rows=rows)

    tests.ask(counts & no_number(tests.cells[name]), note)


def _test_shares(tests: _Tests, outcome: Outcome, counts: Expr) -> None:
    """Test for numbers that count in a proportion and are neither 0 nor 1."""
    where = f"outcome {outcome.name}, column {outcome.source}"
    expected = "0 or 1; or say in `yes` which codes count, or in `missing` which do not"
    column = tests.cells[outcome.source]
    number = number_of(column)
    strange = counts & ~no_number(column) & ~sure(number.isin([real(0), real(1)]))
    tests.name(strange, number, where, expected)


def strata_of(
    plan: SurveyPlan, cells: Expr, findings: Findings
) -> dict[Key, tuple[Stratum, float]]:
    """Return the strata by their values, with their units and the units of the population.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    cells : Ibis table
        The columns it needs, from `everycount.survey.ibis_columns.plain`.
    findings : Findings
        Where units in two strata and populations that cannot be are noted.
    """
    sampling = plan.design.sampling
    keys = stratum_and_unit(plan, cells)
    facts = {"population": number_of(cells[sampling.population])} if sampling.population else {}
    # A column that all rows have, as there may be nothing else to count.
    base = cells.select(**keys, **facts, one=1)
    names = [name for name in keys if name != "unit"]
    _refuse_two_homes(plan, base, names, findings)
    counts = {"units": base["unit"].nunique() if "unit" in keys else base.count()}
    if facts:
        counts |= {"least": base["population"].min(), "most": base["population"].max()}
    found = fetched((base.group_by(names) if names else base).aggregate(**counts))
    found = found.sort(names) if names else found
    populations = _populations(found, base, names) if facts else {}
    strata: dict[Key, tuple[Stratum, float]] = {}
    for row in found.iter_rows(named=True):
        key = tuple(row[name] for name in names)
        given = populations.get(key, set())
        each = Stratum(key=key or (0,), slot=0, units=row["units"], populations=given)
        strata[key] = (each, population_of(each, findings))
    return strata


def stratum_and_unit(plan: SurveyPlan, cells: Expr) -> dict[str, Expr]:
    """Return the columns that make a stratum, ``h0``, ``h1``, …, and a ``unit``, if there are."""
    sampling = plan.design.sampling
    keys = {f"h{at}": cells[name] for at, name in enumerate(sampling.strata)}
    return keys if sampling.psu is None else keys | {"unit": cells[sampling.psu]}


def _refuse_two_homes(plan: SurveyPlan, base: Expr, names: list[str], findings: Findings) -> None:
    """Note units that stand in two strata, where their numbers do not begin anew."""
    sampling = plan.design.sampling
    if sampling.psu is None or sampling.nested or not names:
        return
    pairs = base.group_by([*names, "unit"]).aggregate(rows=base.count())
    homes = pairs.group_by("unit").aggregate(homes=pairs.count(), rows=pairs["rows"].sum())
    found = fetched(homes.filter(homes["homes"] > 1).select("unit", "rows"))
    twice = sorted((named((unit,)), int(rows)) for unit, rows in found.iter_rows())
    expected = "each unit in one stratum; if their numbers begin anew, say nested = true"
    for at, (name, rows) in enumerate(twice):
        words = f"unit {name} in two strata" if at < SHOWN else "other units in two strata"
        findings.fault("psu", words, expected, rows=rows)


def _populations(found: pl.DataFrame, base: Expr, names: list[str]) -> dict[Key, set[float]]:
    """Return what the rows of each stratum say of its population."""
    values: dict[Key, set[float]] = {}
    for row in found.iter_rows(named=True):
        said = {each for each in (row["least"], row["most"]) if each is not None}
        values[tuple(row[name] for name in names)] = said
    if any(len(each) > 1 for each in values.values()):
        several = base.filter(base["population"].notnull()).select(*names, "population").distinct()
        ordered = several.order_by([*names, "population"]).limit(FEW)
        for *key, population in fetched(ordered).iter_rows():
            values[tuple(key)].add(population)
    return values
