"""How long the figures of a large hub take: 300 indicators, 200 areas, 5 million observations.

Beside the newest figures of one indicator, the same by a plain loop over its rows as a peer; both
must find the same.
"""

import resource
import statistics
import time
from datetime import date

import numpy as np
import polars as pl

from everycount.figures.latest import latest
from everycount.figures.profile import overview, profile
from everycount.figures.reading import read_figures
from everycount.figures.series import headline
from everycount.figures.summary import summarise_each
from everycount.model.indicator import Indicator
from everycount.model.observation import OBSERVATION

TODAY = date(2021, 6, 1)
INDICATORS, AREAS, YEARS = 300, 200, range(2001, 2021)
CROSSED = [("_T", "_T"), ("F", "_T"), ("M", "_T"), ("F", "Y15T24"), ("M", "Y15T24")]
KEPT = 16_700
REPEATS = 9


def observations() -> pl.DataFrame:
    """Return the observations of one indicator, in no order."""
    cells = [(a, y, s, g) for a in range(AREAS) for y in YEARS for s, g in CROSSED]
    rng = np.random.default_rng(7)
    columns = {
        "INDICATOR": "i",
        "REF_AREA": [f"{area:03d}" for area, *_ in cells],
        "TIME_PERIOD": [str(year) for _, year, *_ in cells],
        "SEX": [sex for _, _, sex, _ in cells],
        "AGE": [age for *_, age in cells],
        "OBS_VALUE": rng.uniform(0, 100, len(cells)).round(1),
        "UNIT_MEASURE": "PT",
        "SAMPLE_SIZE": rng.integers(10, 500, len(cells)).astype(float),
    }
    usual = [
        pl.lit(each.default or None, OBSERVATION.schema[each.id]).alias(each.id)
        for each in OBSERVATION.components
        if each.id not in columns
    ]
    table = pl.DataFrame(columns).with_columns(usual).select(OBSERVATION.ids)
    return table.sample(fraction=1, shuffle=True, seed=7)


def by_loop(table: pl.DataFrame) -> dict[str, float]:
    """Return the newest total of each area as one would by hand."""
    newest: dict[str, tuple[str, float]] = {}
    for row in table.iter_rows(named=True):
        is_total = row["SEX"] == row["AGE"] == "_T" and row["SAMPLE_SIZE"] >= 25
        before = newest.get(row["REF_AREA"], ("", 0.0))
        if is_total and row["TIME_PERIOD"] > before[0]:
            newest[row["REF_AREA"]] = (row["TIME_PERIOD"], row["OBS_VALUE"])
    return {area: value for area, (_, value) in newest.items()}


def seconds(work) -> float:
    """Return the median time of some work."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the times."""
    table = observations()
    read = read_figures(table, today=TODAY)
    head = headline(read)
    assert head is not None
    found = dict(latest(read, head.series).select("REF_AREA", "value").iter_rows())
    assert found == by_loop(table)
    rows = [
        ("read one indicator", seconds(lambda: read_figures(table, today=TODAY))),
        ("headline", seconds(lambda: headline(read))),
        ("newest figures of all areas", seconds(lambda: latest(read, head.series))),
        ("the same by a loop (peer)", seconds(lambda: by_loop(table))),
    ]
    part = table.head(KEPT)
    names = [f"i{number:03d}" for number in range(INDICATORS)]
    every = pl.concat([part.with_columns(pl.lit(name).alias("INDICATOR")) for name in names])
    aims = {
        name: Indicator(key=name, code=name, title={"en": name}, worst=0, best=100)
        for name in names
    }
    start = time.perf_counter()
    summaries = list(summarise_each(every, today=TODAY, indicators=aims))
    made = time.perf_counter()
    joined = overview(summaries)
    for area in range(AREAS):
        profile(joined, f"{area:03d}")
    rows.append((f"summaries of {every.height:,} observations", made - start))
    rows.append((f"{AREAS} profiles", time.perf_counter() - made))
    for what, time_taken in rows:
        print(f"{what:45s} {time_taken * 1e3:12,.1f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{'peak memory':45s} {peak:12,.2f} GB")


if __name__ == "__main__":
    main()
