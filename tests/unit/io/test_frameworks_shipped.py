"""The shipped frameworks are what `tools/make_frameworks.py` makes of the shared lists."""

import csv
import re
from importlib.resources import files

import pytest

import make_frameworks
from everycount.io.frameworks import find_framework, shipped_crosswalk

LISTS = {
    "un_minimum_set_52_11": "un-minimum-set@2013",
    "un_minimum_set_2021": "un-minimum-set@2021",
    "sdg_global_2019": "sdg-global@2019",
    "sdg_global_2023": "sdg-global@2023",
    "sdg_gender_unwomen_2022": "un-women-sdg-gender@2022",
    "sdg_gender_iaeggs_2021": "iaeg-gs-sdg-gender@2021",
}


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_shipped_files_are_those_the_tool_makes(shared, tmp_path, monkeypatch):
    monkeypatch.setattr(make_frameworks, "SHARED", shared)
    make_frameworks.main(tmp_path)
    shipped = {
        file.name: file.read_bytes()
        for file in (files("everycount") / "frameworks").iterdir()
        if file.name.endswith((".toml", ".csv"))
    }
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == shipped


@pytest.mark.parametrize(("name", "reference"), LISTS.items())
def test_codes_and_titles_are_those_of_the_list(shared, name, reference):
    listed = [
        (row["code"], make_frameworks.clean(row["name"]))
        for row in rows(shared / "data" / "frameworks" / f"{name}.csv")
    ]
    shipped = find_framework(reference).indicators
    assert [(each.code, each.title["en"]) for each in shipped] == listed


def test_only_two_footnote_marks_were_taken_from_titles(shared):
    changed = [
        row["code"]
        for name in LISTS
        for row in rows(shared / "data" / "frameworks" / f"{name}.csv")
        if make_frameworks.clean(row["name"]) != " ".join(row["name"].split())
    ]
    assert changed == ["10.4.2", "17.6.1"]


def test_rwandas_titles_are_those_of_the_list_without_marks_of_html(shared):
    listed = rows(shared / "data" / "frameworks" / "sdg_national_rwanda.csv")
    shipped = find_framework("rwanda-sdg").indicators
    assert [each.code for each in shipped] == [row["code"] for row in listed]
    for indicator, row in zip(shipped, listed, strict=True):
        assert not re.search("[<>]", indicator.title["en"])
        words = re.sub("<[^>]*>", " ", row["name"]).split()
        assert indicator.title["en"].split() == words


def test_sdg_gender_index_names_stand_in_the_seed(shared):
    (seed,) = (shared / "seeds").glob("002*.txt")
    text = " ".join(seed.read_text(encoding="utf-8").split())
    for each in find_framework("sdg-gender-index").indicators:
        assert f"Indicator {each.code} {each.title['en']}" in text


def test_every_link_between_shipped_frameworks_is_there(shared):
    names = make_frameworks.REFERENCES
    owned = {
        (names[row["from_framework"]], row["from_code"], names[row["to_framework"]], row["to_code"])
        for row in rows(shared / "data" / "frameworks" / "crosswalk.csv")
        if row["from_framework"] in names and row["to_framework"] in names
    }
    within = {ends for ends in owned if ends[0] == ends[2]}
    assert owned - within <= {link.ends for link in shipped_crosswalk().links}
    sdg = find_framework("sdg-global@2023")
    for _, one, _, other in within:  # told by the framework itself
        first, second = sdg.indicator(one), sdg.indicator(other)
        assert (first.repeats or first.key) == (second.repeats or second.key)


def test_minimum_set_finds_22_of_63_among_the_sdgs():
    links = shipped_crosswalk().seen_from("un-minimum-set@2013")
    assert len({link.from_key for link in links if link.to_framework == "sdg-global@2023"}) == 22


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        (
            "Researchers (in full-time equivalent) per million inhabitants",
            "per million inhabitants",
        ),
        (
            "Number of new HIV infections per 1,000 uninfected population, by sex",
            "per 1,000 uninfected population",
        ),
        ("Maternal mortality ratio", ""),
        ("Tourism direct GDP as a proportion of total GDP and in growth rate", ""),
        ("Tax revenue as a % of GDP", "percent of GDP"),
        ("Red List Index", ""),
    ],
)
def test_unit_only_where_the_title_says_it(title, unit):
    assert make_frameworks.unit_of(title) == unit


@pytest.mark.parametrize(
    ("stated", "characteristics"),
    [
        ("", ()),
        ("age 18", ()),
        ("sex, age and persons with disabilities", ("sex", "age", "disability status")),
        ("sex, distinguishing children, unemployed persons and the poor", ("sex",)),
        ("sex, age and geographic location (urban/rural)", ("sex", "age", "location")),
    ],
)
def test_characteristics_a_title_lists(stated, characteristics):
    assert make_frameworks.characteristics(stated) == characteristics
