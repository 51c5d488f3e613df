import numpy as np
import pytest

from everycount.arrays.hadamard import hadamard, hadamard_order


@pytest.mark.parametrize(
    "order", [1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 56, 60, 76, 80, 120, 160]
)
def test_rows_are_orthogonal_and_the_first_is_1(order):
    matrix = hadamard(order).astype(int)
    np.testing.assert_array_equal(matrix @ matrix.T, order * np.eye(order))
    assert set(np.unique(matrix)) <= {-1, 1}
    assert (matrix[0] == 1).all()
    assert (matrix[:, 0] == 1).all()


def test_orders_by_each_construction():
    wanted = {1: 1, 2: 2, 3: 4, 5: 8, 9: 12, 13: 16, 17: 20, 25: 28, 33: 36, 49: 56, 78: 80, 0: 1}
    assert {least: hadamard_order(least) for least in wanted} == wanted


def test_orders_without_a_construction_here():
    missing = [order for order in range(4, 201, 4) if hadamard_order(order) != order]
    assert missing == [52, 92, 100, 116, 156, 172, 184, 188]


@pytest.mark.parametrize(("order", "near"), [(3, 4), (6, 8), (52, 56), (92, 96), (-4, 1)])
def test_other_orders_are_refused_with_the_next(order, near):
    with pytest.raises(ValueError, match=f"found order {order}, expected one such as {near}"):
        hadamard(order)
