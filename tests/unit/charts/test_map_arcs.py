import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everycount.charts.geometry import Geometry, signed_area
from everycount.charts.map_arcs import light_topology


def ring(*points):
    return np.array([*points, points[0]], dtype=float)


def wavy(count, *, left, right, seed):
    """Return a jagged line from left to right."""
    rng = np.random.default_rng(seed)
    x = np.linspace(left, right, count)
    return np.column_stack([x, np.where((x == left) | (x == right), 0, rng.normal(0, 0.05, count))])


def neighbours(count=400):
    """Return two areas with a jagged border between them."""
    border = wavy(count, left=0, right=4, seed=1)
    north = ring(*border, (4, 3), (0, 3))
    south = ring(*border[::-1], (0, -3), (4, -3))
    return {"N": [[north]], "S": [[south]]}


def corners(topology):
    return sum(len(arc) for arc in topology["arcs"])


def outlines(topology):
    return Geometry(topology=topology).outlines()


def test_border_of_neighbours_is_kept_once():
    topology = light_topology(neighbours())
    north, south = (shape["arcs"][0][0] for shape in topology["objects"]["areas"]["geometries"])
    assert len(topology["arcs"]) == 3
    assert {abs(a) for a in north} & {~a for a in south if a < 0} or {
        ~a for a in north if a < 0
    } & set(south)


@pytest.mark.parametrize("budget", [3_000, 1_500, 900])
def test_thinned_map_fits_the_budget_without_a_gap(budget):
    topology = light_topology(neighbours(), budget=budget)
    assert len(json.dumps(topology, separators=(",", ":"))) <= budget
    shapes = outlines(topology)
    both = sum(abs(signed_area(rings[0])) for rings in shapes.values())
    assert both == pytest.approx(24, abs=0.02)


def test_map_that_cannot_fit_is_as_small_as_can_be():
    topology = light_topology(neighbours(), budget=10)
    assert all(len(rings[0]) >= 4 for rings in outlines(topology).values())
    assert corners(topology) <= 12


def test_outlines_run_with_the_clock_and_holes_against_it():
    outer = ring((0, 0), (4, 0), (4, 4), (0, 4))
    hole = ring((1, 1), (3, 1), (3, 3), (1, 3))
    topology = light_topology({"A": [[outer, hole]], "B": [[hole]]})
    shapes = {shape["id"]: shape["arcs"] for shape in topology["objects"]["areas"]["geometries"]}
    assert shapes["A"][0][1] == [~shapes["B"][0][0][0]] or shapes["B"][0][0] == [
        ~shapes["A"][0][1][0]
    ]
    for rings in outlines(topology).values():
        assert all(signed_area(one) < 0 for one in rings)


def test_small_islands_go_first_but_the_largest_part_stays():
    coast = wavy(300, left=0, right=9, seed=2)
    land = ring(*coast, (9, 6), (0, 6))
    islet = ring((20, 0), (20.01, 0), (20.01, 0.01), (20, 0.01))
    lake = ring((2, 4), (2.01, 4), (2.01, 4.01), (2, 4.01))
    state = ring((30, 0), (30.01, 0), (30.01, 0.01), (30, 0.01))
    topology = light_topology({"A": [[land, lake], [islet]], "B": [[state]]}, budget=1_500)
    shapes = {shape["id"]: shape["arcs"] for shape in topology["objects"]["areas"]["geometries"]}
    assert [len(polygon) for polygon in shapes["A"]] == [1]
    assert len(shapes["B"]) == 1


def test_area_smaller_than_the_grid_is_kept_as_a_speck():
    speck = ring((50, 50), (50.0001, 50), (50.0001, 50.0001))
    big = ring((0, 0), (100, 0), (100, 80), (0, 80))
    shapes = outlines(light_topology({"A": [[big]], "B": [[speck]], "C": [[big[::-1]], [speck]]}))
    assert set(shapes) == {"A", "B", "C"}
    assert len(shapes["C"]) == 1


def test_islands_alike_from_another_start_are_one_arc():
    first = ring((0, 0), (0, 2), (2, 2), (2, 0))
    second = ring((2, 2), (2, 0), (0, 0), (0, 2))
    assert len(light_topology({"A": [[first]], "B": [[second]]})["arcs"]) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(300, 3_000))
def test_every_area_keeps_a_ring_of_three_corners(seed, count, budget):
    rng = np.random.default_rng(seed)
    areas = {}
    for number in range(count):
        turns = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 60)))
        around = np.column_stack([np.cos(turns), np.sin(turns)]) * rng.uniform(0.01, 2)
        areas[f"A{number}"] = [[ring(*(around + rng.uniform(-5, 5, 2)))]]
    topology = light_topology(areas, budget=budget)
    assert set(outlines(topology)) == set(areas)
    for rings in outlines(topology).values():
        assert all(len(one) >= 4 and (one[0] == one[-1]).all() for one in rings)
