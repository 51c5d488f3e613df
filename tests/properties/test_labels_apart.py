"""No label covers another and no dot another, whatever the figures."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.charts import label_places, packing, periods, scales
from everycount.charts.apart import apart
from everycount.charts.label_places import Dot

PIXELS = st.integers(0, 3000).map(lambda k: k / 10)
FINITE = st.floats(-1e200, 1e200).filter(lambda value: value == 0 or abs(value) > 1e-200)


@given(st.lists(st.tuples(PIXELS, st.integers(1, 60)), max_size=12))
def test_labels_along_a_line_never_touch_and_keep_their_order(entries):
    wanted, sizes = [y for y, _ in entries], [size for _, size in entries]
    high = max(300, sum(sizes))
    found = apart(wanted, sizes, low=0, high=high)
    placed = sorted(zip(found, sizes, wanted, strict=True))
    for (y, size, want), (y2, size2, want2) in pairwise(placed):
        assert y2 - y >= (size + size2) / 2 - 0.03
        assert want <= want2
    for y, size, _ in placed:
        assert y - size / 2 >= -0.02
        assert y + size / 2 <= high + 0.02


@given(st.lists(PIXELS, max_size=12, unique=True))
def test_labels_that_are_far_apart_stay_where_they_are(places):
    far = [40 * k + 20 for k, _ in enumerate(places)]
    assert apart(far, [30] * len(far), low=0, high=40 * len(far)) == far


@given(st.lists(PIXELS, max_size=80))
def test_packed_dots_never_cover_one_another(places):
    moved = packing.packed(places, radius=4)
    assert packing.packed(places, radius=4) == moved
    for (x, y), (x2, y2) in combinations(zip(places, moved, strict=True), 2):
        assert (x - x2) ** 2 + (y - y2) ** 2 >= 7.9**2


@given(st.lists(PIXELS, max_size=80), st.integers(10, 100))
def test_fitted_dots_stay_within_their_height(places, height):
    radius, moved = packing.fitted(places, radius=4, height=height)
    assert radius > 0
    assert all(abs(y) + radius <= height / 2 + 0.02 for y in moved)


@given(st.lists(st.tuples(PIXELS, PIXELS, st.booleans()), max_size=25))
def test_names_of_dots_never_cover_one_another_and_stay_in_the_frame(entries):
    dots = [Dot(x=x, y=y, radius=3, label="Viet Nam" if has else "") for x, y, has in entries]
    found = [p for p in label_places.placed(dots, width=300, height=300) if p is not None]
    for one, other in combinations([place.box for place in found], 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
    for left, right, top, bottom in (place.box for place in found):
        assert 0 <= left < right <= 300
        assert 0 <= top < bottom <= 300


@given(st.lists(FINITE, min_size=1, max_size=8), st.integers(2, 8))
def test_axes_hold_their_figures_and_are_short(values, count):
    for make in (scales.for_lines, scales.for_bars):
        scale = make(values, 0, 100, count)
        slack = 1e-8 * (scale.high - scale.low)  # less than a pixel
        assert scale.low <= min(values) + slack
        assert scale.high >= max(values) - slack
        assert 2 <= len(scale.numbers) <= 2 * count + 3
        assert all(0 <= scale.place(value) <= 100 for value in values)
        assert list(scale.numbers) == sorted(set(scale.numbers))


@given(st.lists(st.floats(1e-200, 1e200), min_size=1, max_size=8))
def test_logarithmic_axes_hold_their_figures(values):
    scale = scales.logarithmic(values, 0, 100)
    assert scale.low <= min(values) * 1.000001
    assert scale.high >= max(values) * 0.999999
    assert len(scale.numbers) <= 7
    assert scale.place(min(values)) <= scale.place(max(values))


@given(st.sets(st.integers(1900, 2100), min_size=1, max_size=60), st.integers(60, 800))
def test_periods_under_a_chart_never_touch(years, width):
    first, last = min(years), max(years)
    found = periods.marked(
        [str(year) for year in years],
        lambda time: width * (time - first) / max(1, last - first),
        word=str,
    )
    assert {str(first), str(last)} <= {text for _, text in found}
    for (x, _), (x2, _) in pairwise(found):
        assert x2 - x >= 27


@given(st.lists(st.integers(0, 400), unique=True, max_size=60))
def test_runs_hold_each_figure_once_in_order(times):
    ordered = [1900 + time / 4 for time in sorted(times)]
    found = periods.runs(ordered)
    assert [number for run in found for number in run] == list(range(len(ordered)))


def test_stack_of_equal_figures_is_quick_and_whole():
    assert len(packing.fitted([10.0] * 250, radius=4, height=150)[1]) == 250
    assert pytest.approx(4) == packing.packed([0, 0], radius=2)[1] * -1
