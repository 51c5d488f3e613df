"""Confidence intervals hold the truth as often as they say: samples drawn from a whole population.

The population is the World Bank's synthetic country of 2023 (57,867 households), so the truth is
known. Each sample has two stages without replacement: 8 enumeration areas in each of seven strata,
15 households in each.
"""

import numpy as np
import polars as pl
import pytest

from everycount.model.design import Characteristic, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import FurtherStage, Sampling
from everycount.survey.disaggregate import disaggregate
from everycount.survey.plan import resolve

pytestmark = [pytest.mark.shared, pytest.mark.parity, pytest.mark.slow]
AREAS, HOUSEHOLDS, DRAWS = 8, 15, 300
DESIGN = SurveyDesign(
    sampling=Sampling(
        strata=("geo1", "urbrur"),
        psu="ea",
        weight="weight",
        population="areas",
        stages=(FurtherStage(units="hid", population="households"),),
    ),
    characteristics=(Characteristic(name="urbrur"), Characteristic(name="geo1")),
    outcomes=(
        Outcome(name="electricity", yes=("Yes",)),
        Outcome(name="toilet", yes=("No facility/bush/field",)),
        Outcome(name="pc_exp", statistic="mean"),
        Outcome(name="share_food", statistic="mean"),
    ),
)


class InMemory:
    """A sample as microdata."""

    name = "sample"

    def __init__(self, frame):
        self.frame, self.rows = frame, len(frame)
        self.columns = {name: Column(name=name, kind="other") for name in frame.columns}

    def batches(self, columns, *, rows=250_000):
        yield self.frame.select(columns)


def draw(population, rng):
    """Return a two-stage sample with its weights and populations."""
    areas = population.select("geo1", "urbrur", "ea", "households", "areas").unique(
        maintain_order=True
    )
    areas = areas.with_columns(pl.Series("at", rng.random(len(areas))))
    chosen = areas.filter(pl.col("at").rank().over("geo1", "urbrur") <= AREAS).select("ea")
    rows = population.join(chosen, on="ea", maintain_order="left")
    rows = rows.with_columns(pl.Series("at", rng.random(len(rows))))
    return rows.filter(pl.col("at").rank().over("ea") <= HOUSEHOLDS).with_columns(
        weight=pl.col("areas") / AREAS * pl.col("households") / HOUSEHOLDS
    )


def test_intervals_hold_the_truth_in_95_of_100_samples(shared):
    population = pl.read_parquet(shared / "data" / "microdata" / "hld_pop_wb_2023.parquet").sort(
        "geo1", "urbrur", "ea", "hid"
    )
    population = population.with_columns(
        households=pl.len().over("ea"), areas=pl.col("ea").n_unique().over("geo1", "urbrur")
    )
    everybody = population.with_columns(weight=1.0)
    whole = SurveyDesign(
        sampling=Sampling(weight="weight"),
        characteristics=DESIGN.characteristics,
        outcomes=DESIGN.outcomes,
    )
    keys = ["outcome", "urbrur", "geo1"]
    truth = disaggregate(resolve(whole, InMemory(everybody))).table.select(
        *keys, pl.col("estimate").alias("truth")
    )
    rng = np.random.default_rng(20231)
    found = []
    for _ in range(DRAWS):
        table = disaggregate(resolve(DESIGN, InMemory(draw(population, rng)))).table
        found.append(table.join(truth, on=keys))
    held = pl.concat(found).with_columns(
        ((pl.col("ci_low") <= pl.col("truth")) & (pl.col("truth") <= pl.col("ci_high"))).alias(
            "held"
        )
    )
    shares = held.drop_nulls("held").group_by("outcome").agg(pl.col("held").mean())
    print(shares.sort("outcome"))
    assert shares["held"].min() >= 0.93
    assert shares["held"].max() <= 0.97
