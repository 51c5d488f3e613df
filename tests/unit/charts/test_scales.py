import pytest

from everycount.charts import scales
from everycount.charts.scales import Scale


def test_zero_is_on_the_axis_of_lines_where_it_is_near_and_said_to_be_off_where_not():
    near = scales.for_lines([12.3, 26.0], 0, 1)
    far = scales.for_lines([71, 84], 0, 1)
    assert (near.low, near.is_cut) == (0, False)
    assert (far.low, far.is_cut) == (70, True)
    assert scales.for_lines([-26.0, -12.3], 0, 1).high == 0


def test_flat_line_is_not_blown_up():
    flat = scales.for_lines([26.71, 26.72], 0, 1)
    assert flat.high - flat.low >= 2.6


@pytest.mark.parametrize("value", [5, -5, 1e-300, 1e300])
def test_equal_figures_have_zero_beside_them(value):
    scale = scales.for_lines([value, value], 0, 100)
    assert scale.low <= 0 <= scale.high
    assert scale.low <= value <= scale.high


def test_nothing_to_show_gives_an_axis_all_the_same():
    assert scales.for_lines([], 0, 1).numbers[-1] == 1
    assert scales.for_bars([0, 0], 0, 1).numbers[-1] == 1
    assert scales.logarithmic([], 0, 1).numbers == (1, 2, 5, 10)


def test_axis_of_bars_always_holds_zero():
    assert scales.for_bars([-40, -30], 0, 1).numbers == (-40, -30, -20, -10, 0)


def test_infinite_figures_are_refused():
    with pytest.raises(ValueError, match="expected finite ends"):
        scales.round_numbers(0, float("inf"))


def test_figures_beyond_an_end_stand_at_the_end():
    scale = Scale(numbers=(0, 100), start=0, end=50)
    assert [scale.place(value) for value in (-1, 101)] == [0, 50]


def test_logarithmic_axis_puts_equal_factors_equally_far_apart():
    scale = scales.logarithmic([1, 1000], 0, 300)
    assert [scale.place(value) for value in (1, 10, 100, 1000)] == [0, 100, 200, 300]


def test_logarithmic_axis_thins_decades_that_are_many():
    scale = scales.logarithmic([1e-9, 3e12], 0, 1, 5)
    assert len(scale.numbers) <= 6
    assert scale.low <= 1e-9
    assert scale.high >= 3e12
    assert scales.logarithmic([7, 7], 0, 1).numbers == (5, 10)


@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_logarithmic_axis_without_a_logarithm_is_refused(value):
    with pytest.raises(ValueError, match="expected figures above zero"):
        scales.logarithmic([value], 0, 1)


def test_fewer_numbers_where_they_are_long():
    long = scales.fewer(lambda count: scales.for_bars([9e9], 0, 10, count), "{:f}".format)
    assert len(long.numbers) == 2
