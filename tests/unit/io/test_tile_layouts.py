import pytest

from everycount.errors import InputError
from everycount.io.areas import area_table
from everycount.io.tile_layouts import iso3_labels, parse_layout, read_layout, world_layout


def faults(text):
    with pytest.raises(InputError) as error:
        parse_layout(text.encode(), subject="tiles.csv")
    return [str(problem) for problem in error.value.problems]


def test_every_fault_of_a_layout_is_told_at_once():
    assert faults("unit,column,row\nA,0,0\nA,1,0\n,2,0\nB,x,100\nC,0,00\nD,,-1\n") == [
        "row 3, unit: found 'A', as in row 2, expected each area once",
        "row 4, unit: found nothing, expected the code of an area",
        "row 5, column: found 'x', expected 0 to 99",
        "row 5, row: found '100', expected 0 to 99",
        "row 6: found the square of row 2, expected a square for each area",
        "row 7, column: found nothing, expected 0 to 99",
        "row 7, row: found '-1', expected 0 to 99",
    ]


def test_layout_without_its_columns_or_rows_is_refused():
    assert faults("unit,x\nA,1\n") == [
        "header: found unit, x, expected a column 'column'",
        "header: found unit, x, expected a column 'row'",
    ]


def test_layout_is_moved_to_the_corner(tmp_path):
    path = tmp_path / "tiles.csv"
    path.write_text("row,unit,column,name\n7,A,3,x\n9,B,4,y\n")
    assert read_layout(path).places == {"A": (0, 0), "B": (1, 2)}


def test_world_holds_every_state_once():
    places = world_layout("iso3").places
    named = dict(area_table().select("iso3", "name_en").drop_nulls().iter_rows())
    assert set(places) <= set(named)
    # Members of the United Nations: those that the shipped map has, and the smallest.
    assert {"VNM", "NRU", "TUV", "AND", "SSD", "TLS", "PSE", "VAT", "COK"} <= set(places)
    assert len(places) == 207


def test_labels_of_m49_codes_are_iso3():
    labels = iso3_labels()
    assert labels["704"] == "VNM"
    assert labels["642"] == "ROU"
    assert {labels[code] for code in world_layout().places} == set(world_layout("iso3").places)
