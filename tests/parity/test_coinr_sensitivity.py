"""Sensitivity indices against COINr 1.1.14 (commit b968203, R 4.2.2), made on 22 November.

600 builds of the ASEM index with four choices; golden/coinr/README.md of the shared data says how.
"""

import csv

import numpy as np
import pytest

from everycount.arrays.sobol import sobol

FACTORS = ("Winmax", "Normalisation", "Weights", "Aggregation")
DRAWS = 100


@pytest.fixture
def ua_sa(shared):
    return shared / "golden" / "coinr" / "ua_sa"


def column(path, name):
    with path.open(newline="", encoding="utf-8") as file:
        return [row[name] for row in csv.DictReader(file)]


def numbers(path, name):
    return np.array(column(path, name), float)


@pytest.fixture
def found(ua_sa):
    y = numbers(ua_sa / "SA100_y.csv", "y").reshape(2 + len(FACTORS), DRAWS)  # A, B, AB_1 to AB_4
    return sobol(y[0], y[1], y[2:], resamples=1000, rng=np.random.default_rng(1))


def test_first_order_and_total_indices(ua_sa, found):
    table = ua_sa / "SA100_Sensitivity.csv"
    assert tuple(column(table, "Variable")) == FACTORS
    np.testing.assert_allclose(found.first, numbers(table, "Si"), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.total, numbers(table, "STi"), rtol=1e-9, atol=1e-12)


def test_bootstrap_intervals_are_near(ua_sa, found):
    # COINr's are bootstrap too, of other and fewer random numbers, so that their ends are rough.
    table = ua_sa / "SA100_Sensitivity.csv"
    for name, low, high in (
        ("Si", found.first_low, found.first_high),
        ("STi", found.total_low, found.total_high),
    ):
        theirs = [numbers(table, f"{name}_{end}") for end in ("q5", "q95")]
        moved = np.abs(np.array([low, high]) - theirs) / (theirs[1] - theirs[0])
        assert moved.max() < 0.3
