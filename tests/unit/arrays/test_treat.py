import numpy as np
import pytest

from everycount.arrays.transform import BoxCox, transform
from everycount.arrays.treat import Rule, Winsorise, treat, winsorise
from everycount.errors import ColumnError

NAN = np.nan
HIGH = np.array([*np.arange(1.0, 31.0), 200, 300, NAN])
TABLE = np.column_stack([HIGH, -HIGH, np.arange(33.0), np.full(33, 3.0)])


def test_winsorise_moves_the_end_that_is_long():
    found = winsorise(TABLE)
    assert found.count.tolist() == [2, 2, 0, 0]
    assert found.marks[:, 0].tolist() == [0] * 30 + [1, 1, 0]
    assert found.marks[:, 1].tolist() == [0] * 30 + [2, 2, 0]
    assert found.values[30:32, 0].tolist() == [30, 30]
    np.testing.assert_array_equal(found.values[:, 2:], TABLE[:, 2:])


def test_winsorise_stops_at_the_limit():
    assert winsorise(TABLE, limit=1).count.tolist() == [1, 1, 0, 0]
    assert winsorise(TABLE, limit=0).count.tolist() == [0, 0, 0, 0]


def test_winsorise_moves_ties_together():
    x = np.array([1.0] * 20 + [2.0] * 3 + [50.0, 50.0])[:, None]
    found = winsorise(x, limit=1)
    assert found.count.tolist() == [2]
    assert found.values[-2:].ravel().tolist() == [2, 2]


def test_rule_either():
    x = np.array([1.0, 1, 1, 2, 2, 3, 4, 9])[:, None]
    assert Rule(skewness=1, kurtosis=99, suspect="either").finds_outliers(x).tolist() == [True]
    assert Rule(skewness=1, kurtosis=99).finds_outliers(x).tolist() == [False]


def test_treat_leaves_good_columns_alone():
    found = treat(TABLE[:, 2:], first=Winsorise(), then="log_ct")
    np.testing.assert_array_equal(found.values, TABLE[:, 2:])
    assert found.method == ("none", "none")
    assert not found.marks.any()
    assert found.passes.all()


def test_treat_transforms_the_original_where_winsorising_is_not_enough():
    found = treat(TABLE, first=Winsorise(limit=1), then="log_ct_plus")
    assert found.method == ("log_ct_plus", "log_ct_plus", "none", "none")
    np.testing.assert_allclose(found.values[:, :2], transform(TABLE[:, :2], "log_ct_plus"))
    assert found.marks[:, 0].tolist() == [3] * 32 + [0]
    assert found.n_tried.tolist() == [1, 1, 0, 0]
    assert found.n_winsorised.tolist() == [0, 0, 0, 0]
    assert (found.skewness_before[:2] * [1, -1] > 2).all()


def test_treat_without_transformation_keeps_what_is_winsorised():
    found = treat(TABLE, first=Winsorise(limit=1))
    assert found.method == ("winsorised", "winsorised", "none", "none")
    assert found.passes.tolist() == [False, False, True, True]


def test_treat_without_winsorising():
    assert treat(TABLE[:, :1], then=BoxCox(power=0.5)).method == ("box_cox",)


def test_treat_does_nothing_unasked():
    np.testing.assert_array_equal(treat(TABLE).values, TABLE)


def test_treat_names_the_column_that_cannot_be_transformed():
    with pytest.raises(ColumnError) as error:
        treat(TABLE[:, [2, 1, 0]], then="log")
    assert error.value.faults == ((1, "-300", "values above 0"),)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("log", np.log([1, 3, 9])),
        ("log_ct", np.log([0.08, 2.08, 8.08])),
        ("log_ct_original", np.log([1, 3, 9])),
        ("log_ct_plus", np.log([0.08, 2.08, 8.08])),
        ("log_gii", np.log([1, 3, 9])),
        (BoxCox(power=2.0), [0, 4, 40]),
        (BoxCox(), np.log([1, 3, 9])),
    ],
)
def test_transform(kind, wanted):
    found = transform([[1.0], [3.0], [9.0], [NAN]], kind)
    np.testing.assert_allclose(found.ravel(), [*wanted, NAN])


def test_transform_of_a_long_lower_tail():
    found = transform([[-1.0], [-3.0], [-9.0]], "log_ct_plus")
    np.testing.assert_allclose(found.ravel(), np.negative(np.log([0.08, 2.08, 8.08])))


@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        ("log", ((1, "0", "values above 0"), (2, "-2", "values above 0"))),
        ("log_ct", ((0, "the constant 7", "values that differ"),)),
        (
            "log_gii",
            (
                (0, "the constant 7", "values that differ"),
                (1, "highest value 0.5", "a value above 1"),
                (2, "highest value 1", "a value above 1"),
            ),
        ),
    ],
)
def test_transform_refuses_columns(kind, faults):
    with pytest.raises(ColumnError) as error:
        transform([[7.0, 0.0, -2.0], [7.0, 0.5, 1.0]], kind)
    assert error.value.faults == faults
