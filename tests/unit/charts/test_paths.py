"""Lines of charts as paths."""

from everycount.charts.paths import dashed


def test_dashes_go_on_after_a_point_that_repeats():
    spec = dashed([[(0, 0), (10, 0), (10, 0), (20, 0)]], colour="#16202c", width=1)
    plain = dashed([[(0, 0), (10, 0), (20, 0)]], colour="#16202c", width=1)
    assert spec == plain
