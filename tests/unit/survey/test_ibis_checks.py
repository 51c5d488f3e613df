"""Faults of the rows: DuckDB finds those that the kernel finds, in the same words.

Of text that is no number the kernel shows the first it meets, a query the first by the alphabet.
"""

from contextlib import closing
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.io.ibis_source import ibis_source
from everycount.io.microdata import open_microdata
from everycount.io.survey_run import in_order
from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Level, Outcome, SurveyDesign
from everycount.model.sampling import Sampling
from everycount.survey import ibis_checks
from everycount.survey.disaggregate import disaggregate
from everycount.survey.ibis_disaggregate import ibis_disaggregate
from everycount.survey.plan import resolve

# What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

ROWS = 60
SAMPLING = Sampling(strata=("stratum",), psu="unit", weight="weight")
SEX = Characteristic(
    name="sex", levels=(Level(code="M", values=(1,)), Level(code="F", values=(2,)))
)
READS = Outcome(name="reads")
OWN = Outcome(name="own", column="reads")
DESIGN = SurveyDesign(sampling=SAMPLING, characteristics=(SEX,), outcomes=(READS,))


@pytest.fixture
def rows():
    at = np.arange(ROWS)
    return pl.DataFrame({
        "stratum": at // 30 + 1, "unit": at // 10, "weight": 1.0 + at % 3, "sex": at % 2 + 1,
        "reads": at % 2, "answer": ["dk", "no", "yes"] * 20, "age": at % 5 + 13, "n": 10.0,
        "own": pl.Series([1.0, None, 2.0] * 20), "text": [str(each) for each in at % 4],
        "word": ["1", "2", "three", "4", None] * 12, "many": at + 10,
    })  # fmt: skip


@pytest.fixture
def told(tmp_path):
    """Return what the kernel and what DuckDB say of rows."""

    def tell(rows, design, *, columns=MappingProxyType({})):
        path = tmp_path / "survey.parquet"
        rows.write_parquet(path)
        kernel = open_microdata(path)
        with closing(ibis_source("duckdb", path)) as source:
            about = {
                name: replace(kernel.columns[name], **facts) for name, facts in columns.items()
            }
            kernel, database = (
                replace(each, columns={**each.columns, **about}) for each in (kernel, source)
            )
            here = _said(lambda: in_order(resolve(design, kernel), disaggregate))
            there = _said(lambda: ibis_disaggregate(resolve(design, database), database.table))
        return here, there

    return tell


def _said(work):
    try:
        return work().excluded
    except (InputError, MethodError) as error:
        return str(error)


def put(rows, name, value, *places):
    """Return rows with a value in some places of a column."""
    at = pl.int_range(pl.len()).is_in(places)
    return rows.with_columns(pl.when(at).then(pl.lit(value)).otherwise(name).alias(name))


FAULTS = {
    "no stratum": lambda rows: put(rows, "stratum", None, 3, 4),
    "no unit": lambda rows: put(rows, "unit", None, 59),
    "negative weights": lambda rows: put(rows, "weight", -1.0, 1, 2, 3),
    "no weight": lambda rows: put(rows, "weight", None, 1),
    "NaN for a weight": lambda rows: put(rows, "weight", float("nan"), 1, 7),
    "infinite weights": lambda rows: put(rows, "weight", float("inf"), 1),
    "text for a weight": lambda rows: put(rows.cast({"weight": pl.String}), "weight", "much", 5),
    "an unknown code": lambda rows: put(rows, "sex", 3, 5, 6),
    "many unknown codes": lambda rows: rows.with_columns(sex=pl.int_range(pl.len()) % 11),
    "fractions for codes": lambda rows: rows.with_columns(sex=pl.col("sex") / 2),
    "not 0 or 1": lambda rows: rows.with_columns(reads=pl.int_range(pl.len()) % 9),
    "text for 0 and 1": lambda rows: put(rows.cast({"reads": pl.String}), "reads", "no", 5, 8, 9),
    "infinite values": lambda rows: put(rows.cast({"reads": pl.Float64}), "reads", float("inf"), 4),
    "units in two strata": lambda rows: rows.with_columns(unit=pl.col("unit") % 3),
    "many units in two strata": lambda rows: rows.with_columns(unit=pl.int_range(pl.len()) % 30),
    "several at once": lambda rows: put(put(rows, "sex", 7, 5), "weight", -2.0, 9),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_told_as_the_kernel_tells_them(rows, told, fault):
    here, there = told(FAULTS[fault](rows).sort("stratum", "unit"), DESIGN)
    assert isinstance(here, str)
    assert there == here


OUTCOMES = {
    "codes that are neither": (Outcome(name="answer", yes=("yes",), no=("no",)), True),
    "no is every other code": (Outcome(name="answer", yes=("yes",)), False),
    "missing codes": (Outcome(name="answer", yes=("yes",), no=("no",), missing=("dk",)), False),
    "codes of another type": (Outcome(name="answer", yes=(1,), no=(2,)), True),
    "a mean of text": (Outcome(name="answer", statistic="mean"), True),
    "a mean of numbers in text": (Outcome(name="text", statistic="mean"), False),
    "a ratio to text": (
        Outcome(name="r", column="age", statistic="ratio", denominator="answer"),
        True,
    ),
    "own weight": (replace(OWN, weight="own"), False),
    "universe": (
        replace(OWN, universe=(Condition(column="age", at_least=15, at_most=16),)),
        False,
    ),
    "universe by code": (
        replace(OWN, universe=(Condition(column="answer", among=("yes", "dk")),)),
        False,
    ),
    "nobody in the universe": (
        Outcome(name="age", statistic="mean", universe=(Condition(column="age", at_least=99),)),
        True,
    ),
    "a universe that text says nothing of": (
        replace(OWN, universe=(Condition(column="word", at_least=2),)),
        False,
    ),
    "codes that occur nowhere": (Outcome(name="own", column="answer", yes=("Yes", "1")), True),
    "codes that occur nowhere among many": (Outcome(name="own", column="many", yes=(9,)), True),
    "codes that occur in rows that do not count": (
        Outcome(
            name="own",
            column="answer",
            yes=("yes",),
            universe=(Condition(column="answer", among=("no", "dk")),),
        ),
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OUTCOMES)
def test_outcomes(rows, told, case):
    outcome, is_fault = OUTCOMES[case]
    here, there = told(rows, replace(DESIGN, outcomes=(outcome, READS)))
    assert isinstance(here, str) is is_fault
    assert there == here


def test_rows_left_out_are_counted(rows, told):
    sex = replace(SEX, elsewhere="exclude", missing=(9,))
    few = put(put(put(rows, "sex", None, 1, 2, 3), "sex", 9, 5), "sex", 3, 6, 7)
    here, there = told(put(few, "reads", None, 10, 11), replace(DESIGN, characteristics=(sex,)))
    assert {(each.subject, each.reason, each.rows) for each in there} == {
        ("sex", "not known", 4),
        ("sex", "in no level", 2),
        ("reads", "not known", 2),
    }
    assert there == here


def test_codes_that_the_file_declares_missing(rows, told):
    columns = {
        "sex": {"missing": (2,)},
        "age": {"missing_ranges": ((16.0, 99.0),)},
        "own": {"missing": (2,)},
        "weight": {"missing_ranges": ((3.0, 3.0),)},
    }
    outcomes = (
        Outcome(name="age", statistic="mean"),
        Outcome(name="reads", weight="own", weight_divisor=4.0),
    )
    here, there = told(rows, replace(DESIGN, outcomes=outcomes), columns=columns)
    assert "found nothing in 20 rows, expected a weight for every row" in here
    assert there == here
    columns.pop("weight")
    here, there = told(rows, replace(DESIGN, outcomes=outcomes), columns=columns)
    assert ("reads", 40) in {(each.subject, each.rows) for each in here}
    assert there == here


POPULATIONS = {
    "several in a stratum": lambda rows: rows.with_columns(n=10.0 + pl.col("unit")),
    "nothing": lambda rows: put(rows, "n", None, *range(10)),
    "not above 0": lambda rows: rows.with_columns(n=pl.lit(0.0)),
    "fewer than drawn": lambda rows: rows.with_columns(n=pl.lit(2.0)),
    "no number": lambda rows: rows.with_columns(n=pl.lit("ten")),
}


@pytest.mark.parametrize("case", POPULATIONS)
def test_populations_that_cannot_be(rows, told, case):
    design = replace(DESIGN, sampling=replace(SAMPLING, population="n"))
    here, there = told(POPULATIONS[case](rows), design)
    assert isinstance(here, str)
    assert there == here


def test_a_population_of_the_whole_file(rows, told):
    design = replace(DESIGN, sampling=Sampling(psu="unit", weight="weight", population="n"))
    here, there = told(rows.with_columns(n=10.0 + pl.col("unit") % 2), design)
    assert "found several values (10, 11), expected one value for the whole stratum" in here
    assert there == here


def test_only_some_values_of_a_population_are_fetched(rows, told, monkeypatch):
    monkeypatch.setattr(ibis_checks, "FEW", 2)
    design = replace(DESIGN, sampling=replace(SAMPLING, population="n"))
    _, there = told(rows.with_columns(n=10.0 + pl.col("unit")), design)
    assert "stratum 1: found several values (10, 11, 12)" in there
    assert "stratum 2: found several values (13, 15)" in there


def test_weights_that_cannot_be_added_up(rows, told):
    here, there = told(put(rows, "weight", 1e308, 3, 4), DESIGN)
    assert "weights too large: they add up to more than 1e+150" in here
    assert there == here
