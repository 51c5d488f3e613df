"""Confidential cells, against the rules applied by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from everycount.arrays.disclose import (
    Dominance,
    MinimumAnswers,
    MinimumRespondents,
    PPercent,
    Reason,
    Rules,
    judge_counts,
    judge_totals,
)
from everycount.errors import MethodError

TEN = MinimumRespondents(least=10)


def test_fewer_than_the_minimum_are_confidential_and_nobody_is_not():
    found = judge_counts([[0, 1, 9, 10]], Rules(respondents=TEN))
    assert_array_equal(found.reason, [0, Reason.FEW_RESPONDENTS, Reason.FEW_RESPONDENTS, 0])
    assert_array_equal(found.up, [[0, 9, 1, 0]])
    assert_array_equal(found.width, [[0, 9, 5, 0]])
    assert_array_equal(found.down, np.zeros((1, 4)))


def test_empty_cells_are_confidential_where_that_is_asked_for():
    rules = Rules(respondents=MinimumRespondents(least=3, empty="unsafe", width=1))
    found = judge_counts([[0, 2, 3]], rules)
    assert_array_equal(found.reason > 0, [True, True, False])
    assert_array_equal(found.width, [[3, 1, 0]])


def test_answers_of_all_and_of_none_are_confidential():
    found = judge_counts([[0, 20, 5, 0], [20, 0, 5, 0]], Rules(answers=MinimumAnswers()))
    assert_array_equal(found.reason, [Reason.FEW_YES, Reason.FEW_NO, 0, 0])
    assert_array_equal(found.up, [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])


def test_few_answers_and_few_respondents_add_up():
    rules = Rules(respondents=TEN, answers=MinimumAnswers(least=3, width=4))
    found = judge_counts([[1, 4, 0], [4, 4, 12]], rules)
    few = Reason.FEW_RESPONDENTS
    assert_array_equal(found.reason, [few | Reason.FEW_YES, few, Reason.FEW_YES])
    assert_array_equal(found.up, [[2, 0, 3], [0, 0, 0], [5, 2, 0]])
    # yes and no of a cell with few respondents may not be determined
    assert_array_equal(found.width, [[4, 1, 4], [1, 1, 0], [5, 5, 0]])


def test_answers_need_two_layers_and_rules_may_be_none():
    assert not judge_counts([[0, 5]], Rules(answers=MinimumAnswers())).reason.any()
    assert not judge_counts([[0, 5], [1, 1]], Rules()).reason.any()


@pytest.mark.parametrize("layers", [[1, 2], [[[1]]], np.zeros((3, 2), int)])
def test_counts_of_another_shape_are_refused(layers):
    with pytest.raises(ValueError, match="expected \\(1, cells\\) or \\(2, cells\\)"):
        judge_counts(layers, Rules())


@pytest.mark.parametrize("layers", [[[1.0]], [[-1]]])
def test_counts_are_whole_and_not_negative(layers):
    with pytest.raises(ValueError, match="whole numbers of respondents"):
        judge_counts(layers, Rules())


def test_the_largest_contributors_dominate():
    rules = Rules(dominance=Dominance(contributors=2, percent=90))
    largest = [[60, 35], [60, 30], [60, 30]]
    found = judge_totals([100, 100, 99.9], largest, rules, respondents=[9, 9, 9])
    assert_array_equal(found.reason, [Reason.DOMINANCE, 0, Reason.DOMINANCE])
    assert_allclose(found.up[0], [95 / 0.9 - 100, 0, 100 - 99.9])
    # with that much more, the rule would have let the total through
    assert not judge_totals(
        [100 + found.up[0, 0] + 1e-9], [[60, 35]], rules, respondents=[9]
    ).reason.any()


def test_the_second_largest_contributor_learns_the_largest():
    rules = Rules(p_percent=PPercent(percent=10))
    found = judge_totals([100, 100], [[80, 15], [80, 12]], rules, respondents=[9, 9])
    assert_array_equal(found.reason, [Reason.P_PERCENT, 0])
    assert_allclose(found.up, [[8 - 5, 0]])
    assert_array_equal(found.down, found.up)
    assert_array_equal(found.width, 2 * found.up)


def test_totals_of_few_respondents_stay_uncertain_by_a_share_of_the_largest():
    some = [[50.0, 30], [50, 30], [0, 0], [4, 0]]
    totals, count = [120, 120, 0, 4], [3, 10, 0, 0]
    rules = Rules(respondents=MinimumRespondents(least=10))
    found = judge_totals(totals, some, rules, respondents=count)
    assert_array_equal(found.reason > 0, [True, False, False, True])
    assert_allclose(found.up[0], [5, 0, 0, 0.4])
    rules = Rules(respondents=rules.respondents, p_percent=PPercent(percent=20))
    assert_allclose(judge_totals(totals, some, rules, respondents=count).up[0, 0], 10)


@pytest.mark.parametrize(
    ("total", "largest", "count"),
    [
        ([1, 2], [[1, 0]], [1, 1]),
        ([1], [[1]], [1]),
        ([1], [[1, 0]], [1, 1]),
        ([[1]], [[1, 0]], [1]),
    ],
)
def test_totals_that_do_not_fit_are_refused(total, largest, count):
    rules = Rules(p_percent=PPercent(percent=10))
    with pytest.raises(ValueError, match="at least 2"):
        judge_totals(total, largest, rules, respondents=count)


def test_negative_contributions_are_told_all_at_once():
    with pytest.raises(MethodError, match="cell 0: found -3, expected contributions") as caught:
        judge_totals([-3, 5, np.nan, 4], [[1], [6], [1], [-1]], Rules(), respondents=[1, 1, 1, 1])
    assert [problem.where for problem in caught.value.problems] == ["cell 0", "cell 2", "cell 3"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MinimumRespondents(least=0), "minimum of 0"),
        (lambda: MinimumAnswers(least=2, width=0), "width of 0"),
        (lambda: Dominance(contributors=0, percent=90), "0 contributors"),
        (lambda: Dominance(contributors=2, percent=100), "100 %"),
        (lambda: PPercent(percent=0), "expected more than 0"),
    ],
)
def test_rules_check_themselves(make, words):
    with pytest.raises(ValueError, match=words):
        make()
