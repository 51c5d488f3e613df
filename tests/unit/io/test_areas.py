import csv

import polars as pl
import pytest

from everycount.io.areas import area_table, m49_codes, m49_of, plain_names, translate_areas


def one(text, kind):
    return m49_of(pl.Series([text]), kind).item()


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("iso2", "NA", "516"),
        ("iso3", "NAM", "516"),
        ("iso3", "XKX", "412"),
        ("iso2", "XK", "412"),
        ("iso3", "WLD", "001"),
        ("iso3", "ROM", "642"),
        ("iso2", "EL", "300"),
        ("m49", "4", "004"),
        ("m49", "004", "004"),
        ("m49", "1", "001"),
        ("iso3", " VNM ", "704"),
        ("name", "Viet Nam", "704"),
        ("name", "Vietnam", "704"),
        ("name", "VIỆT NAM", "704"),
        ("name", "Côte d’Ivoire", "384"),
        ("name", "Cote d'Ivoire", "384"),
        ("name", "Korea, Rep.", "410"),
        ("name", "The Gambia", "270"),
        ("name", "Gambia, The", "270"),
        ("name", "Congo, Dem. Rep.", "180"),
        ("name", "Congo", "178"),
        ("name", "Türkiye", "792"),
        ("name", "Turkey", "792"),
        ("name", "Namibie", "516"),
        ("name", "الجزائر", "012"),
        ("name", "Lao PDR", "418"),
        ("name", "World", "001"),
        ("name", "Sub-Saharan Africa", "202"),
    ],
)
def test_areas_of_others_become_m49(kind, text, code):
    assert one(text, kind) == code


@pytest.mark.parametrize(
    ("kind", "text"),
    [("iso3", "EAS"), ("iso3", "nam"), ("m49", "0004"), ("name", "Hà Nội"), ("name", "Micronesia")],
)
def test_areas_that_are_not_in_m49_have_no_code(kind, text):
    assert one(text, kind) is None


def test_unknown_areas_and_empty_cells_stay():
    column = pl.Series("area", ["NAM", "EAS", None, "NAM"])
    found = translate_areas(column, "iso3")
    assert found.to_list() == ["516", "EAS", None, "516"]
    assert found.name == "area"
    assert m49_of(pl.Series([], dtype=pl.String), "iso3").len() == 0


def test_other_way_of_writing_is_our_mistake():
    with pytest.raises(ValueError, match="areas are written as iso3, iso2, m49, name, not 'iso'"):
        m49_codes("iso")


def test_names_compare_without_accents_signs_and_article():
    names = pl.Series(["Lào-Cai & the  Sea", "lao cai and sea"])
    assert plain_names(names).n_unique() == 1


def test_every_area_has_a_place_in_the_world_or_is_a_group():
    table = area_table()
    parents = dict(table.select("code", "parent").iter_rows())
    for code, kind in table.select("code", "kind").iter_rows():
        top = code
        while parents[top]:
            top = parents[top]
        assert top == "001" or kind == "group" or code == "010", code


def test_codes_are_unique():
    table = area_table()
    assert table["code"].is_unique().all()
    for name in ("iso2", "iso3"):
        assert table[name].drop_nulls().is_unique().all()


@pytest.mark.shared
def test_countries_agree_with_the_reference(shared):
    with (shared / "data/reference/countries.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["m49"] and len(row["iso3"]) == 3]
    assert len(rows) > 240
    for row in rows:
        assert one(row["iso3"], "iso3") == row["m49"]
        assert one(row["iso2"], "iso2") == row["m49"]
        assert one(row["name"], "name") in {row["m49"], None}
