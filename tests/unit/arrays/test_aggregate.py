import numpy as np
import pytest
from scipy import stats

from everycount.arrays import aggregate
from everycount.errors import ColumnError

NAN = np.nan
X = np.array([[10.0, 20, 60], [10, NAN, 60], [NAN, NAN, NAN], [30, 30, 30]])
W = [1.0, 1, 2]
MEANS = {
    "arithmetic": aggregate.arithmetic,
    "geometric": aggregate.geometric,
    "harmonic": aggregate.harmonic,
    "minimum": aggregate.minimum,
    "log_mean_exp": aggregate.log_mean_exp,
    "square": lambda *a, **k: aggregate.generalised(*a, power=2, **k),
    "inverse square": lambda *a, **k: aggregate.generalised(*a, power=-2, **k),
    "power 0": lambda *a, **k: aggregate.generalised(*a, power=0, **k),
}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("arithmetic", 37.5),
        ("geometric", stats.gmean([10, 20, 60, 60])),
        ("power 0", stats.gmean([10, 20, 60, 60])),
        ("harmonic", stats.hmean([10, 20, 60, 60])),
        ("square", stats.pmean([10, 20, 60, 60], 2)),
        ("inverse square", stats.pmean([10, 20, 60, 60], -2)),
        ("minimum", 10),
        ("log_mean_exp", 60 + np.log((np.exp(-50) + np.exp(-40) + 2) / 4)),
    ],
)
def test_mean_of_complete_children(name, wanted):
    found = MEANS[name](X[[0, 3]], W)
    np.testing.assert_allclose(found, [wanted, 30])


@pytest.mark.parametrize("name", MEANS)
def test_mean_with_missing_children(name):
    mean = MEANS[name]
    np.testing.assert_allclose(mean(X, W)[1], mean(X[[1]][:, [0, 2]], [1, 2])[0])
    np.testing.assert_array_equal(np.isnan(mean(X, W)), [False, False, True, False])
    strict = mean(X, W, missing="propagate")
    np.testing.assert_array_equal(np.isnan(strict), [False, True, True, False])
    np.testing.assert_array_equal(np.isnan(mean(X, W, least=2 / 3)), [False, False, True, False])
    np.testing.assert_array_equal(np.isnan(mean(X, W, least=0.7)), [False, True, True, False])


@pytest.mark.parametrize("name", MEANS)
def test_mean_with_weights_of_each_unit(name):
    mean = MEANS[name]
    both = mean(X[[0, 0]], [[1, 1, 2], [0, 1, 0]])
    np.testing.assert_allclose(both, [mean(X[[0]], W)[0], 20])


@pytest.mark.parametrize("name", MEANS)
def test_children_of_weight_zero_do_not_count(name):
    x = np.array([[10.0, 20, -5], [10, 20, 900]])
    mean = MEANS[name]
    np.testing.assert_allclose(mean(x, [1, 1, 0], missing="propagate"), [mean(x[:1, :2])[0]] * 2)


def test_all_weights_zero_is_missing():
    assert np.isnan(aggregate.arithmetic([[1.0, 2]], [0, 0])).all()


@pytest.mark.parametrize("name", ["geometric", "harmonic", "inverse square", "power 0"])
def test_children_of_zero_or_less_are_refused(name):
    with pytest.raises(ColumnError) as error:
        MEANS[name]([[1.0, 0, 3, -2], [1, 2, 3, 4]])
    assert error.value.faults == ((1, "0", "values above 0"), (3, "-2", "values above 0"))


def test_negative_children_are_refused_under_a_positive_power():
    np.testing.assert_allclose(MEANS["square"]([[0.0, 0], [0, 2]]), [0, np.sqrt(2)])
    with pytest.raises(ColumnError, match="column 1: found -1, expected values of 0 or more"):
        MEANS["square"]([[0.0, -1]])


@pytest.mark.parametrize("name", ["geometric", "harmonic", "square", "log_mean_exp"])
def test_negative_weights_are_refused(name):
    with pytest.raises(ColumnError, match=r"column 1: found weight -0\.5"):
        MEANS[name]([[1.0, 2]], [1, -0.5])


def test_high_powers_and_rates_do_not_overflow():
    np.testing.assert_allclose(aggregate.generalised([[1e3, 1e5]], power=200), [1e5], rtol=0.01)
    np.testing.assert_allclose(aggregate.generalised([[1e3, 1e5]], power=-200), [1e3], rtol=0.01)
    np.testing.assert_allclose(aggregate.log_mean_exp([[1e3, 1e5]]), [1e5], rtol=0.01)


def test_log_mean_exp_has_no_rate_zero():
    with pytest.raises(ValueError, match="rate: found 0"):
        aggregate.log_mean_exp([[1.0]], rate=0)


def test_share_present():
    np.testing.assert_allclose(aggregate.share_present(X), [1, 2 / 3, 0, 1])
    np.testing.assert_allclose(aggregate.share_present(X, W), [1, 0.75, 0, 1])
    by_unit = np.tile([0.0, 1, 0], (4, 1))
    np.testing.assert_allclose(aggregate.share_present(X, by_unit), [1, 0, 0, 1])
