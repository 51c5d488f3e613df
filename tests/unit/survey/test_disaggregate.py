"""Tables of estimates against sums over the rows of each cell, made one cell after the other."""

from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from everycount.errors import InputError, MethodError
from everycount.survey import totals
from everycount.survey.disaggregate import FIGURES, disaggregate
from everycount.survey.estimate import estimate
from everycount.survey.findings import Excluded
from everycount.survey.sample import load

ROWS = 480
NAMES = ("tongue", "region", "side")
LEVELS = {"tongue": "xyz", "region": "pqrs", "side": "mn"}


def people(seed):
    """People in villages in four strata: tongue differs between people, side between villages,
    region between strata."""
    rng = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(4), ROWS // 4)
    village = stratum * 100 + np.sort(rng.integers(0, 6, (4, ROWS // 4)), axis=1).ravel()
    income = rng.lognormal(3, 1, ROWS).round(2)
    return pl.DataFrame(
        {
            "stratum": stratum,
            "village": village,
            "w": rng.uniform(2, 9, ROWS),
            "own": pl.Series(np.where(rng.random(ROWS) < 0.3, np.nan, rng.uniform(2, 9, ROWS))),
            "villages": np.full(ROWS, 40),
            "tongue": rng.choice([*LEVELS["tongue"]], ROWS),
            "region": np.array([*LEVELS["region"]])[stratum],
            "side": np.where(village % 2 == 0, "m", "n"),
            "age": rng.integers(0, 60, ROWS),
            "income": pl.Series(np.where(rng.random(ROWS) < 0.1, np.nan, income)),
            "reads": rng.integers(0, 2, ROWS),
        }
    ).with_columns(pl.col("income", "own").fill_nan(None))


UNIVERSE = "universe = [{ column = 'age', at_least = 15, at_most = 49 }]"
OUTCOMES = {
    "plain": "column = 'income'",
    "in_universe": f"column = 'income'\n{UNIVERSE}",
    "own_weight": "column = 'income'\nweight = 'own'",
    "both": f"column = 'reads'\nweight = 'own'\n{UNIVERSE}",
    "number": "column = 'reads'",
}


def design(depth, *, population, statistic):
    parts = [
        f"[crossings]\ndepth = {depth}",
        "[sampling]\nstrata = ['stratum']\npsu = 'village'\nweight = 'w'",
        "population = 'villages'" if population else "",
        *(f"[[characteristics]]\nname = '{name}'" for name in NAMES),
        *(
            f"[[outcomes]]\nname = '{name}'\nstatistic = '{statistic}'\n{more}"
            for name, more in OUTCOMES.items()
        ),
    ]
    return "\n".join(parts)


def naive(frame, name, inside, *, population, statistic):
    """Rows, estimate, error and design effect of one cell, from its rows."""
    column = "reads" if name in ("both", "number") else "income"
    weight = frame["own" if name in ("own_weight", "both") else "w"].fill_null(0.0).to_numpy()
    held = inside & frame[column].is_not_null().to_numpy() & (weight > 0)
    if name in ("in_universe", "both"):
        held &= frame["age"].is_between(15, 49).to_numpy()
    n, value = int(held.sum()), frame[column].fill_null(0).to_numpy().astype(float)
    if n == 0:
        return n, None, None, None
    w, y = np.where(held, weight, 0), np.where(held, value, 0)
    mean = (w * y).sum() / w.sum()
    score = w * y if statistic == "total" else np.where(held, w * (value - mean), 0) / w.sum()
    village, stratum = frame["village"].to_numpy(), frame["stratum"].to_numpy()
    variance = 0.0
    for each in np.unique(stratum):
        units = np.unique(village[stratum == each])
        sums = np.array([score[village == unit].sum() for unit in units])
        left = 1 - len(units) / 40 if population else 1.0
        variance += left * len(units) * sums.var(ddof=1)
    known = y[held]
    if n == 1 or (known == known[0]).all():  # a simple random sample would have no error
        deff = None
    else:
        spread = (w * (y - mean) ** 2)[held].sum()
        random = spread / (n - 1) * (w.sum() if statistic == "total" else 1 / w.sum())
        deff = variance / (random * (1 - n / w.sum()) if population else random)
    return n, (w * y).sum() if statistic == "total" else mean, np.sqrt(variance), deff


@pytest.mark.parametrize("statistic", ["total", "mean"])
@pytest.mark.parametrize("population", [False, True])
@pytest.mark.parametrize(("depth", "at_a_time"), [(1, 37), (2, 10_000), (3, 37), (3, 10_000)])
def test_every_cell_with_its_error_and_design_effect(
    plan_of, depth, at_a_time, population, statistic
):
    frame = people(depth)
    how = {"population": population, "statistic": statistic}
    table = disaggregate(plan_of(frame, design(depth, **how), at_a_time=at_a_time)).table
    assert table.columns == ["outcome", "statistic", *NAMES, *FIGURES]
    rows = {tuple(row[:1] + row[2:5]): row for row in table.rows()}
    assert len(rows) == len(table)
    met = 0
    for name, width in product(OUTCOMES, range(depth + 1)):
        for crossed in combinations(NAMES, width):
            for levels in product(*(LEVELS[each] for each in crossed)):
                cell = dict(zip(crossed, levels, strict=True))
                inside = np.ones(ROWS, dtype=bool)
                for column, level in cell.items():
                    inside &= (frame[column] == level).to_numpy()
                n, estimate, error, deff = naive(frame, name, inside, **how)
                key = (name, *(cell.get(each, "_T") for each in NAMES))
                if not n:
                    assert key not in rows or rows[key][5:7] == (None, None)
                    continue
                found = dict(zip(table.columns, rows[key], strict=True))
                met += 1
                assert found["n"] == n
                assert found["estimate"] == pytest.approx(estimate, rel=1e-11)
                assert found["std_error"] == pytest.approx(error, rel=1e-9, abs=1e-12)
                if deff is None:
                    assert found["deff"] is None
                else:
                    assert found["deff"] == pytest.approx(deff, rel=1e-9, abs=1e-20)
    assert met == table.filter(pl.col("n") > 0).height
    crossed = pl.sum_horizontal(pl.col(NAMES) != "_T") == depth
    assert table.filter(crossed)["deff"].is_not_null().any()


@pytest.mark.parametrize("memory", [0, totals.MEMORY])
def test_the_way_rows_come_changes_nothing(plan_of, monkeypatch, memory):
    """Few rows at a time, strata in turns where there is room, and no room for many strata."""
    monkeypatch.setattr(totals, "MEMORY", memory)
    frame, text = people(7), design(2, population=True, statistic="mean")
    wanted = disaggregate(plan_of(frame, text)).table
    keys = pl.col("village" if memory else "stratum")
    turned = frame.sort(keys % 100, "village", maintain_order=True)
    for at_a_time in (9, 200):
        found = disaggregate(plan_of(turned, text, at_a_time=at_a_time)).table
        both = found.join(wanted, on=found.columns[:5], maintain_order="left")
        assert len(both) == len(found) == len(wanted)
        assert both["n"].equals(both["n_right"])
        for name in ("estimate", "std_error", "deff"):
            np.testing.assert_allclose(both[name], both[f"{name}_right"], rtol=1e-9, atol=1e-12)


def test_a_characteristic_that_changes_where_a_batch_ends_within_a_unit(plan_of):
    """Until then it seemed to be the same in every village."""
    rows = {
        "village": [1, 1, 2, 2, 3, 3, 3, 3, 4, 4],
        "side": [*"mmnnmm", *"nnmm"],
        "reads": [1, 0, 1, 1, 0, 1, 1, 0, 1, 0],
    }
    text = "characteristics = [{ name = 'side' }]\noutcomes = [{ name = 'reads' }]\n"
    text += "[sampling]\npsu = 'village'\n"
    found, wanted = (disaggregate(plan_of(rows, text, at_a_time=n)).table for n in (2, 100))
    assert found.drop("std_error", "ci_low", "ci_high", "deff", "cv").equals(
        wanted.drop("std_error", "ci_low", "ci_high", "deff", "cv")
    )
    np.testing.assert_allclose(found["std_error"], wanted["std_error"], rtol=1e-12)
    # In m: 1 of 2 in village 1, 1 of 2 in village 3, 1 of 2 in village 4, none of village 2.
    scores = np.array([1 - 0.5 * 2, 0, 1 - 0.5 * 2, 1 - 0.5 * 2]) / 6
    assert found.filter(side="m")["std_error"].item() == pytest.approx(
        np.sqrt(4 * scores.var(ddof=1))
    )
    in_n = np.array([0, 2 - 0.75 * 2, 1 - 0.75 * 2, 0]) / 4
    assert found.filter(side="n")["std_error"].item() == pytest.approx(
        np.sqrt(4 * in_n.var(ddof=1))
    )


def test_strata_taken_whole_add_nothing_and_are_not_lonely(plan_of):
    rows = {
        "s": [1, 1, 2, 2, 3],
        "v": [1, 2, 3, 4, 5],
        "w": [1.0, 1.0, 4.0, 4.0, 1.0],
        "villages": [2, 2, 8, 8, 1],
        "hours": [3.0, 8.0, 2.0, 6.0, 7.0],
    }
    text = "outcomes = [{ name = 'hours', statistic = 'total' }]\n"
    text += "[sampling]\nstrata = ['s']\npsu = 'v'\nweight = 'w'\npopulation = 'villages'\n"
    found = disaggregate(plan_of(rows, text))
    assert (found.lonely, found.strata) == ((), 3)
    variance = (1 - 2 / 8) * 2 * np.var([8.0, 24.0], ddof=1)
    assert found.table["estimate"].item() == 3 + 8 + 8 + 24 + 7
    assert found.table["std_error"].item() == pytest.approx(np.sqrt(variance))


# ---------------------------------------------------------------- domains of few or nobody

FEW = {"sex": [1, 1, 2, 2, 2], "place": ["a", "a", "b", "b", "b"], "reads": [1, 0, 1, None, 1],
       "hours": [1.0, 2.0, 4.0, 5.0, 6.0]}  # fmt: skip
SEX = "{ name = 'sex', levels = [{ code = 'M', values = [1] }, { code = 'F', values = [2] }, "
SEX += "{ code = 'X', values = [3] }] }"


def test_cells_of_nobody_are_counted_and_not_in_the_table(plan_of):
    text = f"characteristics = [{SEX}, {{ name = 'place' }}]\noutcomes = [{{ name = 'reads' }}]"
    found = disaggregate(plan_of(FEW, text))
    cells = found.table.select("sex", "place").rows()
    assert cells == [
        ("_T", "_T"), ("M", "_T"), ("F", "_T"), ("_T", "a"), ("_T", "b"), ("M", "a"), ("F", "b"),
    ]  # fmt: skip
    assert found.empty == 1 + 4  # sex X; M in b, F in a, X in both
    assert found.excluded == (Excluded(subject="reads", reason="not known", rows=1),)


def test_an_outcome_that_nobody_counts_for_beside_one_that_all_do(plan_of):
    universe = "universe = [{ column = 'hours', at_least = 99 }]"
    text = (
        f"outcomes = [{{ name = 'reads', {universe} }}, {{ name = 'hours', statistic = 'mean' }}]"
    )
    with pytest.raises(MethodError) as caught:
        disaggregate(plan_of(FEW, text))
    assert [str(each) for each in caught.value.problems] == [
        "outcome reads: found no row that counts; 5 rows outside the universe, expected at least "
        "one"
    ]


def test_one_outcome_may_use_the_normal_distribution(plan_of):
    text = "outcomes = [{ name = 'hours', statistic = 'mean', interval = 'normal' }, " \
           "{ name = 'h', column = 'hours', statistic = 'mean' }]"  # fmt: skip
    normal, student = disaggregate(plan_of(FEW, text)).table.to_dicts()
    error = np.std(FEW["hours"], ddof=1) / np.sqrt(5)
    assert normal["ci_low"] == pytest.approx(3.6 - 1.959963984540054 * error)
    assert student["ci_high"] == pytest.approx(3.6 + 2.7764451051977987 * error)


# ---------------------------------------------------------------- what cannot be


def test_outcomes_that_do_not_follow_from_sums(plan_of):
    text = """
    characteristics = [{ name = "sex" }]
    outcomes = [
      { name = "median", column = "hours", statistic = "quantile", probability = 0.5 },
      { name = "of_all", column = "reads", share_of = "everyone" },
      { name = "reads" },
    ]
    """
    with pytest.raises(MethodError) as caught:
        disaggregate(plan_of(FEW, text))
    assert [str(each) for each in caught.value.problems] == [
        "outcome median: found a quantile, which needs the rows, expected a mean, proportion, "
        "total or ratio; `survey estimate` makes quantiles",
        "outcome of_all: found a share of everyone, expected share_of = group; `survey estimate` "
        "makes shares of everyone",
    ]
    with pytest.raises(MethodError, match="outcomes: found none, expected at least one"):
        disaggregate(plan_of(FEW, "characteristics = [{ name = 'sex' }]"))


def test_a_file_without_rows(plan_of):
    empty = pl.DataFrame(FEW).clear()
    with pytest.raises(MethodError, match="file: found no rows, expected at least one"):
        disaggregate(plan_of(empty, "outcomes = [{ name = 'reads' }]"))


def test_a_batch_without_rows_among_others(plan_of, monkeypatch):
    plan = plan_of(FEW, "outcomes = [{ name = 'hours', statistic = 'total' }]", at_a_time=2)
    whole, given = disaggregate(plan).table, list(plan.source.batches(plan.columns))
    batches = [given[0].clear(), given[0], given[0].clear(), *given[1:], given[0].clear()]
    monkeypatch.setattr(type(plan.source), "batches", lambda *_, **__: iter(batches))
    assert disaggregate(plan).table.equals(whole)


def test_all_faults_of_the_rows_in_one_error(plan_of):
    rows = {
        "s": ["n", "n", "n", "n", "n", "s"],
        "v": [1, 1, 2, 3, 4, 4],
        "w": [1.0, -1.0, None, -2.0, 1.0, 1.0],
        "sex": [1, 2, 7, 7, 1, 2],
        "reads": [0, 1, 1, 1, 3, 0],
    }
    text = """
    characteristics = [{ name = "sex", levels = [{ code = "F", values = [2] },
                                                 { code = "M", values = [1] }] }]
    outcomes = [{ name = "reads" }]
    [sampling]
    strata = ["s"]
    psu = "v"
    weight = "w"
    lonely = "remove"
    """
    with pytest.raises(InputError) as caught:
        disaggregate(plan_of(rows, text, at_a_time=2))
    assert str(caught.value) == (
        "people has 5 problems:\n"
        "  characteristic sex, column sex: found value '7' in 2 rows, expected a code of one of "
        "its levels (F, M)\n"
        "  outcome reads, column reads: found value '3' in 1 row, expected 0 or 1; or say in `yes` "
        "which codes count, or in `missing` which do not\n"
        "  psu: found unit 4 in two strata in 2 rows, expected each unit in one stratum; if their "
        "numbers begin anew, say nested = true\n"
        "  weight, column w: found a weight below 0 in 2 rows, expected a number from 0\n"
        "  weight, column w: found nothing in 1 row, expected a weight for every row (0 if it does "
        "not count)"
    )


# ---------------------------------------------------------------- lonely units

LONELY = """
outcomes = [{ name = "reads" }]
[sampling]
strata = ["s"]
psu = "v"
lonely = "RULE"
"""


def test_strata_with_one_unit_are_named(plan_of):
    rows = {"s": [1, 1, 2, 3], "v": [1, 2, 3, 4], "reads": [0, 1, 1, 0]}
    with pytest.raises(MethodError) as caught:
        disaggregate(plan_of(rows, LONELY.replace("RULE", "fail")))
    assert str(caught.value) == (
        "people has 1 problem:\n  sampling, lonely: found 2 strata with a single sampled unit "
        "(2, 3), expected two or more in each; or a rule (`lonely` of the design, --lonely of the "
        "command): remove, certainty, adjust or average; or neighbouring strata joined"
    )
    found = disaggregate(plan_of(rows, LONELY.replace("RULE", "adjust")))
    assert (found.lonely, found.units, found.strata) == (("2", "3"), 4, 3)


def test_many_strata_with_one_unit_are_named_in_part(plan_of):
    rows = {"s": [*range(25)], "v": [*range(25)], "reads": [0, 1] * 12 + [0]}
    with pytest.raises(MethodError, match=r"25 strata .*18, 19, …\), expected"):
        disaggregate(plan_of(rows, LONELY.replace("RULE", "fail")))


def test_a_lonely_unit_of_a_lower_stage(plan_of):
    rows = {"s": [1] * 6, "v": [1, 1, 1, 2, 2, 2], "h": [1, 1, 1, 2, 2, 3], "part": [1] * 6,
            "many": [9] * 6, "houses": [5] * 6, "reads": [0, 1, 1, 0, 0, 1]}  # fmt: skip
    text = (
        LONELY
        + 'population = "many"\nweight = "part"\n'
        + '[[sampling.stages]]\nunits = "h"\npopulation = "houses"\n'
    )
    with pytest.raises(MethodError) as caught:
        disaggregate(plan_of(rows, text.replace("RULE", "average")))
    assert str(caught.value.problems[0]) == (
        "sampling, lonely, stage 2: found 1 stratum with a single sampled unit (1 / 1 / 0), "
        "expected two or more in each; or a rule (`lonely` of the design, --lonely of the "
        "command): remove or certainty; or neighbouring strata joined"
    )
    # Alone in its village it is its own mean: the rule "adjust" adds nothing, like "remove".
    adjusted, removed = (
        disaggregate(plan_of(rows, text.replace("RULE", rule))).table
        for rule in ("adjust", "remove")
    )
    assert adjusted.equals(removed)
    scores = (np.array(rows["reads"]) - 0.5) / 6
    first = (1 - 2 / 9) * 2 * np.var([scores[:3].sum(), scores[3:].sum()], ddof=1)
    houses = [scores[3:5].sum(), scores[5]]
    second = 2 / 9 * (1 - 2 / 5) * 2 * np.var(houses, ddof=1)
    assert removed["std_error"].item() == pytest.approx(np.sqrt(first + second))


# ---------------------------------------------------------------- rules for lonely units, ratios

APART = {
    "s": [1, 1, 1, 1, 2, 2, 2, 2, 3, 3],
    "v": [1, 1, 2, 3, 4, 4, 5, 5, 6, 6],
    "w": [3.0, 4.0, 3.0, 5.0, 6.0, 3.0, 4.0, 5.0, 3.0, 4.0],
    "sex": [1, 2, 1, 1, 2, 1, 1, 1, 2, 1],  # sex 2 is in one village of every stratum
    "hours": [1.0, 2.0, 4.0, 7.0, 3.0, 9.0, 5.0, 6.0, 8.0, 2.0],
    "days": [1.0, 1.0, 2.0, 3.0, 1.0, 4.0, 2.0, 2.0, 3.0, 1.0],
}


def with_rule(inside, residual, rule, domains):
    """Variance of the sum of weighted residuals of a domain, as the rules are told in words."""
    stratum, village, weight = (np.array(APART[name]) for name in ("s", "v", "w"))
    totals, members = {}, {}
    for unit in np.unique(village):
        rows = village == unit
        home = int(stratum[rows][0])
        totals.setdefault(home, []).append((weight * residual * inside)[rows].sum())
        members.setdefault(home, []).append(bool(inside[rows].any()))
    there = [home for home in totals if any(members[home])]
    grand = np.mean([total for home in there for total in totals[home]])
    variance, treated = 0.0, 0
    for home in there:
        own, n = np.array(totals[home]), len(totals[home])
        if n == 1 or (domains == "adjust" and sum(members[home]) == 1):
            treated += 1
            if rule == "adjust":
                variance += n / max(n - 1, 1) * ((own - grand) ** 2).sum()
        else:
            variance += n * own.var(ddof=1)
    if rule == "average":
        variance *= len(there) / (len(there) - treated) if len(there) > treated else np.nan
    return variance


@pytest.mark.parametrize("domains", ["centre", "adjust"])
@pytest.mark.parametrize("rule", ["adjust", "average"])
@pytest.mark.parametrize("compares", ["with", "without"])
def test_ratios_under_rules_for_lonely_units(plan_of, rule, domains, compares):
    text = f"""
    characteristics = [{{ name = "sex" }}]
    outcomes = [{{ name = "hours", statistic = "ratio", denominator = "days" }}]
    [sampling]
    strata = ["s"]
    psu = "v"
    weight = "w"
    lonely = "{rule}"
    lonely_domains = "{domains}"
    simple_random = "{compares}"
    """
    weight, hours, days = (np.array(APART[name]) for name in ("w", "hours", "days"))
    for row in disaggregate(plan_of(APART, text)).table.iter_rows(named=True):
        inside = np.array([row["sex"] in ("_T", str(sex)) for sex in APART["sex"]])
        held, n = weight * inside, inside.sum()
        ratio = (held * hours).sum() / (held * days).sum()
        residual = (hours - ratio * days) / (held * days).sum()
        variance = with_rule(inside, residual, rule, domains)
        random = held.sum() * (held * residual**2).sum() / (n - 1)
        random *= 1 - n / held.sum() if compares == "without" else 1
        assert row["n"] == n
        assert row["estimate"] == pytest.approx(ratio)
        if np.isnan(variance):  # no other stratum to take an average of
            assert (row["sex"], rule, domains) == ("2", "average", "adjust")
            assert row["std_error"] is row["deff"] is None
        else:
            assert row["std_error"] == pytest.approx(np.sqrt(variance))
            assert row["deff"] == pytest.approx(variance / random)


def test_a_ratio_to_nothing_is_none(plan_of):
    text = 'outcomes = [{ name = "hours", statistic = "ratio", denominator = "days" }]'
    row = disaggregate(plan_of({**APART, "days": [0.0] * 10}, text)).table.row(0, named=True)
    assert (row["n"], row["estimate"], row["std_error"], row["deff"]) == (10, None, None, None)


def test_the_mean_of_nothing_but_0_is_0(plan_of):
    """Not what is left of figures that are moved, so that large ones lose no digits, and back."""
    text = """
characteristics = [{ name = "sex" }]
outcomes = [{ name = "births", statistic = "mean" }]
[sampling]
weight = "w"
"""
    rng = np.random.default_rng(3)
    sex, weight = np.repeat(["F", "M"], 300), rng.uniform(0.1, 3, 600)
    births = np.where(sex == "M", 0, rng.integers(1, 9, 600))
    table = disaggregate(plan_of({"sex": sex, "w": weight, "births": births}, text)).table
    assert table.filter(sex="M")["estimate"].item() == 0
    assert table.filter(sex="M")["cv"].item() is None
    expected = np.average(births[:300], weights=weight[:300])
    assert table.filter(sex="F")["estimate"].item() == pytest.approx(expected, rel=1e-14)


# ---------------------------------------------------------------- no error at all

SINGLE = {
    "s": [1, 1, 2, 2, 2, 3, 3],
    "p": [1, 1, 2, 2, 3, 4, 4],
    "g": ["a", "b", "a", "b", "b", "c", "c"],
    "y": [0, 1, 0, 1, 1, 1, 0],
}


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
@pytest.mark.parametrize("strata", [(1,), (1, 2, 3)])
def test_strata_with_one_unit_each_tell_no_error(plan_of, rule, strata):
    text = (
        "characteristics = [{ name = 'g' }]\noutcomes = [{ name = 'y' }]\n"
        f"[sampling]\nstrata = ['s']\npsu = 'p'\nlonely = '{rule}'"
    )
    plan = plan_of(pl.DataFrame(SINGLE).filter(pl.col("s").is_in(strata)), text)
    made = disaggregate(plan).table
    rows = estimate(load(plan), by=["g"], margins="with").table
    assert_frame_equal(made, rows, check_row_order=False)
    errors = dict(made.select("g", "std_error").iter_rows())
    if strata == (1,):
        assert errors == {"_T": None, "a": None, "b": None}
    elif rule in ("remove", "certainty"):
        assert errors["c"] is None
        assert errors["_T"] > 0
    none = made.filter(pl.col("std_error").is_null())
    assert none.select("ci_low", "ci_high", "cv", "deff").null_count().row(0) == (len(none),) * 4


def test_an_outcome_of_rows_in_memory_for_which_nobody_counts(plan_of):
    text = "outcomes = [{ name = 'y', universe = [{ column = 'p', at_least = 9 }] }, { name = 'z',"
    plan = plan_of(SINGLE, text + " column = 'y' }]")
    with pytest.raises(MethodError, match="outcome y: found no row that counts; 7 rows outside"):
        estimate(load(plan))
    assert len(estimate(load(plan), ["z"]).table) == 1
