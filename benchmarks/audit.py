"""How long an audit takes: thousands of builds over all the choices a method can declare.

Beside it an honest rerun of `build` for every draw, whose scores must agree, and the time of COINr
1.1.14 for a draw of this size (0.251 s of CPU; R 4.2.2, two shared cores, quoted from a measurement
of 22 November and not run here).
"""

import math
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import polars as pl

from everycount import Methodology, Observations, build
from everycount.audit.audit import audit
from everycount.audit.builds import Builds
from everycount.audit.draws import sample
from everycount.audit.erring import read_errors
from everycount.audit.uncertainty import describe
from everycount.index.figures import lay_out
from everycount.index.plan_faults import varied_nodes
from everycount.index.variations import varied
from everycount.io import declare
from everycount.model.units import Units

COINR = 0.251
GROUPS = 10
RERUNS = 40

METHOD = """
id = "benchmark"
title = "Benchmark"

[[groups]]
code = "top"
{groups}
{indicators}

[[steps]]
do = "treat"
winsorise = 5

[[steps]]
do = "normalise"
method = "goalposts"
scale = [1, 100]

[[steps]]
do = "aggregate"
missing = "renormalise"

[audit]
seed = 1
{assumptions}
"""

CHOICES = """
[[audit.assumptions]]
vary = "step"
name = "Outliers"
do = "treat"
options = [
  { name = "5 points" },
  { name = "2 points", step = { do = "treat", winsorise = 2 } },
  { name = "not treated", leave_out = true },
]

[[audit.assumptions]]
vary = "step"
name = "Missing figures"
do = "impute"
before = "treat"
options = [
  { name = "left out", leave_out = true },
  { name = "mean", step = { do = "impute", method = "mean" } },
]

[[audit.assumptions]]
vary = "step"
name = "Scale"
do = "normalise"
options = [
  { name = "targets" },
  { name = "min-max", step = { do = "normalise", method = "min_max", scale = [1, 100] } },
  { name = "z-scores", step = { do = "normalise", method = "z_score", scale = [50, 5] } },
]

[[audit.assumptions]]
vary = "groups"
name = "Mean of groups"
level = 2
options = [
  { name = "arithmetic", aggregate = "arithmetic" },
  { name = "geometric", aggregate = "geometric" },
]

[[audit.assumptions]]
vary = "groups"
name = "Mean of the top"
level = 3
options = [
  { name = "arithmetic", aggregate = "arithmetic" },
  { name = "geometric", aggregate = "geometric" },
]

[[audit.assumptions]]
vary = "groups"
name = "Coverage"
level = 2
options = [ { name = "a third", least = 0.33 }, { name = "two thirds", least = 0.66 } ]

[[audit.assumptions]]
vary = "weights"
name = "Weights"
how = "noise"
spread = 0.25

[[audit.assumptions]]
vary = "leave_one_out"
name = "Indicators"
"""

ERRORS = """
[[audit.assumptions]]
vary = "figures"
name = "Measurement error"
relative = { "*" = 0.03 }
limits = { "*" = [0.001, 1e9] }
"""


def method(indicators: int, assumptions: str) -> Methodology:
    """Return a method of two levels of groups."""
    wide = math.ceil(indicators / GROUPS)
    groups = "\n".join(
        f'[[groups]]\ncode = "g{k}"\nparent = "top"' for k in range(math.ceil(indicators / wide))
    )
    leaves = "\n".join(
        f'[[indicators]]\ncode = "i{j}"\nparent = "g{j // wide}"\nworst = "min"\nbest = "p95"'
        for j in range(indicators)
    )
    text = METHOD.format(groups=groups, indicators=leaves, assumptions=assumptions)
    return declare.read(text, Methodology, subject="benchmark")


def observations(units: int, indicators: int) -> Observations:
    """Return figures above 0; one in twenty is missing, one indicator in four is skewed."""
    rng = np.random.default_rng(2019)
    x = rng.normal(50, 8, (units, indicators)).clip(5)
    x[:, ::4] = np.exp(rng.normal(0, 0.6, x[:, ::4].shape))
    x += 5 * rng.normal(0, 1, (units, 1)).clip(-0.5)
    x = x.clip(0.01)
    x[rng.random(x.shape) < 0.05] = np.nan
    names = tuple(f"i{j}" for j in range(indicators))
    codes = tuple(f"u{i}" for i in range(units))
    table = pl.DataFrame(
        {
            "unit": np.repeat(codes, indicators),
            "period": pl.Series([None] * x.size, dtype=pl.Int64),
            "variable": np.tile(names, units),
            "value": pl.Series(x.ravel()).fill_nan(None),
            "text": pl.Series([None] * x.size, dtype=pl.String),
            "source": pl.Series([None] * x.size, dtype=pl.String),
        }
    ).drop_nulls("value")
    return Observations(table=table, units=codes, variables=names)


def prepared(units: int, indicators: int, assumptions: str = CHOICES):
    """Return a method, its figures and its builds."""
    own, figures = method(indicators, assumptions), observations(units, indicators)
    result, laid_out = build(own, figures), lay_out(own, figures, Units())
    errors = read_errors(own, laid_out, figures, Units())
    return own, figures, Builds(result, laid_out, [own.tree.top], errors)


def once(builds: Builds, count: int) -> float:
    """Return the seconds of drawing, building and describing."""
    start = time.perf_counter()
    weights = builds.result.state.weights
    draws = sample(builds.methodology, weights, count, seed=1, stream=0)
    describe(builds.result, builds.run(draws))
    return time.perf_counter() - start


def rerun(own: Methodology, figures: Observations, builds: Builds, count: int):
    """Build the index anew for every draw; return the seconds and the largest difference."""
    weights = builds.result.state.weights
    draws = sample(own, weights, count, seed=1, stream=0)
    draws = replace(draws, numbers={**draws.numbers, "Indicators": np.zeros(count, np.int64)})
    fast = builds.run(draws).scores[own.tree.top]
    plan = own.audit.assumptions
    nodes = varied_nodes(next(each for each in plan if each.name == "Weights"), own)
    start, scores = time.perf_counter(), []
    for d in range(count):
        choices = {
            i: int(draws.numbers[each.name][d])
            for i, each in enumerate(plan)
            if each.vary in ("step", "groups")
        }
        made = varied(own, choices)
        given = dict(zip(nodes, draws.weights["Weights"][d].tolist(), strict=True))
        count_ = own.tree.indicators
        made = replace(
            made,
            indicators=tuple(replace(i, weight=given[j]) for j, i in enumerate(made.indicators)),
            groups=tuple(
                replace(g, weight=given.get(count_ + k, g.weight))
                for k, g in enumerate(made.groups)
            ),
        )
        scores.append(build(made, figures).score)
    seconds = time.perf_counter() - start
    return seconds, float(np.nanmax(np.abs(fast - np.array(scores))))


def line(what: str, seconds: float, more: str = "") -> None:
    print(f"{what:<58}{seconds:>9.2f} s   {more}")


def large(count: int) -> None:
    """Build many draws, in a process of its own, and say how much memory that took."""
    _, _, builds = prepared(129, 51)
    seconds = once(builds, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(f"129 x 51, {count:,} draws, all choices", seconds, f"peak {peak:,.0f} MB")


def main() -> None:
    """Print the table."""
    own, figures, builds = prepared(129, 51)
    once(builds, 100)  # libraries load when first used
    seconds = statistics.median(once(builds, 10_000) for _ in range(5))
    slow, difference = rerun(own, figures, builds, RERUNS)
    each = slow / RERUNS
    line("129 x 51, 10,000 draws, all choices", seconds, f"{seconds / 10:.3f} ms a draw")
    line("  the same by `build` for every draw", each * 10_000, f"{each * 1e3:.1f} ms a draw")
    print(f"    {each * 10_000 / seconds:,.0f} times as long; scores differ by {difference:.0e}")
    print(
        f"  COINr, quoted: {COINR * 1e3:.0f} ms a draw, {COINR * 1e4 / seconds:,.0f} times as long"
    )
    audit(own, figures, draws=100)
    start = time.perf_counter()
    found = audit(own, figures, draws=10_000)
    seconds = time.perf_counter() - start
    made = found.uncertainty.builds + found.sensitivity.builds - 2 * found.sensitivity.base
    more = f"{made:,} builds, coherence, sensitivities"
    line("129 x 51, the whole audit with 10,000 draws", seconds, more)
    subprocess.run([sys.executable, __file__, "100000"], check=True)
    _, _, erring = prepared(129, 51, CHOICES + ERRORS)
    once(erring, 100)
    line("129 x 51, 10,000 draws, every figure with an error", once(erring, 10_000))
    print("growth, 2,000 draws")
    base = None
    for units, indicators in ((129, 51), (500, 50), (2_000, 50), (129, 200)):
        _, _, builds = prepared(units, indicators)
        once(builds, 100)
        seconds = once(builds, 2_000)
        cells = units * indicators
        base = base or seconds / cells
        line(f"  {units:,} x {indicators}", seconds, f"{seconds / cells / base:.2f} a cell")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        large(int(sys.argv[1]))
    else:
        main()
