"""How fast the hub stores, checks and compares five million observations, with how much memory.

Rows come in frames of 250,000, in no order, with every column of an observation. Memory is the peak
of a process of its own, for a fifth of the rows and for all. The check has the version before at
hand, of which it has all rows but a thousandth, and another value in a hundredth; both are compared
as well. Values are drawn at random, so that a million of them jump from one period to the next.
A slice is one indicator in one area. DuckDB reads the same file beside Polars, with a query that
has the codes as parameters.

    python benchmarks/dataset_store.py [--rows 5000000]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from django.conf import settings

from everycount.io.code_lists import code_lists
from everycount.model.observation import OBSERVATION
from everycount.repository.check import check_observations
from everycount.repository.compare import compare_versions
from everycount_hub import store

FRAME = 250_000
INDICATORS, AREAS, YEARS, AGES = 300, 200, 25, 20
SLICES = 40


def frames(rows: int) -> Iterator[pl.DataFrame]:
    """Yield observations drawn at random, the same for the same number of rows."""
    rng = np.random.default_rng(6)
    schema = dict(OBSERVATION.schema)
    for start in range(0, rows, FRAME):
        count = min(FRAME, rows - start)
        drawn = {
            "INDICATOR": [f"I{each:03d}" for each in rng.integers(0, INDICATORS, count)],
            "REF_AREA": [f"A{each:03d}" for each in rng.integers(0, AREAS, count)],
            "TIME_PERIOD": [str(2000 + each) for each in rng.integers(0, YEARS, count)],
            "SEX": np.array(["F", "M", "_T"])[rng.integers(0, 3, count)],
            "AGE": [f"Y{each}" for each in rng.integers(0, AGES, count)],
            "OBS_VALUE": rng.random(count) * 100,
        }
        fixed = {
            name: pl.lit("_T" if name in OBSERVATION.key else None, dtype=kind)
            for name, kind in schema.items()
            if name not in drawn
        }
        yield (
            pl.DataFrame(drawn)
            .with_columns(**fixed)
            .select(pl.col(name).cast(kind) for name, kind in schema.items())
        )


def revised(rows: int) -> Iterator[pl.DataFrame]:
    """Yield the same observations without every thousandth, and every hundredth with one more."""
    place = pl.int_range(pl.len())
    more = pl.when(place % 100 == 1).then(1.0).otherwise(0.0)
    for frame in frames(rows):
        yield frame.with_columns(pl.col("OBS_VALUE") + more).filter(place % 1000 != 0)


def store_rows(source: Iterator[pl.DataFrame]) -> None:
    """Store rows and print the digest, the size, the seconds and the peak of memory."""
    start = time.perf_counter()
    made = time.perf_counter() - start

    def timed() -> Iterator[pl.DataFrame]:
        nonlocal made
        while True:
            before = time.perf_counter()
            frame = next(source, None)
            made += time.perf_counter() - before
            if frame is None:
                return
            yield frame

    stored = store.put_rows(timed())
    print(stored.digest, stored.size, f"{time.perf_counter() - start - made:.1f}", peak())


def check(old: str, new: str) -> None:
    """Check a version against the one before, and print the seconds and the peak of memory."""
    start = time.perf_counter()
    check_observations(
        store.scan(new),
        today=date(2026, 1, 1),
        codes=code_lists(OBSERVATION),
        previous=store.scan(old),
        most=20,
    )
    print(f"{time.perf_counter() - start:.1f}", peak())


def compare(old: str, new: str) -> None:
    """Compare two versions, and print the seconds and the peak of memory."""
    start = time.perf_counter()
    compare_versions(store.scan(old), store.scan(new), most=200)
    print(f"{time.perf_counter() - start:.1f}", peak())


def peak() -> int:
    """Return the largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_a_process(folder: Path, *work: object) -> list[str]:
    """Do some work in a process of its own; return what it printed."""
    command = [sys.executable, __file__, "--in", str(folder), "--do", *map(str, work)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def do(name: str, *given: str) -> None:
    """Do the work that a process was started for."""
    if name in {"frames", "revised"}:
        store_rows({"frames": frames, "revised": revised}[name](int(given[0])))
    else:
        {"check": check, "compare": compare}[name](*given)


def times(read: Callable[[str, str], int]) -> tuple[float, float]:
    """Return the median and the largest time of a slice in milliseconds, after the first."""
    read("I000", "A000")
    found = []
    for each in range(SLICES):
        start = time.perf_counter()
        read(f"I{each * 37 % INDICATORS:03d}", f"A{each * 13 % AREAS:03d}")
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found), max(found)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=5_000_000)
    options.add_argument("--in", dest="folder", type=Path, help="the store of a process")
    options.add_argument("--do", nargs="+", help="what a process does, and nothing else")
    given = options.parse_args()
    if given.do:
        settings.configure(STORE_FOLDER=given.folder)
        do(*given.do)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings.configure(STORE_FOLDER=folder)
        print(f"{'rows':>10} {'':8} {'seconds':>8} {'peak MB':>8}")
        for rows in (given.rows // 5, given.rows):
            digest, size, *figures = in_a_process(folder, "frames", rows)
            other = in_a_process(folder, "revised", rows)[0]
            said = {
                "store": figures,
                "check": in_a_process(folder, "check", digest, other),
                "compare": in_a_process(folder, "compare", digest, other),
            }
            for work, (seconds, memory) in said.items():
                print(f"{rows:>10,} {work:8} {seconds:>8} {memory:>8}")
            print(f"{rows:>10,} the file has {int(size) / 2**20:.0f} MB")
        path = str(store.version_path(digest))
        connection = duckdb.connect()

        def by_duckdb(indicator: str, area: str) -> int:
            query = 'SELECT * FROM read_parquet(?) WHERE "INDICATOR" = ? AND "REF_AREA" = ?'
            return len(connection.execute(query, [path, indicator, area]).fetchall())

        def by_store(indicator: str, area: str) -> int:
            return store.read_slice(digest, {"INDICATOR": indicator, "REF_AREA": area}).height

        for title, read in (("everycount_hub.store", by_store), ("DuckDB", by_duckdb)):
            median, largest = times(read)
            print(f"slice, {title}: median {median:.1f} ms, largest {largest:.1f} ms")
        connection.close()


if __name__ == "__main__":
    main()
