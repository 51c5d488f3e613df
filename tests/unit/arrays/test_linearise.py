import re
from itertools import product

import numpy as np
import pytest

from everycount.arrays.linearise import (
    Stage,
    covariance,
    design_effect,
    domain_df,
    lonely_strata,
    mean_scores,
    ratio_scores,
    total_scores,
)

Y = np.array([3.0, 5.0, 10.0, 1.0, 4.0, 4.0])


def rng(seed=3):
    return np.random.default_rng(seed)


def stage(units, strata=None, population=None):
    codes = np.asarray(units)
    return Stage(
        units=codes,
        strata=np.zeros(len(codes), int) if strata is None else np.asarray(strata),
        population=None if population is None else np.asarray(population, float),
    )


def variance(scores, *stages, **rules):
    return covariance(scores, stages, **rules).item()


# ---------------------------------------------------------------- against textbook formulas


def test_mean_of_a_simple_random_sample():
    _, scores = mean_scores(Y, np.full(6, 5.0))
    plain = Y.var(ddof=1) / 6
    assert variance(scores, stage(range(6))) == pytest.approx(plain, rel=1e-14)
    drawn = stage(range(6), population=[30] * 6)
    assert variance(scores, drawn) == pytest.approx(plain * (1 - 6 / 30), rel=1e-14)
    whole = stage(range(6), population=[6] * 6)
    assert variance(scores, whole) == 0


def test_total_of_clusters_in_strata():
    strata, units = [0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 3, 3]
    _, scores = total_scores(Y, [2.0] * 6)
    # Cluster totals 16 and 20; 2 and 16: n / (n - 1) * sum of squares = (difference)**2.
    assert variance(scores, stage(units, strata)) == pytest.approx(4**2 + 14**2, rel=1e-14)
    drawn = stage(units, strata, [8, 8, 8, 4, 4, 4])
    wanted = 4**2 * 0.75 + 14**2 * 0.5
    assert variance(scores, drawn) == pytest.approx(wanted, rel=1e-14)


def nested_variance(sample, depth=0):
    """Variance of a total by the recursion over stages, one stratum and one unit at a time.

    A sample is a list of strata (population, units); a unit is a sample or, at the last stage, a
    number. Returns the estimated total and its variance.
    """
    total = spread = 0.0
    for population, units in sample:
        n = len(units)
        parts = [
            nested_variance(unit, depth + 1) if isinstance(unit, list) else (unit, 0.0)
            for unit in units
        ]
        estimates = np.array([part[0] for part in parts])
        total += population / n * estimates.sum()
        spread += population**2 * (1 - n / population) * estimates.var(ddof=1) / n
        spread += population / n * sum(part[1] for part in parts)
    return total, spread


def rows_of(sample, weight=1.0):
    """Lay such a sample along rows: value, weight, and codes and populations by stage."""
    for at, (population, units) in enumerate(sample):
        for j, unit in enumerate(units):
            own, here = weight * population / len(units), ((at,), (at, j), population)
            if isinstance(unit, list):
                for value, final, path in rows_of(unit, own):
                    yield value, final, [here, *path]
            else:
                yield unit, own, [here]


def drawn_sample(numbers, stages):
    strata = []
    for _ in range(int(numbers.integers(1, 4))):
        n = int(numbers.integers(2, 4))
        units = [
            drawn_sample(numbers, stages - 1) if stages > 1 else float(numbers.normal(5, 2))
            for _ in range(n)
        ]
        strata.append((float(n + numbers.integers(0, 5)), units))
    return strata


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_total_over_several_stages(depth):
    sample = drawn_sample(rng(depth), depth)
    values, weights, paths = zip(*rows_of(sample), strict=True)
    stages = []
    for level in range(depth):
        keys = {"units": [], "strata": []}
        for path in paths:
            above = tuple(step[1] for step in path[:level])
            keys["strata"].append(str((above, path[level][0])))
            keys["units"].append(str((above, path[level][1])))
        codes = {name: np.unique(key, return_inverse=True)[1] for name, key in keys.items()}
        population = np.array([path[level][2] for path in paths])
        stages.append(Stage(population=population, **codes))
    total, wanted = nested_variance(sample)
    found, scores = total_scores(np.array(values), np.array(weights))
    assert found.item() == pytest.approx(total, rel=1e-12)
    assert variance(scores, *stages) == pytest.approx(wanted, rel=1e-12)


def test_stages_below_one_with_replacement_add_nothing():
    first, unknown = stage([0, 0, 1, 1, 2, 2]), stage(range(6), [0, 0, 1, 1, 2, 2])
    known = stage(range(6), [0, 0, 1, 1, 2, 2], [4] * 6)
    alone = variance(Y, first)
    assert variance(Y, first, unknown) == alone
    assert variance(Y, first, known) == alone
    endless = stage([0, 0, 1, 1, 2, 2], population=[np.inf] * 6)
    assert variance(Y, endless, known) == alone


def test_a_further_stage_without_population_ends_the_stages():
    first = stage([0, 0, 1, 1, 2, 2], population=[6] * 6)
    second = [0, 0, 1, 1, 2, 2]
    known, unknown = stage(range(6), second, [4] * 6), stage(range(6), second)
    third = stage(range(6), range(6), [4] * 6)
    alone = variance(Y, first)
    assert variance(Y, first, known) > alone
    assert variance(Y, first, unknown, third) == alone


def test_covariances_of_columns_are_those_of_sums():
    units, strata = rng().integers(0, 12, 60), np.zeros(60, int)
    strata = units // 4
    pair = rng(4).normal(size=(60, 2))
    found = covariance(pair, [stage(units, strata)])
    both = variance(pair.sum(axis=1), stage(units, strata))
    assert found.sum() == pytest.approx(both, rel=1e-12)
    assert found[0, 1] == found[1, 0]


def test_ratio_is_the_linearised_total():
    x, weight = np.array([1.0, 2.0, 3.0, 1.0, 1.0, 2.0]), np.array([1.0, 2, 3, 4, 5, 6])
    ratio, scores = ratio_scores(Y, x, weight)
    share = (Y @ weight) / (x @ weight)
    assert ratio.item() == pytest.approx(share, rel=1e-15)
    wanted = weight * (Y - share * x) / (x @ weight)
    np.testing.assert_allclose(scores[:, 0], wanted, rtol=1e-13)
    assert scores.sum() == pytest.approx(0, abs=1e-15)


# ---------------------------------------------------------------- scores


def test_a_domain_leaves_rows_in_place():
    domain = np.array([True, False, True, True, False, True])
    y = np.where(domain, Y, np.nan)  # outside nothing is looked at
    weight = np.where(domain, [1.0, 9, 2, 3, 9, 4], np.nan)
    total, scores = total_scores(y, weight, domain)
    assert total.tolist() == [3 + 20 + 3 + 16]
    assert scores[:, 0].tolist() == [3, 0, 20, 3, 0, 16]
    mean, scores = mean_scores(y, weight, domain)
    assert mean.tolist() == [4.2]
    np.testing.assert_allclose(scores[:, 0] * 10, [-1.2, 0, 11.6, -9.6, 0, -0.8], rtol=1e-12)
    assert scores.shape == (6, 1)


def test_columns_and_domains_go_together():
    values = np.column_stack([Y, Y**2])
    domains = np.column_stack([Y > 3, Y <= 3])
    weight = np.arange(1.0, 7.0)
    for both, one in product((values, values[:, :1]), (domains, domains[:, 0], None)):
        means, scores = mean_scores(both, weight, one)
        columns = 1 if one is not domains and both.shape[1] == 1 else 2
        assert means.shape == (columns,)
        assert scores.shape == (6, columns)
        for j in range(columns):
            own = None if one is None else one if one.ndim == 1 else one[:, j]
            alone = mean_scores(both[:, j % both.shape[1]], weight, own)
            assert (means[j], scores[:, j].tolist()) == (alone[0][0], alone[1][:, 0].tolist())


def test_ratios_pair_columns_with_denominators():
    above, below = np.column_stack([Y, 2 * Y]), np.arange(1.0, 7.0)
    shares, _ = ratio_scores(above, below, np.ones(6))
    assert shares[1] == 2 * shares[0]
    single, _ = ratio_scores(Y, np.column_stack([below, 2 * below]), np.ones(6))
    assert single.tolist() == [shares[0], shares[0] / 2]


def test_missing_values_in_a_domain_make_the_estimate_missing():
    values = np.column_stack([Y, np.where(Y == 10, np.nan, Y)])
    for found, scores in (total_scores(values, np.ones(6)), mean_scores(values, np.ones(6))):
        assert np.isnan(found).tolist() == [False, True]
        spread = covariance(scores, [stage(range(6))])
        assert np.isnan(spread).tolist() == [[False, True], [True, True]]


def test_an_empty_domain_has_a_total_and_no_mean():
    nobody = np.zeros(6, bool)
    total, scores = total_scores(Y, np.ones(6), nobody)
    assert (total.item(), variance(scores, stage(range(6)))) == (0, 0)
    mean, scores = mean_scores(Y, np.ones(6), nobody)
    assert np.isnan(mean).all()
    assert np.isnan(scores).all()
    for rule, members in product(("remove", "adjust", "average"), (None, nobody)):
        lonely = stage([0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1])
        assert np.isnan(variance(scores, lonely, lonely=rule, members=members))


@pytest.mark.parametrize(
    ("values", "weight", "domain"),
    [
        (np.ones((6, 3)), np.ones(6), np.ones((6, 2), bool)),
        (np.ones(5), np.ones(6), None),
        (np.ones(6), np.ones(6), np.ones(5, bool)),
    ],
)
def test_columns_that_do_not_fit_are_refused(values, weight, domain):
    with pytest.raises(ValueError, match=r"found shapes \[.*\] and 6 weights, expected as many"):
        total_scores(values, weight, domain)


# ---------------------------------------------------------------- strata with one unit

LONELY = stage(range(6), [0, 0, 0, 1, 2, 2])  # stratum 1 has the one unit 3, whose value is 1


def test_lonely_strata_are_named():
    assert lonely_strata(LONELY).tolist() == [1]
    assert lonely_strata(LONELY, Y != 1).tolist() == []
    assert lonely_strata(LONELY, Y == 1).tolist() == [1]
    drawn = stage(range(6), [0, 0, 0, 1, 2, 2], [3, 3, 3, 1, 2, 2])
    assert lonely_strata(drawn).tolist() == []


def test_lonely_strata_by_each_rule():
    plain = 3 / 2 * ((Y[:3] - 6) ** 2).sum()
    for rule in ("remove", "certainty"):
        assert variance(Y, LONELY, lonely=rule) == pytest.approx(plain, rel=1e-14)
    adjusted = plain + (1 - Y.mean()) ** 2
    assert variance(Y, LONELY, lonely="adjust") == pytest.approx(adjusted, rel=1e-14)
    assert variance(Y, LONELY, lonely="average") == pytest.approx(plain * 3 / 2, rel=1e-14)
    with pytest.raises(ValueError, match="found lonely strata, that is with one unit: 1"):
        variance(Y, LONELY)


def test_fully_sampled_strata_are_not_lonely_and_count_among_the_others():
    drawn = stage(range(6), [0, 0, 0, 1, 2, 2], [6, 6, 6, 1, 4, 4])
    plain = 3 / 2 * 0.5 * ((Y[:3] - 6) ** 2).sum()
    for rule in ("fail", "remove", "adjust", "average"):
        assert variance(Y, drawn, lonely=rule) == pytest.approx(plain, rel=1e-14)
    two = stage(range(6), [0, 0, 0, 1, 2, 3], [6, 6, 6, 1, 4, 4])
    assert variance(Y, two, lonely="average") == pytest.approx(plain * 4 / 2, rel=1e-14)


def test_the_share_not_sampled_is_taken_of_lonely_strata():
    drawn = stage(range(6), [0, 0, 0, 1, 2, 2], [np.inf, np.inf, np.inf, 4, 2, 2])
    plain = 3 / 2 * ((Y[:3] - 6) ** 2).sum()
    wanted = plain + 0.75 * (1 - Y.mean()) ** 2
    assert variance(Y, drawn, lonely="adjust") == pytest.approx(wanted, rel=1e-14)


def test_strata_without_members_are_left_alone():
    members = np.array([True, True, False, False, True, False])
    scores = np.where(members, Y, 0)
    plain = variance(scores, LONELY, lonely="remove")
    for rule in ("fail", "adjust", "average"):
        assert variance(scores, LONELY, lonely=rule, members=members) == plain
    # Without members being said the lonely stratum counts, at 0.
    adjusted = plain + scores.mean() ** 2
    assert variance(scores, LONELY, lonely="adjust") == pytest.approx(adjusted, rel=1e-14)
    assert variance(scores, LONELY, lonely="average") == pytest.approx(plain * 1.5, rel=1e-14)


def test_all_units_are_those_of_strata_with_members():
    members = np.array([True, True, False, True, False, False])
    scores = np.where(members, Y, 0)
    plain = variance(scores, LONELY, lonely="remove")
    adjusted = plain + (1 - 9 / 4) ** 2  # units 0 to 3; the strata 0 and 1
    found = variance(scores, LONELY, lonely="adjust", members=members)
    assert found == pytest.approx(adjusted, rel=1e-14)
    found = variance(scores, LONELY, lonely="average", members=members)
    assert found == pytest.approx(plain * 2, rel=1e-14)


def test_each_column_has_its_own_members():
    members = np.column_stack([Y > 2, Y < 5])
    scores = np.where(members, Y[:, None], 0)
    for rule in ("remove", "adjust", "average"):
        words = {"lonely": rule, "lonely_domains": "adjust"}
        both = covariance(scores, [LONELY], members=members, **words)
        for j in range(2):
            alone = variance(scores[:, j], LONELY, members=members[:, j], **words)
            assert both[j, j] == pytest.approx(alone, rel=1e-14)
        assert np.linalg.eigvalsh(both).min() > -1e-9


PAIRS = stage(range(6), [0, 0, 0, 1, 1, 1])
ONE = np.array([True, True, True, False, True, False])  # one of three units of stratum 1


def test_a_domain_with_one_unit_of_several_in_a_stratum():
    scores = np.where(ONE, Y, 0)
    plain = 3 / 2 * ((Y[:3] - 6) ** 2).sum()
    right = plain + 3 / 2 * ((np.array([0, 4, 0]) - 4 / 3) ** 2).sum()
    for rule in ("fail", "remove", "certainty", "adjust", "average"):
        assert variance(scores, PAIRS, lonely=rule, members=ONE) == pytest.approx(right)
    for rule in ("fail", "remove", "certainty"):
        words = {"lonely": rule, "lonely_domains": "adjust", "members": ONE}
        assert variance(scores, PAIRS, **words) == pytest.approx(right)
    grand = 22 / 6
    cautious = plain + 3 / 2 * ((np.array([0, 4, 0]) - grand) ** 2).sum()
    words = {"lonely_domains": "adjust", "members": ONE}
    assert variance(scores, PAIRS, lonely="adjust", **words) == pytest.approx(cautious)
    assert variance(scores, PAIRS, lonely="average", **words) == pytest.approx(plain * 2)


def test_fully_sampled_strata_are_not_lonely_in_domains_either():
    drawn = stage(range(6), [0, 0, 0, 1, 1, 1], [6, 6, 6, 3, 3, 3])
    scores = np.where(ONE, Y, 0)
    words = {"lonely_domains": "adjust", "members": ONE}
    plain = 3 / 2 * 0.5 * ((Y[:3] - 6) ** 2).sum()
    for rule in ("adjust", "average"):
        assert variance(scores, drawn, lonely=rule, **words) == pytest.approx(plain)


def test_lonely_strata_of_a_further_stage_look_within_their_unit():
    first = stage([0, 0, 0, 1, 1, 1], population=[4] * 6)
    second = stage(range(6), [0, 0, 1, 2, 2, 2], [8, 8, 8, 6, 6, 6])
    between_units = 4 * (1 - 2 / 4) * (18 - 9) ** 2 / 4
    pair = (1 - 2 / 8) * 2 * ((Y[:2] - 4) ** 2).sum()
    three = (1 - 3 / 6) * 3 / 2 * ((Y[3:] - 3) ** 2).sum()
    plain = between_units + (pair + three) / 2
    assert variance(Y, first, second, lonely="remove") == pytest.approx(plain, rel=1e-14)
    apart = (1 - 1 / 8) * (10 - 18 / 3) ** 2 / 2
    found = variance(Y, first, second, lonely="adjust")
    assert found == pytest.approx(plain + apart, rel=1e-14)
    found = variance(Y, first, second, lonely="average")
    assert found == pytest.approx(plain + pair / 2, rel=1e-14)
    with pytest.raises(ValueError, match="lonely strata, that is with one unit: 1"):
        covariance(Y, [first, second])


def test_nothing_is_known_where_all_strata_are_lonely():
    alone = stage(range(3), range(3))
    assert np.isnan(variance(Y[:3], alone, lonely="average"))
    assert variance(Y[:3], alone, lonely="remove") == 0
    assert variance(Y[:3], alone, lonely="adjust") == pytest.approx(((Y[:3] - 6) ** 2).sum())


# ---------------------------------------------------------------- shapes, degrees of freedom


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([], "found 6 rows of scores and [] of stages"),
        ([stage(range(5))], "found 6 rows of scores and [5] of stages"),
        ([stage(range(6)), stage(range(4))], "found 6 rows of scores and [6, 4] of stages"),
    ],
)
def test_scores_need_stages_of_as_many_rows(stages, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        covariance(Y, stages)


def test_members_need_the_shape_of_scores():
    with pytest.raises(ValueError, match=r"found members \(6, 2\), expected one column or \(6, 3"):
        covariance(np.ones((6, 3)), [stage(range(6))], members=np.ones((6, 2), bool))
    found = covariance(np.ones((6, 3)), [stage(range(6))], members=np.ones(6, bool))
    assert found.shape == (3, 3)


def test_degrees_of_freedom_count_units_and_strata_with_members():
    clusters = stage([0, 0, 1, 2, 3, 4], [0, 0, 0, 1, 1, 2])
    assert domain_df(clusters, np.ones(6)) == 5 - 3
    assert domain_df(clusters, [1.5, 0, np.nan, 2, 3, 0]) == 3 - 2
    assert domain_df(clusters, np.array([False, True, True, False, False, False])) == 2 - 1
    assert domain_df(clusters, np.zeros(6)) == 0


# ---------------------------------------------------------------- design effects


def test_design_effect_of_equal_weights_is_one():
    for make in (total_scores, mean_scores):
        _, scores = make(Y, np.full(6, 5.0))
        cov = covariance(scores, [stage(range(6), population=[30] * 6)])
        found = design_effect(np.diag(cov), scores, np.full(6, 5.0))
        np.testing.assert_allclose(found, 1, rtol=1e-13)
        found = design_effect(np.diag(cov), scores, np.full(6, 5.0), reference="with")
        np.testing.assert_allclose(found, 0.8, rtol=1e-13)


def test_design_effect_in_a_domain_is_of_the_domain():
    weight = np.array([1.0, 2, 3, 4, 5, 6])
    domain = np.array([True, True, True, False, True, True])
    mean, scores = mean_scores(Y, weight, domain)
    squares = (weight * domain) @ (Y - mean) ** 2 / 17
    random = squares * 5 / 4 / 5 * (1 - 5 / 17)
    found = design_effect([2.0], scores, weight, domain)
    assert found.item() == pytest.approx(2 / random, rel=1e-13)


def test_rows_of_weight_0_are_not_among_the_people():
    weight = np.array([4.0, 2, 3, 4, 5, 0])
    with_0 = design_effect([1.0], mean_scores(Y, weight)[1], weight)
    without = design_effect([1.0], mean_scores(Y[:5], weight[:5])[1], weight[:5])
    np.testing.assert_array_equal(with_0, without)


def test_there_is_no_design_effect_without_a_reference():
    weight = np.full(6, 5.0)
    _, scores = total_scores(np.column_stack([Y, np.ones(6)]), weight)
    found = design_effect([1.0, 0.0], scores, weight)
    assert np.isnan(found).tolist() == [False, True]  # nothing varies
    _, scores = mean_scores(Y, np.full(6, 0.5))
    assert np.isnan(design_effect([1.0], scores, np.full(6, 0.5))).all()  # 6 people of 3
    assert not np.isnan(design_effect([1.0], scores, np.full(6, 0.5), reference="with")).any()
    for reference in ("without", "with"):
        found = design_effect([0.0], np.zeros(6), weight, np.zeros(6, bool), reference=reference)
        assert np.isnan(found).all()
