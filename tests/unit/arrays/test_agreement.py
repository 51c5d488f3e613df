import math

import numpy as np
import pytest

from everycount.arrays.agreement import cohen_kappa, fleiss_kappa


def test_cohen_kappa_of_a_table_worked_by_hand():
    # 50 units: both yes 20, first only 5, second only 10, both no 15. Observed 35/50 = 0.7;
    # by chance 25/50 x 30/50 + 25/50 x 20/50 = 0.5; kappa = 0.2 / 0.5.
    first = np.array([1] * 25 + [0] * 25)
    second = np.array([1] * 20 + [0] * 5 + [1] * 10 + [0] * 15)
    assert cohen_kappa(first, second) == pytest.approx(0.4, abs=1e-15)


def test_fleiss_kappa_of_the_table_in_his_paper():
    # Fleiss 1971 in the ten subjects and fourteen raters that textbooks print: 0.210.
    counts = np.array(
        [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ]
    )
    assert fleiss_kappa(counts) == pytest.approx(0.20993, abs=1e-5)


def test_kappa_is_one_for_full_and_below_zero_for_less_than_chance():
    units = np.array([0, 1, 2, 1])
    assert cohen_kappa(units, units) == 1
    assert cohen_kappa(np.array([0, 1]), np.array([1, 0])) == -1
    assert fleiss_kappa(np.array([[2, 0], [0, 2]])) == 1
    assert fleiss_kappa(np.array([[1, 1], [1, 1]])) == -1


def test_kappa_is_undefined_where_chance_alone_agrees():
    assert math.isnan(cohen_kappa(np.array([1, 1]), np.array([1, 1])))
    assert math.isnan(fleiss_kappa(np.array([[3, 0], [3, 0]])))
    assert math.isnan(cohen_kappa(np.array([], dtype=int), np.array([], dtype=int)))
    assert math.isnan(fleiss_kappa(np.zeros((0, 2), dtype=int)))
    assert math.isnan(fleiss_kappa(np.array([[1, 0], [0, 1]])))


def test_raters_of_other_units_are_refused():
    with pytest.raises(ValueError, match="2 units and 3"):
        cohen_kappa(np.array([1, 0]), np.array([1, 0, 1]))
    with pytest.raises(ValueError, match="sorted by 2 to 3 raters"):
        fleiss_kappa(np.array([[2, 0], [2, 1]]))
