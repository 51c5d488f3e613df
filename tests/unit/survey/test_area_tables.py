import polars as pl
import pytest

from everycount.errors import InputError
from everycount.survey.area_tables import area_table, characteristics

ROWS = """
reads _T _T _T 0.50 0.010 900
reads 1  _T _T 0.60 0.020 500
reads 2  _T _T 0.40 0.020 400
reads 1  a  _T 0.65 0.030 300
reads 1  b  _T 0.55 0.040 200
reads 2  a  _T 0.45 0.050 390
reads 2  b  _T 0.05 0.060 10
reads _T _T F  0.48 0.015 450
reads 1  a  F  0.61 0.070 150
works _T _T _T 0.30 0.010 900
works 1  a  _T 0.35 0.010 300
"""


def table(**changes):
    names = ("outcome", "region", "group", "sex", "estimate", "std_error", "n")
    rows = [dict(zip(names, line.split(), strict=True)) for line in ROWS.split("\n") if line]
    made = pl.DataFrame(rows).with_columns(
        pl.col("estimate", "std_error").cast(pl.Float64), pl.col("n").cast(pl.Int64)
    )
    made = made.with_columns(statistic=pl.lit("proportion"), flag=pl.lit("", pl.String))
    made = made.with_columns(**changes)
    order = ("outcome", "statistic", "region", "group", "sex", "estimate", "std_error", "n", "flag")
    return made.select(*order, *(name for name in changes if name not in order))


def on(column, value, *, where):
    region, group = where
    here = (pl.col("region") == region) & (pl.col("group") == group) & (pl.col("sex") == "_T")
    return pl.when(here).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)


def of(made, areas=("region", "group"), outcome="reads"):
    return area_table(made, areas, outcome=outcome, subject="estimates.csv")


def faults(made, *args, **options):
    with pytest.raises(InputError) as caught:
        of(made, *args, **options)
    assert caught.value.subject == "estimates.csv"
    return [str(each) for each in caught.value.problems]


def test_rows_crossed_by_exactly_these():
    found = of(table())
    assert found.table.columns == [
        *("outcome", "statistic", "region", "group", "estimate", "std_error", "n", "flag")
    ]
    assert found.table.select("region", "group", "estimate").rows() == [
        ("1", "a", 0.65),
        ("1", "b", 0.55),
        ("2", "a", 0.45),
        ("2", "b", 0.05),
    ]
    assert (found.total, found.hidden, found.without_error) == (0.5, (), ())
    assert found.areas == ("region", "group")


def test_areas_stand_in_the_order_they_are_named():
    assert of(table(), ("group", "region")).table.columns[2:4] == ["group", "region"]
    assert of(table(), ("sex",)).table["estimate"].to_list() == [0.48]


def test_a_hidden_row_has_no_figure_whatever_stands_there():
    made = table(flag=on("flag", "not_shown", where=("2", "b")))
    found = of(made)
    assert found.hidden == ("2 / b",)
    assert found.table.row(3) == ("reads", "proportion", "2", "b", None, None, None, "not_shown")
    assert found.without_error == ()


def test_a_hidden_total_is_none():
    found = of(table(flag=on("flag", "not_shown", where=("_T", "_T"))))
    assert found.total is None
    assert of(table().filter(pl.col("region") != "_T")).total is None


def test_a_figure_without_an_error_is_shown_and_not_used():
    found = of(table(std_error=on("std_error", None, where=("1", "b"))))
    assert found.without_error == ("1 / b",)
    assert found.hidden == ()
    assert found.table["estimate"].to_list() == [0.65, 0.55, 0.45, 0.05]
    assert found.usable["estimate"].to_list() == [0.65, None, 0.45, 0.05]


def test_a_design_effect_that_is_withheld_follows_from_the_error():
    made = table(deff=pl.Series([None, 1.0, None, None, 1.5, *[None] * 6], dtype=pl.Float64))
    made = made.select(*table().columns[:-1], "deff", "flag")
    made = made.with_columns(std_error=on("std_error", 0.0, where=("2", "a")))
    made = made.with_columns(estimate=on("estimate", 1.0, where=("2", "b")))
    found = of(made)
    assert found.without_effect == ("1 / a",)
    effect = 0.03**2 * 300 / (0.65 * 0.35)
    assert found.usable["deff"].to_list() == [pytest.approx(effect), 1.5, None, None]
    assert found.table["deff"].to_list() == [None, 1.5, None, None]
    of_mean = of(made.with_columns(statistic=pl.lit("mean")))
    assert of_mean.without_effect == ()
    assert of_mean.usable["deff"].to_list() == [None, 1.5, None, None]
    without = of(made.drop("deff"))
    assert without.without_effect == ("1 / a", "1 / b")
    assert without.usable["deff"].null_count() == 2


def test_a_table_without_flags_and_one_with_empty_ones():
    assert of(table().drop("flag")).table["flag"].to_list() == [""] * 4
    assert of(table(flag=pl.lit(None, pl.String))).table["flag"].to_list() == [""] * 4


def test_the_outcome_may_be_left_out_where_there_is_one():
    one = table().filter(pl.col("outcome") == "reads")
    assert of(one, outcome=None).table.height == 4
    assert faults(table(), outcome=None) == [
        "outcome: found reads, works, expected one, by its name"
    ]
    assert faults(table().clear(), outcome=None) == [
        "outcome: found none, expected one, by its name"
    ]


def test_columns_that_lack():
    assert faults(table().drop("std_error", "n")) == [
        f"columns: found no column {name}, expected a table of `survey disaggregate`, with {name}"
        for name in ("std_error", "n")
    ]


def test_all_faults_at_once():
    made = table(nature=pl.Series(["direct", "M", *["direct"] * 9]))
    assert faults(made, ("regoin", "group", "group"), outcome="read") == [
        "areas: found 'regoin', which is no characteristic, expected one of region, group, sex",
        "areas: found 'group' more than once, expected each once",
        "outcome: found 'read', expected one of reads, works",
        "column nature: found M, expected nothing but direct: a model of modelled figures would "
        "count them twice",
    ]
    assert faults(table().clear(), ()) == [
        "areas: found none, expected one of region, group, sex",
        "outcome: found 'reads', expected a table with rows",
    ]


def test_figures_that_say_they_are_direct_will_do():
    assert of(table(nature=pl.lit("direct"))).table.height == 4
    assert "found M, nothing," in faults(table(nature=pl.Series(["M", None, *["direct"] * 9])))[0]


def test_a_table_without_characteristics():
    made = table().filter(pl.col("region") == "_T").drop("region", "group", "sex")
    assert faults(made, ("region",)) == [
        "areas: found 'region', which is no characteristic, expected a table with characteristics"
    ]


def test_no_such_crossing():
    assert faults(table(), ("group", "sex")) == [
        "tables: found all, region, region x group, sex, region x group x sex, expected one by "
        "exactly group x sex; `survey disaggregate --depth 2` or more makes it"
    ]
    names = [f"c{at}" for at in range(12)]
    figures = {"outcome": "reads", "statistic": "mean"}, {"estimate": 1.0, "std_error": 1, "n": 1}
    many = pl.DataFrame(
        [figures[0] | dict.fromkeys(names, "_T") | {name: "1"} | figures[1] for name in names]
    )
    said = "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more, expected one by exactly c0 x c1;"
    assert said in faults(many, ("c0", "c1"))[0]


def test_characteristics_stand_between_statistic_and_estimate():
    assert characteristics(table(weighted=pl.lit(1))) == ("region", "group", "sex")
