import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from everycount.errors import Unavailable
from everycount.io import partition
from everycount.io.partition import sorted_by
from everycount.model.microdata import Column


@dataclass
class Table:
    """Microdata in memory."""

    table: pl.DataFrame
    name: str = "persons"
    read: int = 0

    @property
    def rows(self):
        return self.table.height

    @property
    def columns(self):
        return {name: Column(name=name, kind="number") for name in self.table.columns}

    def batches(self, columns, *, rows=7):
        for start in range(0, self.rows, rows):
            self.read += min(rows, self.rows - start)
            yield self.table.select(columns)[start : start + rows]


@pytest.fixture
def table():
    numbers = range(200)
    return pl.DataFrame(
        {
            "row": numbers,
            "psu": [None if n % 13 == 0 else n * 7 % 11 for n in numbers],
            "stratum": ["north" if n % 3 else "south" for n in numbers],
            "y": [n / 2 for n in numbers],
        }
    )


def whole(ordered, columns, **options):
    return pl.concat(list(ordered.batches(columns, **options)))


@pytest.mark.parametrize("rows_in_memory", [200, 199, 40, 8, 1])
def test_the_order_is_the_same_in_memory_and_on_disk(table, rows_in_memory):
    keys = ["stratum", "psu"]
    expected = table.sort(keys, maintain_order=True)
    with sorted_by(Table(table), keys, ["y", "row"], rows_in_memory=rows_in_memory) as ordered:
        assert (ordered.name, ordered.rows) == ("persons", 200)
        assert list(ordered.columns) == ["row", "psu", "stratum", "y"]
        for _ in range(2):
            assert whole(ordered, table.columns, rows=9).equals(expected)
        assert whole(ordered, ["y"]).equals(expected.select("y"))
        assert max(frame.height for frame in ordered.batches(["y"], rows=9)) <= 9


def test_only_the_columns_asked_for_are_kept(table):
    for rows_in_memory in (1_000, 10):
        with sorted_by(Table(table), ["psu"], ["y"], rows_in_memory=rows_in_memory) as ordered:
            assert list(ordered.columns) == ["psu", "y"]
            for columns in (["row"], []):
                with pytest.raises(ValueError, match="not kept"):
                    list(ordered.batches(columns))
            with pytest.raises(ValueError, match="batches of 0 rows"):
                list(ordered.batches(["y"], rows=0))


def test_without_keys_the_file_is_given_as_it_is(table):
    source = Table(table)
    with sorted_by(source, [], ["y"], rows_in_memory=1) as ordered:
        assert ordered is source
    assert source.read == 0


def test_a_key_with_very_many_rows_is_never_held_whole(table, monkeypatch):
    one = table.with_columns(stratum=pl.lit("north"))
    held = []
    real = partition._in_order
    monkeypatch.setattr(
        partition, "_in_order", lambda rows, order: held.append(rows.height) or real(rows, order)
    )
    with sorted_by(Table(one), ["stratum"], ["row"], rows_in_memory=20) as ordered:
        assert whole(ordered, ["row"])["row"].to_list() == list(range(200))
    assert held == []
    with sorted_by(Table(table), ["row"], ["y"], rows_in_memory=20) as ordered:
        assert whole(ordered, ["row"])["row"].to_list() == list(range(200))
    assert held
    assert max(held) <= 5


def test_the_temporary_file_is_gone_after_an_error(table, tmp_path):
    def fail(ordered):
        pieces.append(ordered.pieces)
        next(ordered.batches(["y"]))
        raise RuntimeError("stop")

    pieces = []
    with (
        pytest.raises(RuntimeError, match="stop"),
        sorted_by(Table(table), ["psu"], ["y"], rows_in_memory=10, folder=tmp_path) as ordered,
    ):
        fail(ordered)
    assert pieces[0].file.closed
    assert list(tmp_path.iterdir()) == []


def test_the_temporary_file_is_gone_when_the_source_fails(table, tmp_path):
    class Broken(Table):
        def batches(self, columns, *, rows=7):
            yield from super().batches(columns, rows=rows)
            if "y" in columns:
                raise RuntimeError("broken")

    with (
        pytest.raises(RuntimeError, match="broken"),
        sorted_by(Broken(table), ["psu"], ["y"], rows_in_memory=10, folder=tmp_path),
    ):
        raise AssertionError
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room(table, tmp_path, monkeypatch):
    with (
        pytest.raises(Unavailable, match=r"folder for temporary files .*nowhere refuses \(No such"),
        sorted_by(Table(table), ["psu"], ["y"], rows_in_memory=10, folder=tmp_path / "nowhere"),
    ):
        raise AssertionError
    real = tempfile.TemporaryFile

    def small(**options):
        file = real(**options)
        file.close()
        return open("/dev/full", "w+b", buffering=0)  # noqa: PTH123

    monkeypatch.setattr(tempfile, "TemporaryFile", small)
    with (
        pytest.raises(Unavailable, match=r"refuses \(No space left on device\)"),
        sorted_by(Table(table), ["psu"], ["y"], rows_in_memory=10, folder=tmp_path),
    ):
        raise AssertionError


def test_no_rows_in_memory_is_our_own_mistake(table):
    with (
        pytest.raises(ValueError, match="rows_in_memory is 0"),
        sorted_by(Table(table), ["psu"], ["y"], rows_in_memory=0),
    ):
        raise AssertionError


def test_bounds_are_taken_from_the_whole_file(table, monkeypatch):
    monkeypatch.setattr(partition, "SAMPLE", 20)
    bounds = partition._bounds(Table(table), ["row"], 50)
    assert bounds["row"].to_list() == [50, 100, 150]
    parts = list(partition._parts(table, bounds, ["row"]))
    assert [place for place, _ in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert [rows["row"].to_list()[0] for _, rows in parts] == [0, 50, 51, 100, 101, 150, 151]
    assert [rows.height for _, rows in parts] == [50, 1, 49, 1, 49, 1, 49]


MEASURE = """
import re, sys
from pathlib import Path
from everycount.io.microdata import open_microdata
from everycount.io.partition import sorted_by

def peak():
    told = Path("/proc/self/status").read_text()
    return int(re.search("VmHWM:[^0-9]*([0-9]+)", told).group(1))

survey = open_microdata(sys.argv[1])
before = peak()
with sorted_by(survey, ["psu"], list(survey.columns), rows_in_memory=200_000) as ordered:
    rows = sum(batch.height for batch in ordered.batches(list(survey.columns)))
print(rows, peak() - before)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path):
    if not Path("/proc/self/status").exists():
        pytest.skip("the system does not tell the most memory that a process had")
    extra = {}
    for millions in (1, 4):
        rows = millions * 1_000_000
        order = pl.int_range(rows, eager=True) * 7_919 % rows
        table = pl.DataFrame({"psu": order % 9_973, "a": order / 3, "b": order / 7, "c": -order})
        place = tmp_path / f"{millions}.parquet"
        table.write_parquet(place, row_group_size=100_000)
        command = [sys.executable, "-c", MEASURE, str(place)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        assert int(told[0]) == rows
        extra[millions] = int(told[1])
    assert extra[1] > 0
    assert extra[4] - extra[1] < 40_000  # kB; three million rows more are 96 MB of numbers
