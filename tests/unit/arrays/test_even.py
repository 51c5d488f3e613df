"""The most even table, against tables whose evenness is known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from everycount.arrays import even
from everycount.arrays.even import even_out
from everycount.arrays.lattice import cross, margins


def test_without_interactions_it_is_the_product_of_the_shares():
    rng = np.random.default_rng(5)
    table = rng.integers(1, 30, (1, 3, 4, 2))
    found = even_out(cross((3, 4, 2), order=1), table)
    shares = [table.sum(axis=(0, *(k for k in (1, 2, 3) if k != i))) for i in (1, 2, 3)]
    product = shares[0][:, None, None] * shares[1][:, None] * shares[2]
    assert_allclose(found[0], product / table.sum() ** 2, rtol=1e-9)


def test_margins_of_all_layers_stay_and_empty_cells_stay_empty():
    rng = np.random.default_rng(6)
    lattice = cross((4, 3, 3, 2), order=2)
    tables = rng.poisson(0.8, (2, *lattice.levels))
    tables[0, 1, 2] = 0
    found = even_out(lattice, tables)
    flat = tables.reshape(2, -1)
    assert_allclose(margins(lattice, found.reshape(2, -1)), margins(lattice, flat), atol=2e-7)
    assert (found >= 0).all()
    assert not found[0, 1, 2].any()
    assert (found > 0).sum() > (tables > 0).sum()


def test_nobody_is_shared_out():
    assert not even_out(cross((2, 2)), np.zeros((1, 2, 2), int)).any()


@pytest.mark.parametrize("sweeps", [1, 2])
def test_a_fit_that_does_not_come_near_is_mixed_with_the_truth(monkeypatch, sweeps):
    rng = np.random.default_rng(7)
    lattice = cross((4, 4, 4), order=2)
    tables = rng.poisson(3.0, (1, *lattice.levels))
    monkeypatch.setattr(even, "SWEEPS", sweeps)
    found = even_out(lattice, tables)
    cells = margins(lattice, found.reshape(1, -1)) - margins(lattice, tables.reshape(1, -1))
    assert 0 < np.abs(cells).max() <= 1.001e-8
    assert (found >= 0).all()
    assert_allclose(found, tables, atol=1e-6)
