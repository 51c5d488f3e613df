"""Statistical coherence of small indices made of a few lines."""

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from everycount.audit.coherence import coherence
from everycount.audit.coherence_long import LONG, long
from everycount.errors import InputError, MethodError

TREE = """
groups = [
  { code = "index", name = "The index" },
  { code = "g", parent = "index", name = "First" },
  { code = "h", parent = "index", name = "Second" },
]
indicators = [
  { code = "a", parent = "g", worst = "min", best = "max" },
  { code = "b", parent = "g", worst = "max", best = "min", weight = 2 },
  { code = "c", parent = "g", worst = "min", best = "max" },
  { code = "d", parent = "h", worst = "min", best = "max" },
  { code = "e", parent = "h", worst = "min", best = "max" },
]
"""
STEPS = """
steps = [
  { do = "normalise", method = "min_max" },
  { do = "aggregate", missing = "renormalise" },
]
"""


def rows_of(columns, names="abcde"):
    """Return figures as CSV: a row a unit, gaps empty."""
    lines = ["unit," + ",".join(names)]
    for at, row in enumerate(zip(*columns, strict=True)):
        cells = ["" if np.isnan(each) else f"{each:.6g}" for each in row]
        lines.append(f"U{at:02d}," + ",".join(cells))
    return "\n".join(lines) + "\n"


def figures(units=20, columns=5, seed=3):
    return np.random.default_rng(seed).normal(50, 10, size=(columns, units)).round(2)


def known(table, column):
    return table[column].fill_null(np.nan).to_numpy()


@pytest.fixture(scope="module")
def plain(index_of):
    return index_of(TREE + STEPS, rows_of(figures()))


@pytest.fixture(scope="module")
def found(plain):
    return coherence(plain)


def test_what_is_compared(found, plain):
    assert found.units == 20
    assert found.period is None
    assert found.names["g"] == "First"
    assert found.thresholds is plain.methodology.audit.thresholds


def test_figures_of_each_indicator(index_of):
    columns = figures()
    columns[0] = [0] * 12 + [1, 2, 3, 4, 5, 90, np.nan, np.nan]
    table = coherence(index_of(TREE + STEPS, rows_of(columns))).indicators
    own = table.row(0, named=True)
    x = columns[0][:18]
    assert own["units"] == 18
    assert own["available"] == pytest.approx(0.9)
    assert own["zeros"] == own["same"] == pytest.approx(12 / 18)
    assert own["unique"] == pytest.approx(7 / 18)
    assert (own["min"], own["max"], own["median"]) == (0, 90, 0)
    assert own["mean"] == pytest.approx(x.mean())
    assert own["sd"] == pytest.approx(x.std(ddof=1))
    assert own["skewness"] == pytest.approx(stats.skew(x, bias=False))
    assert own["kurtosis"] == pytest.approx(stats.kurtosis(x, bias=False))
    assert own["outliers"] is own["outliers_scored"] is True
    b = table.row(1, named=True)
    assert b["skewness_scored"] == pytest.approx(-b["skewness"])  # less is better
    assert b["outliers"] is False


def test_kurtosis_alone_tells_outliers(index_of):
    """Two opposite outliers leave no skewness."""
    columns = figures()
    columns[2] = np.concatenate([[-900, 900], np.tile([-1, 1], 9)])
    result = index_of(TREE + STEPS, rows_of(columns))
    assert coherence(result).indicators["outliers"].to_list()[2] is False
    more = index_of(TREE + STEPS, rows_of(np.hstack([columns, figures(20, seed=8) * 0 + 1])))
    own = coherence(more).indicators.row(2, named=True)
    assert own["kurtosis"] > 10
    assert abs(own["skewness"]) < 2
    assert own["outliers"] is True


def test_correlations_of_each_pair_of_a_level(found, plain):
    table = found.correlations
    assert table.height == 10 + 1
    assert table.row(0)[:6] == (1, "a", "b", "g", "g", True)
    assert table.filter(a="a", b="d")["same_group"].to_list() == [False]
    assert table.row(-1)[:6] == (2, "g", "h", "index", "index", True)
    scores = dict(zip(plain.state.tree.codes, plain.state.values.T, strict=True))
    for row in table.iter_rows(named=True):
        x, y = scores[row["a"]], scores[row["b"]]
        assert (row["pearson"], row["p_pearson"]) == pytest.approx(stats.pearsonr(x, y))
        assert (row["spearman"], row["p_spearman"]) == pytest.approx(stats.spearmanr(x, y))
        tau = stats.kendalltau(x, y, method="asymptotic")
        assert (row["kendall"], row["p_kendall"]) == pytest.approx(tuple(tau))
        assert row["units"] == 20


def test_every_node_with_its_ancestors_and_the_other_groups(found, plain):
    table = found.parents
    kept = ("node", "ancestor", "level", "ancestor_level", "is_own", "is_parent")
    rows = set(table.select(kept).iter_rows())
    assert {row for row in rows if row[0] == "d"} == {
        ("d", "h", 1, 2, True, True),
        ("d", "index", 1, 3, True, False),
        ("d", "g", 1, 2, False, False),
    }
    assert {row for row in rows if row[0] == "g"} == {("g", "index", 2, 3, True, True)}
    assert "index" not in table["node"]
    scores = dict(zip(plain.state.tree.codes, plain.state.values.T, strict=True))
    own = table.row(by_predicate=(pl.col("node") == "d") & (pl.col("ancestor") == "g"), named=True)
    assert own["pearson"] == pytest.approx(stats.pearsonr(scores["d"], scores["g"])[0])


def test_correlation_with_the_rest_of_the_group(found, plain):
    scores = dict(zip(plain.state.tree.codes, plain.state.values.T, strict=True))
    rest = (2 * scores["b"] + scores["c"]) / 3
    table = found.parents.filter(pl.col("is_parent"))
    own = dict(zip(table["node"], table["pearson_rest"], strict=True))
    assert own["a"] == pytest.approx(stats.pearsonr(scores["a"], rest)[0])
    assert own["d"] == pytest.approx(stats.pearsonr(scores["d"], scores["e"])[0])
    assert found.parents.filter(~pl.col("is_parent"))["pearson_rest"].is_null().all()


def test_groups_and_components(found):
    row = found.groups.row(1, named=True)
    assert (row["node"], row["name"], row["level"], row["parts"]) == ("g", "First", 2, 3)
    assert (row["model"], row["judged"], row["units"]) == ("", False, 20)
    axes = found.components.filter(node="g")
    assert axes.height == 9
    assert axes["part"].to_list() == ["a", "b", "c"] * 3
    values = axes["eigenvalue"].unique(maintain_order=True)
    assert values.sum() == pytest.approx(3)
    assert row["components"] == (values >= 1).sum()
    assert row["first_share"] == pytest.approx(values[0] / 3)
    assert axes.filter(component=2)["cumulative"][0] == pytest.approx((values[0] + values[1]) / 3)


def test_models_come_from_the_group_or_from_what_its_parts_agree_on(index_of):
    tree = TREE.replace('code = "a",', 'code = "a", model = "reflective",')
    tree = tree.replace('code = "d",', 'code = "d", model = "reflective",')
    tree = tree.replace('code = "e",', 'code = "e", model = "reflective",')
    tree = tree.replace('name = "First"', 'name = "First", model = "formative"')
    table = coherence(index_of(tree + STEPS, rows_of(figures()))).groups
    assert table.select("node", "model", "judged").rows() == [
        ("index", "", False),
        ("g", "formative", False),
        ("h", "reflective", True),
    ]


# ---------------------------------------------------------------- outside


def test_external_indices(plain):
    scores = plain.score
    other = pl.DataFrame({"unit": ["U03", "U01", "U02", "X"], "GDI": [3.0, 1.0, None, 9.0]})
    table = coherence(plain, external=other).external
    assert table["units"].to_list() == [2] * 3
    assert table["pearson"].is_null().all()
    whole = pl.DataFrame(
        {"unit": [f"U{at:02d}" for at in range(20)], "one": np.arange(20), "two": scores}
    )
    table = coherence(plain, external=whole).external
    assert table["index"].to_list() == ["one"] * 3 + ["two"] * 3
    assert table["node"].to_list() == ["index", "g", "h"] * 2
    wanted = stats.pearsonr(np.arange(20), scores)
    row = table.row(0, named=True)
    assert (row["pearson"], row["p_pearson"]) == pytest.approx(wanted)
    assert table["spearman"][3] == pytest.approx(1)


def test_no_external_indices(found):
    assert found.external.is_empty()
    assert "p_spearman" in found.external.columns


def test_external_indices_that_do_not_read(plain):
    other = pl.DataFrame({"unit": ["U00", "U00"], "x": ["a", "b"], "y": [1.0, float("inf")]})
    with pytest.raises(InputError) as error:
        coherence(plain, external=other)
    assert [str(each) for each in error.value.problems] == [
        "unit: found 'U00' more than once, expected each unit once",
        "column x: found text (String), expected numbers",
        "column y: found infinity, expected finite numbers",
    ]
    with pytest.raises(InputError, match="columns: found x, expected a column unit"):
        coherence(plain, external=pl.DataFrame({"x": [1]}))
    with pytest.raises(InputError, match="columns: found nothing"):
        coherence(plain, external=pl.DataFrame())
    elsewhere = pl.DataFrame({"unit": ["P", "Q"], "x": [1.0, 2.0]})
    with pytest.raises(InputError, match="unit: found P, Q …, none of which is ranked, expected"):
        coherence(plain, external=elsewhere)


UNITS = "unit,people,balance\n" + "".join(f"U{at:02d},{10 + at**2},{at - 9}\n" for at in range(20))


def test_size_of_units_from_all_their_figures(index_of):
    table = coherence(index_of(TREE + STEPS, rows_of(figures()), UNITS)).size
    assert table["column"].unique(maintain_order=True).to_list() == ["people", "balance"]
    assert table["node"].to_list()[:4] == ["index", "g", "h", "a"]
    assert table.height == 16
    people, balance = table.filter(column="people"), table.filter(column="balance")
    assert people["pearson_log"].is_not_null().all()
    assert balance["pearson_log"].is_null().all()  # some are not above 0
    kinds = people.select("pearson", "pearson_log", "spearman").to_numpy()
    assert_allclose(np.abs(people["greatest"]), np.abs(kinds).max(axis=1))
    assert (np.sign(people["greatest"]) != 0).all()


def test_size_of_units_as_the_plan_names_it(index_of):
    plan = '[audit]\nsize = ["people"]\n'
    result = index_of(TREE + STEPS + plan, rows_of(figures()), UNITS)
    assert coherence(result).size["column"].unique().to_list() == ["people"]


def test_size_from_a_denominator(index_of):
    tree = TREE.replace('code = "a",', 'code = "a", denominator = "people",')
    steps = STEPS.replace("steps = [", 'steps = [{ do = "denominate" },')
    columns = np.vstack([figures(), 100 + np.arange(20.0)])
    result = index_of(tree + steps, rows_of(columns, [*"abcde", "people"]))
    table = coherence(result).size
    assert set(table["column"]) == {"people"}
    x = result.score
    assert table["pearson"][0] == pytest.approx(stats.pearsonr(100 + np.arange(20.0), x)[0])


def test_no_size_at_hand(found):
    assert found.size.is_empty()


def test_size_that_nothing_has(plain):
    from dataclasses import replace

    plan = replace(plain.methodology.audit, size=("area",))
    method = replace(plain.methodology, audit=plan)
    with pytest.raises(MethodError, match=r"audit.size: found 'area', expected .*there are: none"):
        coherence(replace(plain, methodology=method))


# ---------------------------------------------------------------- importance


def test_importance_beside_weight(found, plain):
    table = found.importance
    assert table["parent"].to_list() == ["index"] * 2 + ["g"] * 3 + ["h"] * 2 + ["index"] * 5
    own = table.filter(parent="g")
    assert own["weight"].to_list() == [0.25, 0.5, 0.25]
    assert own["share"].sum() == pytest.approx(1)
    g = found.parents.filter(ancestor="g", is_parent=True)["pearson"]
    assert_allclose(own["pearson_squared"], g**2)
    every = table[-5:]
    assert every["node"].to_list() == list("abcde")
    assert_allclose(every["weight"], [0.125, 0.25, 0.125, 0.25, 0.25])
    assert "group by group" in every["note"][0]


def test_equalising_weights_do_what_they_say(found, plain):
    table = found.importance.filter(parent="g")
    x = plain.state.values[:, :3]
    y = x @ table["equalising"].to_numpy()
    squared = np.corrcoef(x.T, y)[:3, 3] ** 2
    assert_allclose(squared / squared.sum(), table["weight"])
    assert table["note"].to_list() == [""] * 3


def notes(result):
    table = coherence(result).importance.unique("parent", keep="first", maintain_order=True)
    return dict(zip(table["parent"], table["note"], strict=True))


def test_why_there_are_no_equalising_weights(index_of):
    columns = figures()
    columns[3] = 7
    tree = TREE.replace('code = "g",', 'code = "g", aggregate = "geometric",')
    steps = STEPS.replace('"min_max"', '"goalposts"')
    tree = tree.replace('worst = "min", best = "max"', "worst = 0, best = 100")
    tree = tree.replace('worst = "max", best = "min"', "worst = 100, best = 0")
    assert notes(index_of(tree + steps, rows_of(columns))) == {
        "index": "",
        "g": "equalising weights are known for arithmetic means only",
        "h": "a part does not vary, or too few units have two of the parts",
    }


def test_adverse_parts_have_no_equalising_weights(index_of):
    columns = figures()
    columns[2] = -columns[0] + columns[1] / 10  # b is better when low
    assert notes(index_of(TREE + STEPS, rows_of(columns)))["g"] == (
        "no weights of 0 or more make importance proportional to weight"
    )


def test_equalising_weights_with_gaps_are_approximate(index_of):
    columns = figures()
    columns[0, :3] = np.nan
    assert "approximate" in notes(index_of(TREE + STEPS, rows_of(columns)))["g"]


def test_a_part_without_weight_keeps_none(index_of):
    tree = TREE.replace('code = "c",', 'code = "c", weight = 0,')
    table = coherence(index_of(tree + STEPS, rows_of(figures()))).importance.filter(parent="g")
    assert table["equalising"].to_list()[2] == 0


FORMULA = """
groups = [
  { code = "index" },
  { code = "g", parent = "index", aggregate = "formula", formula = "a / b" },
  { code = "h", parent = "index", aggregate = "copeland" },
  { code = "i", parent = "index" },
]
indicators = [
  { code = "a", parent = "g" }, { code = "b", parent = "g" }, { code = "c", parent = "h" },
  { code = "d", parent = "h" }, { code = "e", parent = "i" },
]
"""
MEAN = 'steps = [{ do = "aggregate", missing = "renormalise" }]\n'


def test_groups_without_weights(index_of):
    result = index_of(FORMULA + MEAN, rows_of(figures()))
    assert notes(result) == {
        "index": "",
        "g": "no weights: computed by a formula",
        "h": "no weights: combined by copeland",
        "i": "a group of one part",
    }
    rest = coherence(result).parents.filter(is_parent=True)
    own = dict(zip(rest["node"], rest["pearson_rest"].is_null(), strict=True))
    assert own == {**dict.fromkeys("abcde", True), "g": False, "h": False, "i": False}


def test_an_index_of_indicators_has_them_once(index_of):
    method = 'indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]\n'
    found = coherence(index_of(method, rows_of(figures(columns=2), "ab")))
    assert found.importance["node"].to_list() == ["a", "b"]
    assert found.correlations.height == 1


# ---------------------------------------------------------------- which units


def test_what_no_step_normalised_is_turned_to_high_is_good(index_of):
    method = """
ranking = { best = "low" }
indicators = [
  { code = "a", parent = "index", worst = 0, best = 100 },
  { code = "b", parent = "index", worst = 100, best = 0 },
  { code = "c", parent = "index", worst = [0, 100], best = [40, 60] },
]
"""
    columns = figures(columns=3)
    found = coherence(index_of(method, rows_of(columns, "abc")))
    a, b, c = columns
    wanted = [np.corrcoef(x, y)[0, 1] for x, y in ((a, -b), (a, c), (-b, c))]
    assert_allclose(found.correlations["pearson"], wanted)
    top = found.parents["pearson"].to_numpy()
    assert_allclose(top, [np.corrcoef(x, -(a + b + c))[0, 1] for x in (a, -b, c)])


def test_only_the_newest_period(index_of):
    a, b = figures(10, 2), figures(10, 2, seed=4)
    lines = ["unit,year,a,b"]
    for year, table in ((2019, a), (2020, b)):
        lines += [f"U{at},{year},{x},{y}" for at, (x, y) in enumerate(table.T)]
    method = """
data = { period = "year" }
indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]
"""
    found = coherence(index_of(method, "\n".join(lines) + "\n"))
    assert (found.period, found.periods) == (2020, 2)
    assert found.units == 10
    assert found.correlations["pearson"][0] == pytest.approx(np.corrcoef(b)[0, 1])


def test_averages_and_units_screened_out_are_not_compared(index_of):
    columns = figures(units=22)
    columns[:3, 0] = np.nan  # screened out
    columns[3] = np.where(np.arange(22) < 20, np.nan, columns[3])  # dropped
    steps = STEPS.replace("steps = [", 'steps = [{ do = "screen", units = 0.4, indicators = 0.5 },')
    method = TREE + 'ranking = { unranked = ["U21"] }\n' + steps
    found = coherence(index_of(method, rows_of(columns)))
    assert found.units == 20
    row = found.indicators.row(3, named=True)
    assert row["left_out"].startswith("dropped: ")
    assert row["skewness_scored"] is None
    assert "d" not in [*found.correlations["a"], *found.parents["node"], *found.size["node"]]
    assert found.groups.filter(node="h")["parts"].to_list() == [1]
    assert found.importance.filter(parent="index")["node"].to_list() == list("gh") + list("abce")


def test_units_without_a_score_are_not_compared(index_of):
    columns = figures()
    columns[0, :4] = np.nan
    steps = STEPS.replace("renormalise", "propagate")
    found = coherence(index_of(TREE + steps, rows_of(columns)))
    assert found.units == 16
    assert found.indicators["available"].to_list() == [1] * 5


def test_two_units_and_a_constant(index_of):
    columns = figures(units=2)
    found = coherence(index_of(TREE + STEPS, rows_of(columns)))
    assert found.correlations["pearson"].is_null().all()
    assert found.groups["alpha"].is_null().all()
    assert found.importance["ratio"].is_null().all()
    columns = figures()
    columns[0] = 3.3
    columns[4] = np.nan
    steps = STEPS.replace('"min_max"', '"z_score"')
    found = coherence(index_of(TREE + steps.replace("z_score", "rank"), rows_of(columns)))
    assert found.indicators["same"].to_list()[0] == 1
    assert found.indicators.row(4, named=True)["median"] is None
    a = found.correlations.filter((pl.col("a") == "a") | (pl.col("b") == "e"))
    assert a["pearson"].is_null().all()


def test_no_units_are_left(index_of):
    method = TREE + 'ranking = { unranked = ["*"] }\n' + STEPS
    found = coherence(index_of(method, rows_of(figures())))
    assert found.units == 0
    assert found.indicators["available"].is_null().all()
    assert found.correlations["pearson"].is_null().all()


def test_a_group_that_no_step_combines(index_of):
    steps = 'steps = [{ do = "aggregate", missing = "renormalise", to = 2 }]\n'
    found = coherence(index_of(TREE + steps, rows_of(figures())))
    own = found.importance.filter(parent="index")
    assert own["note"][0] == "no weights: combined by no step"
    assert own["weight"][0] is None


def test_a_group_of_which_every_part_was_dropped(index_of):
    columns = figures()
    columns[3:, :15] = np.nan
    steps = STEPS.replace("steps = [", 'steps = [{ do = "screen", indicators = 0.5 },')
    found = coherence(index_of(TREE + steps, rows_of(columns)))
    assert found.groups.filter(node="h").row(0, named=True)["parts"] == 0
    assert found.importance.filter(parent="h").is_empty()


# ---------------------------------------------------------------- one long table


def test_one_long_table(index_of):
    columns = figures()
    columns[1] = -columns[0] + columns[1] / 1000  # b is better when low
    result = index_of(TREE + STEPS, rows_of(columns), UNITS)
    whole = pl.DataFrame({"unit": [f"U{at:02d}" for at in range(20)], "GDI": np.arange(20.0)})
    found = coherence(result, external=whole)
    table = long(found)
    assert table.schema == LONG
    names = ("indicators", "correlations", "parents", "groups", "components", "external", "size")
    assert table["part"].unique(maintain_order=True).to_list() == [*names, "importance"]
    own = table.filter(part="correlations", statistic="pearson", node="a", other="b")
    row = own.row(0, named=True)
    assert (row["flag"], row["limit"], row["units"]) == ("redundant", 0.95, 20)
    assert row["value"] == found.correlations["pearson"][0]
    assert row["p_value"] == found.correlations["p_pearson"][0]
    available = table.filter(statistic="available")
    assert set(available["flag"]) == {""}
    assert set(available["limit"]) == {0.65}
    assert set(table.filter(statistic="mean")["limit"]) == {None}
    assert set(table.filter(statistic="outliers")["value"]) == {0}
    skipped = {"level", "component", "is_own", "judged", "p_pearson"}
    assert not skipped & set(table["statistic"])
    loading = table.filter(statistic="loading", node="g")
    assert loading["note"].to_list()[:4] == ["1", "1", "1", "2"]
