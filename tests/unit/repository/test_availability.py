"""Which indicators have figures, by sex, recent and open, counted by hand."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin
from everycount.repository.availability import availability, is_open

TODAY = date(2024, 6, 1)
USUAL = {c.id: c.default for c in OBSERVATION.components if c.default}


def indicator(key, **changes):
    return Indicator(**{"key": key, "code": f"code {key}", "title": {"en": key}, **changes})


FRAMEWORK = Framework(
    id="demo",
    version="1",
    title={"en": "Demo"},
    publisher="Us",
    level="national",
    valid_from="2020",
    source="own",
    indicators=(
        indicator("1", disaggregations=("sex", "age", "province"), combined=(("age", "sex"),)),
        indicator("2", disaggregations=("kind of work",)),
        indicator("3"),
        indicator("4", repeats="3"),
    ),
)


def dataset(*rows, licence="CC-BY-4.0"):
    """Return a dataset of (indicator, area, period, sex, age, value)."""
    names = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "OBS_VALUE")
    table = pl.DataFrame(
        [{**USUAL, **dict(zip(names, row, strict=True))} for row in rows],
        schema=dict(OBSERVATION.schema),
    )
    origins = (Origin(producer="GSO", title="Survey", licence=licence),) if licence else ()
    return Dataset(table=table, origins=origins)


DATA = [
    dataset(
        ("1", "704", "2019", "F", "_T", 1.0),
        ("1", "704", "2019", "M", "_T", 1.0),
        ("1", "704", "2021-Q1", "_T", "Y15T24", 1.0),
        ("code 2", "704", "2018", "F", "_T", 1.0),
        ("3", "704", "2023", "_T", "_T", None),
        ("9", "704", "2023", "_T", "_T", 1.0),
    ),
    dataset(("3", "008", "2023", "F", "Y15T24", 1.0), licence="CC-BY-NC-4.0"),
    dataset(("3", "008", "2022", "M", "Y15T24", 1.0), licence=""),
]


def test_each_indicator_of_each_area_is_described():
    found = availability(DATA, FRAMEWORK, today=TODAY)
    assert found.areas == ("008", "704")
    columns = ["REF_AREA", "INDICATOR", "collected", "by_sex", "up_to_date", "is_open"]
    assert found.indicators.select(columns).rows() == [
        ("008", "1", False, False, False, False),
        ("008", "2", False, False, False, False),
        ("008", "3", True, True, True, False),
        ("704", "1", True, True, True, True),
        ("704", "2", True, False, False, True),
        ("704", "3", False, False, False, False),
    ]
    about = ["first", "newest", "periods", "breakdowns", "lacking"]
    assert found.indicators.select(about).rows() == [
        (None, None, 0, [], ["SEX", "AGE", "SEX x AGE"]),
        (None, None, 0, [], ["CUST_BREAKDOWN"]),
        (2022, 2023, 2, ["AGE", "SEX", "SEX x AGE"], []),
        (2019, 2021, 2, ["AGE", "SEX"], ["SEX x AGE"]),
        (2018, 2018, 1, ["SEX"], ["CUST_BREAKDOWN"]),
        (None, None, 0, [], []),
    ]


def test_series_counts_for_its_indicator():
    seats = Code(id="SG_SEATS", name={"en": "Seats"}, description="code 1")
    data = dataset(
        ("SG_SEATS", "704", "2023", "_T", "_T", 1.0), ("4", "704", "2023", "F", "_T", 1.0)
    )
    named = replace(data, codes={"INDICATOR": CodeList(id="CL_SERIES", codes=(seats,))})
    found = availability([named], FRAMEWORK, today=TODAY)
    assert found.indicators["collected"].to_list() == [True, False, True]  # 4 repeats 3


def test_years_with_figures_are_listed():
    found = availability(DATA, FRAMEWORK, today=TODAY, areas=["704"])
    assert found.periods.rows() == [
        ("704", "1", 2019, True, True),
        ("704", "1", 2021, True, False),
        ("704", "2", 2018, True, False),
    ]


def test_headline_of_an_area_is_a_sentence():
    found = availability(DATA, FRAMEWORK, today=TODAY, areas=["704", "999"])
    assert found.sentence("704", "Viet Nam") == (
        "Of 3 indicators for Viet Nam, 2 (67%) have figures and 1 has none; 1 (33%) can be seen "
        "for women and men, 1 (33%) are up to date (2020 or later), 2 (67%) are open."
    )
    assert found.sentence("999").startswith("Of 3 indicators for 999, 0 (0%) have figures and 3")
    assert found.sentence("000") == "000: no indicators."
    one = availability(DATA, FRAMEWORK, today=TODAY, areas=["008"])
    assert "1 (33%) has figures and 2 have none" in one.sentence("008")


def test_summary_counts_every_area():
    found = availability(DATA, FRAMEWORK, today=TODAY, recent=2)
    (first, second) = found.summary().rows(named=True)
    assert (first["REF_AREA"], first["indicators"], first["up_to_date"]) == ("008", 3, 1)
    assert (second["collected"], second["up_to_date"]) == (2, 0)
    assert second["collected_share"] == pytest.approx(200 / 3)
    assert found.counts() == {
        "indicators": 6, "collected": 3, "by_sex": 2, "up_to_date": 1, "is_open": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC0-1.0", True),
        ("OGL-UK-3.0", True),
        ("CC-BY-ND-4.0", False),
        ("CC BY 4.0 (OECD)", True),
        ("", False),
    ],
)
def test_licence_is_open_by_its_identifier(licence, expected):
    assert is_open(licence) is expected
