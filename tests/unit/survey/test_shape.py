import numpy as np
import pytest

from everycount.survey.shape import Shape, roles_of


def test_a_shape_that_fits_both():
    first = Shape(roles=("stratum", "unit", "person"), own=(False, True))
    second = Shape(roles=("unit", "stratum", "stratum"), own=(True, True))
    assert first.wider(second) == Shape(roles=("unit", "unit", "person"), own=(True, True))
    assert first.wider(first) == first
    assert first.widest() == Shape(roles=("person",) * 3, own=(True, True))


@pytest.mark.parametrize(
    ("codes", "role"),
    [
        ([0, 0, 0, 0, 0, 0], "stratum"),
        ([0, 0, 0, 0, 1, 1], "stratum"),  # the second stratum is another
        ([0, 0, 1, 1, 1, 1], "unit"),
        ([0, 1, 0, 0, 0, 0], "person"),
        ([0, 0, 0, 0, 0, 1], "person"),
    ],
)
def test_what_a_characteristic_is_the_same_in(codes, role):
    starts, strata = np.array([0, 2, 4, 6]), np.array([0, 0, 1])
    roles, heads = roles_of([np.array(codes)], starts, strata)
    assert roles == (role,)
    assert heads.tolist() == [[codes[0], codes[2], codes[4]]]


def test_strata_may_come_in_turns():
    roles, _ = roles_of([np.array([5, 7, 5, 7])], np.arange(5), np.array([0, 1, 0, 1]))
    assert roles == ("stratum",)


def test_no_characteristics_and_no_rows():
    roles, heads = roles_of([], np.array([0, 2]), np.array([0]))
    assert (roles, heads.shape) == ((), (0, 1))
    none = np.array([], dtype=int)
    roles, heads = roles_of([none], np.array([0]), none)
    assert (roles, heads.shape) == (("stratum",), (1, 0))
