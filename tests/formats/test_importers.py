"""One contract over every importer that is not SDMX: the same figures come in alike."""

import csv
import gzip
import io
import json

import openpyxl
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.importers import csv_batches as csv_batches_module
from everycount.io.importers.formats import find_format
from everycount.io.importers.read import open_dataset, read_dataset
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping

FIGURES = [
    ("NAM", "516", "2019", "1.5"),
    ("NAM", "516", "2020", "2"),
    ("XKX", "412", "2019", "-3.25"),
    ("VNM", "704", "2020", "40"),
]
"""Area in ISO 3166-1 and in M49, year and value."""
UK = ColumnMapping(defaults={"REF_AREA": "826"})


def rows_to_csv(rows, separator=","):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


def plain_csv(figures):
    header = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"]
    return rows_to_csv([header, *(["5a", m49, year, value] for _, m49, year, value in figures)])


def plain_xlsx(figures):
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(plain_csv(figures).decode())):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def un_sdg_csv(figures):
    header = ["Goal", "SeriesCode", "SeriesDescription", "GeoAreaCode", "GeoAreaName"]
    header += ["TimePeriod", "Value", "[Sex]", "[Units]"]
    rows = [
        [5, "SG_X", "A series", int(m49), "A name", year, value, "BOTHSEX", "PERCENT"]
        for _, m49, year, value in figures
    ]
    return rows_to_csv([header, *rows])


def un_sdg_json(figures):
    data = [
        {
            "series": "SG_X",
            "geoAreaCode": str(int(m49)),
            "timePeriodStart": float(year),
            "value": value,
            "attributes": {"Units": "PERCENT"},
            "dimensions": {"Sex": "BOTHSEX"},
        }
        for _, m49, year, value in figures
    ]
    return json.dumps({"totalPages": 1, "data": data}).encode()


def world_bank_json(figures):
    rows = [
        {
            "indicator": {"id": "SG.X", "value": "A series"},
            "country": {"id": iso3[:2], "value": "A name"},
            "countryiso3code": iso3,
            "date": year,
            "value": float(value),
        }
        for iso3, _, year, value in figures
    ]
    return json.dumps([{"page": 1, "pages": 1}, rows]).encode()


def world_bank_csv(figures):
    years = ["2019", "2020"]
    header = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years, ""]
    rows = [
        ["A name", iso3, "A series", "SG.X", *(value if year == each else "" for each in years), ""]
        for iso3, _, year, value in figures
    ]
    top = b'"Data Source","Bank",\n\n"Last Updated Date","2020-01-01",\n\n'
    return top + rows_to_csv([header, *rows])


def who_csv(figures):
    header = ["GHO", "PUBLISHSTATE", "YEAR", "REGION", "COUNTRY", "SEX"]
    header += ["Display Value", "Numeric", "Low", "High", "Comments"]
    rows = [
        ["WHS1", "PUBLISHED", year, "AFR", iso3, "BTSX", value, value, "", "", ""]
        for iso3, _, year, value in figures
    ]
    return rows_to_csv([header, *rows])


def who_json(figures):
    rows = [
        {
            "IndicatorCode": "WHS1",
            "SpatialDimType": "COUNTRY",
            "SpatialDim": iso3,
            "TimeDim": int(year),
            "Dim1Type": "SEX",
            "Dim1": "SEX_BTSX",
            "Value": value,
            "NumericValue": float(value),
        }
        for iso3, _, year, value in figures
    ]
    return json.dumps({"@odata.context": "x", "value": rows}).encode()


def uis_csv(figures):
    header = ["INDICATOR_ID", "COUNTRY_ID", "YEAR", "VALUE", "MAGNITUDE", "QUALIFIER"]
    return rows_to_csv(
        [header, *(["X", iso3, year, value, "", ""] for iso3, _, year, value in figures)]
    )


def oecd_csv(figures):
    header = ["LOCATION", "Country", "VAR", "Variable", "TIME", "Year", "Value"]
    header += ["Flag Codes", "Flags"]
    rows = [
        [iso3, "A name", "X", "A series", year, year, value, "", ""]
        for iso3, _, year, value in figures
    ]
    return rows_to_csv([header, *rows])


def minimum_set(figures, separator=","):
    header = ["INDICATOR_LABEL", "MINSET_SERIES", "MINSET_SERIES_DESC", "REF_AREA"]
    header += ["TIME_PERIOD", "SEX", "SEX_DESC", "OBS_VALUE"]
    rows = [
        ["I.1", "S1", "A series", int(m49), year, "_T", "Both", value]
        for _, m49, year, value in figures
    ]
    return rows_to_csv([header, *rows], separator)


def minimum_set_tabs(figures):
    return minimum_set(figures, "\t")


def open_sdg(figures):
    header = ["Year", "Sex", "GeoCode", "Units", "Value"]
    return rows_to_csv(
        [header, *([year, "", m49, "Percentage (%)", value] for _, m49, year, value in figures)]
    )


def jsonstat(figures):
    areas = list(dict.fromkeys(iso3 for iso3, *_ in figures))
    years = list(dict.fromkeys(year for _, _, year, _ in figures))
    cells = {(iso3, year): float(value) for iso3, _, year, value in figures}
    return json.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "id": ["geo", "time"],
            "size": [len(areas), len(years)],
            "role": {"geo": ["geo"], "time": ["time"]},
            "dimension": {
                "geo": {"category": {"index": areas}},
                "time": {"category": {"index": years}},
            },
            "value": [cells.get((area, year)) for area in areas for year in years],
            "extension": {"id": "X"},
        }
    ).encode()


TEXTS = {
    "plain": ("a.csv", plain_csv),
    "un-sdg": ("a.csv", un_sdg_csv),
    "world-bank-csv": ("a.csv", world_bank_csv),
    "who-gho": ("a.csv", who_csv),
    "uis": ("a.csv", uis_csv),
    "oecd": ("a.csv", oecd_csv),
    "minimum-set": ("a.csv", minimum_set),
    "minimum-set with tabs": ("a.tsv", minimum_set_tabs),
    "open-sdg": ("indicator_5-1-1.csv", open_sdg),
}
JSONS = {
    "un-sdg-api": ("a.json", un_sdg_json),
    "world-bank-json": ("a.json", world_bank_json),
    "who-gho-api": ("a.json", who_json),
    "jsonstat": ("a.json", jsonstat),
}
ALL = {**TEXTS, **JSONS, "plain workbook": ("a.xlsx", plain_xlsx)}
ONCE = {"jsonstat", "oecd"}
"""A cube has each cell once; an export of groups repeats rows, and has a test of its own."""


@pytest.fixture(params=ALL)
def written(request):
    return request.param, *ALL[request.param]


@pytest.fixture(params=TEXTS)
def text(request):
    return TEXTS[request.param]


@pytest.fixture(params=JSONS)
def answer(request):
    return JSONS[request.param]


def figures_of(dataset):
    rows = dataset.table.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE").rows()
    return sorted(rows)


EXPECTED = sorted((m49, year, float(value)) for _, m49, year, value in FIGURES)


def test_every_format_is_recognised_by_its_content(written):
    format_name, name, write = written
    found = find_format(Source(name=name, content=write(FIGURES)))
    assert format_name.split(" ")[0] == found.NAME


def test_every_format_gives_the_same_figures(written):
    _, name, write = written
    dataset = read_dataset(Source(name=name, content=write(FIGURES)))
    assert figures_of(dataset) == EXPECTED
    assert dataset.table["SEX"].unique().to_list() == ["_T"]
    assert dataset.table["INDICATOR"].null_count() == 0


def test_every_format_may_be_packed(written):
    _, name, write = written
    packed = Source(name=f"{name}.gz", content=gzip.compress(write(FIGURES)))
    assert figures_of(read_dataset(packed)) == EXPECTED


def test_a_packed_file_that_is_cut_off_is_refused(written):
    _, name, write = written
    packed = gzip.compress(write(FIGURES))[:-12]
    with pytest.raises(InputError, match="a gzip archive that is truncated or not gzip"):
        read_dataset(Source(name=f"{name}.gz", content=packed))


def test_every_format_comes_from_a_place_too(written, tmp_path):
    _, name, write = written
    place = tmp_path / name
    place.write_bytes(write(FIGURES))
    assert figures_of(read_dataset(place)) == EXPECTED


def test_the_same_bytes_give_the_same_table(written):
    _, name, write = written
    first, second = (read_dataset(Source(name=name, content=write(FIGURES))) for _ in range(2))
    assert first.table.equals(second.table)
    assert first.codes == second.codes
    assert first.notes == second.notes


def test_an_empty_file_is_refused(written):
    format_name, name, _ = written
    chosen = format_name.split(" ")[0]
    with pytest.raises(
        InputError, match=r"nothing|no .* file|header|bytes|workbook|cannot be read"
    ):
        read_dataset(Source(name=name, content=b""), format=chosen)


def test_a_header_without_rows_is_refused(text):
    name, write = text
    with pytest.raises(InputError, match="no rows below the header"):
        read_dataset(Source(name=name, content=write([])))


def test_an_answer_without_observations_is_refused(answer):
    name, write = answer
    with pytest.raises(InputError, match=r"at least one|categories with an index"):
        read_dataset(Source(name=name, content=write([])))


def test_a_row_that_is_cut_off_is_named(text):
    name, write = text
    content = write(FIGURES).rstrip(b"\n")
    cells = b"\t" if name.endswith(".tsv") else b","
    cut = content[: content.rindex(cells)]
    lines = content.count(b"\n") + 1
    with pytest.raises(InputError, match=rf"row {lines}: found \d+ cells, expected"):
        read_dataset(Source(name=name, content=cut))


def test_an_answer_that_is_cut_off_is_refused_with_its_place(answer):
    name, write = answer
    content = write(FIGURES)
    with pytest.raises(InputError, match=r"line 1, column \d+: found .* expected"):
        read_dataset(Source(name=name, content=content[:-3]))


def test_another_encoding_is_refused_with_its_place(text):
    name, write = text
    content = write(FIGURES) + "Côte".encode("cp1252")
    with pytest.raises(InputError, match="byte 0xF4"):
        read_dataset(Source(name=name, content=content))


@pytest.mark.parametrize("format_name", sorted(set(ALL) - ONCE))
def test_an_observation_that_stands_twice_is_named_with_both_rows(format_name):
    name, write = ALL[format_name]
    with pytest.raises(InputError, match="the same observation as in") as caught:
        read_dataset(Source(name=name, content=write([*FIGURES, FIGURES[0]])))
    assert len(caught.value.problems) == 1


def test_rows_are_numbered_as_in_the_file(text):
    name, write = text
    wrong = [*FIGURES, ("VNM", "704", "2019", "many")]
    content = write(wrong)
    line = next(number for number, row in enumerate(content.split(b"\n"), 1) if b"many" in row)
    if b"GHO" in content:
        assert "many" in read_dataset(Source(name=name, content=content)).table["VALUE_TEXT"]
        return
    with pytest.raises(InputError, match=rf"row {line}, OBS_VALUE: found 'many'"):
        read_dataset(Source(name=name, content=content))


def test_what_is_wrong_in_an_answer_is_named_by_its_item():
    content = un_sdg_json(FIGURES).replace(b"2020.0", b'"twenty"', 1)
    with pytest.raises(InputError, match="data, item 2, TIME_PERIOD: found 'twenty'"):
        read_dataset(Source(name="a.json", content=content))


def test_batches_stay_small_whatever_the_file(text, monkeypatch):
    name, write = text
    figures = [("NAM", "516", str(year), "1") for year in range(1900, 2100)]
    content = write(figures)
    whole = read_dataset(Source(name=name, content=content)).table
    monkeypatch.setattr(csv_batches_module, "BATCH", 500)
    batches = list(open_dataset(Source(name=name, content=content)))
    assert len(batches) > 3
    assert pl.concat(batches).equals(whole)


@pytest.mark.parametrize("chosen", [name for name in ALL if " " not in name])
def test_a_file_of_another_format_is_refused_where_one_is_chosen(chosen):
    content = b"first,second\n1,2\n"
    with pytest.raises(InputError, match=r"expected"):
        read_dataset(Source(name="a.csv", content=content), format=chosen)


def test_a_national_file_takes_its_country_from_the_mapping():
    content = b"Year,Value\n2004/05,3\n"
    dataset = read_dataset(Source(name="indicator_1-1-1.csv", content=content), mapping=UK)
    assert figures_of(dataset) == [("826", "2004/2005", 3.0)]
