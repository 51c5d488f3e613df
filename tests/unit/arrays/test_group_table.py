import re

import numpy as np
import pytest

from everycount.arrays.group_table import GroupTable
from everycount.errors import MethodError


def table(**given):
    return GroupTable(**({"estimates": [0.2, 0.5, 0.4], "direction": "favourable"} | given))


def test_columns_become_numbers():
    found = table(sizes=[1, 2, 3], order=[3, 1, 2])
    assert found.estimates.dtype == found.sizes.dtype == found.order.dtype == float


def test_errors_are_the_covariance_or_the_squares_of_standard_errors():
    assert table().errors() is None
    assert table(std_errors=[1, 2, 3]).errors().tolist() == np.diag([1.0, 4.0, 9.0]).tolist()
    given = np.diag([1.0, 2.0, 3.0])
    assert table(covariance=given).errors().tolist() == given.tolist()


def test_what_is_not_known_may_be_missing():
    found = table(estimates=[np.nan, 1, 2], std_errors=[np.nan, 1, 1], sizes=[0, 1, 1])
    assert np.isnan(found.estimates[0])
    gaps = np.diag([1.0, np.nan, 1.0])
    gaps[1] = gaps[:, 1] = np.nan
    assert np.isnan(table(covariance=gaps).covariance[1]).all()


def test_some_groups_keep_what_is_theirs():
    whole = table(
        sizes=[1, 2, 3],
        order=[3, 1, 2],
        covariance=np.diag([1.0, 2, 3, 4, 5, 6]),
        reference=2,
        average=0.3,
        scale=1,
    )
    kept = whole.kept(np.array([0, 2]))
    assert kept.estimates.tolist() == [0.2, 0.4]
    assert kept.sizes.tolist() == [1, 3]
    assert kept.order.tolist() == [3, 2]
    assert np.diag(kept.covariance).tolist() == [1, 3, 4, 6]
    assert (kept.reference, kept.average, kept.scale) == (1, 0.3, 1)
    assert table(reference=1).kept(np.array([0, 2])).reference is None
    half = table(covariance=np.diag([1.0, 2, 3])).kept(np.array([1, 2]))
    assert np.diag(half.covariance).tolist() == [2, 3]
    assert table(std_errors=[1, 2, 3]).kept(np.array([2])).std_errors.tolist() == [3]


# ------------------------------------------------------------------------------- our mistakes


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"estimates": [[1.0]]}, "estimates: found shape (1, 1), expected (groups,)"),
        ({"sizes": [1, 2]}, "sizes: found shape (2,), expected (3,)"),
        ({"std_errors": [1]}, "std_errors: found shape (1,), expected (3,)"),
        ({"order": [1]}, "order: found shape (1,), expected (3,)"),
        ({"covariance": np.eye(2)}, "covariance: found shape (2, 2), expected (3, 3)"),
        ({"covariance": np.eye(6)}, "covariance: found shape (6, 6), expected (3, 3)"),
        (
            {"covariance": np.eye(4), "sizes": [1, 1, 1]},
            "covariance: found shape (4, 4), expected (3, 3) or (6, 6)",
        ),
        (
            {"covariance": np.eye(3), "std_errors": [1, 1, 1]},
            "found std_errors and covariance, expected one of them",
        ),
        ({"reference": 3}, "reference: found 3, expected 0 to 2"),
        ({"reference": -1}, "reference: found -1, expected 0 to 2"),
        ({"direction": "good"}, "direction: found 'good', expected favourable or adverse"),
        ({"scale": 0}, "scale: found 0, expected a number above 0"),
        ({"scale": np.inf}, "scale: found inf, expected a number above 0"),
    ],
)
def test_what_does_not_fit_is_refused(given, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        table(**given)


# ------------------------------------------------------------------------------- faults of data


def test_all_faults_are_told_at_once():
    with pytest.raises(MethodError) as caught:
        table(
            estimates=[75.0, np.inf, -0.5],
            sizes=[-1, np.nan, 4],
            std_errors=[np.inf, -1, 1],
            order=[1, 1, np.nan],
            average=np.inf,
            scale=1,
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "estimates, group 0: found 75, expected 0 to 1, the scale",
        "estimates, group 1: found inf, expected 0 to 1, the scale",
        "estimates, group 2: found -0.5, expected 0 to 1, the scale",
        "sizes, group 0: found -1, expected 0 or more",
        "sizes, group 1: found nan, expected 0 or more",
        "standard errors, group 0: found inf, expected 0 or more",
        "standard errors, group 1: found -1, expected 0 or more",
        "average: found inf, expected a number",
        "order, group 2: found nan, expected a number",
        "order: found groups 0, 1 at 1, expected a place for each",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"estimates": [1, 2, -np.inf]}, "estimates, group 2: found -inf, expected a number"),
        ({"sizes": [0, 0, 0]}, "sizes: found no group above 0, expected at least one"),
        (
            {"covariance": np.diag([1.0, np.inf, 1])},
            "covariance: found infinite numbers, expected finite, or NaN where not known",
        ),
        (
            {"covariance": np.array([[1.0, 0.5, 0], [0, 1, 0], [0, 0, 1]])},
            "covariance: found a matrix that is not symmetric, expected a symmetric one",
        ),
        (
            {"covariance": np.array([[1.0, 2, 0], [2, 1, 0], [0, 0, 1]])},
            "covariance: found a combination of groups with the variance -1, expected 0 or more "
            "for every combination",
        ),
    ],
)
def test_numbers_that_cannot_be_are_refused(given, words):
    with pytest.raises(MethodError, match=re.escape(words)):
        table(**given)
