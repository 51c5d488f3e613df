import numpy as np
import pytest

from everycount.errors import InputError
from everycount.io.units import parse_units, read_units


def parsed(text):
    return parse_units(text.encode(), name="units.csv")


def test_names_groups_and_figures():
    units = parsed(
        "unit,name,region,people,empty\nNA,Namibia,Africa, 5 ,\n004,,,,\nX,Éire,Europe,2.5,\n"
    )
    assert units.codes == ("NA", "004", "X")
    assert units.names == {"NA": "Namibia", "X": "Éire"}
    assert units.groups == {"region": ("Africa", "", "Europe"), "empty": ("", "", "")}
    assert list(units.figures) == ["people"]
    np.testing.assert_array_equal(units.figures["people"], [5, np.nan, 2.5])


def test_codes_are_words():
    units = parsed("REF_AREA,m49,region_code,mixed\nX,004,1,1\nY,012,2,n/a\n")
    assert units.figures == {}
    assert units.groups["m49"] == ("004", "012")
    assert units.groups["region_code"] == ("1", "2")
    assert units.groups["mixed"] == ("1", "n/a")
    assert units.names == {}


def test_from_a_file(tmp_path):
    place = tmp_path / "u.csv"
    place.write_text("unit,name\nX,Xanadu\n", encoding="utf-8")
    assert read_units(place).names == {"X": "Xanadu"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("country,name\nX,Y\n", "header: found columns country, name, expected a column 'unit'"),
        ("unit,name\nX,a\nX,b\n", "row 3: found 'X' again, as in row 2, expected each unit once"),
        ("unit,name\n,a\n", "row 2, unit: found nothing, expected a value"),
        ("unit,people\nX,inf\n", "row 2, people: found 'inf', expected a finite number"),
        ("", "file: found nothing, expected a header and rows"),
    ],
)
def test_faults_of_the_file(text, fault):
    with pytest.raises(InputError) as raised:
        parsed(text)
    assert fault in str(raised.value)
