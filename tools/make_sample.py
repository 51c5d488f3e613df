"""Write the figures shipped with Everycount from the shared research folder.

    python tools/make_sample.py            # reads $EVERYCOUNT_SHARED, default ../shared

Only openly licensed series are written; every source is named with its licence in sources.csv.
Running it again on the same folder gives the same bytes.
"""

import csv
import io
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("EVERYCOUNT_SHARED", ROOT / "../shared")).resolve()
SAMPLE = ROOT / "src/everycount/sample"

WINDOW = (2010, 2020)
LATEST_YEAR = {"17d": 2022}
"""Indicators whose only open figures lie outside the window."""
PANEL_YEARS, PANEL_AREAS = 3, 100
"""A trend needs at least three years of figures in more than a hundred areas."""

ABOUT_WOMEN = frozenset(
    [
        "3a",
        "3b",
        "3c",
        "4a",
        "4b",
        "4c",
        "4d",
        "5a",
        "5b",
        "5d",
        "5e",
        "8b",
        "8e",
        "9c",
        "9d",
        "16b",
    ]
)
MODELLED_SERIES = frozenset({"Gapminder SG (ILO modelled, WDI)"})
RETRIEVED = "2026-11"

UNITS = {
    "score 0-1": "score 0 to 1",
    "score 0-100": "score 0 to 100",
    "score 0(best)-1": "score 0 to 1, 0 is best",
    "score 0(best)-10": "score 0 to 10, 0 is best",
    "ug/m3": "micrograms per cubic metre",
    "per 1,000 women 15-19": "per 1,000 women aged 15-19",
}

LICENCES = {  # the licence as written in licences.csv -> the name shipped, its address if certain
    "UN data terms (free reuse, cite UNSD)": (
        "UN data terms: free reuse, cite the source",
        "",
    ),
    "CC BY 4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC BY 4.0 (World Bank open data)": (
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC BY 4.0 (WDI); cite QoG": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "OECD terms (CC BY 4.0 since 2024-07)": (
        "CC BY 4.0 (OECD terms since July 2024)",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC BY 3.0": ("CC BY 3.0", "https://creativecommons.org/licenses/by/3.0/"),
    "CC BY 3.0 IGO": ("CC BY 3.0 IGO", "https://creativecommons.org/licenses/by/3.0/igo/"),
    "CC BY-SA 3.0 IGO": (
        "CC BY-SA 3.0 IGO",
        "https://creativecommons.org/licenses/by-sa/3.0/igo/",
    ),
}
"""A licence that is not here is not open, or not verified, and its series stay out."""

UNSD = "United Nations Statistics Division and custodian agencies"
STACYBRI = (
    "https://github.com/stacybri/Missing-SDG-Gender-Indicators"
    "/tree/123d2f47f71d708392b493f76677203078ebfbc8"
)
GAPMINDER = (
    "https://github.com/open-numbers/ddf--gapminder--systema_globalis"
    "/tree/c63631abeb62af6db3910f68be7c2b443beca50b"
)
PRODUCERS = {
    "5e": "Inter-Parliamentary Union, by the United Nations Statistics Division",
    "9c": "International Telecommunication Union, by the United Nations Statistics Division",
}
"""Producers known more exactly than that of their dataset."""
DATASETS = {  # source_dataset -> id, producer, title, where the copy was read
    "UNSD SDG DB (csv ~2021-04)": (
        "unsd-sdg-2021",
        UNSD,
        "Global SDG Indicators Database, copy of about April 2021",
        STACYBRI,
    ),
    "UNSD SDG DB (2020-10)": (
        "unsd-sdg-2020",
        UNSD,
        "Global SDG Indicators Database, copy of October 2020",
        "https://github.com/open-numbers/ddf--unstats--sdg_indicators"
        "/tree/1bfae15828a86ad30e86872411534f5c8136d784",
    ),
    "UNSD Minimum Set (2021)": (
        "unsd-minset-2021",
        UNSD,
        "UN Minimum Set of Gender Indicators, copy of September 2021",
        "https://github.com/UNStats/gender_data_portal"
        "/tree/1b47de6b1cd889a2cfcc0a016d8ec7aad0c6f582",
    ),
    "World Bank WBL 2020": (
        "wb-wbl-2020",
        "World Bank",
        "Women, Business and the Law 2020, panel data",
        "https://github.com/lcarnegie/replicationpaper"
        "/tree/8cd2fc6e6b54ad5dcfa3383407754e3f62ebb01d",
    ),
    "UNPD Family Planning": (
        "unpd-fp",
        "United Nations, Department of Economic and Social Affairs, Population Division",
        "Model-based estimates and projections of family planning indicators",
        "https://github.com/open-numbers/ddf--unpop--family_planning_indicators"
        "/tree/a6e213b7692db77f61ebfd0e5659e2aafb88f386",
    ),
    "UNESCO UIS (2024 copy)": (
        "uis-2024",
        "UNESCO Institute for Statistics",
        "UIS.Stat education indicators, copy of August 2024",
        "https://github.com/open-numbers/ddf--uis--stats"
        "/tree/6fc566275e3840f96ac402b02b0f6437dba9468c",
    ),
    "UNESCO UIS (2024-10)": (
        "uis-2024-10",
        "UNESCO Institute for Statistics",
        "Education indicators, copy of October 2024",
        "https://github.com/open-numbers/ddf--unesco--education"
        "/tree/9ebe8204713bdcc166593d89f84087af72a09c86",
    ),
    "OECD GID-DB 2019": (
        "oecd-gid-2019",
        "OECD Development Centre",
        "Gender, Institutions and Development Database 2019",
        STACYBRI,
    ),
    "OECD MSTI (2020-11)": (
        "oecd-msti-2020",
        "OECD",
        "Main Science and Technology Indicators, copy of November 2020",
        STACYBRI,
    ),
    "Gapminder SG (ILO modelled, WDI)": (
        "ilo-wdi",
        "International Labour Organization, by World Bank and Gapminder",
        "ILO modelled estimates in World Development Indicators, copied by Gapminder",
        GAPMINDER,
    ),
    "Gapminder SG (WDI)": (
        "wdi-gapminder",
        "World Bank, by Gapminder",
        "World Development Indicators, copied by Gapminder",
        GAPMINDER,
    ),
    "World Bank Findex 2025": (
        "wb-findex-2025",
        "World Bank",
        "Global Findex Database 2025",
        "https://github.com/cayolyn/data-science-coursework"
        "/tree/81621ef3e45960031ee484965520d099f39af72f",
    ),
    "QoG Std CS jan19 (WDI)": (
        "wdi-qog-2019",
        "World Bank, by the Quality of Government Institute",
        "World Development Indicators in the QoG Standard Dataset (cross-section), January 2019",
        "https://github.com/tranzalored/Social_Data-Science_Assignement-1"
        "/tree/d8bd49819d4899ccfe16b18ff612ef8d88fce497",
    ),
    "ND-GAIN (to 2017)": (
        "nd-gain",
        "Notre Dame Global Adaptation Initiative",
        "ND-GAIN Country Index, vulnerability score, to 2017",
        "https://github.com/marina-andrijevic/gender_inequality_SSPs"
        "/tree/946431fe25457341a1eb2b4170cd7765865a130a",
    ),
    "Open Data Watch ODIN 2022/23": (
        "odin-2022",
        "Open Data Watch",
        "Open Data Inventory 2022/23, openness of gender statistics",
        STACYBRI,
    ),
}
REFERENCE_SOURCES = (
    (
        "wdi-population",
        "World Bank",
        "World Development Indicators",
        "Population, total and female",
        "SP.POP.TOTL, SP.POP.TOTL.FE.IN",
        "CC BY 4.0",
        "https://github.com/ONEcampaign/DataDive_Gender"
        "/tree/9bcfaa1f3e4688933c512a3299a46f956c3037ef",
        "population population_female",
    ),
    (
        "gapminder-population",
        "Gapminder",
        "Population, based on the UN World Population Prospects",
        "Population of areas that the World Bank does not list (TWN)",
        "pop",
        "CC BY 4.0",
        "https://github.com/open-numbers/ddf--gapminder--fasttrack"
        "/tree/10e24e0e54b7c228642260f3b93d3d94131e23a5",
        "population",
    ),
    (
        "wb-income-2022",
        "World Bank",
        "Country and lending groups, July 2022",
        "Income group of fiscal year 2023",
        "CLASS.xlsx",
        "CC BY 4.0",
        STACYBRI,
        "income",
    ),
    (
        "unsd-m49",
        "United Nations Statistics Division",
        "Standard country or area codes for statistical use (M49)",
        "Names, codes and sub-regions",
        "M49",
        "UN data terms (free reuse, cite UNSD)",
        "https://github.com/MikePeleah/SDG-data-scripts"
        "/tree/f8886e03018a9e819ce3c8ce335101ef120a1915",
        "name m49 iso2 subregion",
    ),
)

LAW_YEAR = "Year of the report; laws as of about October of the year before"
NOTES = {
    "1c": LAW_YEAR,
    "8d": LAW_YEAR,
    "3c": "Estimates of a model",
    "8b": "Estimates of a model",
    "8e": "The source prints shares from 0 to 1; multiplied by 100",
    "10a": "Derived from published, rounded shares: richest tenth over poorest two fifths",
    "17b": "Nominal year 2015: the cross-section takes the nearest year within three",
}
"""What holds for every figure of a series."""

OBSERVATION = [
    "REF_AREA",
    "INDICATOR",
    "TIME_PERIOD",
    "SEX",
    "OBS_VALUE",
    "UNIT_MEASURE",
    "OBS_STATUS",
    "NATURE",
    "SOURCE",
    "COMMENT_OBS",
]
SOURCE = [
    "source",
    "producer",
    "title",
    "series_title",
    "series",
    "licence",
    "licence_url",
    "citation",
    "url",
    "retrieved",
    "indicators",
    "note",
]
UNIT = [
    "unit",
    "name",
    "region",
    "region_basis",
    "subregion",
    "income",
    "population",
    "population_female",
    "population_year",
    "population_source",
    "m49",
    "iso2",
]

Row = dict[str, str]


def read(path: str) -> list[Row]:
    """Read a CSV of the shared folder; every cell stays text, so Namibia stays NA."""
    with (SHARED / "data" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV with LF line ends."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    (SAMPLE / name).write_bytes(text.getvalue().encode())
    print(f"{name}: {len(text.getvalue().encode()):,} bytes")


def natural(indicator: str) -> tuple[int, str]:
    """Order 2a before 10a."""
    return int(indicator[:-1]), indicator[-1]


def status(row: Row) -> tuple[str, str]:
    """Return SDMX OBS_STATUS and the UN's NATURE code of a figure, from its note."""
    note = row["note"]
    nature = note.split(";")[0].removeprefix("nature=") if note.startswith("nature=") else ""
    if note.startswith("model-based") or row["source_dataset"] in MODELLED_SERIES:
        nature = "M"
    return ("E" if nature in {"E", "M"} else "A"), nature


def bound(note: str) -> str:
    """Return "<2.5" where the source prints that and the figure is only the bound."""
    return note.partition("censored ")[2]


def observe(row: Row) -> Row:
    """Return a figure in Everycount's observation layout."""
    obs_status, nature = status(row)
    return {
        "REF_AREA": row["iso3"],
        "INDICATOR": row["indicator"],
        "TIME_PERIOD": row["year"],
        "SEX": "F" if row["indicator"] in ABOUT_WOMEN else "_T",
        "OBS_VALUE": row["value"],
        "UNIT_MEASURE": UNITS.get(row["unit"], row["unit"]),
        "OBS_STATUS": obs_status,
        "NATURE": nature,
        "SOURCE": f"{DATASETS[row['source_dataset']][0]}:{row['indicator']}",
        "COMMENT_OBS": bound(row["note"]),
    }


def is_in_window(row: Row) -> bool:
    """Say whether a figure may be used."""
    first, last = WINDOW
    return first <= int(row["year"]) <= LATEST_YEAR.get(row["indicator"], last)


def by_area(row: Row) -> tuple[tuple[int, str], str, int]:
    """Order of the shipped rows."""
    return natural(row["indicator"]), row["iso3"], int(row["year"])


def latest(rows: Iterable[Row]) -> list[Row]:
    """Return the newest figure of each area and indicator; `rows` come in order of year."""
    newest = {(row["iso3"], row["indicator"]): row for row in rows}
    return list(newest.values())


def panel(rows: Sequence[Row]) -> list[Row]:
    """Return all years of the indicators with enough years in enough areas."""
    years: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        years[row["indicator"]][row["iso3"]].add(row["year"])
    kept = {
        indicator
        for indicator, areas in years.items()
        if sum(len(seen) >= PANEL_YEARS for seen in areas.values()) > PANEL_AREAS
    }
    return [row for row in rows if row["indicator"] in kept]


def sources(
    rows: Iterable[Row], indicators: Mapping[str, Row], licences: Mapping[str, str]
) -> list[Row]:
    """Return one row for each series, with its licence beside it."""
    found = {(row["indicator"], row["source_dataset"], row["source_series"]) for row in rows}
    table = []
    for indicator, dataset, series in sorted(found, key=lambda key: natural(key[0])):
        identity, producer, title, url = DATASETS[dataset]
        table.append(
            cite(
                f"{identity}:{indicator}",
                PRODUCERS.get(indicator, producer),
                title,
                indicators[indicator]["name"],
                series,
                licences[dataset],
                url,
                indicator,
            )
        )
    return table + [cite(*row) for row in REFERENCE_SOURCES]


def cite(
    source: str, producer: str, title: str, series_title: str,
    series: str, licence: str, url: str, indicators: str,
) -> Row:  # fmt: skip
    """Return a row of sources.csv."""
    name, address = LICENCES[licence]
    return {
        "source": source,
        "producer": producer,
        "title": title,
        "series_title": series_title,
        "series": series,
        "licence": name,
        "licence_url": address,
        "citation": f"{producer}, {title}, series {series}. Copy read in {RETRIEVED}. {name}.",
        "url": url,
        "retrieved": RETRIEVED,
        "indicators": indicators,
        "note": NOTES.get(indicators, ""),
    }


def units(areas: set[str]) -> list[Row]:
    """Return the areas that have a figure, with their groups and population of 2018."""
    women = {row["iso3"]: row for row in read("reference/population.csv") if row["year"] == "2018"}
    total = {
        row["iso3"]: row["population_total"]
        for row in read("reference/population_total_1990_2030.csv")
        if row["year"] == "2018"
    }
    table = []
    for row in sorted(read("reference/countries.csv"), key=lambda row: row["iso3"]):
        unit = row["iso3"]
        if unit not in areas:
            continue
        counted = women.get(unit, {})
        population = counted.get("population_total") or total.get(unit, "")
        table.append(
            {
                "unit": unit,
                "name": row["name"],
                "region": row["em2030_region"],
                "region_basis": row["em2030_region_basis"].removeprefix("em2030_"),
                "subregion": row["m49_subregion"],
                "income": row["wb_income_group_fy2023"],
                "population": population,
                "population_female": counted.get("population_female", ""),
                "population_year": "2018" if population else "",
                "population_source": ("wdi-population" if counted else "gapminder-population")
                if population
                else "",
                "m49": row["m49"],
                "iso2": row["iso2"],
            }
        )
    return table


def main() -> int:
    """Write the four tables."""
    folder = "sdg_gender_index_2019"
    licences = {row["source_dataset"]: row["licence"] for row in read(f"{folder}/licences.csv")}
    indicators = {row["code"]: row for row in read(f"{folder}/indicators.csv")}
    rows = sorted(
        (
            row
            for row in read(f"{folder}/observations.csv")
            if licences[row["source_dataset"]] in LICENCES and is_in_window(row)
        ),
        key=by_area,
    )
    areas = {row["iso3"] for row in rows}
    write("observations.csv", OBSERVATION, map(observe, latest(rows)))
    write("panel.csv", OBSERVATION, map(observe, panel(rows)))
    write("sources.csv", SOURCE, sources(rows, indicators, licences))
    write("units.csv", UNIT, units(areas))
    return 0


if __name__ == "__main__":
    sys.exit(main())
