"""One contract over every format of microdata: the same rows, labels and missing values."""

import gzip
import hashlib
from itertools import groupby

import polars as pl
import pyreadstat
import pytest

from everycount.errors import InputError
from everycount.io.microdata import open_microdata
from everycount.io.partition import sorted_by
from everycount.survey.cells import as_codes, is_missing

TABLE = pl.DataFrame(
    {
        "psu": [12, 2, 12, 7, 2, 12],
        "weight": [1.25, 0.5, 1.0, 2.0, 0.75, 1.0],
        "sex": [1, 2, 2, None, 9, 1],
        "region": ["004", "NA", None, "été", "004", "a, b"],
    }
)
LABELS = {"1": "Men", "2": "Women", "9": "No answer"}
LABELLED = {
    "column_labels": {"sex": "Sex of person", "region": "Région"},
    "variable_value_labels": {"sex": {int(code): words for code, words in LABELS.items()}},
}


def as_parts(table, place):
    place.mkdir()
    for number, start in enumerate(range(0, table.height, 4)):
        table[start : start + 4].write_parquet(place / f"part-{number}.parquet")


def as_gzip(table, place):
    place.write_bytes(gzip.compress(table.write_csv().encode()))


def as_sav(table, place):
    missing = {"sex": [{"lo": 8, "hi": 9}], "region": ["NA"]}
    pyreadstat.write_sav(
        table, place, compress=place.suffix == ".zsav", missing_ranges=missing, **LABELLED
    )


FORMATS = {
    "a.parquet": pl.DataFrame.write_parquet,
    "a": as_parts,
    "a.csv": pl.DataFrame.write_csv,
    "a.tsv": lambda table, place: table.write_csv(place, separator="\t"),
    "b.csv": lambda table, place: table.write_csv(place, separator=";", line_terminator="\r\n"),
    "a.csv.gz": as_gzip,
    "a.dta": lambda table, place: pyreadstat.write_dta(table, place, **LABELLED),
    "a.sav": as_sav,
    "a.zsav": as_sav,
}
LABELS_KEPT = {"a.dta", "a.sav", "a.zsav"}
MISSING_KEPT = {"a.sav", "a.zsav"}


@pytest.fixture(params=FORMATS)
def survey(request, tmp_path):
    place = tmp_path / request.param
    FORMATS[request.param](TABLE, place)
    return open_microdata(place)


def codes(frame):
    """Return cells as codes in text, however the format stores numbers."""
    return frame.select(as_codes(series).cast(pl.String).alias(series.name) for series in frame)


def whole(survey, columns, **options):
    return pl.concat(list(survey.batches(columns, **options)))


def test_rows_and_columns_in_the_order_of_the_file(survey):
    assert survey.rows == 6
    assert list(survey.columns) == TABLE.columns
    assert [column.name for column in survey.columns.values()] == TABLE.columns


@pytest.mark.parametrize("rows", [1, 4, 100])
def test_cells(survey, rows):
    frames = list(survey.batches(TABLE.columns, rows=rows))
    assert max(frame.height for frame in frames) <= rows
    found = pl.concat(frames)
    for name in ("psu", "sex", "region"):
        assert codes(found)[name].to_list() == codes(TABLE)[name].to_list()
    assert found["weight"].cast(pl.Float64).to_list() == TABLE["weight"].to_list()


def test_types_are_the_same_in_every_batch_and_as_told(survey):
    for frame in survey.batches(TABLE.columns, rows=1):
        for name in TABLE.columns:
            kind = survey.columns[name].kind
            assert frame.schema[name].is_numeric() == (kind == "number")
            assert (frame.schema[name] == pl.String) == (kind == "text")


def test_only_the_columns_asked_for_in_their_order(survey):
    assert codes(whole(survey, ["sex", "psu"])).rows()[:2] == [("1", "12"), ("2", "2")]
    with pytest.raises(InputError, match=r"found no column sexe, expected .* nearest is sex"):
        survey.batches(["psu", "sexe"])


def test_labels(survey):
    sex = survey.columns["sex"]
    expected = (LABELS, "Sex of person") if survey.name in LABELS_KEPT else ({}, "")
    assert (sex.labels, sex.label) == expected
    assert survey.columns["region"].label == ("Région" if expected[1] else "")
    assert survey.columns["psu"].labels == {}


def test_codes_that_the_file_declares_to_be_missing_stand_and_are_told(survey):
    sex, region = survey.columns["sex"], survey.columns["region"]
    told = survey.name in MISSING_KEPT
    assert sex.missing_ranges == (((8.0, 9.0),) if told else ())
    assert region.missing == (("NA",) if told else ())
    found = whole(survey, ["sex", "region"])
    assert is_missing(found["sex"], sex).tolist() == [False] * 3 + [True, told, False]
    assert is_missing(found["region"], region).tolist() == [False, told, True] + [False] * 3


def test_sorted_by_units(survey):
    """Text sorts as text; all that matters is that units stand together."""
    found = []
    for rows_in_memory in (100, 2):
        with sorted_by(survey, ["psu"], ["weight"], rows_in_memory=rows_in_memory) as ordered:
            found.append(codes(whole(ordered, ["psu", "weight"])).rows())
    assert found[0] == found[1]
    units = [unit for unit, _ in found[0]]
    assert len(set(units)) == len([unit for unit, _ in groupby(units)])
    weights = [float(weight) for unit, weight in found[0] if unit == "12"]
    assert weights == [1.25, 1.0, 1.0]


def test_digest(survey):
    if len(survey.files) == 1:
        content = survey.files[0].read_bytes()
        assert survey.digest == hashlib.sha256(content).hexdigest()
    else:
        assert len(survey.digest) == 64


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "a"])
def test_a_file_cut_off(tmp_path, name):
    place = tmp_path / name
    FORMATS[name](TABLE, place)
    if ".csv" in name or ".tsv" in name:
        content = place.read_bytes()
        place.write_bytes(
            content[:-12] if name.endswith(".gz") else content[: content.rfind(b"12") + 4]
        )
    else:
        place.write_bytes(place.read_bytes()[: place.stat().st_size // 3])
    with pytest.raises(InputError, match=f"{name} has 1 problem"):
        whole(open_microdata(place), ["psu"])


@pytest.mark.parametrize("name", FORMATS)
def test_no_rows(tmp_path, name):
    place = tmp_path / name
    place.mkdir() if name == "a" else None
    write = pl.DataFrame.write_parquet if name == "a" else FORMATS[name]
    write(TABLE.clear(), place / "p.parquet" if name == "a" else place)
    with pytest.raises(InputError, match="found no rows, expected at least one"):
        open_microdata(place)
