import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from everycount.charts import render
from everycount.charts.correlation_cells import BREAKS, cell
from everycount.charts.correlation_heat_map import Node, Words, alt, correlation_heat_map

TEXT = "{http://www.w3.org/2000/svg}text"

NODES = [
    Node(name="Literacy", group="Education"),
    Node(name="Pay", group="Work"),
    Node(name="Schooling", group="Education"),
]
MATRIX = [[1, -0.4, 0.97], [-0.4, 1, 0.05], [0.97, 0.05, 1]]


def drawn(nodes=NODES, matrix=MATRIX, **options):
    return render.svg(correlation_heat_map(nodes, matrix, title="Correlations", **options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def cells(svg):
    """Heights and colours of the cells under the key."""
    found = re.findall(r'd="M[\d.-]+,([\d.-]+)h[\d.]+v([\d.]+)h[^"]*" fill="([^"]+)"', svg)
    return [(float(high), colour) for y, high, colour in found if float(y) > 0]


def test_positive_cells_are_full_and_negative_ones_flat():
    assert sorted(cells(drawn())) == [(4.8, "var(--c-2)"), (11.0, "var(--c-1)")]


def test_weak_correlation_is_blank_and_missing_one_is_hatched():
    matrix = np.array(MATRIX)
    matrix[1, 2] = matrix[2, 1] = np.nan
    svg = drawn(matrix=matrix)
    assert (11.0, "url(#hatch)") in cells(svg)
    assert "no figure" in words(svg)
    assert "url(#hatch)" not in drawn()
    assert "no figure" not in words(drawn())


def test_stronger_correlation_is_less_transparent():
    svg = drawn()
    assert 'fill="var(--c-1)"' in svg
    assert re.search(r'fill="var\(--c-2\)" opacity="0.34"', svg)


@pytest.mark.parametrize(
    ("value", "wanted"), [(0.0, 0), (0.1, 1), (-0.3, 2), (0.8999, 4), (-0.9, 5), (np.nan, 5)]
)
def test_class_of_a_cell_at_its_break(value, wanted):
    assert cell(value, x=0, y=6, width=5)["class"] == wanted
    assert len(BREAKS) == 5


def test_names_stand_in_groups_with_the_numbers_of_their_columns():
    found = words(drawn())
    names = {"Education", "Work", "Literacy", "Pay", "Schooling"}
    assert [word for word in found if word in names] == [
        "Education", "Work", "Literacy", "Schooling", "Pay",
    ]  # fmt: skip
    assert [found.count(number) for number in ("2", "3")] == [2, 2]


def test_flagged_pairs_have_a_mark_each_and_a_word_in_the_key():
    svg = drawn(flags={(2, 0): "redundant", (0, 1): "adverse"})
    assert svg.count('stroke="var(--ink)"') == 2 + 2  # on the cells and in the key
    assert {"says the same twice", "against its own group"} <= set(words(svg))
    assert "very high" not in words(svg)
    assert 'stroke="var(--ink)"' not in drawn()


def test_narrow_chart_of_many_nodes_is_as_wide_as_asked_for():
    nodes = [Node(name=f"Indicator {k}", group=f"Goal {k // 5}") for k in range(60)]
    matrix = np.cos(np.subtract.outer(np.arange(60), np.arange(60)))
    for width in (360, 720):
        svg = drawn(nodes, matrix, width=width)
        assert float(ET.fromstring(svg).attrib["viewBox"].split()[2]) == pytest.approx(width, abs=1)
        assert len(svg.encode()) < 150_000
        assert "Indicator 59" in words(svg)


def test_words_in_another_language():
    assert "không có" in words(
        drawn(matrix=np.full((3, 3), np.nan), words=Words(missing="không có"))
    )
    spec = correlation_heat_map(NODES, MATRIX, title="C", description="Bốn.")
    assert spec["description"] == "Bốn."


def test_alt_names_highest_lowest_and_flagged():
    assert alt(NODES, MATRIX, title="C", flags={(2, 0): "redundant"}) == (
        "C. 3 nodes. Highest: Literacy with Schooling, 0.97. Lowest: Literacy with Pay, −0.40. "
        "Flagged: Literacy with Schooling (redundant)."
    )
    assert alt(NODES, np.full((3, 3), np.nan), title="C") == "C. 3 nodes. Flagged: none."
    six = [Node(name=str(k), group="") for k in range(7)]
    flags = {(0, k): "high" for k in range(1, 7)}
    assert alt(six, np.eye(7), title="C", flags=flags).endswith("0 with 5 (high) and 1 more.")


@pytest.mark.parametrize(("nodes", "shape"), [(NODES, (2, 2)), (NODES[:1], (1, 1))])
def test_matrix_of_another_shape_is_refused(nodes, shape):
    with pytest.raises(ValueError, match=f"a heat map of {len(nodes)} nodes: found a matrix of"):
        correlation_heat_map(nodes, np.ones(shape), title="C")
