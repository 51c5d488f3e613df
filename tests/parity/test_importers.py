"""Native files of producers come in with every figure: counts and values by the standard library.

Files as described in the folder's own readme; SDMX has a module of its own.
"""

import csv
import gzip
import io
import json
import math
import re

import pytest

from everycount.errors import InputError
from everycount.io.importers import open_sdg_metadata, un_sdg
from everycount.io.importers.code_words import code_of
from everycount.io.importers.read import open_dataset, read_dataset
from everycount.model.column_mapping import ColumnMapping
from everycount.repository.custom_codes import part_code

pytestmark = pytest.mark.shared

COUNTRY = ColumnMapping(defaults={"REF_AREA": "826"})
REFUSED = {
    "api_fixtures/manifest.csv": "expected columns for INDICATOR, REF_AREA, TIME_PERIOD",
    "api_fixtures/README.md": "expected",
    "api_fixtures/uis_bulk/NATMON_COUNTRY.csv": "a list of countries of the UNESCO",
    "api_fixtures/uis_bulk/NATMON_LABEL.csv.gz": "a list of indicators of the UNESCO",
    "api_fixtures/uis_bulk/NATMON_REGION.csv.gz": "a list of regions and their countries",
    "api_fixtures/uis_bulk/NATMON_README_RELEASE_2020_September.md": "expected one of",
    "api_fixtures/world_bank_csv/Gender_StatsCountry.csv.gz": "a list of countries with",
    "api_fixtures/world_bank_csv/Gender_StatsSeries-Time.csv.gz": "notes on series and years",
    "api_fixtures/world_bank_csv/Gender_StatsSeries.csv.gz": "a list of series with",
    "api_fixtures/world_bank_csv/Metadata_Country_API_17_DS2_en_csv_v2_3058240.csv": (
        "a list of countries with their groups of the World Bank, without figures"
    ),
    "api_fixtures/world_bank_csv/Metadata_Indicator_API_17_DS2_en_csv_v2_3058240.csv": (
        "a list of indicators with their definitions"
    ),
    # A series that has no figures yet.
    "un_sdg_database/native_csv/SG_DMK_PARLMP_LC.csv.gz": "no rows below the header",
    "un_sdg_database/native_csv_manifest.csv": "expected columns for",
    "un_sdg_database/sdg_2020_10_codelists.csv": "expected columns for",
    "un_sdg_database/sdg_2020_10_series.csv": "expected columns for",
    # Tidy, but only a column mapping can say what its columns are: tested below.
    "un_sdg_database/sdg_2020_10_gender_series.csv.gz": "expected columns for",
    "un_sdg_database/README.md": "expected",
    "unsd_minimum_set/README.md": "expected",
    "unsd_minimum_set/manifest.csv": "expected columns for",
    "unsd_minimum_set/minset_catalog.json": "expected",
    "national_uk_open_sdg/README.md": "expected",
    "national_uk_open_sdg/LICENSE": "expected",
    "national_uk_open_sdg/code_mapping.csv": "expected columns for",
    "national_uk_open_sdg/column_mapping.csv": "expected columns for",
    # Indicators of which the office says that they are not statistical.
    "national_uk_open_sdg/data/indicator_5-6-2.csv": "This is a non-statistical indicator",
    "national_uk_open_sdg/data/indicator_5-c-1.csv": "This is a non-statistical indicator",
    # The office printed the same group twice, with other figures.
    "national_uk_open_sdg/data/indicator_16-1-1.csv": "row 67: found the same observation",
    "national_uk_open_sdg/data/indicator_4-3-1.csv": "has 20 problems",
    "national_uk_open_sdg/data/indicator_5-4-1.csv": "row 712: found the same observation",
    "national_uk_open_sdg/data/indicator_8-5-1.csv.gz": "has 16 problems",
}
"""Why a file does not come in."""
TEXT_PAGES = re.compile(r"(meta|metadata_md)/")


def rows_of(path, delimiter=","):
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    text = content.replace(b"\0", b"").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def number(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def values(dataset):
    return dataset.table["OBS_VALUE"].to_list()


def files_of(shared, folder):
    return sorted((shared / "data" / folder).glob("*"))


def is_refused(path, shared):
    return str(path.relative_to(shared / "data")) in REFUSED


def test_every_other_file_is_refused_with_its_reason(shared):
    for name, reason in REFUSED.items():
        mapping = COUNTRY if "/data/" in name else None
        with pytest.raises(InputError, match=reason):
            read_dataset(shared / "data" / name, mapping=mapping)


def test_pages_of_words_are_no_data(shared):
    pages = [*files_of(shared, "unsd_minimum_set/metadata_md")[:3]]
    pages += files_of(shared, "national_uk_open_sdg/meta")[:3]
    for page in pages:
        with pytest.raises(InputError, match="expected"):
            read_dataset(page)


def test_every_series_of_the_un_database_has_all_its_figures(shared):
    sexes = {"FEMALE": "F", "MALE": "M", "BOTHSEX": "_T", "": "_T"}
    seen = 0
    for path in files_of(shared, "un_sdg_database/native_csv"):
        if is_refused(path, shared):
            continue
        rows = rows_of(path)
        table = read_dataset(path).table
        assert table.height == len(rows), path.name
        assert table["OBS_VALUE"].to_list() == [number(row["Value"]) for row in rows]
        assert table["REF_AREA"].to_list() == [row["GeoAreaCode"].zfill(3) for row in rows]
        assert table["TIME_PERIOD"].to_list() == [row["TimePeriod"] for row in rows]
        words = [row.get("[Sex]", "") for row in rows]
        assert table["SEX"].to_list() == [sexes.get(word, word) for word in words]
        natures = [row["[Nature]"] for row in rows]
        assert table["NATURE"].to_list() == ["_X" if each == "NA" else each for each in natures]
        assert (table["CUST_BREAKDOWN"] == "_T").all() == ("[Type of skill]" not in rows[0])
        seen += len(rows)
    assert seen == 50_247 + 316 + 73


def test_nul_bytes_make_no_difference(shared):
    folder = shared / "data/un_sdg_database/native_csv"
    for series in ("SP_GNP_WNOWNS", "VC_VAW_SXVLN"):
        padded = read_dataset(folder / f"{series}.as_served_nul_padded.csv")
        assert padded.table.equals(read_dataset(folder / f"{series}.csv.gz").table)


def test_a_few_rows_of_the_un_database_by_hand(shared):
    folder = shared / "data/un_sdg_database/native_csv"
    names = ["REF_AREA", "TIME_PERIOD", "SEX", "AGE", "ACTIVITY", "UNIT_MEASURE", "OBS_VALUE"]
    informal = read_dataset(folder / "SL_ISV_IFEM.csv.gz").table
    first = rows_of(folder / "SL_ISV_IFEM.csv.gz")[0]
    assert informal.select("OBS_VALUE", "SOURCE_DETAIL").row(0) == (
        float(first["Value"]),
        first["Source"],
    )
    assert set(informal["ACTIVITY"]) == {"_T", "ISIC4_BTU", "ISIC4_A"}
    marriage = read_dataset(folder / "SP_DYN_MRBF18.csv.gz")
    assert marriage.table.select(names[3:6]).unique().rows() == [
        ("Y20T24", "_T", "PER_MARW_20T24Y")
    ]
    assert "5.3.1" in marriage.codes["INDICATOR"].by_id["SP_DYN_MRBF18"].description
    schools = read_dataset(folder / "SE_TOT_PRFL.csv.gz").table
    assert {"ISCED11_1", "ISCED11_2", "ISCED11A_0_G23"} == set(schools["EDUCATION_LEV"])
    assert set(schools["CUST_BREAKDOWN"]) == {
        "TYPE_OF_SKILL--SKILL_MATH",
        "TYPE_OF_SKILL--SKILL_READ",
    }


def tidy_mapping(folder):
    """The mapping an analyst would save for the tidy table: its own code list says the words."""
    parts = {
        "sex": "SEX",
        "age": "AGE",
        "location": "URBANISATION",
        "units": "UNIT_MEASURE",
        "nature": "NATURE",
        "quantile": "INCOME_WEALTH_QUANTILE",
        "disability_status": "DISABILITY_STATUS",
        "education_level": "EDUCATION_LEV",
        "observation_status": "OBS_STATUS",
        "migratory_status": "MIGRATION_STATUS",
        "activity": "ACTIVITY",
    }
    known = {part: {} for part in parts.values()}
    for row in rows_of(folder / "sdg_2020_10_codelists.csv"):
        part = parts.get(row["dimension"])
        if part:
            known[part][row["code"]] = code_of(part, row["name"]) or part_code(row["name"])
    known["AGE"] |= {"notspec": "_T"}
    known["URBANISATION"] |= {"notspec": "_T"}
    known["SEX"] |= {"notspec": "_T"}
    known["INCOME_WEALTH_QUANTILE"] |= {"notspec": "_T"}
    known["MIGRATION_STATUS"] |= {"notspec": "_T"}
    known["NATURE"] |= {"notspec": "_X"}
    return ColumnMapping(
        columns={
            "series": "INDICATOR",
            "geo_area": "REF_AREA",
            "year": "TIME_PERIOD",
            "value": "OBS_VALUE",
            **parts,
        },
        values=known,
        breakdown=("grounds_of_discrimination", "type_of_occupation", "type_of_skill"),
        ignored=("geo_area_name", "iso3"),
        areas="m49",
        texts=un_sdg.TEXTS,
        missing=un_sdg.MISSING,
    )


def test_the_tidy_table_comes_in_with_a_mapping(shared):
    folder = shared / "data/un_sdg_database"
    path = folder / "sdg_2020_10_gender_series.csv.gz"
    rows = rows_of(path)
    dataset = read_dataset(path, mapping=tidy_mapping(folder))
    assert dataset.table.height == len(rows) == 216_744
    assert values(dataset) == [number(row["value"]) for row in rows]
    assert dataset.table["REF_AREA"].to_list() == [row["geo_area"].zfill(3) for row in rows]
    sexes = {"female": "F", "male": "M", "bothsex": "_T", "": "_T", "u": "_U", "x": "_X"}
    found = dataset.table["SEX"].to_list()
    assert all(found[at] == sexes.get(row["sex"], "_T") for at, row in enumerate(rows))


def test_every_series_of_the_minimum_set_has_all_its_figures(shared):
    count = 0
    for path in files_of(shared, "unsd_minimum_set/series"):
        rows = rows_of(path)
        table = read_dataset(path).table
        assert table.height == len(rows), path.name
        signs = [row.get("OBS_VALUE_MODIFIER", "") for row in rows]
        figures = [number(row.get("OBS_VALUE", "")) for row in rows]
        expected = [None if s else f for s, f in zip(signs, figures, strict=True)]
        assert table["OBS_VALUE"].to_list() == expected
        texts = [row.get("VALUE_CATEGORY_DESC") or None for row in rows]
        texts = [
            f"{s}{row['OBS_VALUE']}" if s else t
            for s, t, row in zip(signs, texts, rows, strict=True)
        ]
        assert table["VALUE_TEXT"].to_list() == texts
        assert table["SEX"].to_list() == [row.get("SEX") or "_T" for row in rows]
        assert table["REF_AREA"].to_list() == [row["REF_AREA"].zfill(3) for row in rows]
        urban = [row.get("URBANIZATION") or "_T" for row in rows]
        assert table["URBANISATION"].to_list() == urban
        count += table.height
    assert count == 164_396


def test_the_minimum_set_is_the_same_with_tabs_and_with_commas(shared):
    for tabs in files_of(shared, "api_fixtures/unsd_minset_tsv"):
        commas = shared / "data/unsd_minimum_set/series" / tabs.name
        assert read_dataset(tabs).table.equals(read_dataset(commas).table)
        assert read_dataset(tabs).table.height == len(rows_of(tabs, "\t"))


def test_skills_of_the_minimum_set_have_labels(shared):
    path = shared / "data/unsd_minimum_set/series/5000__II_10__Ib6932825__S01912ae8.csv.gz"
    dataset = read_dataset(path)
    labels = {code.id: code.name["en"] for code in dataset.codes["CUST_BREAKDOWN"].codes}
    assert labels["ICT_SKILL--EMAIL"].startswith("Ict skill: Sending e-mails")
    assert set(dataset.table["CUST_BREAKDOWN"]) == set(labels)


def test_every_indicator_of_the_united_kingdom_has_all_its_figures(shared):
    for path in files_of(shared, "national_uk_open_sdg/data"):
        if is_refused(path, shared):
            continue
        rows = rows_of(path)
        table = read_dataset(path, mapping=COUNTRY).table
        assert table.height == len(rows), path.name
        assert table["OBS_VALUE"].to_list() == [number(row["Value"]) for row in rows]
        assert table["REF_AREA"].to_list() == [row.get("GeoCode") or "826" for row in rows]
        assert [p[:4] for p in table["TIME_PERIOD"]] == [row["Year"][:4] for row in rows]
        sexes = {"Female": "F", "Girls": "F", "Male": "M", "Boys": "M", "": "_T"}
        assert table["SEX"].to_list() == [sexes[row.get("Sex", "")] for row in rows]


def test_elections_of_one_year_stay_apart(shared):
    path = shared / "data/national_uk_open_sdg/data/indicator_5-5-1.csv"
    table = read_dataset(path, mapping=COUNTRY).table
    two = table.filter(table["TIME_DETAIL"].is_not_null())
    assert two.select("TIME_PERIOD", "TIME_DETAIL").rows() == [("1974", "1974a"), ("1974", "1974b")]
    assert two["CUST_BREAKDOWN"].n_unique() == 2


def test_regions_of_the_united_kingdom_are_labels_not_breakdowns(shared):
    path = shared / "data/national_uk_open_sdg/data/indicator_5-5-2.csv"
    dataset = read_dataset(path, mapping=COUNTRY)
    labels = {code.id: code.name["en"] for code in dataset.codes["REF_AREA"].codes}
    assert labels["N92000002"] == "Northern Ireland"
    rows = rows_of(path)
    placed = [row["Region"] == "Northern Ireland" for row in rows if row["GeoCode"] == "N92000002"]
    assert all(placed)


def test_every_page_of_the_united_kingdom_is_read(shared):
    for path in files_of(shared, "national_uk_open_sdg/meta"):
        page = open_sdg_metadata.read(path)
        assert page.fields["indicator_number"].replace(".", "-") == path.stem
        assert "reporting_status" in page.fields


def test_figures_of_the_who_have_their_bounds(shared):
    for path in files_of(shared, "api_fixtures/who_gho_csv"):
        rows = rows_of(path)
        table = read_dataset(path).table
        assert table.height == len(rows)
        assert table["OBS_VALUE"].to_list() == [number(row["Numeric"]) for row in rows]
        for column, part in (("Low", "LOWER_BOUND"), ("High", "UPPER_BOUND")):
            assert table[part].to_list() == [number(row[column]) for row in rows]
        women = {"FMLE": "F", "": "_T"}
        assert table["SEX"].to_list() == [women[row.get("SEX", "")] for row in rows]
    anemia = read_dataset(shared / "data/api_fixtures/who_gho_csv/ANEMIANPW.csv.gz").table
    world = anemia.filter((anemia["REF_AREA"] == "001") & (anemia["TIME_PERIOD"] == "1990"))
    assert world["OBS_VALUE"].to_list() == [39.3647]


def test_answers_of_the_world_bank_have_all_their_figures(shared):
    areas = {"ARG": "032", "BOL": "068", "BRA": "076", "COL": "170", "USA": "840"}
    for path in files_of(shared, "api_fixtures/world_bank_json"):
        items = json.loads(path.read_text())[1]
        dataset = read_dataset(path)
        assert values(dataset) == [item["value"] for item in items]
        codes = [item["countryiso3code"] for item in items]
        assert dataset.table["REF_AREA"].to_list() == [areas.get(code, code) for code in codes]
        assert dataset.origins[0].published is not None


def test_the_sigi_has_each_figure_once(shared):
    path = shared / "data/api_fixtures/oecd_stat_csv/SIGI2019.csv.gz"
    rows = rows_of(path)
    dataset = read_dataset(path)
    distinct = {(row["LOCATION"], row["VAR"], row["TIME"], row["Value"]) for row in rows}
    assert dataset.table.height == len(distinct) == 705
    assert dataset.notes == (
        f"{len(rows) - 705} rows left out that repeat a figure under another group",
    )
    assert sorted(filter(None, values(dataset))) == sorted(
        float(value) for *_, value in distinct if number(value)
    )


def test_every_importer_says_which_format_it_took(shared):
    reading = open_dataset(shared / "data/api_fixtures/who_gho_csv/SDGFP.csv.gz")
    assert sum(batch.height for batch in reading) == 126
    assert reading.origins[0].producer == "World Health Organization"
