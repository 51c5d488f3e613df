import numpy as np
import pytest

from everycount.arrays.strata import between, frame


def ints(*codes):
    return np.array(codes)


def test_frame_counts_units_of_strata_and_what_was_not_drawn():
    population = np.array([4.0, 4.0, 4.0, 4.0, 3.0, np.inf])
    found = frame(ints(0, 0, 1, 1, 2, 3), ints(0, 0, 0, 0, 1, 2), population)
    assert found.stratum.tolist() == [0, 0, 1, 2]
    assert found.size.tolist() == [2, 1, 1]
    assert found.unsampled.tolist() == [0.5, 1 - 1 / 3, 1]
    assert found.single.tolist() == [False, True, True]
    assert found.factor.tolist() == [1, 1, 1]


def test_frame_of_a_further_stage_knows_the_fractions_above():
    first = frame(ints(0, 0, 1), ints(0, 0, 0), np.full(3, 8.0))
    second = frame(ints(0, 1, 2), ints(0, 0, 1), np.array([4.0, 4.0, 2.0]), first)
    third = frame(ints(0, 1, 2), ints(0, 1, 2), np.full(3, 10.0), second)
    assert second.factor.tolist() == [0.25, 0.25]
    assert second.parent.tolist() == [0, 1]
    assert third.factor.tolist() == [0.125, 0.125, 0.125]
    assert third.parent.tolist() == [0, 1, 2]


def test_codes_that_no_row_has_are_no_units():
    with_gaps = frame(ints(5, 2, 2, 9), ints(3, 3, 3, 1), np.array([4.0, 4.0, 4.0, 1.0]))
    assert with_gaps.units.tolist() == [1, 0, 0, 2]
    assert with_gaps.size.tolist() == [0, 1, 0, 2]
    assert with_gaps.unsampled[[1, 3]].tolist() == [0, 0.5]
    assert with_gaps.single.tolist() == [False] * 4


def test_a_stratum_taken_whole_is_whole_in_spite_of_rounding():
    nearly = frame(ints(0, 1, 2), ints(0, 0, 0), np.full(3, 3 * (1 - 1e-12)))
    assert nearly.unsampled.tolist() == [0]
    assert frame(ints(0), ints(0), np.array([1 + 1e-9])).single.tolist() == [False]
    assert frame(ints(0), ints(0), np.array([1 + 1e-6])).single.tolist() == [True]


@pytest.mark.parametrize(
    ("units", "strata", "population", "words"),
    [
        (ints(0, 1), ints(0), None, r"found units \(2,\) and strata \(1,\), expected one code"),
        (ints(), ints(), None, "expected one code for each row"),
        (ints([0, 1]), ints([0, 0]), None, r"found units \(1, 2\)"),
        (ints(0, -1), ints(0, 0), None, "found a code below 0"),
        (ints(0, 1), ints(0, -1), None, "found a code below 0"),
        (ints(0, 1, 1), ints(0, 0, 2), None, "found units in more than one stratum: 1$"),
        (ints(0, 1), ints(0, 0), np.array([3.0, 4.0]), "population is missing or not .*: 0$"),
        (ints(0, 1), ints(0, 1), np.array([3.0, np.nan]), "population is missing or not .*: 1$"),
        (ints(0, 1), ints(1, 1), np.array([1.5, 1.5]), "strata larger than their population: 1$"),
    ],
)
def test_stages_that_contradict_themselves_are_refused(units, strata, population, words):
    with pytest.raises(ValueError, match=words):
        frame(units, strata, population)


def test_strata_across_units_of_the_stage_above_are_refused():
    first = frame(ints(0, 0, 1), ints(0, 0, 0), None)
    with pytest.raises(ValueError, match="strata in two units of the stage above: 4"):
        frame(ints(0, 1, 2), ints(3, 4, 4), None, first)


def test_only_some_codes_are_shown():
    with pytest.raises(ValueError, match=r"population: 0, 1, .*, 19 and 5 more$"):
        frame(np.arange(25), np.arange(25), np.full(25, 0.5))


def test_equal_totals_have_no_variance_at_all():
    """A mean of thirds is not a third: what rounding leaves is taken off again."""
    stage = frame(np.arange(7), np.zeros(7, int), None)
    found = between(stage, np.full((7, 1), 1 / 3), None, lonely="fail", lonely_domains="centre")
    assert found.item() < 1e-45
