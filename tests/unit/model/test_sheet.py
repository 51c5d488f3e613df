from dataclasses import replace

import pytest

from everycount.model.conditions import Condition
from everycount.model.sheet import (
    Disaggregation,
    Instrument,
    Limit,
    MethodSheet,
    Publication,
    SheetOutcome,
    SheetRecipe,
    Statement,
    Universe,
)
from everycount.model.strict import Faults

SHEET = MethodSheet(
    id="water",
    title="Fetching water",
    area="gender and the environment",
    question="Who fetches water, and how long does it take?",
    instruments=(Instrument(name="Diary", producer="NSO", version="2024", source="guide"),),
    universe=Universe(words="Adults", conditions=(Condition(column="age", at_least=15),)),
    respondent="Each adult",
    weight="That of persons",
    outcomes=(SheetOutcome(name="Minutes", definition="Mean minutes a day", sdg=("6.1.1",)),),
    disaggregations=(Disaggregation(by="sex", soundness="sound", why="Asked of each"),),
    ethics=(Statement(words="In private"),),
    limits=(Limit(kind="recall", words="One day", source="guide"),),
    better=(Statement(words="Ask two days"),),
    sources=(Publication(key="guide", title="Guide", publisher="UN", year=2005),),
    recipe=SheetRecipe(name="any-act", inputs=("acts",)),
)


def places(error):
    return [path for path, _, _ in error.value.faults]


def test_a_sheet_gives_what_it_cites():
    assert SHEET.publication("guide").year == 2005
    assert replace(SHEET, recipe=None).recipe is None


def test_a_sheet_must_be_complete():
    empty = dict.fromkeys(("instruments", "outcomes", "ethics", "limits", "better", "sources"), ())
    with pytest.raises(Faults) as caught:
        replace(SHEET, **empty, title=" ", respondent="")
    assert places(caught) == [(name,) for name in ("title", "respondent", *empty)]


def test_names_and_codes_have_a_form():
    outcome = SheetOutcome(name="x", definition="y", sdg=("5.2.1", "16.b.1", "SDG 5", "5.2"))
    with pytest.raises(Faults) as caught:
        replace(SHEET, id="Fetching water", outcomes=(SHEET.outcomes[0], outcome))
    assert places(caught) == [("id",), ("outcomes", 1, "sdg"), ("outcomes", 1, "sdg")]


def test_whatever_is_cited_is_listed_and_whatever_is_listed_is_cited():
    other = Publication(key="other", title="Other", publisher="UN", year=2006)
    with pytest.raises(Faults) as caught:
        replace(
            SHEET,
            ethics=(Statement(words="In private", source="who"),),
            sources=(*SHEET.sources, other, other),
        )
    assert places(caught) == [
        ("sources", 2, "key"),
        ("ethics", 0, "source"),
        ("sources", 1, "key"),
        ("sources", 2, "key"),
    ]
    assert "'who'" in str(caught.value)
    assert "which nothing cites" in str(caught.value)


def test_a_publication_can_be_found():
    with pytest.raises(Faults) as caught:
        Publication(key="", title="", publisher=" ", year=1066, url="unstats.un.org")
    assert places(caught) == [("key",), ("title",), ("publisher",), ("year",), ("url",)]
    plain = Publication(key="k", title="t", publisher="p", year=2019, url="http://example.org")
    assert plain.url
