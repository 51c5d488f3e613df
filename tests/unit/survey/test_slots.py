import numpy as np

from everycount.model.design import Outcome
from everycount.survey.measure import Measure
from everycount.survey.slots import fill, plan_slots

READS = Outcome(name="reads")
INCOME = Outcome(name="income", statistic="mean")
EARNED = Outcome(name="earned", statistic="total")
RATE = Outcome(name="rate", statistic="ratio", denominator="hours")


def measured(weight, value, counts=None, asked=None, denominator=None):
    there = np.ones(len(weight), bool) if counts is None else np.array(counts, bool)
    return Measure(
        weight=np.array(weight, float),
        value=np.array(value, float),
        counts=there,
        asked=there if asked is None else np.array(asked, bool),
        denominator=None if denominator is None else np.array(denominator, float),
    )


def test_outcomes_for_which_all_rows_count_share_rows_and_weights():
    slots = plan_slots([READS, INCOME], [False, False])
    assert slots.count == 5
    assert slots.pairs.tolist() == [[2, 1, 0, 1, 0], [3, 1, 0, 0, 0]]


def test_an_outcome_with_gaps_has_its_own():
    slots = plan_slots([READS, RATE], [True, True])
    own, ratio = slots.outcomes
    assert (own.rows, own.asked, own.weight, own.value, own.other) == (1, 2, 3, 4, 3)
    assert own.squares == ()
    assert (ratio.rows, ratio.asked, ratio.weight, ratio.value, ratio.other) == (5, 6, 7, 8, 9)
    assert ratio.squares == (10, 11, 12)
    assert slots.pairs.tolist() == [[4, 3, 2, 1, 1], [8, 9, 6, 0, 5]]


def test_the_same_column_divided_otherwise_is_another_weight():
    outcomes = [
        Outcome(name="a", weight="own"),
        Outcome(name="b", weight="own", weight_divisor=2.0),
        Outcome(name="c", weight="own"),
        Outcome(name="d"),
    ]
    slots = plan_slots(outcomes, [False] * 4)
    assert [each.weight for each in slots.outcomes] == [1, 2, 1, 3]


def test_no_outcomes():
    assert plan_slots([], []).pairs.shape == (0, 5)


def test_what_rows_add_up():
    slots = plan_slots([READS, INCOME, EARNED, RATE], [False, True, True, False])
    measures = [
        measured([2, 3], [1, 0]),
        measured([2, 0], [10, 0], [True, False], [True, True]),
        measured([2, 0], [10, 0], [True, False]),
        measured([2, 3], [10, 20], denominator=[4, 5]),
    ]
    values = np.zeros((2, 24))
    fill(values, slots, measures, (0.0, 4.0, 4.0, 0.0))
    reads, income, earned, rate = slots.outcomes
    assert values[:, 0].tolist() == [1, 1]
    assert values[:, reads.weight].tolist() == values[:, rate.weight].tolist() == [2, 3]
    assert values[:, reads.value].tolist() == [2, 0]
    # A mean is less its shift altogether, a total only where it is squared.
    assert values[:, income.value].tolist() == [12, 0]
    assert values[:, earned.value].tolist() == [20, 0]
    for each in (income, earned):
        assert values[:, each.squares[0]].tolist() == [72, 0]
        assert values[:, each.rows].tolist() == [1, 0]
    assert values[:, income.asked].tolist() == [1, 1]
    assert values[:, rate.value].tolist() == [20, 60]
    assert values[:, rate.other].tolist() == [8, 15]
    assert values[:, rate.squares].tolist() == [[200, 80, 32], [1200, 300, 75]]
