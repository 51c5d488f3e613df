"""How long a build takes: impute, treat, normalise, aggregate, rank, with the full trace.

Beside it the same steps in plain Python, a cell at a time, whose scores must agree, and the times
of COINr 1.1.14 for the same steps and sizes (R 4.2.2, two shared cores, CPU seconds, quoted from a
measurement of 22 November and not run here).
"""

import math
import statistics
import time

import numpy as np
import polars as pl

from everycount import Methodology, Observations, build
from everycount.io import declare

SIZES = ((129, 51, True), (5_000, 50, True), (20_000, 50, False))
QUOTED = {(129, 51): 0.21, (5_000, 50): 3.90, (20_000, 50): 13.6}
RUNS = 7


def method(indicators: int) -> Methodology:
    """Return a method with groups of about five indicators, and one top."""
    groups = math.ceil(indicators / 5)
    lines = ['id = "benchmark"', 'title = "Benchmark"', '[[groups]]\ncode = "top"']
    lines += [f'[[groups]]\ncode = "g{k}"\nparent = "top"' for k in range(groups)]
    lines += [
        f'[[indicators]]\ncode = "i{j}"\nparent = "g{j // 5}"\nworst = "min"\nbest = "max"'
        for j in range(indicators)
    ]
    lines += [
        '[[steps]]\ndo = "impute"\nmethod = "mean"',
        '[[steps]]\ndo = "treat"\nwinsorise = 5',
        '[[steps]]\ndo = "normalise"\nmethod = "min_max"',
        '[[steps]]\ndo = "aggregate"\nmissing = "renormalise"',
    ]
    return declare.read("\n".join(lines), Methodology, subject="benchmark")


def figures(units: int, indicators: int) -> np.ndarray:
    """Return figures of which one in twenty is missing and one indicator in four is skewed."""
    rng = np.random.default_rng(2019)
    x = rng.normal(50, 15, (units, indicators))
    x[:, ::4] = np.exp(rng.normal(0, 1.2, x[:, ::4].shape))
    x[rng.random(x.shape) < 0.05] = np.nan
    return x


def observations(x: np.ndarray) -> Observations:
    """Return the figures as observations."""
    units = tuple(f"u{i}" for i in range(len(x)))
    names = tuple(f"i{j}" for j in range(x.shape[1]))
    table = pl.DataFrame(
        {
            "unit": np.repeat(units, x.shape[1]),
            "period": pl.Series([None] * x.size, dtype=pl.Int64),
            "variable": np.tile(names, len(x)),
            "value": pl.Series(x.ravel()).fill_nan(None),
            "text": pl.Series([None] * x.size, dtype=pl.String),
            "source": pl.Series([None] * x.size, dtype=pl.String),
        }
    ).filter(pl.col("value").is_not_null())
    return Observations(table=table, units=units, variables=names)


def shape(column: list[float]) -> tuple[float, float]:
    """Return skewness and excess kurtosis of type 2, by their definitions."""
    n = len(column)
    mean = sum(column) / n
    m2, m3, m4 = (sum((v - mean) ** power for v in column) / n for power in (2, 3, 4))
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    skew = g1 * math.sqrt(n * (n - 1)) / (n - 2)
    return skew, (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)


def naive(x: np.ndarray) -> list[float]:
    """Compute the scores a cell at a time."""
    scored = []
    for j in range(x.shape[1]):
        column = [float(v) for v in x[:, j]]
        known = [v for v in column if not math.isnan(v)]
        mean = sum(known) / len(known)
        column = [mean if math.isnan(v) else v for v in column]
        for _ in range(5):
            skew, kurtosis = shape(column)
            if abs(skew) < 2 or kurtosis < 3.5:
                break
            ordered = sorted(set(column))
            last, inside = (ordered[-1], ordered[-2]) if skew > 0 else (ordered[0], ordered[1])
            column = [inside if v == last else v for v in column]
        low, high = min(column), max(column)
        scored.append([(v - low) / (high - low) * 100 for v in column])
    tops = []
    for i in range(len(x)):
        own = [column[i] for column in scored]
        parts = [own[k : k + 5] for k in range(0, len(own), 5)]
        tops.append(statistics.fmean(statistics.fmean(part) for part in parts))
    return tops


def main() -> None:
    print("units x indicators   build with trace   plain Python      COINr, quoted")
    for units, indicators, with_naive in SIZES:
        x = figures(units, indicators)
        recipe, data = method(indicators), observations(x)
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            result = build(recipe, data)
            result.trace()
            times.append(time.perf_counter() - start)
        ours = statistics.median(times)
        line = f"{units:>6,} x {indicators:<10} {ours * 1000:>12.1f} ms"
        if with_naive:
            start = time.perf_counter()
            expected = naive(x)
            beside = time.perf_counter() - start
            np.testing.assert_allclose(result.score, expected, rtol=1e-9)
            line += f"   {beside:>6.2f} s = {beside / ours:>4.0f}x"
        else:
            line += " " * 18
        quoted = QUOTED[units, indicators]
        print(f"{line}   {quoted:>6.2f} s = {quoted / ours:>4.0f}x")


if __name__ == "__main__":
    main()
