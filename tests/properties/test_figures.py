"""What must hold of figures whatever the observations."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from everycount.figures.aim import Aim
from everycount.figures.breakdowns import available, breakdowns
from everycount.figures.change import changes
from everycount.figures.distance import distances
from everycount.figures.gap import gaps, newest_gaps
from everycount.figures.latest import latest, ranked
from everycount.figures.progress import progress
from everycount.figures.reading import Figures, read_figures
from everycount.figures.series import Headline, headline, series_of
from everycount.model.observation import OBSERVATION

TODAY = date(2021, 6, 1)
USUAL = {c.id: c.default for c in OBSERVATION.components if c.default}
AIM = Aim(better="between", low=47.0, high=53.0, worst=0.0)
COUNTED = 40

rows = st.fixed_dictionaries(
    {
        "REF_AREA": st.sampled_from("ABCD"),
        "TIME_PERIOD": st.sampled_from(["2010", "2015", "2017/2019", "2019", "2020", "2030"]),
        "SEX": st.sampled_from(["_T", "F", "M"]),
        "AGE": st.sampled_from(["_T", "_T", "Y15T24"]),
        "OBS_VALUE": st.one_of(st.none(), st.integers(0, 100).map(float)),
        "VALUE_TEXT": st.sampled_from([None, None, None, "<2.5"]),
        "UNIT_MEASURE": st.sampled_from(["PT", "PT", None]),
        "OBS_STATUS": st.sampled_from([None, None, "A", "B", "E", "Q", "F"]),
        "SAMPLE_SIZE": st.sampled_from([None, None, 10.0, 30.0, 200.0]),
        "STD_ERROR": st.sampled_from([None, 2.0]),
    }
)
tables = st.lists(rows, min_size=1, max_size=COUNTED)


def table_of(rows: list[dict]) -> pl.DataFrame:
    full = [{**USUAL, "INDICATOR": "5d", **row} for row in rows]
    return pl.DataFrame(full, schema=dict(OBSERVATION.schema))


def read(rows: list[dict]) -> tuple[Figures, Headline | None]:
    figures = read_figures(table_of(rows), today=TODAY)
    return figures, headline(figures)


def everything(figures: Figures, series) -> list[pl.DataFrame]:
    newest = latest(figures, series)
    both = gaps(figures, series, AIM)
    parts = [each.rows for area in "ABCD" for each in breakdowns(figures, series, area=area)]
    return [
        distances(ranked(newest, AIM), AIM),
        changes(figures, series, AIM),
        both,
        newest_gaps(both),
        progress(figures, series, AIM),
        available(figures, series),
        *parts,
    ]


@given(tables, st.randoms(use_true_random=False))
def test_order_of_the_rows_changes_nothing(given_rows, random):
    shuffled = random.sample(given_rows, len(given_rows))
    (one, first), (other, second) = read(given_rows), read(shuffled)
    assert first == second
    assert_frame_equal(series_of(one), series_of(other))
    if first is None:
        return
    told, again = everything(one, first.series), everything(other, first.series)
    assert len(told) == len(again)
    for left, right in zip(told, again, strict=True):
        assert_frame_equal(left, right)


@given(tables, rows)
def test_older_figure_never_changes_the_newest(given_rows, extra):
    figures, head = read(given_rows)
    if head is None:
        return
    before = latest(figures, head.series)
    old = {**extra, "TIME_PERIOD": "1990"}
    after = latest(read([*given_rows, old])[0], head.series)
    told = before.filter(pl.col("state").is_in(["shown", "few"]))
    same = after.join(told.select("REF_AREA"), on="REF_AREA", how="semi")
    columns = [name for name in told.columns if not name.startswith("newer")]
    assert_frame_equal(same.select(columns), told.select(columns))


@given(tables)
def test_hidden_figures_leave_no_trace(given_rows):
    secret = [{**row, "OBS_STATUS": "Q"} for row in given_rows]
    figures = read_figures(table_of(secret), today=TODAY)
    assert figures.table.select(
        "value", "text", "sample_size", "std_error"
    ).null_count().sum_horizontal().item() == 4 * len(secret)
    assert headline(figures) is None


@given(tables)
def test_every_area_with_a_row_is_told_of_once(given_rows):
    figures, head = read(given_rows)
    if head is None:
        return
    newest = latest(figures, head.series)
    own = figures.table.filter(head.series.match() & (pl.col("state") != "forecast"))
    assert newest["REF_AREA"].to_list() == sorted(own["REF_AREA"].unique())


@given(tables)
def test_ranks_are_those_of_counting_who_is_better(given_rows):
    figures, head = read(given_rows)
    if head is None:
        return
    found = ranked(latest(figures, head.series), AIM)
    placed = found.filter(pl.col("rank").is_not_null())
    apart = distances(placed, AIM)["distance"].to_list()
    assert placed["rank"].to_list() == [1 + sum(other < own for other in apart) for own in apart]
    assert set(found["of"]) <= {placed.height}


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.floats(0.01, 1))
def test_verdict_is_no_better_further_away(values, factor):
    order = ["on target", "near", "far", "very far"]
    table = pl.DataFrame({"REF_AREA": "A", "state": "shown", "value": sorted(values)})
    aim = Aim(better="up", low=100.0 * factor, worst=0.0)
    found = [order.index(each) for each in distances(table, aim)["verdict"]]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("size", [0, 1])
def test_tables_without_rows_are_told_of_as_well(size):
    figures = read_figures(table_of([{"OBS_VALUE": 1.0, "TIME_PERIOD": "2020"}]), today=TODAY)
    head = headline(figures)
    cut = Figures(table=figures.table.head(size), today=TODAY)
    assert all(table.height <= size for table in everything(cut, head.series))
