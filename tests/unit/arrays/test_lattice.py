"""The lattice of crossings, against sums and loops written out."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays import lattice as own
from everycount.arrays.lattice import Lattice, cells_above, cross, incidence, lines, margins


@pytest.fixture
def three():
    return cross((2, 3, 4), order=2)


@pytest.fixture
def joint(three):
    return np.random.default_rng(1).integers(0, 9, (2, three.joint))


def test_eight_characteristics_make_the_cells_of_the_benchmark():
    lattice = cross((8, 2, 5, 4, 7, 6, 2, 2))
    assert (lattice.cells - 1, lattice.joint, len(lattice.crossings)) == (5_151, 53_760, 93)


def test_an_order_above_the_number_of_characteristics_crosses_all():
    assert cross((2, 3), order=5).crossings == ((), (0,), (1,), (0, 1))
    assert cross((2, 3), order=0).cells == 1


def test_cells_are_numbered_crossing_by_crossing(three):
    for table, crossing in enumerate(three.crossings):
        for k, levels in enumerate(product(*(range(n) for n in three.shape(crossing)))):
            cell = three.span(table).start + k
            assert three.place(cell) == (table, levels)


def test_margins_are_sums_over_joint_cells(three, joint):
    found = margins(three, joint)
    table = joint.reshape(2, *three.levels)
    for cell in range(three.cells):
        number, levels = three.place(cell)
        at = dict(zip(three.crossings[number], levels, strict=True))
        index = tuple(at.get(i, slice(None)) for i in range(3))
        assert_array_equal(found[:, cell], [each[index].sum() for each in table])
    assert found.dtype == joint.dtype


def test_margins_of_a_crossing_without_those_below():
    odd = Lattice(levels=(2, 2, 2), crossings=((0, 2), (1,)))
    assert_array_equal(margins(odd, np.arange(8)), [0 + 2, 1 + 3, 4 + 6, 5 + 7, 10, 18])


def test_margins_of_amounts_do_not_depend_on_the_crossings_beside():
    x = np.random.default_rng(2).random(24)
    assert margins(cross((2, 3, 4)), x)[0] == pytest.approx(x.sum(), rel=1e-15)
    assert np.isnan(margins(cross((2, 3, 4)), np.where(np.arange(24) == 3, np.nan, x))[0])


@pytest.mark.parametrize("values", [np.zeros(23), np.float64(3)])
def test_margins_refuse_another_number_of_joint_cells(three, values):
    with pytest.raises(ValueError, match=r"expected \(\.\.\., 24\)"):
        margins(three, values)


def test_incidence_adds_up_and_agrees_with_the_cells_above(three, joint):
    matrix = incidence(three, np.arange(three.joint))
    assert_array_equal(matrix @ joint[0], margins(three, joint[0]))
    above = cells_above(three, [5, 11])
    for row, j in zip(above, (5, 11), strict=True):
        assert_array_equal(np.flatnonzero(matrix[:, [j]].toarray()), np.sort(row))


def test_every_line_is_a_sum(three, joint):
    sums, cells = lines(three), margins(three, joint[0])
    wholes = [[k for k in c if k != i] for c in three.crossings for i in c]
    assert sums.parent.size == sum(int(np.prod(three.shape(c))) for c in wholes)
    for k, parent in enumerate(sums.parent):
        children = sums.child[sums.start[k] : sums.start[k + 1]]
        assert cells[children].sum() == cells[parent]
        assert three.place(int(parent))[0] == sums.within[k]
        assert {three.place(int(child))[0] for child in children} == {sums.table[k]}


def test_lines_skip_crossings_that_are_not_there():
    odd = Lattice(levels=(2, 2, 2), crossings=((0,), (0, 1, 2), (1,)))
    sums = lines(odd)
    assert_array_equal(np.diff(sums.start), [4] * 4)
    x = np.arange(8)
    cells = margins(odd, x)
    assert [cells[sums.child[4 * k : 4 * k + 4]].sum() for k in range(4)] == [
        cells[parent] for parent in sums.parent
    ]


def test_no_lines_without_a_second_crossing():
    sums = lines(Lattice(levels=(2, 2), crossings=((0,), (1,))))
    assert (sums.parent.size, sums.child.size, sums.start.tolist()) == (0, 0, [0])


def test_nobody_can_be_below_a_published_zero(three, joint):
    joint[0, :4] = 0
    cells = margins(three, joint[0])
    found = own.possible(three, cells == 0)
    assert set(np.flatnonzero(joint[0])) <= set(found)
    below = incidence(three, np.arange(24)).toarray()[cells == 0].any(axis=0)
    assert_array_equal(found, np.flatnonzero(~below))


@pytest.mark.parametrize(
    ("levels", "crossings", "words"),
    [
        ((), ((),), "at least one of each"),
        ((2, 0), ((),), "at least 1 level"),
        ((2, 2), (), "0 crossings"),
        ((1000, 1000, 1000), ((),), r"1,000,000,000 joint cells"),
        ((2, 2), ((0, 2),), "different numbers from 0 to 1"),
        ((2, 2), ((1, 0),), "ascending"),
        ((2, 2), ((0,), (0,)), "found one twice"),
    ],
)
def test_a_lattice_says_what_is_wrong(levels, crossings, words):
    with pytest.raises(ValueError, match=words):
        Lattice(levels=levels, crossings=crossings)


def test_a_negative_order_is_refused():
    with pytest.raises(ValueError, match="order: found -1"):
        cross((2, 2), order=-1)
