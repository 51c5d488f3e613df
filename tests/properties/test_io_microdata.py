"""What holds for every file of microdata: cells survive, and sorting moves rows only."""

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everycount.io import csv_blocks
from everycount.io.microdata import open_microdata
from everycount.io.partition import sorted_by

CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r") | st.sampled_from('",\n; '), max_size=6
)
FILLED = st.lists(st.tuples(st.sampled_from("xyzé"), CELLS, CELLS), min_size=1, max_size=12)
KEYS = st.lists(
    st.tuples(st.none() | st.integers(0, 3), st.none() | st.sampled_from(["", "a", "b", "ab"])),
    min_size=1,
    max_size=60,
)


def whole(survey, columns, **options):
    return pl.concat(list(survey.batches(columns, **options)))


@given(
    rows=FILLED,
    block=st.integers(20, 40),
    at_most=st.integers(1, 9),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_csv_comes_back_cell_by_cell_whatever_the_blocks(rows, block, at_most, end):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end).writerows([("a", "b", "c"), *rows])
    usual, csv_blocks.BLOCK = csv_blocks.BLOCK, block
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "a.csv"
            place.write_bytes(stream.getvalue().encode())
            found = whole(open_microdata(place), ["a", "b", "c"], rows=at_most).rows()
    finally:
        csv_blocks.BLOCK = usual
    assert found == [tuple(cell or None for cell in row) for row in rows]


@given(keys=KEYS, rows_in_memory=st.integers(1, 30))
def test_sorting_on_disk_is_sorting(keys, rows_in_memory):
    table = pl.DataFrame(
        [(*pair, number) for number, pair in enumerate(keys)],
        schema={"stratum": pl.Int64, "psu": pl.String, "row": pl.Int64},
        orient="row",
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "a.parquet"
        table.write_parquet(place)
        survey = open_microdata(place)
        columns = ["stratum", "psu", "row"]
        file = whole(survey, columns)
        for order in (["stratum", "psu"], ["psu"]):
            with sorted_by(survey, order, columns, rows_in_memory=rows_in_memory) as ordered:
                found = whole(ordered, columns, rows=5)
            assert found.equals(file.sort(order, maintain_order=True))
