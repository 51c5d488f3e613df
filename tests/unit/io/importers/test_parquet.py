import gzip
import io

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.importers import parquet
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping

ROWS = pl.DataFrame(
    {
        "INDICATOR": ["SEATS", "SEATS", "SEATS"],
        "REF_AREA": ["004", "NA", "008"],
        "TIME_PERIOD": ["2019", "2019", "2020"],
        "OBS_VALUE": [0.1 + 0.2, None, 5.0],
    }
)


def content(table):
    file = io.BytesIO()
    table.write_parquet(file)
    return file.getvalue()


def values(source, **options):
    table = read_dataset(source, **options).table
    return table.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE").rows()


EXPECTED = [("004", "2019", 0.1 + 0.2), ("NA", "2019", None), ("008", "2020", 5.0)]


def test_a_file_is_read_in_batches_from_disk_memory_or_packed(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS", 2)
    place = tmp_path / "figures.parquet"
    place.write_bytes(content(ROWS))
    assert values(place) == EXPECTED
    assert values(Source(name="figures", content=content(ROWS))) == EXPECTED
    packed = tmp_path / "figures.parquet.gz"
    packed.write_bytes(gzip.compress(content(ROWS)))
    assert values(packed) == EXPECTED


def test_numbers_of_other_columns_are_read_as_text():
    table = ROWS.with_columns(pl.col("TIME_PERIOD").cast(pl.Int32)).rename({"TIME_PERIOD": "year"})
    mapping = ColumnMapping(columns={"year": "TIME_PERIOD"})
    assert values(Source(name="a", content=content(table)), mapping=mapping) == EXPECTED


def test_a_fault_is_named_by_its_row():
    table = ROWS.with_columns(TIME_PERIOD=pl.Series(["2019", "x", "2020"]))
    with pytest.raises(InputError, match="row 2, TIME_PERIOD: found 'x', expected a period"):
        values(Source(name="a", content=content(table)))


def test_a_table_without_rows_is_a_dataset_without_observations():
    assert values(Source(name="a", content=content(ROWS.clear()))) == []


def test_columns_of_lists_are_refused():
    table = ROWS.with_columns(more=pl.Series([[1], [2], [3]]))
    with pytest.raises(InputError, match="found columns of lists or records: more, expected a P"):
        values(Source(name="a", content=content(table)))


def test_a_damaged_file_is_refused():
    with pytest.raises(InputError, match="found a file that cannot be read as one"):
        values(Source(name="a", content=content(ROWS)[:-20]))


def test_a_panic_of_polars_is_a_damaged_file(tmp_path, monkeypatch):
    place = tmp_path / "figures.parquet"
    place.write_bytes(content(ROWS))

    def panic(_frame):
        raise pl.exceptions.PanicException("index out of bounds\nstack")

    monkeypatch.setattr(pl.LazyFrame, "collect_schema", panic)
    with pytest.raises(InputError, match=r"cannot be read as one \(index out of bounds\), exp"):
        values(place)


def test_nul_in_a_cell_or_a_name_is_refused():
    table = ROWS.with_columns(INDICATOR=pl.Series(["SEATS", "SE\0ATS", None]))
    with pytest.raises(InputError, match=r"row 2, INDICATOR: found 'SE\\x00ATS', expected text"):
        values(Source(name="a", content=content(table)))
    with pytest.raises(InputError, match="the name of a column with a NUL in it"):
        values(Source(name="a", content=content(ROWS.rename({"INDICATOR": "\0row"}))))
