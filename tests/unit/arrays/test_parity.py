import numpy as np
import pytest

from everycount.arrays import parity
from everycount.errors import ColumnError

NAN = np.nan


def test_truncated_ratio():
    found = parity.truncated_ratio([[0.8, 0.95], [1.2, NAN]], [1, 0.944])
    np.testing.assert_allclose(found, [[0.8, 0.944], [1, NAN]])


def test_truncated_ratio_refuses():
    with pytest.raises(ColumnError) as error:
        parity.truncated_ratio([[0.8, -0.1]], [NAN, 1])
    assert error.value.faults == ((0, "no cap", "a ratio"), (1, "-0.1", "0 or more"))


def test_distance_to_interval():
    x = [[40.0, 1, 9], [50, 5, 9], [NAN, 9, NAN]]
    found = parity.distance_to_interval(x, [47, 3, NAN], [53, NAN, 4])
    np.testing.assert_allclose(found, [[7, 2, 5], [0, 0, 5], [NAN, 0, NAN]])


def test_distance_to_interval_refuses():
    with pytest.raises(ColumnError) as error:
        parity.distance_to_interval([[1.0, 1.0, 1.0]], [0, 5, NAN], [1, 4, NAN])
    assert [fault[0] for fault in error.value.faults] == [1, 2]
    with pytest.raises(ColumnError):
        parity.distance_to_interval([[1.0]], 5, 4)


def test_correcting_coefficient():
    found = parity.correcting_coefficient([[25.0, NAN], [100, 9]], maximum=[100, 9])
    np.testing.assert_allclose(found, [[0.5, NAN], [1, 1]])


def test_correcting_coefficient_refuses():
    with pytest.raises(ColumnError) as error:
        parity.correcting_coefficient([[1.0, -1, 5, 1]], maximum=[2, 2, 4, NAN])
    assert [fault[0] for fault in error.value.faults] == [1, 2, 3]
    assert "levels 5 to 5, expected 0 to a maximum, found 4" in str(error.value)
