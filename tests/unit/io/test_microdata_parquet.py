from datetime import date
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from everycount.errors import InputError
from everycount.io import microdata_parquet
from everycount.io.microdata_parquet import open_parquet


def opened(tmp_path, *tables):
    files = []
    for number, table in enumerate(tables):
        files.append(tmp_path / f"part-{number}.parquet")
        table.write_parquet(files[-1])
    return open_parquet(files, name="survey")


def whole(survey, **options):
    return pl.concat(list(survey.batches(list(survey.columns), **options)))


def test_types_as_they_are_handed_out(tmp_path):
    table = pl.DataFrame(
        {
            "number": pl.Series([1, None], dtype=pl.Int8),
            "fraction": pl.Series([Decimal("1.50"), None]),
            "truth": [True, None],
            "text": ["004", ""],
            "level": pl.Series(["F", ""], dtype=pl.Categorical),
            "fixed": pl.Series(["M", None], dtype=pl.Enum(["F", "M"])),
            "day": [date(2020, 1, 2), None],
            "nothing": [None, None],
        }
    )
    survey = opened(tmp_path, table)
    found = whole(survey)
    assert found.rows() == [
        (1, 1.5, 1, "004", "F", "M", date(2020, 1, 2), None),
        (None, None, None, None, None, None, None, None),
    ]
    assert found.dtypes[:4] == [pl.Int8, pl.Float64, pl.Int8, pl.String]
    kinds = [column.kind for column in survey.columns.values()]
    assert kinds == ["number"] * 3 + ["text"] * 3 + ["other"] * 2


def test_a_dictionary_of_arrow_is_text(tmp_path):
    place = tmp_path / "a.parquet"
    table = pa.table({"sex": pa.array(["F", None, "M"]).dictionary_encode()})
    pq.write_table(table, place)
    survey = open_parquet([place], name="a.parquet")
    assert whole(survey)["sex"].to_list() == ["F", None, "M"]
    assert survey.columns["sex"].kind == "text"


@pytest.mark.parametrize("group", [2, 7, 100])
def test_batches_do_not_follow_row_groups(tmp_path, group):
    place = tmp_path / "a [1]=*.parquet"  # no pattern, no partition of Hive
    pl.DataFrame({"n": range(10)}).write_parquet(place, row_group_size=group)
    survey = open_parquet([place], name="a.parquet")
    frames = list(survey.batches(["n"], rows=4))
    assert [frame.height for frame in frames] == [4, 4, 2]
    assert pl.concat(frames)["n"].to_list() == list(range(10))


def test_parts_follow_one_another_in_common_types(tmp_path):
    survey = opened(
        tmp_path,
        pl.DataFrame({"a": pl.Series([1], dtype=pl.Int8), "b": ["x"], "c": [None], "d": [1]}),
        pl.DataFrame({"b": [None], "a": [2.5], "c": ["z"], "d": [None]}),
    )
    assert survey.rows == 2
    assert whole(survey).rows() == [(1.0, "x", None, 1), (2.5, None, "z", None)]


def test_parts_that_differ(tmp_path):
    with pytest.raises(InputError) as caught:
        opened(
            tmp_path,
            pl.DataFrame({"a": [1], "b": ["x"]}),
            pl.DataFrame({"a": [1], "c": ["x"]}),
            pl.DataFrame({"a": ["1"], "b": ["x"]}),
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "part-1.parquet: found a difference in columns b, c, expected the columns of "
        "part-0.parquet",
        "part-2.parquet: found String in column a, expected Int64 as in part-0.parquet",
    ]


def test_no_rows(tmp_path):
    with pytest.raises(InputError, match="found no rows, expected at least one"):
        opened(tmp_path, pl.DataFrame({"a": []}))


def test_a_name_that_stands_twice(tmp_path):
    place = tmp_path / "a.parquet"
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), place)
    with pytest.raises(InputError, match=r"columns: found .*'a'.*, expected each name once"):
        open_parquet([place], name="a.parquet")


@pytest.mark.parametrize("size", [4, 100, -10])
def test_a_truncated_file(tmp_path, size):
    place = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(1000)}).write_parquet(place)
    place.write_bytes(place.read_bytes()[:size])
    with pytest.raises(
        InputError, match=r"a.parquet has 1 problem:\n  file: found one that cannot"
    ):
        open_parquet([place], name="a.parquet")


def test_a_file_damaged_in_the_middle(tmp_path):
    place = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(100_000)}).write_parquet(place, compression="zstd")
    content = bytearray(place.read_bytes())
    content[4:2_000] = b"\xff" * 1_996
    place.write_bytes(content)
    survey = open_parquet([place], name="a.parquet")
    with pytest.raises(InputError, match="expected a whole Parquet file"):
        list(survey.batches(["n"]))


def test_kind_is_in_the_message():
    assert microdata_parquet.KIND == "a Parquet file"
