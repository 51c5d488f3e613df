import builtins
import gzip
import hashlib

import polars as pl
import pyreadstat
import pytest

from everycount.errors import InputError, NotFound, Unavailable
from everycount.io.microdata import open_microdata
from everycount.io.microdata_readstat import is_stata
from everycount.model.microdata import Column

TABLE = pl.DataFrame({"psu": [1, 1, 2], "sex": ["F", "M", "F"]})


def put(tmp_path, name, content):
    place = tmp_path / name
    place.write_bytes(content)
    return place


def test_the_format_is_known_by_content_not_by_the_ending(tmp_path):
    place = tmp_path / "persons.csv"
    TABLE.write_parquet(place)
    found = open_microdata(place)
    assert (found.name, found.rows, list(found.columns)) == ("persons.csv", 3, ["psu", "sex"])
    assert found.columns["psu"] == Column(name="psu", kind="number")
    spss = tmp_path / "persons.dat"
    pyreadstat.write_sav(TABLE, spss)
    assert open_microdata(spss).rows == 3
    text = put(tmp_path, "persons.txt", b"psu,sex\n1,F\n")
    assert open_microdata(str(text)).columns["psu"] == Column(name="psu", kind="text")


def test_batches_come_in_the_order_asked_for_each_column_once(tmp_path):
    place = tmp_path / "persons.parquet"
    TABLE.write_parquet(place)
    found = list(open_microdata(place).batches(["sex", "psu", "sex"], rows=2))
    assert [frame.rows() for frame in found] == [[("F", 1), ("M", 1)], [("F", 2)]]
    assert found[0].columns == ["sex", "psu"]


def test_columns_that_are_not_there_are_all_named(tmp_path):
    survey = open_microdata(put(tmp_path, "persons.csv", b"psu,sex\n1,F\n"))
    with pytest.raises(InputError) as caught:
        survey.batches(["psus", "sex", "age"])
    assert [str(problem) for problem in caught.value.problems] == [
        "columns: found no column psus, expected one of psu, sex; nearest is psu",
        "columns: found no column age, expected one of psu, sex",
    ]


@pytest.mark.parametrize(("columns", "rows"), [([], 5), (["psu"], 0)])
def test_batches_of_nothing_are_our_own_mistake(tmp_path, columns, rows):
    survey = open_microdata(put(tmp_path, "persons.csv", b"psu,sex\n1,F\n"))
    with pytest.raises(ValueError, match="at least one column and one row"):
        survey.batches(columns, rows=rows)


def test_a_file_that_changed_is_refused(tmp_path):
    place = put(tmp_path, "persons.csv", b"psu,sex\n1,F\n2,M\n")
    survey = open_microdata(place)
    place.write_bytes(b"psu,sex\n1,F\n")
    with pytest.raises(InputError, match="found 1 rows, expected the 2 rows it had when it was"):
        list(survey.batches(["psu"]))


def test_digest_of_a_file_and_of_a_folder(tmp_path):
    content = b"psu\n1\n"
    plain = open_microdata(put(tmp_path, "a.csv", content))
    assert plain.digest == hashlib.sha256(content).hexdigest()
    folder = tmp_path / "parts"
    folder.mkdir()
    for name in ("b.parquet", "a.parquet"):
        TABLE.write_parquet(folder / name)
    one = hashlib.sha256((folder / "a.parquet").read_bytes()).hexdigest()
    lines = f"{one}  a.parquet\n{one}  b.parquet\n"
    assert open_microdata(folder).digest == hashlib.sha256(lines.encode()).hexdigest()


def test_no_such_file(tmp_path):
    with pytest.raises(NotFound, match=r"there is no file .*nothing.csv"):
        open_microdata(tmp_path / "nothing.csv")
    place = put(tmp_path, "a.csv", b"psu\n1\n")
    with pytest.raises(NotFound, match="there is no file"):
        open_microdata(place / "below.csv")


def test_a_file_that_the_system_refuses(tmp_path):
    place = tmp_path / "circle.csv"
    place.symlink_to(place)
    with pytest.raises(InputError, match=r"circle.csv: found a refusal \(.+\), expected a file"):
        open_microdata(place)
    with pytest.raises(InputError, match="found a refusal"):
        open_microdata(tmp_path / ("x" * 300 + ".csv"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "found nothing, expected microdata in Parquet, CSV, Stata"),
        ("a.csv", b"PK\x03\x04etc", "found an Excel workbook or another zip archive"),
        ("a.xpt", b"HEADER RECORD*******LIBRARY", r"a SAS transport file \(.xpt\)"),
        ("a.feather", b"ARROW1\0\0", "found an Arrow or Feather file"),
        ("a.dta", b"psu,sex\n1,F\n", r"found first bytes b'psu,sex\\n', which no .* a Stata file"),
        ("a.SAV", b"psu,sex\n1,F\n", "expected an SPSS file"),
        ("a.parquet", b"psu,sex\n1,F\n", "expected a Parquet file"),
    ],
)
def test_files_of_other_formats(tmp_path, name, content, words):
    with pytest.raises(InputError, match=words):
        open_microdata(put(tmp_path, name, content))


def test_a_folder_without_parquet(tmp_path):
    (tmp_path / "_hidden.parquet").touch()
    with pytest.raises(InputError, match=r"found a folder without \.parquet files"):
        open_microdata(tmp_path)


@pytest.mark.parametrize("head", [b"<stata_dta><header>", b"\x72\x02\x01\x00"])
def test_stata_files_need_the_extra(tmp_path, monkeypatch, head):
    real = builtins.__import__

    def absent(name, *others):
        if name == "pyreadstat":
            raise ImportError(name)
        return real(name, *others)

    monkeypatch.setattr(builtins, "__import__", absent)
    assert is_stata(head)
    place = put(tmp_path, "women.dta", head)
    with pytest.raises(Unavailable, match=r"women.dta is a Stata .* install everycount\[survey\]"):
        open_microdata(place)
    assert open_microdata(put(tmp_path, "a.csv", b"psu\n1\n")).rows == 1


@pytest.mark.parametrize("head", [b"", b"r", b"r,a", b"\x72\x03\x01", b"\x72\x01\x02"])
def test_what_is_no_stata_file(head):
    assert not is_stata(head)


def test_a_compressed_csv_and_its_delimiter(tmp_path):
    place = put(tmp_path, "a.csv.gz", gzip.compress(b"psu;sex\n1;F\n"))
    assert list(open_microdata(place).columns) == ["psu", "sex"]
    assert list(open_microdata(place, delimiter=",").columns) == ["psu;sex"]


def test_standard_input_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").mkdir()
    with pytest.raises(InputError) as caught:
        open_microdata("-")
    assert str(caught.value).splitlines()[1] == (
        "  -: found standard input, expected a file, as rows are read more than once: microdata in "
        "Parquet, CSV, Stata (.dta) or SPSS (.sav, .zsav)"
    )


def test_an_ending_of_files_that_are_not_read(tmp_path):
    with pytest.raises(InputError) as caught:
        open_microdata(put(tmp_path, "women.XLSX", b"no workbook"))
    assert str(caught.value).splitlines()[1] == (
        "  file: found a file that ends in .XLSX, which is not read, expected microdata in "
        "Parquet, CSV, Stata (.dta) or SPSS (.sav, .zsav)"
    )
