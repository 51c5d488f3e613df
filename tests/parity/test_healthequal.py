"""WHO's measures against numbers that R healthequal 1.0.1 gave, November 2024.

`QUINTILES` is its sample OrderedSample with the results its reference pages print, to 7 digits
(https://whoequity.github.io/healthequal/reference). `FIVE` and `MANY` are the inputs of its own
tests, drawn by R after ``set.seed(123)``: ``round(rnorm(5, 100, 40))`` people; ``round(rnorm(25,
1000, 300))`` people, ``rbinom(25, 1000, .065)`` estimates, ``rbinom(25, 100, .045)`` standard
errors and one group drawn as the reference; with the results those tests expect, and the share
within which they expect them. Where it is not followed is said in the docstring of `inequality`.
"""

import numpy as np
import pytest

from everycount.arrays.gradient import expit, fit_logit, ridits
from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality import inequality

QUINTILES = GroupTable(
    estimates=np.array([75.60530, 91.01997, 96.03959, 97.04223, 99.22405]),
    sizes=np.array([2072.436, 2112.204, 1983.059, 2052.124, 1884.510]),
    std_errors=np.array([1.5996131, 1.1351504, 0.6461946, 0.5676206, 0.2237683]),
    order=np.arange(1, 6),
    direction="favourable",
    scale=100,
)
FIVE = GroupTable(
    estimates=np.array([20, 30, 40, 50, 60]),
    sizes=np.array([78, 91, 162, 103, 105]),
    order=np.arange(1, 6),
    direction="favourable",
    scale=100,
)
# fmt: off
MANY = GroupTable(
    estimates=np.array([61, 74, 58, 59, 72, 75, 74, 68, 75, 67, 73, 63, 66, 62, 60, 66, 71, 73, 71,
                        61, 74, 84, 55, 69, 60]),
    sizes=np.array([832, 931, 1468, 1021, 1039, 1515, 1138, 620, 794, 866, 1367, 1108, 1120, 1033,
                    833, 1536, 1149, 410, 1210, 858, 680, 935, 692, 781, 812]),
    std_errors=np.array([5, 3, 3, 3, 4, 9, 2, 2, 2, 5, 5, 7, 5, 6, 4, 5, 6, 6, 9, 4, 3, 4, 1, 3,
                         7]),
    reference=13,
    direction="favourable",
    scale=100,
)
# fmt: on


@pytest.mark.parametrize(
    ("table", "name", "value", "within"),
    [
        (QUINTILES, "aci", 4.30052, 1e-6),
        (QUINTILES, "rci", 0.0469506, 1e-6),
        (QUINTILES, "par", 7.627362, 1e-6),
        (QUINTILES, "paf", 8.327116, 1e-6),
        (FIVE, "aci", 7.3284202, 1e-6),
        (FIVE, "rci", 0.17776859, 1e-6),
        (FIVE, "par", 18.775509, 1e-6),
        (FIVE, "paf", 45.544548, 1e-6),
        (MANY, "bgv", 46.198326, 1e-6),
        (MANY, "bgsd", 6.7969351, 1e-6),
        (MANY, "mdmu", 5.891726, 1e-6),
        (MANY, "mdmw", 5.8348689, 1e-6),
        (MANY, "mdbu", 16.360001, 1e-6),
        (MANY, "mdbw", 16.293156, 1e-6),
        (MANY, "mdru", 7.2399998, 1e-6),
        (MANY, "mdrw", 7.2228465, 1e-6),
        (MANY, "idisu", 8.7018175, 1e-6),
        (MANY, "idisw", 8.6178417, 1e-6),
        (MANY, "ti", 5.0359201, 1e-4),
        (MANY, "mld", 5.0524006, 1e-4),
        (MANY, "par", 16.293152, 1e-6),
        (MANY, "paf", 24.06426, 1e-6),
    ],
)
def test_values_agree(table, name, value, within):
    found = inequality([name], table)[0]
    assert found.value == pytest.approx(value, rel=within)


def test_error_of_the_between_group_variance_agrees():
    assert inequality(["bgv"], MANY)[0].std_error == pytest.approx(17.134647, rel=1e-6)


@pytest.mark.parametrize(
    ("table", "slope", "ratio"), [(QUINTILES, 31.61763, 1.466089), (FIVE, 44.44502, 3.159506)]
)
def test_slope_index_of_tables_differs_by_sizes_that_count_twice(table, slope, ratio):
    people = np.ceil(table.sizes)
    ones = np.round(table.estimates / 100 * people) / people
    ranks = ridits(people / people.sum()) - 0.5
    level, steep = fit_logit(ranks, people**2, ones)
    low, high = expit(level - steep / 2), expit(level + steep / 2)
    assert 100 * (high - low) == pytest.approx(slope, rel=1e-6)
    assert high / low == pytest.approx(ratio, rel=1e-6)
    ours = inequality(["sii", "rii"], table)
    assert [found.value for found in ours] == pytest.approx([slope, ratio], rel=0.03)
    assert [found.value for found in ours] != pytest.approx([slope, ratio], rel=1e-4)
