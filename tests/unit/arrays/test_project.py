import numpy as np
import pytest

from everycount.arrays import project as projection
from everycount.errors import ColumnError

NAN = np.nan
YEARS = [2015, 2016, 2018, 2020]


def test_project_linear():
    found = projection.project(
        [[10, 12, NAN, 20], [NAN, 5, NAN, NAN], [NAN] * 4], YEARS, 2030, method="linear"
    )
    np.testing.assert_allclose(found.change, [2, NAN, NAN])
    np.testing.assert_allclose(found.value, [40, NAN, NAN])


def test_project_goes_on_from_the_last_known_value():
    found = projection.project([[10, 14, 12, NAN]], YEARS, 2021, method="linear")
    slope = np.polyfit(YEARS[:3], [10, 14, 12], 1)[0]
    np.testing.assert_allclose(found.value, 12 + 3 * slope)


def test_project_compound():
    found = projection.project([[100, NAN, NAN, 161.051]], YEARS, 2021, method="compound")
    np.testing.assert_allclose(found.change, [10])
    np.testing.assert_allclose(found.value, [177.1561])


def test_compound_growth():
    found = projection.compound_growth([[100, NAN, NAN, 161.051], [3, NAN, NAN, NAN]], YEARS)
    np.testing.assert_allclose(found, [0.1, NAN])
    with pytest.raises(ColumnError) as error:
        projection.compound_growth([[1, 0, 2, -3]], YEARS)
    assert error.value.faults == ((1, "0", "values above 0"), (3, "-3", "values above 0"))


def test_periods_must_rise():
    with pytest.raises(ValueError, match="periods must rise"):
        projection.compound_growth([[1.0, 2.0]], [2016, 2015])


def test_current_status():
    found = projection.current_status([10, 0, 30, 0, 5, NAN], [20, 20, 20, 0, 0, 20])
    np.testing.assert_allclose(found, [5, 10, -5, 10, NAN, NAN])


def test_anticipated_progress():
    found = projection.anticipated_progress([10, 0, 30, 0, 5, 0], [20, 20, 20, 0, 0, NAN])
    np.testing.assert_allclose(found, [50, 0, 150, 0, NAN, NAN])


def test_classify():
    found = projection.classify(
        [0, 2, 2.1, 20, 20.1, 1, 0, NAN, 1], [20, 20, 20, 20, 20, 0, 0, 1, NAN]
    )
    wanted = ["on track", "on track", "too slow", "too slow", "moving away", "moving away"]
    assert found.tolist() == [*wanted, "on track", "", ""]
    assert projection.classify([2.1], [20], near=20).tolist() == ["on track"]
