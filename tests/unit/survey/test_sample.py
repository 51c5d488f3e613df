import numpy as np
import polars as pl
import pytest

from everycount.arrays.linearise import covariance
from everycount.errors import InputError, MethodError
from everycount.survey.resampled import Resampling, resample
from everycount.survey.sample import load

PEOPLE = {
    "stratum": ["a", "a", "a", "a", "b", "b", "b", "b", "b"],
    "village": [1, 1, 2, 2, 3, 3, 4, 4, 4],
    "house": [1, 2, 1, 2, 1, 2, 1, 1, 2],
    "villages": [0.5] * 4 + [8.0] * 5,
    "houses": [4.0, 4.0, 1.0, 1.0, 0.25, 0.25, 5.0, 5.0, 5.0],
    "w": [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0],
    "sex": [1, 2, None, 1, 2, 1, 2, 1, 2],
    "reads": [1, 0, 1, None, 0, 1, 1, 0, 1],
}
OUTCOMES = 'outcomes = [{ name = "reads" }]\n'
SEX = 'characteristics = [{ name = "sex" }]\n'
TWO_STAGES = """
[sampling]
strata = ["stratum"]
psu = "village"
weight = "w"
population = "villages"
stages = [{ units = "house", population = "houses" }]
"""
PLAIN = '[sampling]\nstrata = ["stratum"]\npsu = "village"\nweight = "w"\n'


@pytest.fixture
def sample_of(plan_of):
    def make(text, columns=PEOPLE, **options):
        return load(plan_of(columns, OUTCOMES + SEX + text, **options))

    return make


# -------------------------------------------------------------- what is loaded


@pytest.mark.parametrize("at_a_time", [1, 4, 100])
def test_rows_keep_their_order_whatever_the_batches(sample_of, at_a_time):
    sample = sample_of(PLAIN, at_a_time=at_a_time)
    assert sample.rows == 9
    assert sample.codes[0].tolist() == [0, 1, 2, 0, 1, 0, 1, 0, 1]  # 2: not known
    assert sample.measures[0].value.tolist() == [1, 0, 1, 0, 0, 1, 1, 0, 1]
    assert sample.measures[0].counts.tolist() == [each is not None for each in PEOPLE["reads"]]
    assert sample.measures[0].asked.all()
    assert sample.weight.tolist() == PEOPLE["w"]
    assert sample.unit.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert [each.rows for each in sample.findings.left_out] == [1, 1]
    assert sample.replicates is None


def test_a_ratio_keeps_its_denominator(plan_of):
    outcome = '{ name = "r", column = "reads", statistic = "ratio", denominator = "w" }'
    sample = load(plan_of(PEOPLE, f"outcomes = [{outcome}]", at_a_time=3))
    assert sample.measures[0].denominator.tolist() == [2, 4, 6, 0, 10, 12, 14, 16, 18]
    assert sample.stages[0].units.tolist() == list(range(9))  # every row is a unit


@pytest.mark.parametrize("at_a_time", [1, 4, 100])
def test_shares_of_populations_become_counts_at_every_stage(sample_of, at_a_time):
    first, second = sample_of(TWO_STAGES, at_a_time=at_a_time).stages
    assert first.population.tolist() == [4.0] * 4 + [8.0] * 5  # two villages are half of four
    assert first.units.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert first.strata.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]
    assert second.population.tolist() == [4, 4, 2, 2, 8, 8, 5, 5, 5]
    assert second.strata.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert second.units.tolist() == [0, 1, 2, 3, 4, 5, 6, 6, 7]


@pytest.mark.parametrize("text", [PLAIN, TWO_STAGES])
def test_a_stage_drawn_with_replacement_and_those_below_are_left_out(sample_of, text):
    below = 'stages = [{ units = "house" }]\n'
    sample = sample_of(text.partition("stages =")[0] + below)
    assert len(sample.stages) == 1
    assert sample.sampled.units == 4


def test_units_whose_numbers_begin_anew(sample_of):
    columns = PEOPLE | {"village": [1, 1, 2, 2, 1, 1, 2, 2, 2]}
    sample = sample_of(PLAIN + "nested = true\n", columns)
    assert sample.stages[0].units.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 3]


def test_rows_of_a_unit_may_stand_apart(sample_of):
    mixed = pl.DataFrame(PEOPLE)[[8, 2, 0, 4, 1, 3, 6, 5, 7]]
    sample = sample_of(PLAIN, mixed, at_a_time=2)
    assert sample.stages[0].units.tolist() == [3, 1, 0, 2, 0, 1, 3, 2, 3]
    assert sample.sampled.units == 4


def test_a_code_is_the_same_in_batches_that_read_it_otherwise(sample_of):
    strata = [1.0, 1.0, 1.0, 2.5, 1.0, 2.5, 2.5, 1.0, 2.5]
    columns = PEOPLE | {"stratum": strata, "village": [1, 1, 2, 3, 5, 4, 4, 5, 6]}
    sample = sample_of(PLAIN, columns, at_a_time=3)  # the first batch has whole numbers only
    assert sample.stages[0].strata.tolist() == [0, 0, 0, 1, 0, 1, 1, 0, 1]


# -------------------------------------------------------------- faults


def test_all_faults_are_told_at_once(sample_of):
    columns = PEOPLE | {
        "stratum": ["a", "b", None, "b", "b", "b", "b", "b", "b"],
        "w": [2.0, -1.0, 6.0, None, 10.0, 12.0, 14.0, 1.0, 1.0],
    }
    with pytest.raises(InputError) as caught:
        sample_of(PLAIN, columns)
    found = [f"{each.where}: {each.found}" for each in caught.value.problems]
    assert found == [
        "psu: unit 1 in two strata in 2 rows",
        "stratum, column stratum: nothing in 1 row",
        "weight, column w: a weight below 0 in 1 row",
        "weight, column w: nothing in 1 row",
    ]


def test_populations_that_cannot_be(sample_of):
    columns = PEOPLE | {"villages": [1, 2, 1, 2, -1, -1, -1, -1, -1]}
    columns["villages"][1:4] = [1, 2, 2]
    with pytest.raises(InputError) as caught:
        sample_of(TWO_STAGES, columns)
    assert [str(each) for each in caught.value.problems] == [
        "population of stratum a: found several values (1, 2), "
        "expected one value for the whole stratum",
        "population of stratum b: found -1, expected a number of units, or a share up to 1",
    ]


def test_a_file_without_rows(plan_of):
    plan = plan_of(PEOPLE, OUTCOMES + SEX + PLAIN)
    plan.source.table = plan.source.table.clear()
    with pytest.raises(MethodError, match="file: found no rows, expected at least one"):
        load(plan)


def test_an_empty_batch_is_passed_over(plan_of):
    plan = plan_of(PEOPLE, OUTCOMES + SEX + PLAIN)
    whole = plan.source.table
    pieces = [whole[:4], whole.clear(), whole[4:]]
    plan.source.batches = lambda columns: (piece.select(columns) for piece in pieces)
    assert load(plan).rows == 9


def test_units_in_two_strata_are_counted_together_beyond_the_first(sample_of):
    units = [1, 2, 3, 4, 5, 6, 7]
    columns = {
        "stratum": ["a"] * 7 + ["b"] * 8,
        "village": [*units, *units, 7],
        "w": [1.0] * 15,
        "sex": [1] * 15,
        "reads": [1] * 15,
    }
    with pytest.raises(InputError) as caught:
        sample_of(PLAIN, columns, at_a_time=4)
    found = [each.found for each in caught.value.problems]
    assert found[:2] == ["other units in two strata in 5 rows", "unit 1 in two strata in 2 rows"]
    assert len(found) == 6


# -------------------------------------------------------------- lonely units

LONELY = PEOPLE | {"village": [1, 1, 1, 1, 3, 3, 4, 4, 4]}


def test_a_stratum_with_one_unit_is_refused_by_its_name(sample_of):
    with pytest.raises(MethodError, match=r"1 stratum with a single sampled unit \(a\)"):
        sample_of(PLAIN, LONELY)
    sample = sample_of(PLAIN + 'lonely = "remove"\n', LONELY)
    assert sample.sampled.lonely == (("a",),)


def test_lonely_units_of_a_lower_stage_are_refused_too(sample_of):
    columns = PEOPLE | {"house": [1, 2, 1, 1, 1, 2, 1, 1, 1], "houses": [4.0] * 9}
    expected = r"lonely, stage 2: found 2 strata .* \(a / 2 / 0, b / 4 / 0\)"
    with pytest.raises(MethodError, match=expected):
        sample_of(TWO_STAGES, columns)


def test_a_unit_that_is_all_there_is_is_not_lonely(sample_of):
    columns = PEOPLE | {"house": [1, 2, 1, 1, 1, 2, 1, 1, 2], "houses": [1.0] * 9}
    assert sample_of(TWO_STAGES, columns).sampled.lonely == ((), ())


# -------------------------------------------------------------- variances of scores


def scores_of(rows, seed=1):
    return np.random.default_rng(seed).normal(size=rows)


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
@pytest.mark.parametrize("domains", ["centre", "adjust"])
def test_variances_are_those_of_rows(sample_of, rule, domains):
    more = f'lonely = "{rule}"\nlonely_domains = "{domains}"\n'
    columns = PEOPLE | {"stratum": list("aaaabbccc"), "village": [1, 1, 2, 2, 3, 3, 4, 4, 5]}
    sample = sample_of(PLAIN + more, columns)
    scores, members = (
        scores_of(9),
        np.array([True, True, False, False, True, True, True, True, True]),
    )
    scores[~members] = 0
    words = {"lonely": rule, "lonely_domains": domains, "members": members}
    expected = covariance(scores, sample.stages, **words)[0, 0]
    by_unit = np.bincount(sample.unit, scores)
    inside = np.bincount(sample.unit, members) > 0
    assert sample.sampled.variance(by_unit, inside) == pytest.approx(expected, rel=1e-12)
    assert sample.sampled.df(inside) == 1


def test_variances_of_two_stages_are_those_of_rows(sample_of):
    sample = sample_of(TWO_STAGES)
    scores = scores_of(9)
    expected = covariance(scores, sample.stages)[0, 0]
    found = sample.sampled.variance(np.bincount(sample.unit, scores), np.ones(8, bool))
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_variance_that_is_rounding_is_none(sample_of):
    sample = sample_of(PLAIN)
    nearly = np.array([0.1 + 0.2, 0.3, 7.0, 7.0])
    assert sample.sampled.variance(nearly, np.ones(4, bool)) == 0


# -------------------------------------------------------------- replicate weights

REPEATED = PEOPLE | {f"r{at}": scores_of(9, at) ** 2 for at in (1, 2, 3)}
GIVEN = """
[sampling]
weight = "w"
weight_divisor = 2
replicates = { kind = "bootstrap", columns = ["r1", "r2", "r3"]WHAT }
"""


def test_whole_replicate_weights_are_divided_too(sample_of):
    sample = sample_of(GIVEN.replace("WHAT", ", df = 5"), REPEATED, at_a_time=4)
    assert sample.weight.tolist() == [each / 2 for each in PEOPLE["w"]]
    made = sample.replicates
    np.testing.assert_array_equal(made.weights[:, 1], REPEATED["r2"] / 2)
    assert (made.scale, made.centre, made.kind) == (0.5, "mean", "bootstrap")
    assert made.rscales.tolist() == [1, 1, 1]
    assert sample.repeats.df == 5
    assert sample.sampled is None
    assert sample.stages == ()
    rows = np.array([3, 5])  # the first of them did not answer
    np.testing.assert_array_equal(
        sample.repeats.weights(sample.measures[0], rows)[:, 1], [0, REPEATED["r2"][5] / 2]
    )


def test_factors_multiply_the_weight_of_the_outcome(plan_of):
    text = 'outcomes = [{ name = "reads", weight = "w3" }]\n' + GIVEN
    columns = REPEATED | {"w3": [3.0 * each for each in PEOPLE["w"]]}
    sample = load(plan_of(columns, text.replace("WHAT", ', weights_are = "factors"')))
    half = np.array(PEOPLE["w"]) / 2
    np.testing.assert_allclose(sample.replicates.weights[:, 0], REPEATED["r1"] * half)
    found = sample.repeats.weights(sample.measures[0], np.arange(9))[:, 0]
    np.testing.assert_allclose(
        found, np.where(sample.measures[0].counts, REPEATED["r1"] * 3 * half, 0)
    )


def test_an_outcome_with_its_own_weight_needs_factors(plan_of):
    text = 'outcomes = [{ name = "reads", weight = "house" }]\n' + GIVEN.replace("WHAT", "")
    with pytest.raises(MethodError, match=r"outcome reads: found a weight of its own \(house\)"):
        load(plan_of(REPEATED, text))


def test_an_estimate_that_is_none_has_no_variance(sample_of):
    sample = sample_of(GIVEN.replace("WHAT", ""), REPEATED)
    assert np.isnan(sample.repeats.variance(np.ones(3), np.nan))


def test_replicate_weights_that_are_none(sample_of):
    columns = REPEATED | {"r2": [1.0, -1.0, None, 1, 1, 1, 1, 1, 1]}
    expected = "replicate weight, column r2: found nothing, text or less than 0 in 2 rows"
    with pytest.raises(InputError, match=expected):
        sample_of(GIVEN.replace("WHAT", ""), columns)


# -------------------------------------------------------------- replicate weights made here


def spread(sample, scores):
    """The variance of a sum of scores by unit, from the replicates."""
    repeats = sample.repeats
    totals = repeats.of_rows(np.arange(sample.rows)).T @ scores
    return repeats.variance(totals, scores.sum())


@pytest.mark.parametrize("kind", ["JKn", "BRR", "Fay"])
def test_replicates_of_sums_have_the_variance_of_linearisation(sample_of, kind):
    sample = resample(sample_of(PLAIN), Resampling(kind=kind))
    scores = scores_of(9)
    by_unit = np.bincount(sample.unit, scores)
    expected = sample.sampled.variance(by_unit, np.ones(4, bool))
    assert spread(sample, scores) == pytest.approx(expected, rel=1e-12)
    assert sample.repeats.kind == kind
    assert sample.replicates.weights.shape == (9, sample.repeats.count)


def test_jackknives_have_the_finite_population_correction(sample_of):
    text = TWO_STAGES.replace("stages", "# ")
    for kind, change in (("JKn", ""), ("JK1", 'strata = ["stratum"]')):
        columns = PEOPLE if kind == "JKn" else PEOPLE | {"villages": [8] * 9}
        sample = resample(
            sample_of(text.replace(change or "#", "#"), columns), Resampling(kind=kind)
        )
        scores = scores_of(9)
        by_unit = np.bincount(sample.unit, scores)
        expected = sample.sampled.variance(by_unit, np.ones(4, bool))
        assert spread(sample, scores) == pytest.approx(expected, rel=1e-12)


def test_jackknife_without_strata_or_population(sample_of):
    sample = resample(sample_of(PLAIN.replace('strata = ["stratum"]', "")), Resampling(kind="JK1"))
    assert sample.repeats.scale == 0.75


def test_the_bootstrap_has_a_seed(sample_of):
    sample = sample_of(PLAIN)
    made = [
        resample(sample, Resampling(kind="bootstrap", count=50, seed=seed)).repeats.matrix
        for seed in (1, 1, 2)
    ]
    assert made[0].shape == (4, 50)
    np.testing.assert_array_equal(made[0], made[1])
    assert (made[0] != made[2]).any()


def test_lonely_units_are_left_as_they_are(sample_of):
    sample = sample_of(PLAIN + 'lonely = "certainty"\n', LONELY)
    made = resample(sample, Resampling(kind="JKn")).repeats
    assert made.matrix[0].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("kind", "columns", "more", "words"),
    [
        ("JK1", {}, "", "JK1 with 2 strata, expected JKn"),
        (
            "BRR",
            {"village": [1, 1, 2, 2, 3, 3, 4, 4, 5]},
            "",
            r"BRR with more than two units in 1 strata \(b\), expected two units in each",
        ),
        ("JKn", LONELY, 'lonely = "average"', "lonely units under the rule average"),
        (
            "bootstrap",
            {"stratum": list("ABCDEFGHI"), "village": list(range(9))},
            'lonely = "remove"',
            "no stratum with two units or more that is not taken whole",
        ),
    ],
)
def test_replicates_that_cannot_be_made(sample_of, kind, columns, more, words):
    sample = sample_of(f"{PLAIN}{more}\n", PEOPLE | columns)
    with pytest.raises(MethodError, match=words):
        resample(sample, Resampling(kind=kind))


def test_options_of_replicates_are_checked(sample_of):
    sample = sample_of(PLAIN)
    for wrong, words in (
        (Resampling(kind="bootstrap", count=1), "found 1 replicates, expected 2 or more"),
        (Resampling(kind="Fay", rho=1.0), "found rho 1, expected a number from 0 to below 1"),
    ):
        with pytest.raises(MethodError, match=words):
            resample(sample, wrong)


def test_a_file_with_replicates_needs_no_others(sample_of):
    sample = sample_of(GIVEN.replace("WHAT", ""), REPEATED)
    with pytest.raises(MethodError, match="found replicate weights in the file"):
        resample(sample, Resampling(kind="JKn"))
