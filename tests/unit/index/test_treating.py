import math

import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.state import TRANSFORMED, WINSORISED

METHOD = """
indicators = [{{ code = "a", parent = "index" }}, {{ code = "b", parent = "index" }}]
steps = [{{ do = "treat", {} }}, {{ do = "aggregate", missing = "renormalise" }}]
"""
TAIL = [1, 2, 3, 4, 5, 6, 7, 8, 900]
DATA = "unit,a,b\n" + "".join(f"U{i},{a},{i}\n" for i, a in enumerate(TAIL)) + "V,,3\n"


def treated(index_of, keys, data=DATA):
    return index_of(METHOD.format(keys), data)


def test_an_outlier_is_moved_in_marked_and_counted(index_of):
    result = treated(index_of, "winsorise = 2")
    state = result.state
    assert state.values[:9, 0].tolist() == [*TAIL[:8], 8]
    assert state.marks[8, 0] == WINSORISED
    assert int((state.marks > 0).sum()) == 1
    assert result.trace().counts.winsorised == 1
    account = result.trace().steps[1]["indicators"]
    assert list(account) == ["a"]
    assert (account["a"]["method"], account["a"]["winsorised"]) == ("winsorised", 1)
    assert account["a"]["passes"] is True


def test_what_does_not_pass_is_transformed(index_of):
    result = treated(index_of, 'transform = "log"')
    np.testing.assert_allclose(result.state.values[:9, 0], np.log(TAIL))
    assert (result.state.marks[:9, 0] == TRANSFORMED).all()
    assert result.trace().counts.transformed == 9


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('transform = "log_ct_original", always = true', lambda x: math.log(x - 1 + 1)),
        ('transform = "box_cox", always = true', lambda x: math.log(x - 1 + 1)),
        (
            'transform = "box_cox", box_cox_lambda = 0.5, always = true',
            lambda x: (math.sqrt(x) - 1) / 0.5,
        ),
    ],
)
def test_always_transforms_whatever_the_rule(index_of, keys, expected):
    result = treated(index_of, f'{keys}, nodes = ["a"]')
    np.testing.assert_allclose(result.state.values[:9, 0], [expected(x) for x in TAIL])
    assert result.state.values[2, 1] == 2
    assert list(result.trace().steps[1]["indicators"]) == ["a"]


def test_a_logarithm_of_0(index_of):
    with pytest.raises(MethodError, match=r"step treat, b: found 0, expected values above 0"):
        treated(index_of, 'transform = "log", always = true')


def test_an_indicator_without_figures_is_left_alone(index_of):
    result = treated(index_of, "winsorise = 2", "unit,a,b\nX,,1\nY,,2\n")
    assert result.state.values[:, 1].tolist() == [1, 2]
