"""How fast the hub stores five million observations, with how much memory, and reads a slice.

Rows come in frames of 250,000, in no order, with every column of an observation. Memory is the peak
of a process of its own, for a fifth of the rows and for all. A slice is one indicator in one area.
DuckDB reads the same file beside Polars, with a query that has the codes as parameters.

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
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from django.conf import settings

from everycount.model.observation import OBSERVATION
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


def store_rows(rows: int) -> None:
    """Store rows and print the digest, the seconds and the peak of memory."""
    start = time.perf_counter()
    made = time.perf_counter() - start

    def timed() -> Iterator[pl.DataFrame]:
        nonlocal made
        source = frames(rows)
        while True:
            before = time.perf_counter()
            frame = next(source, None)
            made += time.perf_counter() - before
            if frame is None:
                return
            yield frame

    stored = store.put_rows(timed())
    seconds = time.perf_counter() - start - made
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(stored.digest, f"{seconds:.1f}", f"{peak:.0f}", stored.size)


def in_a_process(rows: int, folder: Path) -> list[str]:
    """Store rows in a process of its own; return what it printed."""
    command = [sys.executable, __file__, "--rows", str(rows), "--into", str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


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
    options.add_argument("--into", type=Path, help="store the rows there, and nothing else")
    given = options.parse_args()
    if given.into:
        settings.configure(STORE_FOLDER=given.into)
        store_rows(given.rows)
        return
    with tempfile.TemporaryDirectory() as name:
        settings.configure(STORE_FOLDER=Path(name))
        print(f"{'rows':>10} {'seconds':>8} {'peak MB':>8} {'file MB':>8}")
        for rows in (given.rows // 5, given.rows):
            digest, seconds, peak, size = in_a_process(rows, Path(name))
            print(f"{rows:>10,} {seconds:>8} {peak:>8} {int(size) / 2**20:>8.0f}")
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
