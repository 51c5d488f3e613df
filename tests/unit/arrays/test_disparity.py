import numpy as np
import pytest

from everycount.arrays import disparity
from everycount.arrays.disparity import Cells, bind
from everycount.arrays.group_table import GroupTable

Y = np.array([40.0, 70.0, 55.0, 90.0])
SHARE = np.array([0.1, 0.4, 0.3, 0.2])


def cells(y=Y, share=SHARE, **given):
    y, share = np.atleast_2d(y), np.atleast_2d(share)
    usual = {"order": "unordered", "direction": "favourable", "reference": None, "scale": None}
    return Cells(y=y, share=share, mean=np.sum(share * y, axis=1), **(usual | given))


def one(measure, *args, **given):
    return float(measure(cells(**given), *args)[0])


def everyone(times=10):
    """The group's estimate for each of ten people."""
    return np.repeat(Y, (times * SHARE).round().astype(int))


# ------------------------------------------------------------------------------- two groups


@pytest.mark.parametrize(
    ("given", "upper", "lower"),
    [
        ({"order": "ordered"}, 90, 40),
        ({"order": "ordered", "direction": "adverse"}, 40, 90),
        ({"order": "ordered", "reference": 2}, 90, 40),
        ({}, 90, 40),
        ({"direction": "adverse"}, 90, 40),
        ({"reference": 1}, 70, 40),
        ({"reference": 1, "direction": "adverse"}, 90, 70),
    ],
)
def test_difference_and_ratio_compare_the_groups_who_names(given, upper, lower):
    assert one(disparity.difference, **given) == upper - lower
    assert one(disparity.ratio, **given) == pytest.approx(upper / lower)


@pytest.mark.parametrize("y", [[0.0, 3.0], [-1.0, 3.0], [-3.0, -1.0]])
def test_ratio_needs_a_positive_number_below_the_line(y):
    with np.errstate(divide="ignore"):
        assert np.isnan(one(disparity.ratio, y=y, share=[0.5, 0.5]))


def test_ratio_with_a_negative_number_above_the_line_is_undefined():
    found = one(disparity.ratio, y=[2.0, -1.0], share=[0.5, 0.5], order="ordered")
    assert np.isnan(found)
    assert one(disparity.ratio, y=[2.0, 0.0], share=[0.5, 0.5], order="ordered") == 0


@pytest.mark.parametrize(
    ("given", "distances"),
    [
        ({"order": "ordered"}, []),
        ({}, [50, 20, 35, 0, 0, 30, 15, 50]),
        ({"reference": 1}, [0, 30, 15, 50]),
        ({"reference": 1, "direction": "adverse"}, [50, 20, 35, 0]),
    ],
)
def test_switches_of_ends_are_distances_from_the_places_of_others(given, distances):
    assert disparity.end_switches(cells(**given))[0].tolist() == distances


# ------------------------------------------------------------------------------- distances


def test_distance_from_the_mean_is_that_of_everyone():
    y = everyone()
    assert one(disparity.from_mean, "weighted") == pytest.approx(np.abs(y - y.mean()).mean())
    wanted = np.abs(Y - y.mean()).mean()
    assert one(disparity.from_mean, "unweighted") == pytest.approx(wanted)
    assert one(disparity.disparity, "unweighted") == pytest.approx(wanted / y.mean())


@pytest.mark.parametrize(("direction", "best"), [("favourable", 90), ("adverse", 40)])
def test_distance_from_the_best_counts_the_best(direction, best):
    weighted = one(disparity.from_best, "weighted", direction=direction)
    assert weighted == pytest.approx(np.abs(everyone() - best).mean())
    plain = one(disparity.from_best, "unweighted", direction=direction)
    assert plain == pytest.approx(np.abs(Y - best).sum() / 4)


def test_distance_from_a_reference_counts_the_reference():
    weighted = one(disparity.from_reference, "weighted", reference=2)
    assert weighted == pytest.approx(np.abs(everyone() - 55).mean())
    plain = one(disparity.from_reference, "unweighted", reference=2)
    assert plain == pytest.approx((15 + 15 + 0 + 35) / 4)


def test_switches_are_distances_from_the_level():
    assert disparity.mean_switches(cells())[0] == pytest.approx(Y - everyone().mean())
    assert disparity.best_switches(cells())[0] == pytest.approx(Y - 90)
    assert disparity.reference_switches(cells(reference=0))[0] == pytest.approx(Y - 40)


def test_absolute_follows_the_real_part():
    y = np.array([-2 + 1j, 3 - 1j, 0 + 1j])
    assert disparity.absolute(y).tolist() == [2 - 1j, 3 - 1j, 0 + 1j]


# ------------------------------------------------------------------------------- variance, entropy


def test_variance_is_that_of_everyone():
    y = everyone()
    assert one(disparity.variance) == pytest.approx(y.var())
    assert one(disparity.deviation) == pytest.approx(y.std())
    assert one(disparity.variation) == pytest.approx(y.std() / y.mean())


def test_entropy_is_that_of_everyone():
    times = everyone() / everyone().mean()
    assert one(disparity.theil) == pytest.approx(np.mean(times * np.log(times)))
    assert one(disparity.log_deviation) == pytest.approx(-np.mean(np.log(times)))


def test_theil_of_two_halves_by_hand():
    # 0 and 2 about the mean 1: half of 2 log 2.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = one(disparity.theil, y=[0.0, 2.0], share=[0.5, 0.5])
    assert found == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    ("y", "share", "theil", "log_deviation"),
    [
        ([0.0, 2.0], [0.5, 0.5], True, False),
        ([0.0, 2.0], [0.0, 1.0], True, True),
        ([-1.0, 2.0], [0.5, 0.5], False, False),
        ([-1.0, 2.0], [0.0, 1.0], False, False),
        ([0.0, 0.0], [0.5, 0.5], False, False),
    ],
)
def test_logarithms_of_nothing_are_undefined(y, share, theil, log_deviation):
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [
            np.isfinite(one(measure, y=y, share=share))
            for measure in (disparity.theil, disparity.log_deviation)
        ]
    assert found == [theil, log_deviation]


@pytest.mark.parametrize("y", [[-1.0, 1.0], [-2.0, 1.0]])
def test_relative_measures_need_a_mean_above_nothing(y):
    given = {"y": y, "share": [0.5, 0.5], "order": "ordered"}
    with np.errstate(divide="ignore"):
        assert np.isnan(one(disparity.relative_concentration, **given))
        assert np.isnan(one(disparity.variation, **given))
        assert np.isnan(one(disparity.attributable_fraction, **given))


# ------------------------------------------------------------------------------- impact


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, 90 - 66.5),
        ({"direction": "adverse"}, 40 - 66.5),
        ({"order": "ordered"}, 90 - 66.5),
        ({"order": "ordered", "direction": "adverse"}, 0),
        ({"order": "ordered", "y": Y[::-1]}, 0),
        ({"order": "ordered", "direction": "adverse", "y": Y[::-1]}, 40 - 60),
    ],
)
def test_attributable_risk_is_what_the_mean_would_gain(given, wanted):
    assert one(disparity.attributable, **given) == pytest.approx(wanted)
    mean = one(lambda found: found.average, **given)
    assert one(disparity.attributable_fraction, **given) == pytest.approx(wanted / mean)


def test_switches_of_the_aim():
    assert disparity.aim_switches(cells())[0] == pytest.approx(Y - 90)
    assert disparity.aim_switches(cells(order="ordered"))[0] == pytest.approx([90 - 66.5])


# ------------------------------------------------------------------------------- ordered groups


def test_ordered_measures_are_those_of_the_gradient():
    given = {"order": "ordered", "scale": 100.0}
    index = one(disparity.absolute_concentration, **given)
    assert one(disparity.relative_concentration, **given) == pytest.approx(index / 66.5)
    for curve in ("logit", "linear"):
        low, high = disparity._fitted(cells(**given), curve)
        assert one(disparity.slope, curve, **given) == pytest.approx(float(high[0] - low[0]))
        assert one(disparity.slope_ratio, curve, **given) == pytest.approx(float(high[0] / low[0]))


def test_ratio_of_a_line_below_nothing_is_undefined():
    given = {"y": [0.0, 0.0, 1.0], "share": np.full(3, 1 / 3), "order": "ordered"}
    assert np.isnan(one(disparity.slope_ratio, "linear", **given))


# ------------------------------------------------------------------------------- derivatives


@pytest.mark.parametrize(
    ("measure", "given"),
    [
        (disparity.deviation, {"y": [2.0 + 1e-30j, 2.0]}),
        (disparity.theil, {"y": [1e-30j, 2.0]}),
        (disparity.attributable, {"y": [2.0 + 1e-30j, 1.0], "order": "ordered"}),
        (
            lambda found: disparity.slope(found, "logit"),
            {"y": [1.0 + 1e-30j, 1.0], "order": "ordered", "scale": 1.0},
        ),
    ],
)
def test_edge_has_no_derivative(measure, given):
    with np.errstate(all="ignore"):
        assert np.isnan(measure(cells(share=[0.5, 0.5], **given))[0])


def test_theil_of_a_group_at_nothing_has_derivatives_by_the_others():
    with np.errstate(all="ignore"):
        found = disparity.theil(cells(y=[0.0 + 0j, 2.0 + 1e-30j], share=[0.5, 0.5]))[0]
    assert found.real == pytest.approx(np.log(2))


# ------------------------------------------------------------------------------- tables


def test_bound_measure_sees_the_groups_in_order():
    table = GroupTable(
        estimates=[5.0, 1.0, 3.0], sizes=[1, 2, 1], order=[30, 10, 20], direction="favourable",
        reference=2, scale=9.0,
    )  # fmt: skip
    seen = []
    bind(lambda found: seen.append(found) or found.y[:, 0], table)(
        table.estimates[None], table.sizes[None]
    )
    assert seen[0].y.tolist() == [[1, 3, 5]]
    assert seen[0].share.tolist() == [[0.5, 0.25, 0.25]]
    assert seen[0].mean.tolist() == [2.5]
    assert (seen[0].order, seen[0].reference, seen[0].scale) == ("ordered", 1, 9.0)


def test_bound_measure_takes_the_average_only_without_sizes():
    table = GroupTable(estimates=[5.0, 1.0], direction="adverse", average=2.0)
    level = bind(lambda found: found.average, table, times=10)
    assert level(np.ones((2, 2)), None).tolist() == [20, 20]
    assert level(np.array([[1.0, 3.0]]), np.array([[1.0, 3.0]])).tolist() == [25]


def test_bound_measure_without_mean_and_order():
    table = GroupTable(estimates=[5.0, 1.0], direction="adverse")
    seen = []
    bind(lambda found: seen.append(found) or found.y[:, 0], table)(table.estimates[None], None)
    assert (seen[0].share, seen[0].mean, seen[0].order) == (None, None, "unordered")
    assert seen[0].direction == "adverse"
