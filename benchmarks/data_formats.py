"""Write many observations in each format: seconds, bytes and the most memory that was used.

Each format runs in a process of its own, so that the memory is its own too. The memory of a
process that writes nothing is printed first. Run: python benchmarks/data_formats.py [MILLIONS]
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl

from everycount.io.exporters.formats import EXPORTERS, find_exporter
from everycount.io.exporters.outgoing import gathered
from everycount.model.observation import OBSERVATION

BATCH = 100_000
LARGEST = {"excel": 1, "json-stat": 1}
"""Millions of observations beyond which a format refuses."""


@dataclass(frozen=True)
class Made:
    """Observations made up in batches: 500 indicators, 250 areas, sex, age, wealth, 2000-2024."""

    rows: int
    structure = OBSERVATION
    codes = MappingProxyType({})
    origins = ()
    notes = ()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        rng = np.random.default_rng(1)
        for start in range(0, self.rows, BATCH):
            yield self.batch(np.arange(start, min(start + BATCH, self.rows)), rng)

    def batch(self, number: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
        """Return the observations of these numbers."""

        def codes(names: list[str], every: int) -> pl.Series:
            return pl.Series(names).gather((number // every) % len(names))

        columns = {
            "TIME_PERIOD": codes([str(year) for year in range(2000, 2025)], 1),
            "SEX": codes(["F", "M", "_T"], 25),
            "AGE": codes(["Y15T24", "Y25T34", "Y35T54", "_T"], 75),
            "REF_AREA": codes([f"{area:03d}" for area in range(1, 251)], 300),
            "INDICATOR": codes([f"SG_SERIES_{k}" for k in range(500)], 75_000),
            "OBS_VALUE": pl.Series(rng.normal(50, 15, len(number))),
            "UNIT_MEASURE": codes(["PT"], 1),
            "OBS_STATUS": codes(["A", "E"], 7),
            "NATURE": codes(["C", "CA"], 11),
            "SOURCE_DETAIL": codes([f"Survey no. {k}, Côte d'Ivoire" for k in range(997)], 3),
        }
        filled = pl.DataFrame(columns)
        missing = {each.id: each.default or None for each in OBSERVATION.components}
        return filled.select(
            pl.col(name) if name in columns else pl.lit(missing[name], kind).alias(name)
            for name, kind in OBSERVATION.schema.items()
        )


def run(name: str, millions: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with gathered(Made(int(millions * 1e6))) as outgoing:
            read = time.perf_counter()
            size = 0
            if name != "none":
                place = Path(folder) / "out"
                with place.open("wb") as file:
                    find_exporter(name).write(outgoing, file)
                size = place.stat().st_size
        done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:20} {millions:>6g} {read - start:>9.1f} {done - read:>9.1f} "
        f"{size / 1e6:>9,.0f} {memory:>9,.0f}"
    )


def main() -> None:
    if len(sys.argv) > 2:
        run(sys.argv[2], float(sys.argv[1]))
        return
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    print(f"{'format':20} {'M obs':>6} {'gather s':>9} {'write s':>9} {'MB':>9} {'peak MB':>9}")
    for name in ("none", *(each.name for each in EXPORTERS)):
        if millions <= LARGEST.get(name, millions):
            command = [sys.executable, __file__, str(millions), name]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
