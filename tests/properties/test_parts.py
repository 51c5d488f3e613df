"""Tables are checked and compared part by part as they are whole, wherever their rows stand."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator
from everycount.model.observation import OBSERVATION
from everycount.repository.check import check_dataset, check_observations
from everycount.repository.compare import compare_versions
from everycount.repository.parts import parts

TODAY = date(2024, 6, 1)
USUAL = {each.id: each.default for each in OBSERVATION.components if each.default}
VALUES = st.none() | st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0, 12.5, 30.0, 30.1, 60.0, 130.0])
ROW = st.fixed_dictionaries(
    {
        "INDICATOR": st.sampled_from(["5a", "5b", "5c", "é"]),
        "REF_AREA": st.sampled_from(["704", "VN_01", "XYZ"]),
        "TIME_PERIOD": st.sampled_from(["2010", "2018", "2019-Q1", "2023", "2030"]),
        "SEX": st.sampled_from(["F", "M", "_T"]),
        "AGE": st.sampled_from(["_T", "Y15T24", "Y25T49"]),
        "OBS_VALUE": VALUES,
        "VALUE_TEXT": st.sampled_from([None, None, "<2.5"]),
        "UNIT_MEASURE": st.sampled_from(["PT", "NB", "IX", None]),
        "OBS_STATUS": st.sampled_from([None, "M", "B", "F", "A"]),
        "CONF_STATUS": st.sampled_from([None, "F"]),
        "LOWER_BOUND": VALUES,
        "STD_ERROR": st.sampled_from([None, -1.0, 0.1, 5.0]),
        "SAMPLE_SIZE": st.sampled_from([None, -1.0, 10.0, 900.0]),
    }
)
ROWS = st.lists(ROW, max_size=40)
SIZE = st.integers(1, 12)


def indicator(key, **more):
    return Indicator(key=key, code=key, title={"en": key}, **more)


SET = Framework(
    id="demo",
    version="1",
    title={"en": "Demo"},
    publisher="Us",
    level="national",
    valid_from="2020-01-01",
    indicators=(
        indicator("5a", unit="%", disaggregations=("sex", "age"), combined=(("sex", "age"),)),
        indicator("é", unit="number", disaggregations=("education",)),
    ),
    source="own",
)
CODES = {
    "REF_AREA": CodeList(id="CL_AREA", codes=(Code(id="704", name={"en": "Viet Nam"}),)),
    "SEX": CodeList(id="CL_SEX", codes=(Code(id="F", name={"en": "Women"}),)),
}


def table(rows):
    return pl.DataFrame([{**USUAL, **row} for row in rows], schema=dict(OBSERVATION.schema))


def first(findings, most):
    return findings.filter(pl.int_range(pl.len()).over("rule") < most)


@given(ROWS, st.none() | ROWS, SIZE, st.none() | st.integers(0, 3))
def test_check_finds_the_same_part_by_part(rows, before, size, most):
    data, former = table(rows), None if before is None else table(before)
    given = {"today": TODAY, "codes": CODES, "framework": SET}
    whole = check_dataset(Dataset(table=data), **given, previous=former)
    told = []
    split = check_observations(
        data.lazy(),
        **given,
        previous=None if former is None else former.lazy(),
        rows=size,
        most=most,
        tell=told.append,
    )
    expected = whole.findings if most is None else first(whole.findings, most)
    assert split.findings.rows() == expected.rows()
    assert list(split.counts.items()) == list(whole.counts.items())
    assert split.observations == len(rows)
    assert sorted(told) == told
    assert told[0] == 0.0
    assert whole.counts == dict(whole.findings["rule"].value_counts().iter_rows())


@given(st.permutations(range(30)), st.lists(ROW, min_size=30, max_size=30), SIZE)
def test_check_counts_the_same_in_any_order_of_rows(order, rows, size):
    data = table(rows).unique(list(OBSERVATION.key), keep="first", maintain_order=True)
    mixed = data[[each for each in order if each < data.height]]
    given = {"today": TODAY, "codes": CODES, "framework": SET}
    one = check_observations(data.lazy(), **given)
    other = check_observations(mixed.lazy(), **given, rows=size)
    assert other.counts == one.counts
    assert sorted(other.findings.rows(), key=repr) == sorted(one.findings.rows(), key=repr)


@pytest.mark.parametrize("order", ["sorted", "scattered"])
def test_parquet_is_checked_and_compared_as_a_table_in_memory(order, tmp_path):
    rows = [
        {"INDICATOR": f"I{k % 7}", "REF_AREA": f"A{k % 5}", "TIME_PERIOD": str(1700 + k)}
        | {"OBS_VALUE": float(k * k % 301), "UNIT_MEASURE": "PT"}
        for k in range(300)
    ]
    data = table(rows).sort("INDICATOR", "REF_AREA") if order == "sorted" else table(rows)
    changed = data.with_columns(pl.col("OBS_VALUE") % 100).filter(pl.int_range(300) % 9 != 0)
    places = tmp_path / "old.parquet", tmp_path / "new.parquet"
    for place, each in zip(places, (data, changed), strict=True):
        each.write_parquet(place, row_group_size=20)
    old, new = (pl.scan_parquet(place) for place in places)
    whole = check_dataset(Dataset(table=changed), today=TODAY, codes={}, previous=data)
    split = check_observations(new, today=TODAY, codes={}, previous=old, rows=25)
    assert split.findings.equals(whole.findings)
    assert {"jump-period", "jump-release", "gone-release", "stale"} <= set(whole.counts)
    assert same(compare_versions(old, new, rows=25), compare_versions(data, changed))


def same(one, other):
    """Tell whether two comparisons say the same."""
    tables = ("added", "removed", "revised")
    assert (dict(one.counts), one.codes) == (dict(other.counts), other.codes)
    return all(getattr(one, name).equals(getattr(other, name)) for name in tables)


@given(ROWS, ROWS, SIZE, st.integers(0, 3))
def test_versions_differ_in_the_same_part_by_part(before, after, size, most):
    key = list(OBSERVATION.key)
    old, new = (table(rows).unique(key, maintain_order=True) for rows in (before, after))
    codes = {"old_codes": CODES, "new_codes": {}}
    whole = compare_versions(old, new, **codes)
    told = []
    assert same(compare_versions(old.lazy(), new, **codes, rows=size, tell=told.append), whole)
    assert told[-1] == (1.0 if before or after else 0.0)
    cut = compare_versions(old, new, **codes, rows=size, most=most)
    assert dict(cut.counts) == dict(whole.counts)
    assert cut.revised.equals(whole.revised.head(most))
    assert cut.added.equals(whole.added.head(most))
    assert whole.counts["added"] == whole.added.height
    assert whole.counts["removed"] == whole.removed.height


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), max_size=30), SIZE)
def test_parts_hold_every_row_once_and_no_key_twice(rows, size):
    lazy = pl.LazyFrame(rows, schema={"x": pl.Int64, "y": pl.String}, orient="row")
    found = parts([lazy, lazy], ["x", "y"], rows=size)
    held = [part.of(lazy) for part in found]
    assert sum(part.rows for part in found) == 2 * len(rows)
    assert pl.concat(held).sort("x", "y").equals(lazy.collect().sort("x", "y"))
    keys = [set(each.rows()) for each in held]
    assert sum(map(len, keys)) == len(set().union(*keys))


def test_table_with_an_empty_key_stays_whole():
    lazy = pl.LazyFrame({"x": ["a", None, "b"]})
    (part,) = parts([lazy], ["x"], rows=1)
    assert part.of(lazy).height == part.rows == 3
