import numpy as np

NAN = np.nan
METHOD = """
groups = [{{ code = "index" }},
  {{ code = "g", parent = "index" }},
  {{ code = "h", parent = "index" }}]
indicators = [
  {{ code = "a", parent = "g" }}, {{ code = "b", parent = "g" }},
  {{ code = "c", parent = "h" }}, {{ code = "d", parent = "h" }},
]
steps = [{}, {{ do = "aggregate", missing = "renormalise" }}]
"""
DATA = "unit,a,b,c,d\nW,1,2,3,4\nX,1,,3,\nY,0,0,0,7\nZ,,,,8\n"


def screened(index_of, *limits, data=DATA):
    steps = ", ".join(f'{{ do = "screen", {limit} }}' for limit in limits)
    return index_of(METHOD.format(steps), data)


def test_units_with_too_few_figures(index_of):
    result = screened(index_of, "units = 0.5")
    np.testing.assert_allclose(result.score, [2.5, 2, 1.75, NAN])
    assert result.state.screened == {3: "screened out: 1 of 4 indicators"}
    assert result.trace().steps[1]["units_left_out"] == ["Z"]
    assert result.trace().counts.screened_out == 1


def test_exactly_the_limit_is_enough(index_of):
    data = "unit," + ",".join("abcd") + "\nX,1,1,1,\n"
    assert screened(index_of, "units = 0.75", data=data).state.screened == {}


def test_units_with_too_many_zeros(index_of):
    result = screened(index_of, "units = 0.5, nonzero = 0.5")
    assert result.state.screened == {
        2: "screened out: 1 of 4 figures are other than zero",
        3: "screened out: 1 of 4 indicators",
    }


def test_indicators_with_too_few_units(index_of):
    result = screened(index_of, "units = 0.5, indicators = 0.7")
    assert result.state.dropped == {
        1: "dropped: 2 of 3 units have a figure",
        3: "dropped: 2 of 3 units have a figure",
    }
    assert result.trace().counts.indicators_left_out == 2
    np.testing.assert_allclose(result.score, [2, 2, 0, NAN])


def test_groups_with_too_few_indicators(index_of):
    result = screened(index_of, "groups = 1.0")
    np.testing.assert_allclose(result.score, [2.5, NAN, 1.75, NAN])
    assert result.trace().steps[1]["group_figures_left_out"] == 3


def test_what_is_left_out_counts_nowhere_after(index_of):
    result = screened(index_of, "indicators = 0.6", "units = 1.0, groups = 1.0")
    assert list(result.state.dropped) == [1]
    assert list(result.state.screened) == [1, 3]


def test_all_units_are_left_out(index_of):
    result = screened(index_of, "units = 1.0, indicators = 1.0", data="unit,a,b,c,d\nX,1,,,\n")
    assert np.isnan(result.score).all()
    assert result.state.dropped == {}
