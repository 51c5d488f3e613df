import numpy as np
import polars as pl
import pytest
from scipy import stats

from everycount.io.rules import read_rules
from everycount.model import rules
from everycount.model.design import Outcome
from everycount.model.rules import Reliability, ReliabilityRule
from everycount.survey.reliability import flags

READS = Outcome(name="reads")
INCOME = Outcome(name="income", statistic="mean")


def estimates(**columns):
    """Estimates of groups; what is not said is that of a large, sure sample."""
    rows = len(next(iter(columns.values())))
    usual = {"estimate": 0.4, "std_error": 0.01, "df": 60, "deff": 1.0, "n": 2400, "cv": 0.025}
    place = {"outcome": "reads", "statistic": "proportion", "sex": "_T", "age": "_T"}
    return pl.DataFrame(
        {
            name: columns.get(name, [value] * rows)
            for name, value in {**place, **usual}.items()
        }
    )  # fmt: skip


def flagged(table, *given, outcome=READS, **more):
    """Flags of one rule with these tests."""
    own = ReliabilityRule(
        verdict="review", tests=tuple(rules.Test(**each) for each in given), **more
    )
    found = flags(table, outcome, Reliability(id="own", title="t", source="s", rules=(own,)))
    assert set(found) <= {"", "review"}
    return [each == "review" for each in found]


def korn_graubard(p, se, n, df):
    """Limits by their definition: Clopper and Pearson's of the adjusted effective sample."""
    adjusted = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, df)) ** 2
    trials = min(n, p * (1 - p) / se**2 * adjusted)
    x = p * trials
    return stats.beta.ppf(0.025, x, trials - x + 1), stats.beta.ppf(0.975, x + 1, trials - x)


# ---------------------------------------------------------------- shipped sets


def test_dhs_goes_by_the_number_of_cases():
    found = flags(estimates(n=[24, 25, 49, 50]), READS, read_rules(Reliability, "dhs"))
    assert found.to_list() == ["unreliable", "caution", "caution", ""]


def test_statcan_goes_by_the_coefficient_of_variation():
    table = estimates(cv=[0.165, 0.166, 0.333, 0.334, None, 0.1], n=[500] * 5 + [9])
    found = flags(table, INCOME, read_rules(Reliability, "statcan"))
    assert found.to_list() == ["", "caution", "caution", "unreliable", "", "unreliable"]


def test_turkstat_goes_by_the_share_of_small_cells_of_a_table():
    table = estimates(
        sex=["_T", "F", "M", "F", "F", "M", "M", "_T"],
        age=["_T", "_T", "_T", "1", "2", "1", "2", "1"],
        n=[12, 13, 200, 12, 13, 14, 90, 300],
    )
    found = flags(table, READS, read_rules(Reliability, "turkstat"))
    # Of everyone: all cells small; by sex: none; by both: one of four.
    assert found.to_list() == ["unreliable", "", "", *["unreliable"] * 4, ""]


def test_turkstat_where_nothing_is_crossed():
    table = estimates(n=[12, 300]).drop("sex", "age")
    assert flags(table[:1], READS, read_rules(Reliability, "turkstat")).to_list() == ["unreliable"]
    assert flags(table[1:], READS, read_rules(Reliability, "turkstat")).to_list() == [""]


def test_nchs_goes_by_the_korn_graubard_interval():
    cases = [  # p, se, n, df, deff
        (0.4, 0.01, 2400, 60, 1.0),
        (0.4, 0.09, 60, 30, 1.0),  # wide
        (0.04, 0.015, 300, 60, 1.7),  # 5 points and more wide, and wider than 1.3 times itself
        (0.02, 0.008, 1300, 60, 1.1),  # wide only if compared with itself
        (0.4, 0.01, 29, 60, 1.0),
        (0.4, 0.01, 2400, 60, 81.0),  # as good as 29.6 rows
        (0.4, 0.01, 2400, 60, None),
        (0.4, 0.01, 2400, 7, 1.0),
        (0.0, 0.0, 2400, 60, None),
        (1.0, 0.0, 2400, 60, None),
    ]
    p, se, n, df, deff = map(list, zip(*cases, strict=True))
    found = flags(
        estimates(estimate=p, std_error=se, n=n, df=df, deff=deff),
        READS,
        read_rules(Reliability, "nchs2017"),
    )
    wanted = []
    for p, se, n, df, deff in cases:
        low, high = korn_graubard(p, se, n, df) if 0 < p < 1 else (p, p)
        width = high - low
        too_wide = width >= 0.3 or (width > 0.05 and width / p > 1.3)
        few = n < 30 or n / max(deff or 1, 1) < 30
        doubtful = df < 8 or p in (0, 1)
        wanted.append("unreliable" if too_wide or few else "review" if doubtful else "")
    assert found.to_list() == wanted
    assert wanted == [
        *("", "unreliable", "unreliable", "", "unreliable", "unreliable", ""),
        *("review", "review", "review"),
    ]


def test_rules_on_proportions_are_not_for_means():
    found = flags(estimates(n=[1, 1]), INCOME, read_rules(Reliability, "nchs2017"))
    assert found.to_list() == ["", ""]


# ---------------------------------------------------------------- tests of one's own


@pytest.mark.parametrize(
    ("bound", "met"),
    [
        ({"below": 30}, [True, False, False]),
        ({"at_most": 30}, [True, True, False]),
        ({"above": 30}, [False, False, True]),
        ({"at_least": 30}, [False, True, True]),
        ({"at_least": 30, "below": 31}, [False, True, False]),
    ],
)
def test_bounds(bound, met):
    assert flagged(estimates(n=[29, 30, 31]), {"measure": "n", **bound}) == met


def test_all_tests_of_a_rule_must_be_met():
    table = estimates(n=[10, 10, 99], df=[2, 20, 2])
    tests = ({"measure": "n", "below": 50}, {"measure": "df", "below": 8})
    assert flagged(table, *tests) == [True, False, False]


def test_the_first_rule_that_is_met_gives_the_verdict():
    made = Reliability(
        id="own",
        title="t",
        source="s",
        rules=tuple(
            ReliabilityRule(verdict=verdict, tests=(rules.Test(measure="n", below=n),))
            for verdict, n in (("review", 5), ("caution", 50), ("unreliable", 20))
        ),
    )
    assert flags(estimates(n=[4, 10, 60]), READS, made).to_list() == ["review", "caution", ""]


def test_what_cannot_be_measured_meets_no_test():
    table = estimates(std_error=[None], cv=[None], estimate=[None], deff=[None])
    for measure in ("cv", "estimate", "width", "relative_width"):
        assert flagged(table, {"measure": measure, "at_least": -1}) == [False]


def test_effective_rows_are_no_more_than_there_are():
    table = estimates(n=[100, 100, 100], deff=[0.5, 2.0, None])
    assert flagged(table, {"measure": "n_effective", "at_most": 50}) == [False, True, False]
    assert flagged(table, {"measure": "n_effective", "above": 100}) == [False] * 3


def test_small_cells_of_two_sizes_are_two_measures():
    table = estimates(sex=["F", "M"], n=[5, 15])
    small = [{"measure": "small_cells", "rows": rows, "at_least": 1} for rows in (10, 20)]
    assert flagged(table, small[0]) == [False, False]
    assert flagged(table, small[1]) == [True, True]
    assert flagged(table, *small) == [False, False]


def test_a_rule_for_some_statistics():
    table = estimates(n=[1])
    assert flagged(table, {"measure": "n", "below": 5}, statistics=("mean",)) == [False]
    assert flagged(
        table, {"measure": "n", "below": 5}, statistics=("mean",), outcome=INCOME
    ) == [True]  # fmt: skip


def test_no_rows():
    found = flags(estimates(n=[]), READS, read_rules(Reliability, "nchs2017"))
    assert (found.dtype, found.len()) == (pl.String, 0)
    assert np.array(flagged(estimates(n=[]), {"measure": "n", "below": 1})).size == 0
