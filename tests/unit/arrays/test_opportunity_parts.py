from itertools import permutations

import numpy as np
import pytest

from everycount.arrays.circumstances import collapse
from everycount.arrays.main_effects import main_effects
from everycount.arrays.opportunity import opportunity
from everycount.arrays.opportunity_parts import contributions_to_dissimilarity


def cells(circumstances=3, rows=600):
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 3, (rows, circumstances))
    y = rng.random(rows) < 0.1 + 0.2 * codes[:, 0] + 0.1 * codes[:, 1] * (codes[:, 0] > 1)
    return collapse(y, rng.uniform(1, 2, rows), codes, kinds=["nominal"] * circumstances)


def index(whole, columns, over, outcome):
    if not columns:
        return 0.0
    part = collapse(
        whole.mean, whole.weight, whole.codes[:, columns], kinds=["nominal"] * len(columns)
    )
    mean = part.mean if over == "cells" else main_effects(part.codes, part.weight, part.mean)
    return opportunity(part.weight, mean, outcome=outcome).dissimilarity


@pytest.mark.parametrize("over", ["cells", "logit"])
@pytest.mark.parametrize("outcome", ["opportunity", "barrier"])
def test_contribution_is_the_mean_of_what_is_added_over_all_orders(over, outcome):
    whole = cells()
    added = np.zeros(3)
    for order in permutations(range(3)):
        for place, column in enumerate(order):
            before, after = sorted(order[:place]), sorted(order[: place + 1])
            added[column] += index(whole, after, over, outcome)
            added[column] -= index(whole, before, over, outcome)
    found = contributions_to_dissimilarity(whole, over=over, outcome=outcome)
    np.testing.assert_allclose(found, added / 6, atol=1e-12)
    total = index(whole, [0, 1, 2], over, outcome)
    assert found.sum() == pytest.approx(total, abs=1e-12)


def test_circumstance_that_never_varies_contributes_nothing():
    whole = cells(2)
    wider = collapse(
        whole.mean,
        whole.weight,
        np.column_stack([whole.codes, np.full(len(whole.n), 4)]),
        kinds=["nominal"] * 3,
    )
    found = contributions_to_dissimilarity(wider)
    assert found[2] == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(found[:2], contributions_to_dissimilarity(whole), rtol=1e-12)


def test_twelve_circumstances_are_shared_out_and_thirteen_refused():
    found = contributions_to_dissimilarity(cells(12, 60))
    assert len(found) == 12
    assert (found >= 0).all()
    with pytest.raises(ValueError, match="found 13 circumstances, expected at most 12"):
        contributions_to_dissimilarity(cells(13, 20))
