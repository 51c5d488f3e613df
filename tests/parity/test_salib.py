"""Sobol indices against SALib on the same samples: docs/decisions/0005.

SALib takes the mean and the standard deviation of all results off first, and divides by the
variance with 2N below it; `sobol` divides by 2N - 1, so SALib's are 2N / (2N - 1) times as large.
"""

import numpy as np
import pytest
from SALib.analyze import sobol as analyze
from SALib.sample import sobol as sample
from SALib.test_functions import Ishigami, Sobol_G

from everycount.arrays.sobol import sobol

DRAWS = 512

ISHIGAMI = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
SOBOL_G = {"num_vars": 8, "names": [f"x{i}" for i in range(8)], "bounds": [[0.0, 1.0]] * 8}
MODELS = [(ISHIGAMI, Ishigami.evaluate), (SOBOL_G, Sobol_G.evaluate)]


def evaluated(problem, model):
    """Return SALib's analysis and the same results as A, B and AB."""
    y = model(sample.sample(problem, DRAWS, calc_second_order=False, seed=5))
    theirs = analyze.analyze(
        problem, y, calc_second_order=False, num_resamples=1000, conf_level=0.9, seed=5
    )
    rows = y.reshape(DRAWS, problem["num_vars"] + 2)  # each draw: A, AB_1 to AB_d, B
    return theirs, rows[:, 0], rows[:, -1], rows[:, 1:-1].T


@pytest.mark.parametrize(("problem", "model"), MODELS, ids=["ishigami", "sobol_g"])
def test_indices_agree(problem, model):
    theirs, a, b, ab = evaluated(problem, model)
    middle = np.concatenate([a, b, ab.ravel()]).mean()
    mine = sobol(a - middle, b - middle, ab - middle, rng=np.random.default_rng(1))
    smaller = 1 - 1 / (2 * DRAWS)
    np.testing.assert_allclose(mine.first, theirs["S1"] * smaller, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mine.total, theirs["ST"] * smaller, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("problem", "model"), MODELS, ids=["ishigami", "sobol_g"])
def test_intervals_are_as_wide(problem, model):
    # SALib's half widths come from a standard deviation over resamples, these from quantiles.
    theirs, a, b, ab = evaluated(problem, model)
    mine = sobol(a, b, ab, resamples=1000, centre="mean", rng=np.random.default_rng(1))
    np.testing.assert_allclose((mine.first_high - mine.first_low) / 2, theirs["S1_conf"], atol=0.04)
    np.testing.assert_allclose((mine.total_high - mine.total_low) / 2, theirs["ST_conf"], atol=0.04)
