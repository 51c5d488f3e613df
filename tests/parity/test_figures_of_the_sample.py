"""What figures say of the shipped panel, against counts made row by row."""

import csv
from datetime import date
from statistics import median

import pytest

from everycount.figures.profile import overview, profile
from everycount.figures.summary import summarise_each
from everycount.io.column_mappings import read_column_mapping
from everycount.io.frameworks import load_framework
from everycount.io.importers.read import read_dataset
from everycount.io.sample import sample_path

pytestmark = pytest.mark.parity
TODAY = date(2021, 6, 1)
AREAS = {"VNM": "704", "FRA": "250", "RWA": "646"}


@pytest.fixture(scope="module")
def panel():
    with sample_path("panel.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    known = {}
    for row in rows:
        years = known.setdefault(row["INDICATOR"], {}).setdefault(row["REF_AREA"], {})
        years[int(row["TIME_PERIOD"])] = float(row["OBS_VALUE"])
    return known


@pytest.fixture(scope="module")
def aims():
    return {each.key: each for each in load_framework("sdg-gender-index@2019").indicators}


@pytest.fixture(scope="module")
def summaries(aims):
    mapping = read_column_mapping(sample_path("observations.mapping.toml"))
    table = read_dataset(sample_path("panel.csv"), mapping=mapping).table
    return {each.key: each for each in summarise_each(table, today=TODAY, indicators=aims)}


def test_every_indicator_of_the_panel_is_summarised(panel, summaries):
    assert summaries.keys() == panel.keys()
    for key, found in summaries.items():
        assert found.headline.alternatives == 0
        assert found.headline.areas == len(panel[key])


def test_median_of_the_current_figures_is_that_counted_by_hand(panel, summaries):
    for key, found in summaries.items():
        newest = {area: (max(years), years[max(years)]) for area, years in panel[key].items()}
        since = max(year for year, _ in newest.values()) - 5
        current = [value for year, value in newest.values() if year >= since]
        assert found.spread.count == len(current)
        assert found.spread.median == pytest.approx(median(current))


def test_ranks_follow_the_goalposts(summaries):
    for found in summaries.values():
        if found.aim.better == "between":
            continue
        is_down = found.aim.better == "down"
        placed = found.latest.filter(found.latest["rank"].is_not_null())
        values = placed["value"].to_list()
        counted = [
            1 + sum((other < own) if is_down else (other > own) for other in values)
            for own in values
        ]
        assert placed["rank"].to_list() == counted


def test_changes_of_some_areas_are_those_counted_by_hand(panel, summaries):
    for key, found in summaries.items():
        told = {row["REF_AREA"]: row for row in found.changes.rows(named=True)}
        for iso, m49 in AREAS.items():
            years = panel[key].get(iso, {})
            if len(years) < 2:
                assert m49 not in told
                continue
            assert told[m49]["points"] == pytest.approx(years[max(years)] - years[min(years)])


def test_profile_of_viet_nam_lacks_what_the_panel_lacks(panel, summaries):
    keys = sorted(summaries)
    found = profile(overview(summaries.values()), "704", [*keys, "9b"])
    lacking = [key for key in keys if "VNM" not in panel[key]]
    assert found.not_collected == (*lacking, "9b")
    assert found.figures.height == len(keys) - len(lacking)
