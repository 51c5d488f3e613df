"""Bulk files of the UNESCO Institute for Statistics."""

import pytest

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source

HEADER = "INDICATOR_ID,COUNTRY_ID,YEAR,VALUE,MAGNITUDE,QUALIFIER"


def test_magnitude_and_qualifier_are_status_and_nature():
    rows = ["NIL,", "NA,", "SUPP,", "LOWREL,NAT_EST", "INCLUDED,", "INCLUDES,", ",UIS_EST", ","]
    lines = [f"X,NAM,{2000 + at},0,{each}" for at, each in enumerate(rows)]
    content = "\n".join([HEADER, *lines, ""]).encode()
    table = read_dataset(Source(name="a.csv", content=content)).table
    assert table.select("OBS_VALUE", "OBS_STATUS", "NATURE").rows() == [
        (0.0, None, None),
        (None, "M", None),
        (None, "Q", None),
        (0.0, "U", "C"),
        (None, "K", None),
        (0.0, "W", None),
        (0.0, "E", "E"),
        (0.0, None, None),
    ]


def test_a_magnitude_that_is_unknown_is_refused():
    content = f"{HEADER}\nX,NAM,2019,1,BIG,\n".encode()
    with pytest.raises(InputError, match="row 2, OBS_STATUS: found 'BIG'"):
        read_dataset(Source(name="a.csv", content=content))


def test_regions_get_codes_made_from_their_names():
    content = b"INDICATOR_ID,REGION_ID,YEAR,VALUE\nX,AIMS: Asia,2019,1\nX,WORLD,2019,2\n"
    dataset = read_dataset(Source(name="a.csv", content=content))
    code = dataset.table["REF_AREA"][0]
    assert code.startswith("AIMS_ASIA_")
    assert dataset.codes["REF_AREA"].label(code) == "AIMS: Asia"
    assert dataset.table["REF_AREA"][1] == "WORLD"


def test_labels_come_from_the_files_beside_it(tmp_path):
    (tmp_path / "OPRI_DATA_NATIONAL.csv").write_text(f"{HEADER}\nX,QQQ,2019,1,,\n")
    (tmp_path / "OPRI_LABEL.csv").write_text("INDICATOR_ID,INDICATOR_LABEL_EN\nX,Girls\n")
    (tmp_path / "OPRI_COUNTRY.csv").write_text("A,B\n1,2\n")
    dataset = read_dataset(tmp_path / "OPRI_DATA_NATIONAL.csv")
    assert dataset.codes["INDICATOR"].label("X") == "Girls"
    assert "REF_AREA" not in dataset.codes


def test_metadata_of_observations_is_refused_with_advice():
    content = b"INDICATOR_ID,COUNTRY_ID,YEAR,TYPE,METADATA\nX,NAM,2019,Source,y\n"
    with pytest.raises(InputError, match=r"metadata of single observations .* DATA_NATIONAL"):
        read_dataset(Source(name="a.csv", content=content))
