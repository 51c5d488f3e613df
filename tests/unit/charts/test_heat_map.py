import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.heat_map import Cell, heat_map
from everycount.charts.theme import MISSING, OTHER, STEPS

TEXT = "{http://www.w3.org/2000/svg}text"


def spec_of(*cells, rows=("A", "B"), columns=("2019", "2020"), breaks=(10,), **options):
    given = {"description": "D.", "number": "{:g}".format} | options
    return heat_map(cells, rows=rows, columns=columns, breaks=breaks, **given)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def places(spec, colour):
    return {
        (value["row"], value["column"])
        for layer in spec["layer"]
        if layer["mark"].get("color") == colour
        for value in layer["data"]["values"]
        if "row" in value
    }


def test_cells_have_the_colour_of_their_class():
    spec = spec_of(Cell(row="A", column="2019", value=9.9), Cell(row="B", column="2020", value=10))
    assert places(spec, STEPS[0]) == {("A", "2019")}
    assert places(spec, STEPS[-1]) == {("B", "2020")}
    assert {"under 10", "10 and over"} <= set(said(spec))


def test_missing_cells_are_hatched_and_hidden_ones_have_a_dot():
    spec = spec_of(Cell(row="A", column="2019", flag="hidden"), Cell(row="B", column="2019"))
    assert places(spec, OTHER) == {("A", "2019")}
    assert places(spec, MISSING) == {("A", "2020"), ("B", "2019"), ("B", "2020")}
    assert {"no figure", "dot: not shown"} <= set(said(spec))


def test_few_cases_have_a_ring_and_modelled_ones_an_e():
    spec = spec_of(Cell(row="A", column="2019", value=1, flag="few"),
                   Cell(row="A", column="2020", value=1, flag="modelled"))  # fmt: skip
    assert {"ring: few cases", "e: modelled", "e"} <= set(said(spec))


def test_years_are_thinned_out_and_the_last_stands():
    years = [str(year) for year in range(2000, 2021)]
    words = said(spec_of(rows=["A"], columns=years, width=340))
    assert "2020" in words
    assert "2019" not in words


def test_long_names_of_columns_stand_whole_in_bands():
    columns = [f"Share of seats held by women {k}" for k in range(12)]
    words = " ".join(said(spec_of(rows=["A"], columns=columns, width=340)))
    assert all(f"women {k}" in words for k in range(12))
    assert words.count("A ") + words.endswith("A") > 1


def test_columns_are_worded():
    words = said(spec_of(column="N{}".format))
    assert {"N2019", "N2020"} <= set(words)


@pytest.mark.parametrize("breaks", [(), (1, 2, 3, 4, 5), (2, 1), (1, 1)])
def test_breaks_that_make_no_classes_are_refused(breaks):
    with pytest.raises(ValueError, match="expected one to four, ascending"):
        spec_of(breaks=breaks)


def test_cells_without_a_place_and_twice_are_refused():
    with pytest.raises(ValueError, match="at least one row and one column"):
        spec_of(rows=())
    with pytest.raises(ValueError, match="C, 2019: found no such row and column"):
        spec_of(Cell(row="C", column="2019"))
    with pytest.raises(ValueError, match="A, 2019: found twice"):
        spec_of(*[Cell(row="A", column="2019")] * 2)
    with pytest.raises(ValueError, match="must not be given"):
        Cell(row="A", column="2019", value=1, flag="hidden")


def test_signs_that_no_cell_has_are_not_explained():
    cells = [Cell(row=row, column=column, value=1) for row in "AB" for column in ("2019", "2020")]
    assert "no figure" not in " ".join(filter(None, said(spec_of(*cells))))
    assert "no figure" in " ".join(filter(None, said(spec_of(*cells[1:]))))
