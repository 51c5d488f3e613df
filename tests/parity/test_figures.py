"""What figures say of published data, against counts made row by row."""

import csv
import gzip
from datetime import date
from statistics import median, quantiles

import polars as pl
import pytest

from everycount.figures.aim import Aim
from everycount.figures.breakdowns import available, breakdown
from everycount.figures.change import changes
from everycount.figures.comparison import distribution
from everycount.figures.gap import gaps
from everycount.figures.latest import latest, ranked
from everycount.figures.progress import Pace, progress
from everycount.figures.reading import DIMENSIONS, read_figures
from everycount.figures.series import Series, headline, series_of
from everycount.io.importers.read import read_dataset

pytestmark = [pytest.mark.parity, pytest.mark.shared]
TODAY = date(2021, 9, 30)


def rows_of(place):
    opener = gzip.open if place.suffix == ".gz" else open
    with opener(place, "rt", encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def parliaments(shared):
    """Seats held by women in parliament: the figures as read, and by area and year."""
    place = shared / "data" / "un_sdg_database" / "native_csv" / "SG_GEN_PARL.csv.gz"
    figures = read_figures(read_dataset(place).table, today=TODAY)
    known = {}
    for row in rows_of(place):
        known.setdefault(row["GeoAreaCode"].zfill(3), {})[int(row["TimePeriod"])] = float(
            row["Value"]
        )
    return figures, headline(figures), known


def test_headline_of_seats_is_of_women(parliaments):
    _, head, known = parliaments
    assert (head.rule, head.series.breakdowns) == ("only", {"SEX": "F"})
    assert (head.areas, head.of) == (len(known), len(known))


def test_newest_seats_and_ranks_are_those_counted_by_hand(parliaments):
    figures, head, known = parliaments
    found = ranked(latest(figures, head.series), Aim(better="up"))
    newest = {area: max(years) for area, years in known.items()}
    assert dict(found.select("REF_AREA", "year").iter_rows()) == newest
    values = {area: known[area][year] for area, year in newest.items()}
    assert dict(found.select("REF_AREA", "value").iter_rows()) == values
    since = max(newest.values()) - 5
    current = [values[area] for area, year in newest.items() if year >= since]
    for area, place in found.select("REF_AREA", "rank").iter_rows():
        is_current = newest[area] >= since
        counted = 1 + sum(other > values[area] for other in current)
        assert place == (counted if is_current else None)


def test_change_of_seats_is_that_counted_by_hand(parliaments):
    figures, head, known = parliaments
    found = changes(figures, head.series, Aim(better="up")).rows(named=True)
    assert {row["REF_AREA"] for row in found} == {
        area for area, years in known.items() if len(years) > 1
    }
    for row in found:
        years = known[row["REF_AREA"]]
        first, last = years[min(years)], years[max(years)]
        assert row["points"] == pytest.approx(last - first)
        assert row["years"] == max(years) - min(years)
        is_small = abs(last - first) * 100 < 5 * (first or last)
        expected = "better" if last > first else "worse"
        assert row["direction"] == ("stable" if is_small or last == first else expected)


def test_compound_growth_is_that_of_statistics_canada(parliaments):
    figures, head, known = parliaments
    pace = Pace(method="compound")
    found = progress(figures, head.series, Aim(better="up", low=50.0), pace=pace)
    checked = 0
    for row in found.filter(pl.col("method") == "compound").rows(named=True):
        years = {year: value for year, value in known[row["REF_AREA"]].items() if year >= 2015}
        start, now = min(years), max(years)
        if now == start or years[now] >= 50 or years[start] >= 50:
            continue
        observed = (years[now] / years[start]) ** (1 / (now - start)) - 1
        required = (50 / years[start]) ** (1 / (2030 - start)) - 1
        ratio = observed / required
        assert row["ratio"] == pytest.approx(ratio)
        names = ((0.95, "on track"), (0.6, "accelerate"), (0.0, "limited"))
        expected = next((name for least, name in names if ratio >= least), "moving away")
        assert row["verdict"] == expected
        checked += 1
    assert checked > 150


def test_spread_of_seats_is_that_of_the_standard_library(parliaments):
    figures, head, known = parliaments
    found = distribution(latest(figures, head.series))
    values = [years[max(years)] for years in known.values()]
    assert found.median == pytest.approx(median(values))
    quarters = quantiles(values, method="inclusive")
    assert (found.lower_quartile, found.upper_quartile) == pytest.approx((quarters[0], quarters[2]))


@pytest.fixture(scope="module")
def unpaid_work(shared):
    place = shared / "data" / "un_sdg_database" / "native_csv" / "SL_DOM_TSPD.csv.gz"
    return read_figures(read_dataset(place).table, today=TODAY), rows_of(place)


def test_gaps_in_unpaid_work_are_those_counted_by_hand(unpaid_work):
    figures, rows = unpaid_work
    series = headline(figures).series
    age = series.by_dimension["AGE"]
    wanted = {"Y_GE15": "15+"}[age]
    known = {}
    for row in rows:
        if row["[Age]"] == wanted and row["[Location]"] == "ALLAREA":
            key = (row["GeoAreaCode"].zfill(3), row["TimePeriod"])
            known.setdefault(key, {})[row["[Sex]"]] = float(row["Value"])
    both = {key: sexes for key, sexes in known.items() if len(sexes) == 2}
    found = gaps(figures, series)
    told = {(row["REF_AREA"], row["TIME_PERIOD"]): row for row in found.rows(named=True)}
    assert told.keys() == both.keys()
    for key, sexes in both.items():
        assert told[key]["points"] == pytest.approx(sexes["FEMALE"] - sexes["MALE"])
        assert told[key]["ratio"] == pytest.approx(sexes["FEMALE"] / sexes["MALE"])


def test_breakdowns_of_unpaid_work_are_those_counted_by_hand(unpaid_work):
    figures, rows = unpaid_work
    series = headline(figures).series
    counted = {}
    for row in rows:
        by = tuple(
            name
            for name, column, usual in (
                ("SEX", "[Sex]", "FEMALE"),
                ("AGE", "[Age]", "15+"),
                ("URBANISATION", "[Location]", "ALLAREA"),
            )
            if row[column] != usual
        )
        if by:
            counted[" x ".join(by)] = counted.get(" x ".join(by), 0) + 1
    found = available(figures, series)
    assert dict(found.select("by", "figures").iter_rows()) == counted
    one = breakdown(figures, series, ["SEX"], area="250")
    french = [
        row
        for row in rows
        if (row["GeoAreaCode"], row["TimePeriod"]) == ("250", one.period)
        and (row["[Age]"], row["[Location]"]) == ("15+", "ALLAREA")
    ]
    assert sorted(one.rows["value"]) == sorted(float(row["Value"]) for row in french)


def test_newest_figures_are_those_the_producer_marks(shared):
    """The Minimum Set marks the newest row of each of its series itself.

    In one series it marks a projection to 2030, made in 2021: that is no figure here.
    """
    place = shared / "data" / "viet_nam" / "unsd_minimum_set_viet_nam.csv"
    figures = read_figures(read_dataset(place).table, today=TODAY)
    marked = {}
    for row in rows_of(place):
        if row["isLatestValue"] == "True":
            marked.setdefault(row["MINSET_SERIES"], []).append(row["TIME_PERIOD"])
    found = {}
    for row in series_of(figures).rows(named=True):
        series = Series(
            indicator=row["INDICATOR"],
            codes=tuple(row[name] for name in DIMENSIONS),
            unit=row["UNIT_MEASURE"],
            unit_mult=row["UNIT_MULT"],
        )
        periods = latest(figures, series)["TIME_PERIOD"].to_list()
        found.setdefault(row["INDICATOR"], []).extend(periods)
    assert found.keys() == marked.keys()
    same = {name for name in found if sorted(found[name]) == sorted(marked[name])}
    (projected,) = found.keys() - same
    assert (marked[projected], found[projected]) == (["2030"], ["2021"])


PLACES = ("1900", "3200", "6200", "7200", "8100", "8800")
"""Of each domain of the Minimum Set a series."""


def test_newest_figures_of_all_areas_are_those_the_producer_marks(shared):
    folder = shared / "data" / "unsd_minimum_set" / "series"
    places = [place for number in PLACES for place in folder.glob(f"{number}__*")]
    compared = 0
    for place in places:
        figures = read_figures(read_dataset(place).table, today=TODAY)
        head = headline(figures)
        marked = {}
        for row in rows_of(place):
            if row["isLatestValue"] == "True":
                marked.setdefault(row["REF_AREA"].zfill(3), set()).add(row["TIME_PERIOD"])
        for area, period in latest(figures, head.series)["REF_AREA", "TIME_PERIOD"].iter_rows():
            assert period in marked[area], (place.name, area)
            compared += 1
    assert compared > 500
