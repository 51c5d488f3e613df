from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from everycount.errors import MethodError, Unavailable
from everycount.io import survey_estimate as module
from everycount.io.survey_estimate import (
    Comparisons,
    DiskShelf,
    crossing_differences,
    disk_shelf,
    estimate_file,
)
from everycount.io.survey_run import disaggregate_file
from everycount.survey.differences import Against
from everycount.survey.resampled import Resampling
from everycount.survey.unit_totals import add_up

DESIGN = """
title = "A small survey"
characteristics = [{ name = "region" }, { name = "sex" }, { name = "age" }]
outcomes = [
  { name = "reads" },
  { name = "income", statistic = "mean" },
]
crossings = { depth = 3 }
[sampling]
psu = "village"
weight = "w"
strata = ["stratum"]
"""
MEDIAN = '{ name = "median", column = "income", statistic = "quantile", probability = 0.5 }'


def people():
    rng = np.random.default_rng(4)
    village = np.repeat(np.arange(20), 10)
    return pl.DataFrame(
        {
            "stratum": village // 5,
            "village": village,
            "w": rng.uniform(1, 4, 200),
            "region": village // 10,
            "sex": rng.integers(1, 3, 200),
            "age": rng.integers(1, 4, 200),
            "reads": rng.integers(0, 2, 200),
            "income": rng.normal(1000, 20, 200),
            **{f"rw{at}": rng.uniform(0.5, 1.5, 200) for at in range(30)},
        }
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    people().write_parquet(tmp_path / "people.parquet")
    (tmp_path / "design.toml").write_text(DESIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def disaggregated(folder, text=DESIGN):
    (folder / "design.toml").write_text(text, encoding="utf-8")
    return disaggregate_file(folder / "design.toml", folder / "people.parquet")


# -------------------------------------------------------------- estimates


def test_estimates_and_their_trace(folder):
    text = DESIGN.replace('  { name = "income"', f'  {MEDIAN},\n  {{ name = "income"')
    (folder / "design.toml").write_text(text, encoding="utf-8")
    run = estimate_file("design.toml", "people.parquet")
    assert len(run.table) == 3 * 12
    assert run.differences is None
    trace = run.trace
    assert trace["title"] == "A small survey"
    assert [each["role"] for each in trace["inputs"]] == ["design", "microdata"]
    assert trace["by"] == ["region", "sex", "age"]
    assert trace["outcomes"][0]["share_of"] == "group"
    assert trace["outcomes"][1]["probability"] == 0.5
    assert trace["outcomes"][1]["rule"] == "math"
    assert set(trace["outcomes"][2]) == {"name", "statistic", "weight", "interval"}
    assert trace["sampling"] == {
        "strata": 4,
        "units": 20,
        "lonely": {"rule": "fail", "strata": []},
        "variance": "linearisation",
        "replicates": None,
        "resampling": None,
    }
    assert trace["interval"] == {"level": 0.95, "proportions": "logit", "quantiles": "mean"}
    assert trace["differences"] is None


def test_differences_of_estimates_by_replicates(folder):
    run = estimate_file(
        "design.toml",
        "people.parquet",
        resampling=Resampling(kind="bootstrap", count=30, seed=2),
        comparisons=Comparisons(against=Against(kind="pairs"), adjust="bonferroni"),
    )
    assert len(run.differences) == 2 * 66
    trace = run.trace
    assert trace["sampling"]["variance"] == "replicates"
    assert trace["sampling"]["replicates"] == 30
    assert trace["sampling"]["resampling"] == {
        "kind": "bootstrap",
        "count": 30,
        "rho": 0.3,
        "seed": 2,
    }
    assert trace["differences"]["against"] == {"kind": "pairs", "levels": {}}
    assert trace["differences"]["adjust"] == "bonferroni"


GIVEN = DESIGN.replace(
    'strata = ["stratum"]', 'replicates = { kind = "bootstrap", columns = ["rw*"] }'
)


def test_replicate_weights_of_the_file(folder):
    (folder / "design.toml").write_text(GIVEN, encoding="utf-8")
    sampling = estimate_file("design.toml", "people.parquet").trace["sampling"]
    assert (sampling["strata"], sampling["units"], sampling["replicates"]) == (None, None, 30)
    assert sampling["lonely"]["strata"] == []


# -------------------------------------------------------------- differences of all crossings


def test_all_one_and_two_way_tables_are_compared(folder):
    run = disaggregated(folder)
    table = crossing_differences(run, Comparisons())
    crossed = table.select(pl.sum_horizontal(pl.col("region", "sex", "age") != "_T")).to_series()
    assert sorted(crossed.unique()) == [1, 2]
    one = 1 + 1 + 2
    two = (1 * 2 + 1 * 2) + (1 * 3 + 2 * 2) + (1 * 3 + 2 * 2)
    assert len(table) == 2 * (one + two)
    own = run.table.filter(outcome="reads", sex="_T", age="_T")
    found = table.filter(outcome="reads", sex="_T", age="_T").row(0, named=True)
    values = dict(zip(own["region"], own["estimate"], strict=True))
    assert found["difference"] == pytest.approx(values["1"] - values["0"], rel=1e-12)
    # Regions have no stratum in common.
    errors = own.filter(region="0")["std_error"].item(), own.filter(region="1")["std_error"].item()
    assert found["std_error"] == pytest.approx(np.hypot(*errors), rel=1e-11)


def test_by_replicate_weights_they_come_from_rows(folder):
    run = disaggregated(folder, GIVEN)
    wanted = Comparisons(against=Against(levels={"sex": "2"}))
    table = crossing_differences(run, wanted)
    alone = estimate_file(
        folder / "design.toml",
        folder / "people.parquet",
        change=lambda design: replace(design, characteristics=design.characteristics[1:2]),
        comparisons=wanted,
    )
    found = table.filter(outcome="income", region="_T", age="_T").row(0, named=True)
    same = alone.differences.filter(outcome="income").row(0, named=True)
    for name in ("difference", "std_error", "df"):
        assert found[name] == pytest.approx(same[name], rel=1e-11)


# -------------------------------------------------------------- confidentiality


def concealed(run, shown):
    """The same run, of which only a table is shown."""
    return replace(run, concealed=SimpleNamespace(table=shown))


def test_hidden_cells_are_not_compared(folder):
    run = disaggregated(folder)
    whole = crossing_differences(run, Comparisons())
    is_hidden = (pl.col("sex") == "1") & (pl.col("age") == "2") & (pl.col("outcome") == "reads")
    hidden = pl.when(is_hidden).then(pl.lit("not_shown")).otherwise(pl.col("flag"))
    found = crossing_differences(concealed(run, run.table.with_columns(flag=hidden)), Comparisons())
    gone = whole.join(found, on=whole.columns[:8], how="anti")
    names = pl.concat_str("outcome", "sex", "age", "against_sex", "against_age")
    assert sorted(gone.select(names).to_series()) == ["reads1211", "reads2212"]
    assert found["p_adjusted"].is_in(whole["p_adjusted"].implode()).all()  # the family is the same


def test_errors_that_are_withheld_are_not_given_by_differences(folder):
    run = disaggregated(folder)
    is_rounded = (pl.col("region") == "1") & (pl.col("sex") == "_T") & (pl.col("age") == "_T")
    error = pl.when(is_rounded).then(None).otherwise(pl.col("std_error"))
    shown = run.table.with_columns(std_error=error)
    found = crossing_differences(concealed(run, shown), Comparisons())
    alone = found.filter(region="1", sex="_T", age="_T")
    assert len(alone) == 0
    assert len(found) == len(crossing_differences(run, Comparisons())) - 2


def test_the_rest_would_tell_what_is_hidden(folder):
    run = disaggregated(folder)
    with pytest.raises(MethodError, match="against: found rest, expected reference, pairs or best"):
        crossing_differences(concealed(run, run.table), Comparisons(against=Against(kind="rest")))


# -------------------------------------------------------------- the shelf


def sums(seed):
    rng = np.random.default_rng(seed)
    return add_up(rng.integers(0, 9, 50), rng.integers(0, 3, 50), rng.normal(size=(50, 4)))


@pytest.mark.parametrize("limit", [1, 3_000, 1_000_000])
def test_sums_come_back_in_order_wherever_they_were(limit):
    with disk_shelf(limit) as shelf:
        folder = shelf.folder
        for seed in range(6):
            shelf.put(seed % 2, sums(seed))
        files = len(list(folder.iterdir()))
        for table in (0, 1):
            parts = shelf.take(table)
            for name in ("unit", "cell", "values"):
                found = np.concatenate([getattr(part, name) for part in parts])
                put = np.concatenate(
                    [getattr(sums(seed), name) for seed in (table, table + 2, table + 4)]
                )
                np.testing.assert_array_equal(found, put)
        assert shelf.take(7) == []
    assert (files > 0) == (limit < 1_000_000)
    assert not folder.exists()


def test_differences_do_not_depend_on_the_memory_there_is(folder, monkeypatch):
    run = disaggregated(folder)
    plain = crossing_differences(run, Comparisons())
    monkeypatch.setattr(module, "disk_shelf", lambda: disk_shelf(1))
    assert crossing_differences(run, Comparisons()).equals(plain)


def test_a_disk_that_refuses(tmp_path):
    shelf = DiskShelf(folder=tmp_path / "nowhere", limit=1)
    with pytest.raises(Unavailable, match=r"totals of units must go to the disk, and .* refuses"):
        shelf.put(0, sums(1))
