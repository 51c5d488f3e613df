"""From a clause to a release, with its gaps."""

from datetime import date

import pytest

from everycount.figures.chain import KINDS, Figure, chains
from everycount.figures.latest import latest
from everycount.figures.series import headline
from everycount.model.indicator import Indicator
from everycount.model.issue import Decision, Issue
from everycount.model.origin import Origin
from everycount.model.review import Clause, FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.vocabulary import Vocabulary

YES = Decision(status="accepted", by="Ann", on="2021-01-01", why="same measure")
SEATS = Indicator(key="5d", code="5 d", title={"en": "Seats", "vi": "Ghế"}, unit="percent")


def review(passage="11.2", text="At least 35 %", decision=YES, key="5d", title="The strategy"):
    clause = Clause(number="11.2", kind="clause", label="Clause 2", text=text, page=4)
    issue = Issue(
        id="voice", passage=passage, action="elect women", clause="As reviewed", decision=YES
    )
    link = IndicatorLink(
        issue="voice", framework="demo@1", key=key, band="likely", relation="exact",
        decision=decision,
    )  # fmt: skip
    return Review(
        title="Review",
        policy=PolicyText(name="law.txt", digest="", language="en", title=title, clauses=(clause,)),
        vocabulary=Vocabulary(id="v", title={"en": "V"}, source="own"),
        frameworks=(FrameworkUse(reference="demo@1", title="Demo", level="national"),),
        issues=(issue,),
        links=(link,),
    )


@pytest.fixture
def figure(figures_of):
    read = figures_of({"sex": "F", "value": 26.7, "SOURCE_DETAIL": "IPU", "area": "704"})
    series = headline(read).series
    row = latest(read, series).row(0, named=True)
    origin = Origin(
        producer="UNSD", title="SDG database", licence="CC-BY-4.0", accessed=date(2021, 4, 1)
    )
    return Figure(series=series, observation=row, origin=origin, version="abc", release="1")


def test_chain_goes_from_the_clause_to_the_release(figure):
    (found,) = chains("demo@1", SEATS, [review()], figure=figure, language="vi")
    assert tuple(step.kind for step in found.steps) == KINDS
    assert found.gaps == ()
    ids = [step.id for step in found.steps]
    assert ids == [
        "11.2", "voice", "voice demo@1 5d", "demo@1 5d",
        "FREQ=A,REPORTING_TYPE=N,SEX=F,UNIT_MEASURE=PT", "5d 704 2020", "UNSD", "abc", "1",
    ]  # fmt: skip
    assert found.step("clause").words == "At least 35 %"
    assert found.step("clause").about["policy"] == "The strategy"
    assert found.step("link").words == "exact"
    assert found.step("indicator").words == "Ghế"
    assert found.step("observation").words == "26.7"
    about = found.step("source").about
    assert (about["detail"], about["accessed"]) == ("IPU", "2021-04-01")


def test_links_that_nobody_accepted_do_not_count(figure):
    (found,) = chains("demo@1", SEATS, [review(decision=Decision()), review(key="other")])
    assert found.gaps == tuple(kind for kind in KINDS if kind != "indicator")
    other = chains("demo@2", SEATS, [review()], figure=figure)
    assert other[0].gaps == ("clause", "issue", "link")


def test_each_policy_has_its_chain():
    repeated = Indicator(key="16x", code="16x", title={"en": "Seats"}, repeats="5d")
    assert len(chains("demo@1", repeated, [review(), review()])) == 2


def test_clause_that_is_no_longer_in_the_document_is_a_gap():
    (found,) = chains("demo@1", SEATS, [review(passage="", title="")])
    step = found.step("clause")
    assert step.is_gap
    assert (step.words, step.about) == ("As reviewed", {"policy": "law.txt"})
    (without,) = chains("demo@1", SEATS, [review(text="")])
    assert without.step("clause").words == "As reviewed"


def test_source_is_what_the_figure_says_where_no_origin_is_known(figures_of):
    read = figures_of({"text": "<2.5"})
    series = headline(read).series
    row = latest(read, series).row(0, named=True)
    (found,) = chains("demo@1", SEATS, figure=Figure(series=series, observation=row))
    assert found.step("observation").words == "<2.5"
    assert found.gaps == ("clause", "issue", "link", "source", "version", "release")
