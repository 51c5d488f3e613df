import numpy as np
import pytest

from everycount.errors import ColumnError, MethodError
from everycount.index.state import Goalposts, names_of, number_of

NAN = np.nan


def posts(worst, best, scale=(0, 100)):
    pair = [np.array([[low], [high]], float) for low, high in (worst, best)]
    return Goalposts(worst=pair[0], best=pair[1], scale=scale)


@pytest.mark.parametrize(
    ("worst", "best", "near", "figure"),
    [
        ((0, NAN), (50, 50), 10, 40),  # more is better
        ((NAN, 50), (0, 0), 10, 10),  # less is better
        ((27, 73), (47, 53), 30, 43),  # below an interval
        ((27, 73), (47, 53), 60, 57),  # above it
        ((27, 73), (47, 53), NAN, 43),
    ],
)
def test_the_figure_that_would_score_80(worst, best, near, figure):
    assert posts(worst, best).figure_at(80, 0, near=near) == pytest.approx(figure)


def test_names_and_numbers():
    assert names_of(np.array([1, 2.5, NAN, 1234567])) == ["1", "2.5", None, "1234567"]
    assert (number_of("1e3"), number_of("north")) == (1000, None)


def test_a_grouping_that_nobody_has(index_of):
    method = 'indicators = [{ code = "a", parent = "index" }]\naverages = [{ by = "region" }]\n'
    state = index_of(method, "unit,a,region\nX,1,n\nY,2,\n", "unit,income,people\nX,low,1\n").state
    assert state.labels("region")[0].tolist() == [0, -1]
    assert state.grouping("income") == ("low", "")
    assert state.grouping("people") == ("1", "")
    assert state.has_grouping("people")
    with pytest.raises(MethodError, match=r"found 'q', .* \(there are: income, region\)"):
        state.grouping("q")


def test_figures_of_other_columns_and_before_any_step(index_of):
    method = (
        'indicators = [{ code = "a", parent = "index" }]\naverages = [{ by = "r", weight = "w" }]\n'
    )
    state = index_of(method, "unit,a,r,w\nX,1,n,5\n").state
    assert state.figures_of("w").tolist() == [5]
    assert state.figures_of("a").tolist() == [1]


def test_faults_of_arrays_get_names(index_of):
    state = index_of('indicators = [{ code = "a", parent = "index" }]\n', "unit,a\nX,1\n").state
    error = state.faulty(ColumnError([(0, "0", "more")]), [1], "step weigh")
    assert str(error) == "method test has 1 problem:\n  step weigh, index: found 0, expected more"
