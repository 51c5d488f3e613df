"""Many draws at once give what one draw after another gives."""

import numpy as np
import pytest

from everycount.arrays import aggregate
from everycount.arrays.blend import Mean, blend, refused

MEANS = [
    Mean(),
    Mean(kind="geometric"),
    Mean(kind="harmonic"),
    Mean(kind="generalised", power=2.0),
    Mean(kind="generalised", power=1.0),
    Mean(kind="generalised", power=0.0),
    Mean(kind="generalised", power=-3.0),
    Mean(kind="log_mean_exp", rate=0.5),
    Mean(kind="log_mean_exp", rate=-2.0),
    Mean(kind="minimum"),
]


def one_by_one(parts, weights, mean, keep):
    options = {"missing": mean.missing}
    options |= {"power": mean.power} if mean.kind == "generalised" else {}
    options |= {"rate": mean.rate} if mean.kind == "log_mean_exp" else {}
    combine = getattr(aggregate, mean.kind)
    rows = []
    for d, weight in enumerate(weights):
        own = np.stack([part[d % len(part)] for part in parts], axis=1)
        kept = slice(None) if keep is None else keep[d]
        rows.append(combine(own[:, kept], weight[kept], **options))
    return np.array(rows)


@pytest.fixture
def draws():
    rng = np.random.default_rng(5)
    fixed = rng.uniform(1, 100, (4, 1, 9))
    varying = rng.uniform(1, 100, (4, 6, 9))
    for parts in (fixed, varying):
        parts[:, 0, 0] = np.nan
        parts[1:3, -1, 3] = np.nan
    weights = rng.uniform(0.2, 2, (6, 4))
    weights[2, 1] = 0.0
    keep = np.ones((6, 4), bool)
    keep[4, 2] = keep[5, 0] = False
    return {"fixed": list(fixed), "varying": [*varying[:3], fixed[3]], "w": weights, "keep": keep}


@pytest.mark.parametrize("missing", ["renormalise", "propagate"])
@pytest.mark.parametrize("kind", ["fixed", "varying"])
@pytest.mark.parametrize("mean", MEANS, ids=lambda m: f"{m.kind} {m.power:g} {m.rate:g}")
def test_blend_is_the_mean_of_each_draw(draws, mean, kind, missing):
    mean = Mean(kind=mean.kind, power=mean.power, rate=mean.rate, missing=missing)
    for keep in (None, draws["keep"]):
        found = blend(draws[kind], draws["w"], mean, keep=keep)
        wanted = one_by_one(draws[kind], draws["w"], mean, keep)
        np.testing.assert_allclose(np.broadcast_to(found, wanted.shape), wanted, rtol=1e-12)


def test_blend_without_gaps_needs_no_mask():
    parts = [np.array([[1.0, 2.0]]), np.array([[3.0, 6.0]])]
    assert blend(parts, np.array([[1.0, 1.0]]), Mean()).tolist() == [[2.0, 4.0]]
    varying = [np.array([[1.0, 2.0], [2.0, 4.0]]), parts[1]]
    assert blend(varying, np.array([[1.0, 1.0]]), Mean()).tolist() == [[2.0, 4.0], [2.5, 5.0]]


def test_no_weight_present_is_missing():
    parts = [np.array([[np.nan, 5.0]]), np.array([[2.0, 3.0]])]
    assert np.isnan(blend(parts, np.array([[1.0, 0.0]]), Mean())[0, 0])


def test_refused_names_parts_too_low_for_the_mean():
    parts = [np.array([[0.0, 2.0]]), np.array([[1.0, 2.0], [-1.0, 2.0]])]
    weights = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert refused(parts, weights, Mean(kind="geometric")).tolist() == [
        [True, False],
        [False, True],
    ]
    squares = Mean(kind="generalised", power=2.0)
    assert refused(parts, weights, squares).tolist() == [[False, False], [False, True]]
    assert not refused(parts, weights, Mean()).any()
    assert not refused(parts, weights, Mean(kind="minimum")).any()
