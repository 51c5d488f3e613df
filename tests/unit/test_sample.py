"""The shipped figures: one a key, openly licensed, equal to the sources they came from."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest

SAMPLE = files("everycount") / "sample"
ASSETS = files("everycount") / "assets"

AREAS = {
    "1a": 122, "1b": 81, "1c": 190, "2a": 154, "3a": 185, "3b": 211, "3c": 185, "4a": 182,
    "4b": 152, "4c": 138, "4d": 147, "5a": 124, "5b": 162, "5c": 179, "5d": 193, "5e": 194,
    "6a": 228, "6b": 224, "7a": 214, "7b": 190, "8b": 188, "8c": 136, "8d": 190, "8e": 153,
    "9c": 82, "9d": 37, "10a": 159, "11b": 190, "13b": 93, "13c": 181, "16a": 166, "16b": 132,
    "17b": 148, "17d": 192,
}  # fmt: skip
OPEN = ("CC BY 4.0", "CC BY 3.0", "CC BY-SA 3.0 IGO", "UN data terms: free reuse, cite the source")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((SAMPLE / name).read_text(encoding="utf-8").splitlines()))


def test_observations_one_figure_for_each_area_and_indicator():
    keys = [(row["REF_AREA"], row["INDICATOR"]) for row in rows("observations.csv")]
    assert len(keys) == len(set(keys))


def test_panel_one_figure_for_each_area_indicator_and_year():
    keys = [(row["REF_AREA"], row["INDICATOR"], row["TIME_PERIOD"]) for row in rows("panel.csv")]
    assert len(keys) == len(set(keys))
    assert len({indicator for _, indicator, _ in keys}) == 18


def test_observations_counts_of_areas_for_each_indicator():
    counts = dict.fromkeys(AREAS, 0)
    for row in rows("observations.csv"):
        counts[row["INDICATOR"]] += 1
    assert counts == AREAS


@pytest.mark.parametrize("name", ["observations.csv", "panel.csv"])
def test_figures_lie_in_the_window_and_name_a_source_and_an_area(name):
    sources = {row["source"] for row in rows("sources.csv")}
    units = {row["unit"] for row in rows("units.csv")}
    for row in rows(name):
        last = 2022 if row["INDICATOR"] == "17d" else 2020
        assert 2010 <= int(row["TIME_PERIOD"]) <= last
        assert row["SOURCE"] in sources
        assert row["SOURCE"].endswith(f":{row['INDICATOR']}")
        assert row["REF_AREA"] in units
        assert row["SEX"] in {"F", "_T"}
        assert row["UNIT_MEASURE"]
        float(row["OBS_VALUE"])


def test_figures_that_are_bounds_say_so():
    bounds = {row["COMMENT_OBS"] for row in rows("observations.csv")}
    assert bounds == {"", "<2.5", "<5", ">95"}
    first = next(r for r in rows("observations.csv") if r["COMMENT_OBS"] == "<2.5")
    assert float(first["OBS_VALUE"]) == 2.5


def test_panel_newest_year_is_the_shipped_latest_figure():
    newest = {(r["REF_AREA"], r["INDICATOR"]): r for r in rows("panel.csv")}
    latest = {(r["REF_AREA"], r["INDICATOR"]): r for r in rows("observations.csv")}
    assert all(latest[key] == row for key, row in newest.items())


def test_sources_every_series_is_openly_licensed_and_cited():
    table = rows("sources.csv")
    assert len({row["source"] for row in table}) == len(table)
    for row in table:
        assert row["licence"].startswith(OPEN)
        assert "NC" not in row["licence"]
        assert "not verified" not in row["licence"]
        assert row["licence"] in row["citation"]
        assert row["producer"] in row["citation"]
        assert row["url"].startswith("https://")
        assert bool(row["licence_url"]) == row["licence"].startswith("CC BY")


def test_sources_every_indicator_has_one():
    named = [row["indicators"] for row in rows("sources.csv") if ":" in row["source"]]
    assert sorted(named) == sorted(AREAS)


def test_units_unique_with_region_and_its_basis():
    table = rows("units.csv")
    assert len({row["unit"] for row in table}) == len(table) == 232
    assert {row["region_basis"] for row in table} == {"page", "m49", "assumption"}
    assert len({row["region"] for row in table}) == 5
    sources = {row["source"] for row in rows("sources.csv")}
    assert {row["population_source"] for row in table} - {""} <= sources


def test_units_namibia_keeps_its_code_and_kosovo_its_number():
    unit = {row["unit"]: row for row in rows("units.csv")}
    assert unit["NAM"]["iso2"] == "NA"
    assert unit["XKX"]["m49"] == "412"
    assert unit["XKX"]["subregion"] == ""
    assert unit["XKX"]["region_basis"] == "assumption"
    assert unit["AFG"]["m49"] == "004"
    assert unit["TWN"]["population_female"] == ""


def test_world_map_every_area_has_a_shape_or_a_point():
    topology = json.loads((ASSETS / "world.topojson").read_text(encoding="utf-8"))
    drawn = {area["id"] for area in topology["objects"]["areas"]["geometries"]}
    text = (ASSETS / "points.csv").read_text(encoding="utf-8")
    points = {row["unit"]: row for row in csv.DictReader(text.splitlines())}
    assert not drawn & set(points)
    assert {row["unit"] for row in rows("units.csv")} <= drawn | set(points)
    assert all(-90 < float(row["lat"]) < 90 for row in points.values())
    assert all(-180 <= float(row["lon"]) <= 180 for row in points.values())
    assert not {"ATA", "CYN", "SOL"} & drawn
    assert {"XKX", "ESH", "GUF"} <= drawn


def test_world_map_rings_are_closed():
    topology = json.loads((ASSETS / "world.topojson").read_text(encoding="utf-8"))
    ends = []
    for arc in topology["arcs"]:
        xs, ys = zip(*arc, strict=True)
        ends.append(((xs[0], ys[0]), (sum(xs), sum(ys))))
    for area in topology["objects"]["areas"]["geometries"]:
        for ring in (ring for polygon in area["arcs"] for ring in polygon):
            path = [ends[arc] if arc >= 0 else ends[~arc][::-1] for arc in ring]
            assert all(a[1] == b[0] for a, b in zip(path, [*path[1:], path[0]], strict=True)), area[
                "id"
            ]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["observations.csv", "panel.csv"])
def test_figures_equal_the_shared_ones(shared: Path, name: str):
    path = shared / "data/sdg_gender_index_2019/observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = {(r["iso3"], r["indicator"], r["year"]): r for r in csv.DictReader(file)}
    for row in rows(name):
        origin = known[row["REF_AREA"], row["INDICATOR"], row["TIME_PERIOD"]]
        assert row["OBS_VALUE"] == origin["value"]
        if row["NATURE"] not in {"", "M"}:
            assert origin["note"].startswith(f"nature={row['NATURE']}")
        assert (row["COMMENT_OBS"] != "") == ("censored" in origin["note"])


@pytest.mark.shared
def test_observations_are_the_newest_of_the_window(shared: Path):
    path = shared / "data/sdg_gender_index_2019/observations.csv"
    newest: dict[tuple[str, str], int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year, key = int(row["year"]), (row["iso3"], row["indicator"])
            if year <= (2022 if row["indicator"] == "17d" else 2020):
                newest[key] = max(year, newest.get(key, 0))
    shipped = {
        (r["REF_AREA"], r["INDICATOR"]): int(r["TIME_PERIOD"]) for r in rows("observations.csv")
    }
    assert shipped == newest


@pytest.mark.shared
def test_units_carry_the_shared_population_and_groups(shared: Path):
    with (shared / "data/reference/population.csv").open(encoding="utf-8", newline="") as file:
        known = {r["iso3"]: r for r in csv.DictReader(file) if r["year"] == "2018"}
    with (shared / "data/reference/countries.csv").open(encoding="utf-8", newline="") as file:
        areas = {r["iso3"]: r for r in csv.DictReader(file)}
    for row in rows("units.csv"):
        assert row["region"] == areas[row["unit"]]["em2030_region"]
        assert row["name"] == areas[row["unit"]]["name"]
        if row["population_source"] == "wdi-population":
            assert row["population"] == known[row["unit"]]["population_total"]
            assert row["population_female"] == known[row["unit"]]["population_female"]


@pytest.mark.shared
def test_sample_rebuilt_gives_the_same_bytes(shared: Path, tmp_path: Path, monkeypatch):
    import make_sample

    monkeypatch.setattr(make_sample, "SHARED", shared)
    monkeypatch.setattr(make_sample, "SAMPLE", tmp_path)
    assert make_sample.main() == 0
    for written in tmp_path.iterdir():
        assert written.read_bytes() == (SAMPLE / written.name).read_bytes()
