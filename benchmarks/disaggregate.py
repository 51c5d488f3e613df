"""How long it takes to estimate every crossing of eight characteristics, with errors.

All 92 one- to three-way tables (5,151 cells) of 5 outcomes, estimates, standard errors and degrees
of freedom, from a Parquet file of a simulated survey, decoding included; import and compilation
are timed apart. Beside it the same tables made with Polars group-bys, whose errors must agree, and
R `survey` where it is installed (`apt-get install r-cran-survey`), for the one-way tables of one
outcome.

    python benchmarks/disaggregate.py                 # 100 thousand, 1 and 10 million rows
    python benchmarks/disaggregate.py 1000000 100000000
"""

import itertools
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

SHARED = Path(os.environ.get("EVERYCOUNT_SHARED", Path(__file__).parents[2] / "shared"))
SIMULATE = SHARED / "tools" / "simulate_microdata.py"
SIZES = (100_000, 1_000_000, 10_000_000)
PSUS = {100_000: 1_500, 1_000_000: 1_500, 10_000_000: 15_000, 100_000_000: 15_000}
LEVELS = {
    "region": 8, "urban": 2, "wealth": 5, "education": 4,
    "age": 7, "ethnicity": 6, "disability": 2, "migration": 2,
}  # fmt: skip
TIMES = 3
"""Runs of which the middle one is told, for files of less than `LARGE` bytes."""
LARGE = 200_000_000
OUTCOMES = ("y1", "y2", "y3", "y4", "y5")


def ours(path: str) -> dict[str, float]:
    """Time Everycount in this process: import, first call (compilation), then one pass."""
    start = time.perf_counter()
    from everycount.io.microdata import open_microdata  # noqa: PLC0415  # timed
    from everycount.model.design import Characteristic, Level, Outcome, SurveyDesign  # noqa: PLC0415  # timed
    from everycount.model.sampling import Sampling  # noqa: PLC0415  # timed
    from everycount.survey.disaggregate import disaggregate  # noqa: PLC0415  # timed
    from everycount.survey.plan import resolve  # noqa: PLC0415  # timed

    imported = time.perf_counter() - start

    def levels(count: int) -> tuple[Level, ...]:
        return tuple(Level(code=str(at), values=(at,)) for at in range(1, count + 1))

    design = SurveyDesign(
        sampling=Sampling(strata=("stratum",), psu="psu", weight="weight"),
        characteristics=tuple(
            Characteristic(name=name, levels=levels(count)) for name, count in LEVELS.items()
        ),
        outcomes=tuple(Outcome(name=name) for name in OUTCOMES),
    )
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.parquet"
        pl.read_parquet(path, n_rows=5_000).write_parquet(small)
        start = time.perf_counter()
        alone = replace(design, sampling=replace(design.sampling, lonely="remove"))
        disaggregate(resolve(alone, open_microdata(small)))
        compiled = time.perf_counter() - start
    runs = []
    for _ in range(TIMES if Path(path).stat().st_size < LARGE else 1):
        start, used = time.perf_counter(), time.process_time()
        result = disaggregate(resolve(design, open_microdata(path)))
        runs.append((time.perf_counter() - start, time.process_time() - used))
    seconds, used = sorted(runs)[len(runs) // 2]
    result.table.write_parquet(path + ".ours")
    return {"import": imported, "first": compiled, "seconds": seconds, "cpu": used, "peak": peak()}


def with_polars(path: str) -> dict[str, float]:
    """Time the same tables as 92 group-bys."""
    start, used = time.perf_counter(), time.process_time()
    rows = pl.read_parquet(path)
    weighted = [(pl.col("weight") * pl.col(name)).alias(name) for name in OUTCOMES]
    rows = rows.select("stratum", "psu", *LEVELS, pl.col("weight"), *weighted)
    units = rows.group_by("stratum").agg(pl.col("psu").n_unique().alias("units"))
    tables = []
    for width in (1, 2, 3):
        for names in itertools.combinations(LEVELS, width):
            by_unit = rows.group_by("stratum", "psu", *names).agg(pl.col("weight", *OUTCOMES).sum())
            totals = by_unit.group_by(names).agg(pl.col("weight", *OUTCOMES).sum())
            totals = totals.select(
                *names,
                pl.col("weight").alias("whole"),
                *[(pl.col(name) / pl.col("weight")).alias(f"p {name}") for name in OUTCOMES],
            )
            scores = by_unit.join(totals, on=names).with_columns(
                ((pl.col(name) - pl.col(f"p {name}") * pl.col("weight")) / pl.col("whole")).alias(
                    name
                )
                for name in OUTCOMES
            )
            squares = [(pl.col(name) ** 2).sum().alias(f"q {name}") for name in OUTCOMES]
            strata = scores.group_by("stratum", *names).agg(pl.col(*OUTCOMES).sum(), *squares)
            strata = strata.join(units, on="stratum")
            n = pl.col("units")
            variance = [
                (n / (n - 1) * (pl.col(f"q {name}") - pl.col(name) ** 2 / n))
                .sum()
                .sqrt()
                .alias(name)
                for name in OUTCOMES
            ]
            tables.append(strata.group_by(names).agg(variance).join(totals, on=names))
    seconds, used = time.perf_counter() - start, time.process_time() - used
    worst = compare(path, tables)
    return {"seconds": seconds, "cpu": used, "peak": peak(), "difference": worst}


def compare(path: str, tables: Sequence[pl.DataFrame]) -> float:
    """Return the largest relative difference of a standard error from ours."""
    found = pl.read_parquet(path + ".ours")
    worst = 0.0
    for table in tables:
        names = [name for name in table.columns if name in LEVELS]
        others = [pl.col(name) == "_T" for name in LEVELS if name not in names]
        texts = table.with_columns(pl.col(names).cast(pl.String))
        for outcome in OUTCOMES:
            ours_ = found.filter(pl.col("outcome") == outcome, *others)
            both = ours_.join(texts.select(*names, outcome), on=names).filter(
                pl.col("std_error") > 1e-12
            )
            assert len(both) or not len(texts)
            apart = (both[outcome] / both["std_error"] - 1).abs().max()
            worst = max(worst, float(apart or 0.0))
    return worst


def with_r(path: str) -> dict[str, float]:
    """Time R survey's svyby for the one-way tables of one outcome, 33 cells."""
    rows = pl.read_parquet(path, columns=["stratum", "psu", "weight", *LEVELS, "y1"])
    with tempfile.TemporaryDirectory() as folder:
        rows.write_csv(Path(folder) / "rows.csv")
        script = f"""
        suppressMessages(library(survey)); d <- read.csv("{folder}/rows.csv")
        s <- svydesign(id=~psu, strata=~stratum, weights=~weight, data=d)
        t <- system.time(for (v in c({", ".join(f'"{name}"' for name in LEVELS)}))
          svyby(~y1, as.formula(paste0("~", v)), s, svymean))
        cat(t[["elapsed"]], as.character(packageVersion("survey")))
        """
        found = subprocess.run(
            ["Rscript", "-e", script], capture_output=True, text=True, check=True
        )
    seconds, _ = found.stdout.split()
    return {"seconds": float(seconds)}


def peak() -> float:
    """Return the largest memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(task: str, path: str) -> dict[str, float]:
    """Run a task in a process of its own, so that peaks of memory do not mix."""
    command = [sys.executable, __file__, "--task", task, path]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(found.stdout.splitlines()[-1])


def has_r() -> bool:
    """Tell whether R and its survey package are installed."""
    if not shutil.which("Rscript"):
        return False
    test = ["Rscript", "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"]
    return subprocess.run(test, capture_output=True, check=False).returncode == 0


def main(sizes: Sequence[int]) -> None:
    """Print a table for each size."""
    if not SIMULATE.exists():
        print(f"left out: {SIMULATE} simulates the file and is not here (EVERYCOUNT_SHARED)")
        return
    crossed = (each for width in (1, 2, 3) for each in itertools.combinations(LEVELS, width))
    cells = sum(math.prod(LEVELS[name] for name in each) for each in crossed)
    print(f"92 tables, {cells:,} cells, 5 outcomes, {os.cpu_count()} cores")
    print(f"{'rows':>12} {'engine':<22} {'seconds':>8} {'CPU s':>8} {'peak MB':>8}  ratio")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = str(Path(folder) / f"{rows}.parquet")
            psus = PSUS.get(rows, max(1_500, rows // 670 // 50 * 50))
            subprocess.run([sys.executable, str(SIMULATE), str(rows), str(psus), path], check=True)
            own = apart("ours", path)
            print(line(rows, "Everycount", own))
            print(f"{'':>12} (import {own['import']:.1f} s, first call {own['first']:.1f} s)")
            if rows <= 10_000_000:
                polars = apart("with_polars", path)
                ratio = polars["seconds"] / own["seconds"]
                print(
                    line(rows, "Polars group-bys", polars) + f"  {ratio:.1f}, largest relative "
                    f"difference of an error {polars['difference']:.1e}"
                )
            if rows <= 1_000_000 and has_r():
                r = with_r(path)
                whole = r["seconds"] * 5151 / 36 * 5
                print(f"{rows:>12,} {'R survey, one-way, y1':<22} {r['seconds']:>8.1f}")
                print(
                    f"{'':>12} (in proportion to cells and outcomes {whole / 60:.0f} min, "
                    f"{whole / own['seconds']:,.0f} times ours)"
                )
            Path(path).unlink()


def line(rows: int, engine: str, found: dict[str, float]) -> str:
    """Return a line of the table."""
    cpu, most = found.get("cpu", float("nan")), found.get("peak", float("nan"))
    return f"{rows:>12,} {engine:<22} {found['seconds']:>8.2f} {cpu:>8.2f} {most:>8.0f}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        tasks = {"ours": ours, "with_polars": with_polars}
        print(json.dumps(tasks[sys.argv[2]](sys.argv[3])))
    else:
        main([int(each.replace("_", "")) for each in sys.argv[1:]] or SIZES)
