from datetime import date, datetime

import polars as pl
import pyreadstat
import pytest

from everycount.errors import InputError
from everycount.io import microdata_readstat
from everycount.io.microdata_readstat import open_sav, open_stata

MOMENTS = [datetime.fromisoformat(each) for each in ("2020-01-02 03:04:05", "1969-12-31 23:59:59")]
TABLE = pl.DataFrame(
    {
        "id": ["001", "", "3"],
        "sex": [1, 2, None],
        "income": [1.5, 98.0, 9.0],
        "born": [date(1990, 5, 17), None, date(1959, 12, 31)],
        "met": [None, *MOMENTS],
    }
)
CELLS = [
    ("001", 1, 1.5, date(1990, 5, 17), None),
    (None, 2, 98.0, None, MOMENTS[0]),
    ("3", None, 9.0, date(1959, 12, 31), MOMENTS[1]),
]


def whole(survey, **options):
    return pl.concat(list(survey.batches(list(survey.columns), **options)))


@pytest.fixture
def sav(tmp_path):
    place = tmp_path / "women.sav"
    pyreadstat.write_sav(
        TABLE,
        place,
        column_labels={"sex": "Sex of person"},
        variable_value_labels={"sex": {1: "Men", 2: "Women"}, "id": {"3": "third"}},
        missing_ranges={
            "income": [{"lo": 90, "hi": 99}, 9],
            "id": ["3"],
            "sex": [{"lo": 7, "hi": 8}],
        },
    )
    return place


def test_an_spss_file(sav):
    survey = open_sav(sav, name="women.sav")
    assert (survey.rows, survey.files) == (3, (sav,))
    assert whole(survey).rows() == CELLS
    sex, income, name = (survey.columns[each] for each in ("sex", "income", "id"))
    assert (sex.kind, sex.label) == ("number", "Sex of person")
    assert sex.labels == {"1": "Men", "2": "Women"}
    assert (sex.missing, sex.missing_ranges) == ((), ((7.0, 8.0),))
    assert (income.missing, income.missing_ranges) == ((9.0,), ((90.0, 99.0),))
    assert (name.kind, name.missing, name.labels) == ("text", ("3",), {"3": "third"})
    assert [survey.columns[each].kind for each in ("born", "met")] == ["other", "other"]


def test_a_compressed_spss_file(tmp_path):
    place = tmp_path / "women.zsav"
    pyreadstat.write_sav(TABLE, place, compress=True)
    assert place.read_bytes().startswith(microdata_readstat.SAV)
    assert whole(open_sav(place, name="women.zsav")).rows() == CELLS


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_a_stata_file(tmp_path, version):
    place = tmp_path / "women.dta"
    pyreadstat.write_dta(
        TABLE,
        place,
        version=version,
        column_labels={"sex": "Sex of person"},
        variable_value_labels={"sex": {1: "Men", 2: "Women"}},
    )
    assert microdata_readstat.is_stata(place.read_bytes()[:16])
    survey = open_stata(place, name="women.dta")
    assert whole(survey).rows() == CELLS
    sex = survey.columns["sex"]
    assert (sex.label, sex.labels, sex.missing) == ("Sex of person", {"1": "Men", "2": "Women"}, ())


def test_extended_missing_values_of_stata_are_null(tmp_path):
    pandas = pytest.importorskip("pandas")
    place = tmp_path / "women.dta"
    pyreadstat.write_dta(
        pandas.DataFrame({"a": [1, "a", 2, "z"]}),
        place,
        missing_user_values={"a": ["a", "z"]},
        variable_value_labels={"a": {1: "one", "a": "refused"}},
    )
    survey = open_stata(place, name="women.dta")
    assert whole(survey).rows() == [(1,), (None,), (2,), (None,)]
    assert survey.columns["a"].labels == {"1": "one"}
    # Types do not change where a batch has nothing but empty cells.
    assert {frame.dtypes[0] for frame in survey.batches(["a"], rows=1)} == {pl.Int64}


def test_large_numbers_keep_their_digits(tmp_path):
    place = tmp_path / "a.dta"
    table = pl.DataFrame({"w": [0.1, 1057703.000001, 2.0**53], "n": [1, 2**30, -(2**30)]})
    pyreadstat.write_dta(table, place)
    assert whole(open_stata(place, name="a.dta")).rows() == table.rows()


@pytest.mark.parametrize(("cells", "rows"), [(1, 2), (3, 1), (8, 3), (8, 100)])
def test_batches(tmp_path, monkeypatch, cells, rows):
    monkeypatch.setattr(microdata_readstat, "CELLS", cells)
    place = tmp_path / "a.dta"
    table = pl.DataFrame({"a": range(7), "b": [str(n) for n in range(7)]})
    pyreadstat.write_dta(table, place)
    frames = list(open_stata(place, name="a.dta").batches(["b", "a"], rows=rows))
    assert pl.concat(frames).rows() == [(str(n), n) for n in range(7)]
    assert max(frame.height for frame in frames) <= rows


@pytest.mark.parametrize("extra", [0, 1])
def test_an_spss_file_that_does_not_say_its_rows(sav, monkeypatch, extra):
    monkeypatch.setattr(microdata_readstat, "CELLS", 2 + extra)
    content = bytearray(sav.read_bytes())
    content[80:84] = b"\xff\xff\xff\xff"  # ncases of the header; PSPP Developers Guide
    sav.write_bytes(content)
    survey = open_sav(sav, name="women.sav")
    assert survey.rows == 3
    assert whole(survey).rows() == CELLS


def test_a_file_that_ends_before_its_rows(sav):
    content = bytearray(sav.read_bytes())
    content[80:84] = (5).to_bytes(4, "little")
    sav.write_bytes(content)
    with pytest.raises(InputError):
        list(open_sav(sav, name="women.sav").batches(["sex"]))


@pytest.mark.parametrize("size", [4, 300, -30])
def test_truncated_files(sav, tmp_path, size):
    sav.write_bytes(sav.read_bytes()[:size])
    with pytest.raises(InputError, match="expected a whole SPSS file"):
        list(open_sav(sav, name="women.sav").batches(["sex"]))
    place = tmp_path / "women.dta"
    pyreadstat.write_dta(TABLE, place)
    place.write_bytes(place.read_bytes()[: 2 * size])
    with pytest.raises(InputError, match="expected a whole Stata file"):
        list(open_stata(place, name="women.dta").batches(["sex"]))


def test_no_rows(tmp_path):
    place = tmp_path / "a.dta"
    pyreadstat.write_dta(TABLE.clear(), place)
    with pytest.raises(InputError, match="found no rows"):
        open_stata(place, name="a.dta")
