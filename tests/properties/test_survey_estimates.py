"""What holds for the estimates of every survey, whatever its sample and whoever is asked."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Crossings, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import FurtherStage, Sampling
from everycount.survey.differences import Against, UnitTables, differences
from everycount.survey.disaggregate import disaggregate
from everycount.survey.estimate import estimate
from everycount.survey.plan import resolve
from everycount.survey.sample import load
from everycount.survey.unit_totals import unit_totals

GROUPS = ("region", "sex")
FIGURES = ("estimate", "std_error", "ci_low", "ci_high", "df", "deff", "n", "cv")
RULES = ("remove", "certainty", "adjust", "average")
KEYS = ["outcome", *GROUPS]
FEW = settings(max_examples=25)  # each is two surveys estimated whole


@dataclass
class Rows:
    """Microdata in memory, given out some rows at a time."""

    table: pl.DataFrame
    at_a_time: int = 1_000
    name: str = "people"

    @property
    def rows(self):
        return len(self.table)

    @property
    def columns(self):
        return {name: Column(name=name, kind="number") for name in self.table.columns}

    def batches(self, columns, *, rows=250_000):
        for frame in self.table.iter_slices(self.at_a_time):
            yield frame.select(list(columns))


OUTCOMES = (
    Outcome(name="share", column="yes", universe=(Condition(column="asked", among=(1,)),)),
    Outcome(name="mean", column="y", statistic="mean"),
    Outcome(name="total", column="y", statistic="total"),
    Outcome(name="ratio", column="y", statistic="ratio", denominator="x"),
    Outcome(name="own", column="yes", weight="w2"),
)


@st.composite
def surveys(draw, lonely=None):
    """A table and how it was sampled: people in units in strata, some strata with one unit."""
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    least = draw(st.sampled_from([1, 2])) if lonely is None else 1 + (not lonely)
    sizes = numbers.integers(least, 5, draw(st.integers(2, 5)))
    sizes[0] += 1  # one stratum at least is not lonely
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    unit = np.repeat(np.arange(len(stratum)), numbers.integers(2, 7, len(stratum)))
    people = len(unit)
    there = (sizes + numbers.integers(1, 5, len(sizes)))[stratum[unit]]
    here = (np.bincount(unit) + numbers.integers(0, 3, len(stratum)))[unit]
    yes = numbers.integers(0, 2, people).astype(float)
    yes[numbers.random(people) < 0.1] = np.nan
    table = pl.DataFrame(
        {
            "stratum": stratum[unit],
            "psu": unit,
            "person": np.arange(people),
            "w": numbers.uniform(0.5, 4, people),
            "w2": numbers.uniform(0.5, 4, people) * (numbers.random(people) < 0.8),
            "there": there,
            "here": here,
            "region": numbers.integers(1, 4, people),
            "sex": numbers.integers(1, 3, people),
            "asked": numbers.integers(0, 2, people),
            "yes": pl.Series(yes).fill_nan(None),
            "y": numbers.normal(1_000, 3, people),
            "x": numbers.uniform(1, 3, people),
        }
    )
    stages = draw(st.sampled_from([1, 2]))
    sampling = Sampling(
        strata=("stratum",),
        psu="psu",
        weight="w",
        population="there" if stages == 2 or draw(st.booleans()) else None,
        stages=(FurtherStage(units="person", population="here"),) if stages == 2 else (),
        lonely=draw(st.sampled_from(RULES)) if stages == 1 else "remove",
        lonely_domains=draw(st.sampled_from(["centre", "adjust"])),
        simple_random=draw(st.sampled_from([None, "with", "without"])),
    )
    return table, sampling


def plan_of(table, sampling, *, outcomes=OUTCOMES, at_a_time=1_000):
    design = SurveyDesign(
        sampling=sampling,
        characteristics=tuple(Characteristic(name=name) for name in GROUPS),
        outcomes=outcomes,
        crossings=Crossings(depth=2),
    )
    return resolve(design, Rows(table, at_a_time=at_a_time))


def tabled(plan):
    return estimate(load(plan), by=GROUPS, margins="with").table


def same(one, other, *, rtol=1e-11, names=FIGURES, size=1.0):
    """Compare figures of two tables of the same cells; what is rounding of nothing is nothing."""
    assert one.select(KEYS).equals(other.select(KEYS))
    for name in names:
        mine, theirs = (
            each[name].cast(float).fill_null(np.nan).to_numpy() for each in (one, other)
        )
        if name == "deff":  # the spread of two people who are nearly alike has few digits
            mine, theirs = (each / (1 + each) for each in (mine, theirs))
        np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=1e-9 * size, err_msg=name)


@FEW
@given(survey=surveys(), at_a_time=st.integers(3, 40))
def test_the_kernel_and_the_rows_agree(survey, at_a_time):
    plan = plan_of(*survey, at_a_time=at_a_time)
    streamed = disaggregate(plan).table
    rows = tabled(plan)
    both = streamed.select(KEYS).join(rows, on=KEYS, how="left", maintain_order="left")
    same(both.select(rows.columns), streamed)


@FEW
@given(survey=surveys(), seed=st.integers(0, 99), at_a_time=st.integers(3, 40))
def test_the_order_of_rows_does_not_matter(survey, seed, at_a_time):
    table, sampling = survey
    plan = plan_of(table, sampling)
    order = np.random.default_rng(seed).permutation(len(table))
    mixed = plan_of(table[order], sampling, at_a_time=at_a_time)
    same(tabled(plan), tabled(mixed))
    # Rows of a unit stand together for the kernel, units and strata in any order.
    units = table["psu"].unique().shuffle(seed).to_frame().with_row_index("place")
    apart = table.join(units, on="psu").sort("place", maintain_order=True).drop("place")
    same(disaggregate(plan).table, disaggregate(plan_of(apart, sampling)).table)


@FEW
@given(survey=surveys(), factor=st.floats(1e-3, 1e6))
def test_scaling_weights_leaves_means_shares_and_ratios(survey, factor):
    table, sampling = survey
    sampling = Sampling(
        strata=sampling.strata, psu="psu", weight="w", lonely=sampling.lonely, simple_random="with"
    )
    scaled = table.with_columns(pl.col("w", "w2") * factor)
    plain, large = (tabled(plan_of(each, sampling)) for each in (table, scaled))
    is_total = pl.col("outcome") == "total"
    same(plain.filter(~is_total), large.filter(~is_total))
    names = ["estimate", "std_error", "ci_low", "ci_high"]
    larger = plain.filter(is_total).with_columns(pl.col(names) * factor)
    same(larger, large.filter(is_total), names=names, size=factor)


@FEW
@given(survey=surveys())
def test_totals_of_a_partition_add_up(survey):
    plan = plan_of(*survey)
    table = tabled(plan).filter(pl.col("outcome") == "total")
    whole = table.filter(region="_T", sex="_T")["estimate"].item()
    by_region = table.filter(pl.col("region") != "_T", sex="_T")
    np.testing.assert_allclose(by_region["estimate"].sum(), whole, rtol=1e-12)
    assert by_region["n"].sum() == len(survey[0])
    by_both = table.filter(pl.col("region") != "_T", pl.col("sex") != "_T")
    np.testing.assert_allclose(by_both["estimate"].sum(), whole, rtol=1e-12)


@FEW
@given(survey=surveys())
def test_shares_of_everyone_add_up_to_the_share(survey):
    table, sampling = survey
    everyone = Outcome(name="share", column="yes", share_of="everyone")
    group = Outcome(name="share", column="yes")
    parts = tabled(plan_of(table, sampling, outcomes=(everyone,)))
    whole = tabled(plan_of(table, sampling, outcomes=(group,))).filter(region="_T", sex="_T")
    cells = parts.filter(pl.col("region") != "_T", pl.col("sex") != "_T")
    np.testing.assert_allclose(cells["estimate"].sum(), whole["estimate"].item(), rtol=1e-12)
    same(parts.filter(region="_T", sex="_T"), whole)


@FEW
@given(survey=surveys(), kind=st.sampled_from(["reference", "rest", "pairs", "best"]))
def test_differences_of_rows_are_those_of_unit_totals(survey, kind):
    plan = plan_of(*survey, at_a_time=9)
    tables = estimate(load(plan), by=GROUPS, margins="with").tables
    against = Against(kind=kind)
    rows = differences(tables, against=against)
    units = differences(UnitTables(of=unit_totals(plan, tables.tables)), against=against)
    for name in rows.columns:
        if rows[name].dtype == pl.Float64:
            mine, theirs = (each[name].fill_null(np.nan) for each in (rows, units))
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9, err_msg=name)
        else:
            assert rows[name].equals(units[name])
