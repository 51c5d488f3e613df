import re

import numpy as np
import pytest

from everycount.arrays.gradient_scores import gradient_scores
from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality import inequality, measure_of_replicates
from everycount.arrays.inequality_error import ReplicateGroups, Simulation
from everycount.arrays.inequality_measures import MEASURES
from everycount.arrays.linearise import Stage, covariance

Y = np.array([31.0, 48.0, 44.0, 70.0, 88.0])
SIZES = np.array([90.0, 120.0, 60.0, 150.0, 80.0])
ORDERED = {"order": np.arange(5), "reference": 3, "scale": 100.0}
UNORDERED = {"reference": 3, "scale": 100.0}


def table(**given):
    return GroupTable(**({"estimates": Y, "sizes": SIZES, "direction": "favourable"} | given))


def correlated(size=0.02, *, joint=False):
    """A covariance of estimates, and sizes, with every pair correlated."""
    spread = size * np.concatenate([Y, SIZES] if joint else [Y])
    rng = np.random.default_rng(11)
    root = np.eye(len(spread)) + 0.4 * rng.normal(size=(len(spread), len(spread)))
    whole = root @ root.T
    scale = spread / np.sqrt(np.diag(whole))
    return whole * np.outer(scale, scale)


def rng(seed=2):
    return np.random.default_rng(seed)


def one(name, groups, **given):
    return inequality([name], groups, **given)[0]


# ------------------------------------------------------------------------------- values


def test_every_measure_by_hand():
    # Two groups of a quarter and three quarters at 20 and 60: mean 50, ranks 1/8 and 5/8.
    groups = GroupTable(
        estimates=[20, 60], sizes=[1, 3], order=[1, 2], reference=0, scale=100,
        direction="favourable",
    )  # fmt: skip
    found = {row.name: row.value for row in inequality(list(MEASURES), groups)}
    steep = np.log(6) / 0.5  # the logits of 0.2 and 0.6 are log 6 apart, their ranks 1/2
    low = 1 / (1 + 4 * np.exp(steep / 8))
    high = 1 / (1 + np.exp(-steep) * (1 / low - 1))
    theil = 0.25 * 0.4 * np.log(0.4) + 0.75 * 1.2 * np.log(1.2)
    assert found == pytest.approx(
        {
            "d": 40,
            "r": 3,
            "aci": 0.25 * -0.75 * 20 + 0.75 * 0.25 * 60,
            "rci": 7.5 / 50,
            "sii": 100 * (high - low),
            "rii": high / low,
            "sii_linear": 80,
            "rii_linear": 90 / 10,
            "bgv": 0.25 * 900 + 0.75 * 100,
            "bgsd": np.sqrt(300),
            "cov": 100 * np.sqrt(300) / 50,
            "mdmu": 20,
            "mdmw": 0.25 * 30 + 0.75 * 10,
            "mdbu": 20,
            "mdbw": 10,
            "mdru": 20,
            "mdrw": 30,
            "idisu": 40,
            "idisw": 30,
            "ti": 1000 * theil,
            "mld": -1000 * (0.25 * np.log(0.4) + 0.75 * np.log(1.2)),
            "par": 10,
            "paf": 20,
        },
        rel=1e-12,
    )


def test_result_tells_what_it_is():
    found = one("aci", table(**ORDERED))
    assert (found.name, found.full_name) == ("aci", "Absolute concentration index")
    assert (found.groups, found.reason, found.caution, found.how) == (5, None, None, "none")
    assert np.isnan([found.std_error, found.low, found.high]).all()


def test_measures_come_in_the_order_asked_for():
    found = inequality(["ti", "d"], table())
    assert [row.name for row in found] == ["ti", "d"]


def test_average_stands_in_for_sizes_and_leaves_no_error():
    groups = table(sizes=None, average=50.0, std_errors=np.ones(5))
    found = one("mdmu", groups)
    assert found.value == pytest.approx(np.abs(Y - 50).mean())
    assert np.isnan(found.std_error)
    assert found.caution == "no error: that of the average which was given is not known"
    assert one("mdbu", groups).how == "delta"


# ------------------------------------------------------------------------------- no value


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("aci", {"order": None}, "no order of the groups was given"),
        ("r", {"estimates": [0, 1, 2, 3, 4]}, "the estimate to divide by is not above 0"),
        ("rci", {"estimates": np.zeros(5)}, "the mean is not above 0"),
        ("cov", {"estimates": -Y}, "the mean is not above 0"),
        ("idisu", {"estimates": np.zeros(5)}, "the mean is not above 0"),
        ("paf", {"estimates": np.zeros(5)}, "the mean is not above 0"),
        ("ti", {"estimates": Y - 40}, "an estimate is below 0, or the mean is not above it"),
        ("mld", {"estimates": Y - 31}, "an estimate is not above 0, and has no logarithm"),
        ("sii", {"estimates": [0, 0, 0, 0, 9], "scale": 9}, "no finite logistic curve fits best"),
        ("rii", {"estimates": np.zeros(5), "scale": 9}, "no finite logistic curve fits best"),
        ("sii_linear", {"sizes": [0, 0, 1, 0, 0]}, "everyone is in one group"),
        ("rii_linear", {"estimates": [0, 0, 0, 0, 9]}, "the line is not above 0"),
        ("d", {"estimates": [1]}, "1 groups with an estimate, and a measure needs two"),
        ("d", {"estimates": [1, np.nan, 2, np.nan, 3]}, "2 of 5 groups without an estimate: 1, 3"),
    ],
)
def test_measure_without_a_value_says_why(name, given, reason):
    usual = {"order": np.arange(5), "sizes": SIZES, "std_errors": np.ones(5)}
    count = len(given.get("estimates", Y))
    usual = {key: value[:count] for key, value in usual.items()}
    found = one(name, table(**(usual | given)))
    assert found.reason.startswith(reason)
    assert np.isnan([found.value, found.std_error, found.low, found.high]).all()
    assert found.how == "none"
    assert found.groups == np.isfinite(given.get("estimates", Y)).sum()


def test_all_at_a_bound_has_no_slope():
    found = inequality(["sii", "rii"], table(estimates=np.full(5, 100.0), **ORDERED))
    assert [row.value for row in found] == [0, 1]


def test_groups_without_estimates_may_be_left_out():
    y = Y.copy()
    y[[1, 3]] = np.nan
    errors = np.array([1, np.nan, 2, np.nan, 3])
    kept = [0, 2, 4]
    names = list(MEASURES)
    left = inequality(
        names, table(estimates=y, std_errors=errors, order=np.arange(5), reference=4, scale=100),
        missing="leave_out",
    )  # fmt: skip
    few = GroupTable(
        estimates=y[kept], sizes=SIZES[kept], std_errors=errors[kept], order=np.arange(3),
        reference=2, scale=100, direction="favourable",
    )  # fmt: skip
    assert left == inequality(names, few)
    assert {row.groups for row in left} == {3}
    gone = one("mdru", table(estimates=y, reference=1), missing="leave_out")
    assert gone.reason == "no reference group was named"
    none = one("d", table(estimates=np.full(5, np.nan)), missing="leave_out")
    assert none.reason == "0 groups with an estimate, and a measure needs two"


# ------------------------------------------------------------------------------- delta


@pytest.mark.parametrize("shape", [ORDERED, UNORDERED])
@pytest.mark.parametrize("direction", ["favourable", "adverse"])
@pytest.mark.parametrize("joint", [False, True])
def test_delta_error_is_that_of_many_draws(shape, direction, joint):
    # With errors this small every measure is as good as straight; no group changes place.
    groups = table(covariance=correlated(0.002, joint=joint), direction=direction, **shape)
    names = [name for name, row in MEASURES.items() if one(name, groups).reason is None]
    assert len(names) == (23 if "order" in shape else 17)
    by_delta = inequality(names, groups)
    by_draws = inequality(names, groups, error=Simulation(rng=rng(), draws=40_000))
    for delta, drawn in zip(by_delta, by_draws, strict=True):
        if delta.how == "none":  # an attributable risk that is set to 0
            assert (delta.name in {"par", "paf"}, delta.value) == (True, 0)
            continue
        # A standard deviation of 40,000 draws is off by 0.35 % (one standard error).
        assert delta.std_error == pytest.approx(drawn.std_error, rel=0.015), delta.name
        assert drawn.how == "simulation"
        assert (delta.low, delta.high) == pytest.approx(
            (drawn.low, drawn.high), rel=0.003, abs=0.05 * delta.std_error
        ), delta.name


def test_difference_and_ratio_have_the_errors_of_textbooks():
    groups = table(std_errors=np.array([1.0, 2, 3, 4, 5]))
    difference, ratio = inequality(["d", "r"], groups)
    assert difference.std_error == pytest.approx(np.hypot(1, 5), rel=1e-14)
    assert (difference.low, difference.high) == pytest.approx(
        57 + np.array([-1, 1]) * 1.959963984540054 * np.hypot(1, 5)
    )
    of_log = np.hypot(1 / 31, 5 / 88)
    assert ratio.std_error == pytest.approx(88 / 31 * of_log, rel=1e-14)
    assert np.log([ratio.low, ratio.high]) == pytest.approx(
        np.log(88 / 31) + np.array([-1, 1]) * 1.959963984540054 * of_log
    )


def test_concentration_index_has_the_error_of_a_weighted_sum():
    groups = table(std_errors=np.array([1.0, 2, 3, 4, 5]), **ORDERED)
    shares = SIZES / 500
    factors = shares * (2 * np.cumsum(shares) - shares - 1)
    wanted = np.sqrt(np.sum((factors * np.arange(1, 6)) ** 2))
    assert one("aci", groups).std_error == pytest.approx(wanted, rel=1e-13)


def test_between_group_variance_has_its_exact_error_where_sizes_are_known():
    found = one("bgv", table(covariance=correlated()))
    assert found.how == "exact"
    drawn = one("bgv", table(covariance=correlated()), error=Simulation(rng=rng(), draws=100_000))
    assert found.std_error == pytest.approx(drawn.std_error, rel=0.01)
    assert one("bgv", table(covariance=correlated(joint=True))).how == "delta"
    equal = one("bgv", table(estimates=np.full(5, 5.0), std_errors=np.ones(5)))
    assert (equal.how, equal.std_error > 0) == ("exact", True)
    assert equal.caution == "the interval reaches below 0, where the measure cannot be"
    gap = one("bgv", table(std_errors=[1, 1, np.nan, 1, 1]))
    assert gap.how == "none"


def test_level_widens_the_interval():
    groups = table(std_errors=np.ones(5))
    near, far = (one("d", groups, level=level) for level in (0.5, 0.99))
    assert far.low < near.low < near.high < far.high


def test_joint_covariance_of_a_survey_gives_the_error_of_its_people():
    # Two roads to one number: estimates and sizes of groups, or the score of each person.
    names = ["aci", "rci", "sii", "rii", "sii_linear", "rii_linear"]
    people = rng().normal(size=600)
    rank = np.digitize(people, [-1, 0, 0.7]).astype(float)
    y = (rng(3).uniform(size=600) < 0.3 + 0.15 * rank).astype(float)
    weight = rng(4).uniform(0.5, 3, 600)
    stages = [Stage(units=np.arange(600) // 12, strata=np.arange(600) // 120)]
    is_in = [rank == place for place in range(4)]
    estimates = [np.average(y[own], weights=weight[own]) for own in is_in]
    sizes = [weight[own].sum() for own in is_in]
    scores = np.column_stack(
        [np.where(own, weight * (y - mean), 0) / size
         for own, mean, size in zip(is_in, estimates, sizes, strict=True)]
        + [np.where(own, weight, 0) for own in is_in]
    )  # fmt: skip
    groups = GroupTable(
        estimates=estimates, sizes=sizes, covariance=covariance(scores, stages),
        order=np.arange(4), scale=1, direction="favourable",
    )  # fmt: skip
    by_people = gradient_scores(names, y, weight, rank, scale=1)
    wanted = np.sqrt(np.diag(covariance(by_people.scores, stages)))
    found = inequality(names, groups)
    np.testing.assert_allclose([row.value for row in found], by_people.values, rtol=1e-11)
    np.testing.assert_allclose([row.std_error for row in found], wanted, rtol=1e-9)


# ------------------------------------------------------------------------------- edges

UNCERTAIN = (
    "which group is highest, lowest or best, or on which side of the mean or of the reference a "
    "group lies, is within the error: prefer replicates or a simulation"
)


@pytest.mark.parametrize(
    ("name", "errors", "is_uncertain"),
    [
        ("d", [1, 1, 1, 1, 1], False),
        ("d", [6, 1, 6, 1, 1], True),  # 31 and 44 for the lowest
        ("d", [1, 1, 1, 9, 5], True),  # 70 and 88 for the highest
        ("mdbw", [6, 1, 6, 1, 1], False),
        ("mdbw", [1, 1, 1, 9, 5], True),
        ("mdmw", [1, 9, 1, 1, 1], True),  # 48 and the mean, 56.16
        ("mdmw", [1, 1, 1, 1, 1], False),
        ("mdru", [1, 1, 1, 1, 1], False),
        ("mdru", [1, 1, 1, 9, 9], True),
        ("par", [1, 1, 1, 9, 5], True),
        ("aci", [9, 9, 9, 9, 9], False),
    ],
)
def test_pick_within_the_error_is_cautioned(name, errors, is_uncertain):
    shape = {"aci": {"order": np.arange(5)}, "mdru": {"reference": 3}}.get(name, {})
    found = one(name, table(std_errors=errors, **shape))
    assert found.caution == (UNCERTAIN if is_uncertain else None)
    assert found.how == "delta"


def test_equal_groups_have_no_error_by_delta_unless_the_measure_is_smooth_there():
    equal = table(estimates=np.full(5, 50.0), std_errors=np.ones(5), **ORDERED)
    found = {row.name: row for row in inequality(list(MEASURES), equal)}
    smooth = {"d", "r", "aci", "rci", "sii", "rii", "sii_linear", "rii_linear", "bgv"}
    for name, row in found.items():
        assert row.value == pytest.approx(MEASURES[name].neutral, abs=1e-9)
        assert (row.how != "none") == (name in smooth), name
        if name not in smooth:
            wanted = "no error: all groups are equal, where the delta method does not hold"
            assert row.caution == wanted
    unordered = one("d", table(estimates=np.full(5, 50.0), std_errors=np.ones(5)))
    assert unordered.how == "none"


def test_attributable_risk_set_to_nothing_has_no_error_by_delta():
    groups = table(std_errors=np.ones(5), direction="adverse", order=np.arange(5))
    found = one("par", groups)
    assert (found.value, found.how) == (0, "none")
    assert found.caution.endswith("is not known, or the measure has an edge")


def test_theil_has_an_error_with_a_group_at_nothing_only_if_that_is_certain():
    y = Y - 31
    certain = one("ti", table(estimates=y, std_errors=[0, 1, 1, 1, 1]))
    assert certain.how == "delta"
    drawn = one(
        "ti", table(estimates=y, std_errors=[0, 1, 1, 1, 1]), error=Simulation(rng=rng())
    )  # fmt: skip
    assert certain.std_error == pytest.approx(drawn.std_error, rel=0.03)
    assert one("ti", table(estimates=y, std_errors=np.ones(5))).how == "none"


def test_missing_error_matters_only_where_the_group_counts():
    groups = table(std_errors=[1, np.nan, 1, 1, 1])
    assert one("d", groups).std_error == pytest.approx(np.sqrt(2))
    assert one("mdbw", groups).how == "none"
    drawn = one("d", groups, error=Simulation(rng=rng()))
    assert (drawn.how, drawn.value) == ("none", 57)
    assert drawn.caution == "no error: that of a group which counts is not known"


def test_interval_below_nothing_is_cautioned():
    found = one("mdbw", table(estimates=[5, 5.1, 5, 5, 5], std_errors=np.full(5, 0.01)))
    assert found.caution is None
    wide = one("mdbw", table(estimates=[5, 5.1, 5, 5, 5], std_errors=np.full(5, 0.2)))
    assert wide.low < 0
    assert wide.caution.startswith(UNCERTAIN)
    assert wide.caution.endswith("; the interval reaches below 0, where the measure cannot be")


def test_ratio_of_nothing_has_no_interval():
    found = one("r", table(estimates=[5, 1, 1, 1, 0], std_errors=np.ones(5), order=np.arange(5)))
    assert (found.value, found.std_error) == (0, pytest.approx(0.2))
    assert np.isnan([found.low, found.high]).all()
    assert found.caution == "no interval: a ratio of 0 has no logarithm"


# ------------------------------------------------------------------------------- replicates


def replicates(count=400):
    whole = rng().multivariate_normal(
        np.concatenate([Y, SIZES]), correlated(0.002, joint=True), count
    )
    return whole[:, :5], whole[:, 5:]


def test_replicates_give_the_error_of_their_covariance():
    estimates, sizes = replicates()
    route = ReplicateGroups(estimates=estimates, sizes=sizes, scale=1 / 399, centre="mean")
    joint = np.cov(np.hstack([estimates, sizes]).T)
    names = list(MEASURES)
    found = inequality(names, table(**ORDERED), error=route)
    wanted = inequality(names, table(covariance=joint, **ORDERED))
    for drawn, delta in zip(found, wanted, strict=True):
        assert drawn.how == "replicates"
        assert drawn.std_error == pytest.approx(delta.std_error, rel=0.01), drawn.name
        assert (drawn.low, drawn.high) == pytest.approx((delta.low, delta.high), rel=0.005)


def test_one_measure_of_replicates_is_the_same():
    estimates, sizes = replicates(6)
    rscales = np.array([1, 1, 0.5, 0.5, 2, 2])
    route = ReplicateGroups(estimates=estimates, sizes=sizes, scale=0.5, rscales=rscales)
    found = measure_of_replicates(
        "bgsd", estimates, groups=table(), replicate_sizes=sizes, scale=0.5, rscales=rscales,
        level=0.9,
    )  # fmt: skip
    assert found == one("bgsd", table(), error=route, level=0.9)
    centred = measure_of_replicates("d", estimates, groups=table(), scale=1, centre="mean")
    wanted = np.sqrt(np.sum((np.ptp(estimates, axis=1) - np.ptp(estimates, axis=1).mean()) ** 2))
    assert centred.std_error == pytest.approx(wanted)


def test_replicates_pick_their_own_groups():
    found = measure_of_replicates("d", [[9, 5], [5, 9]], groups=table(
        estimates=[5, 6], sizes=None), scale=1)  # fmt: skip
    assert (found.value, found.std_error) == (1, pytest.approx(np.sqrt(18)))


def test_replicate_without_a_value_leaves_no_error():
    groups = table(estimates=[1, 2], sizes=[1, 1])
    found = measure_of_replicates("mld", [[1, 2], [0, 2]], groups=groups, scale=1)
    assert found.value > 0
    assert (found.how, found.caution) == (
        "none", "1 of 2 replicates without a value of this measure"
    )  # fmt: skip


def test_replicates_lose_the_groups_that_are_left_out():
    groups = table(estimates=[1, np.nan, 4], sizes=[1, 2, 3])
    route = ReplicateGroups(
        estimates=[[1, 0, 5], [0, np.nan, 4]], sizes=[[1, 1, 1], [1, 1, 1]], scale=1
    )
    found = one("d", groups, error=route, missing="leave_out")
    assert (found.value, found.std_error) == (3, pytest.approx(np.sqrt(2)))


@pytest.mark.parametrize(
    ("given", "sizes", "words"),
    [
        ({"estimates": [[1, 2]]}, SIZES, "replicates: found 2 groups, expected the 5 of the table"),
        (
            {"estimates": [Y], "sizes": [SIZES]},
            None,
            "replicates: found sizes, expected none as the table has none",
        ),
    ],
)
def test_replicates_that_do_not_fit_the_table_are_refused(given, sizes, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        one("d", table(sizes=sizes), error=ReplicateGroups(scale=1, **given))


# ------------------------------------------------------------------------------- simulation


def test_simulation_draws_once_for_all_measures():
    groups = table(std_errors=np.ones(5))
    alone = one("mdbw", groups, error=Simulation(rng=rng(), draws=200))
    among = inequality(["d", "mdbw"], groups, error=Simulation(rng=rng(), draws=200))[1]
    assert alone == among
    other = one("mdbw", groups, error=Simulation(rng=rng(9), draws=200))
    assert other.std_error != alone.std_error
    assert other.value == alone.value


def test_simulation_of_equal_groups_lies_above_nothing():
    groups = table(estimates=np.full(5, 50.0), std_errors=np.ones(5))
    found = one("bgsd", groups, error=Simulation(rng=rng()))
    assert found.value == 0
    assert 0 < found.low < found.high


# ------------------------------------------------------------------------------- refusals


def test_unknown_measure_is_refused():
    with pytest.raises(ValueError, match=r"found \['gini'\], expected some of \['aci', 'bgsd'"):
        inequality(["d", "gini"], table())


@pytest.mark.parametrize("level", [0, 1])
def test_level_outside_its_domain_is_refused(level):
    with pytest.raises(ValueError, match=f"level: found {level}, expected a share between 0 and 1"):
        one("d", table(), level=level)
