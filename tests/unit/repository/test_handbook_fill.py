"""Filling a handbook from the framework and from data."""

from datetime import date

import polars as pl

from everycount.model.dataset import Dataset
from everycount.model.framework import Framework, Group, Source
from everycount.model.handbook import Entry, Handbook, Text
from everycount.model.indicator import Indicator
from everycount.model.observation import OBSERVATION
from everycount.repository.availability import availability
from everycount.repository.handbook_fill import fill, identity_facts, supply_facts

FRAMEWORK = Framework(
    id="f",
    version="1",
    title={"en": "F"},
    publisher="P",
    level="global",
    valid_from="2021",
    source=Source(citation="P, 2021"),
    groups=(
        Group(code="I", title={"en": "Work"}),
        Group(code="Ia", title={"en": "Time", "vi": "Thời gian"}, parent="I"),
    ),
    indicators=(
        Indicator(
            key="I.1", code="1", title={"en": "Hours", "vi": "Giờ"}, group="Ia", unit="hours",
            stage="outcome", tier="Tier 2", worst="max", best="min",
            disaggregations=("sex",), combined=(("sex", "age"),),
        ),
        Indicator(key="I.2", code="2", title={"en": "Share"}, worst=0, best=(47, 53)),
        Indicator(key="I.3", code="3", title={"en": "Laws"}),
    ),
)  # fmt: skip


def book(*entries: Entry) -> Handbook:
    return Handbook(id="h", version="1", title={}, framework="f@1", entries=entries)


def test_identity_comes_from_the_framework():
    facts = identity_facts(FRAMEWORK, language="en")
    assert facts["I.1"] == {
        "name": {"en": "Hours", "vi": "Giờ"},
        "code": {"en": "1"},
        "domain": {"en": "Work / Time"},
        "unit": {"en": "hours"},
        "nature": {"en": "quantitative"},
        "results_stage": {"en": "outcome"},
        "tier": {"en": "Tier 2"},
        "required_breakdowns": {"en": "sex; sex x age"},
        "direction": {"en": "best min, worst max"},
    }
    assert facts["I.2"]["direction"] == {"en": "best 47 to 53, worst 0"}
    assert "domain" not in facts["I.2"]
    assert set(facts["I.3"]) == {"name", "code", "nature"}


def test_filling_writes_titles_and_drafts_and_knows_its_own_texts_again():
    done = fill(book(), identity_facts(FRAMEWORK, language="en"), by="from f@1", date="2026-11-22")
    entry = done.handbook.by_indicator["I.1"]
    assert entry.title == {"en": "Hours", "vi": "Giờ"}
    assert entry.fields["unit"]["en"] == Text(text="hours", by="from f@1", date="2026-11-22")
    assert done.handbook.languages == ("en", "vi")
    again = fill(done.handbook, {"I.1": {"unit": {"en": "days"}}}, by="from f@1", date="2027-01-01")
    assert (again.written, again.kept) == (1, ())
    same = fill(again.handbook, {"I.1": {"unit": {"en": "days"}}}, by="from f@1", date="2028")
    assert (same.written, same.handbook) == (0, again.handbook)


def test_what_a_person_wrote_or_approved_stays_and_is_told():
    texts = {
        "unit": {"en": Text(text="hours a day", by="Lan")},
        "tier": {"en": Text(text="Tier 1", by="from f@1", state="approved")},
    }
    facts = {"I.1": {"unit": {"en": "hours"}, "tier": {"en": "Tier 2"}}}
    done = fill(book(Entry(indicator="I.1", fields=texts)), facts, by="from f@1", date="2026")
    assert done.handbook.by_indicator["I.1"].fields == texts
    assert (done.written, done.kept) == (0, (("I.1", "unit", "en"), ("I.1", "tier", "en")))


def test_supply_comes_from_data():
    usual = {each.id: each.default for each in OBSERVATION.components if each.default}
    names = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "OBS_VALUE")
    rows = [
        ("I.1", "704", "2016", "_T", 4.0),
        ("I.1", "704", "2020", "F", 5.0),
        ("I.1", "704", "2020", "M", 2.0),
        ("I.2", "704", "2019", "_T", 30.0),
    ]
    table = pl.DataFrame(
        [{**usual, **dict(zip(names, row, strict=True))} for row in rows],
        schema=dict(OBSERVATION.schema),
    )
    data = Dataset(table=table, origins=())
    found = availability([data], FRAMEWORK, today=date(2026, 11, 22), areas=["704"])
    facts = supply_facts(found, "704", language="en")
    assert facts["I.1"] == {
        "first_year": {"en": "2016"},
        "last_year": {"en": "2020"},
        "time_coverage": {"en": "2 years from 2016 to 2020"},
        "available_breakdowns": {"en": "sex"},
    }
    assert facts["I.2"]["time_coverage"] == {"en": "2019"}
    assert supply_facts(found, "764", language="en") == {}
