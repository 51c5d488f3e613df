"""Our readers of microdata against others: pandas, pyarrow and Python's csv.

The DHS Program's model women's file stands three ways in data/microdata of the shared data; the
.csv has the words of codes in place of the codes.
"""

import csv

import polars as pl
import pyarrow.parquet as pq
import pytest

from everycount.io.microdata import open_microdata
from everycount.model.conditions import code_text

pytestmark = [pytest.mark.shared, pytest.mark.parity]

DHS = "dhs_model_zzir_core"


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "microdata"


def whole(survey, **options):
    return pl.concat(list(survey.batches(list(survey.columns), **options)))


def read_rows(place):
    with place.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def in_words(survey):
    """Return the cells as text, codes with a label in its words."""
    columns = []
    for series in whole(survey, rows=1_000):
        labels = survey.columns[series.name].labels
        texts = ("" if cell is None else code_text(cell) for cell in series)
        columns.append([labels.get(text, text) for text in texts])
    return [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("ending", ["csv", "dta", "sav"])
def test_the_model_file_reads_the_same_three_ways(folder, ending):
    header, rows = read_rows(folder / f"{DHS}.csv")
    survey = open_microdata(folder / f"{DHS}.{ending}")
    assert (survey.rows, list(survey.columns)) == (8_348, header)
    # Codes are compared without blanks around them, which the case identifiers have.
    assert in_words(survey) == [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("ending", ["dta", "sav"])
def test_labels_of_variables(folder, ending):
    _, rows = read_rows(folder / f"{DHS}_labels.csv")
    survey = open_microdata(folder / f"{DHS}.{ending}")
    assert [[name, column.label] for name, column in survey.columns.items()] == rows


def test_stata_and_spss_agree_on_codes(folder):
    stata, spss = (open_microdata(folder / f"{DHS}.{ending}") for ending in ("dta", "sav"))
    assert whole(stata).rows() == whole(spss).rows()
    assert {name: column.labels for name, column in stata.columns.items()} == {
        name: column.labels for name, column in spss.columns.items()
    }


def test_stata_against_pandas(folder):
    pandas = pytest.importorskip("pandas")
    place = folder / f"{DHS}.dta"
    survey = open_microdata(place)
    other = pandas.read_stata(place, convert_categoricals=False, convert_dates=False)
    assert list(other.columns) == list(survey.columns)
    for series in whole(survey):
        cells = other[series.name].replace("", None).astype(object)
        cells = cells.where(cells.notna(), None).tolist()
        assert series.to_list() == cells, series.name
    with pandas.read_stata(place, iterator=True) as reader:
        labels, about = reader.value_labels(), reader.variable_labels()
    assert about == {name: column.label for name, column in survey.columns.items()}
    labelled = [column.labels for column in survey.columns.values() if column.labels]
    assert len(labelled) >= 10
    for words in labelled:
        assert words in [
            {code_text(int(code)): text for code, text in each.items()} for each in labels.values()
        ]


@pytest.mark.parametrize("name", ["ind_sample", "hld_sample", "ea_frame", "hld_pop"])
def test_parquet_against_pyarrow(folder, name):
    place = folder / f"{name}_wb_2023.parquet"
    survey = open_microdata(place)
    other = pq.read_table(place)
    assert list(survey.columns) == other.column_names
    found = whole(survey, rows=10_000)
    assert survey.rows == found.height == other.num_rows
    for series in found:
        assert series.to_list() == other.column(series.name).to_pylist(), series.name


def test_csv_against_pythons(folder):
    place = folder / "mpitb_syn_cdta.csv"
    header, rows = read_rows(place)
    survey = open_microdata(place)
    found = whole(survey, rows=4_000)
    assert found.columns == header
    assert [["" if cell is None else cell for cell in row] for row in found.rows()] == rows
    assert found.null_count().sum_horizontal()[0] > 0
