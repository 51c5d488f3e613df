"""The findings, in words that do not claim more than the figures."""

import ast
import string
from datetime import date
from pathlib import Path

import pytest

from everycount.figures import sentences
from everycount.figures.aim import Aim
from everycount.figures.area_statements import (
    Score,
    area_statement,
    headline_statement,
    score_statement,
)
from everycount.figures.change import changes
from everycount.figures.distance import distances
from everycount.figures.gap import gaps
from everycount.figures.latest import latest
from everycount.figures.profile import overview, profile
from everycount.figures.series import headline
from everycount.figures.statements import (
    change_statement,
    distance_statement,
    figure_statement,
    gap_statement,
    indicator_statement,
)
from everycount.figures.summary import summarise, summarise_each
from everycount.figures.wording import Words
from everycount.language.language import language
from everycount.model.indicator import Indicator

TODAY = date(2021, 6, 1)
NAMES = {"A": "Anland", "B": {"vi": "Bê", "en": "Bland"}}


def words(title="Seats", code="en", **changes):
    return Words(language=language(code), title=title, names=NAMES, **changes)


def plain(statement):
    return statement.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"value": 26.72}, "the figure for 2020 is 26.7 %."),
        ({"value": 26.72, "period": "2018"}, "the figure for 2018 is 26.7 %."),
        ({"value": 26.72, "period": "2017"}, "the figure for 2017 was 26.7 %."),
        ({"text": "<2.5"}, "the figure for 2020 is <2.5."),
        (
            {"value": 26.7, "size": 30},
            "the figure for 2020 is about 26.7 %; it rests on few cases.",
        ),
        (
            {"value": 26.7, "status": "U", "period": "2010"},
            "the figure for 2010 was about 26.7 %; it is of low reliability.",
        ),
        ({"value": 26.7, "nature": "M"}, "the figure for 2020 is estimated at 26.7 %."),
        ({"value": 26.7, "size": 3}, "the figure is not shown."),
        ({"status": "M"}, "there is no figure."),
        ({"value": 1234567.0, "unit": "NUMBER"}, "the figure for 2020 is 1,234,567."),
        ({"value": 1.5, "unit": "NUMBER", "UNIT_MULT": 3}, "the figure for 2020 is 1,500."),
    ],
)
def test_figure_of_an_area_is_told(figures_of, row, said):
    read = figures_of({"area": "A", **row}, {"area": "B", **row, "value": 1.0, "size": None})
    series = headline(read).series
    found = latest(read, series).row(0, named=True)
    statement = figure_statement(found, words().of(series))
    assert plain(statement) == f"Anland – Seats: {said}"


def test_forecast_is_not_told_as_a_figure():
    said = figure_statement({"state": "forecast", "REF_AREA": "A"}, words())
    assert said.text == "Anland – Seats: there is a forecast, but no figure."


def test_unit_stands_after_the_number():
    told = words(unit="PER_100000_LIVE_BIRTHS", unit_label="per 100,000 live births")
    assert told.value(43.0) == "43 per 100,000 live births"
    assert words(unit="RO").value(0.98765) == "0.988"


def test_statement_speaks_the_language_of_its_reader(figures_of):
    read = figures_of({"area": "B", "value": 26.72})
    found = latest(read, headline(read).series).row(0, named=True)
    said = figure_statement(found, words("Ghế", "vi", unit="PT")).finding
    assert said.startswith("Bê – Ghế: ")
    assert "26,7" in said
    assert "Ghế" in said


def seats(**changes):
    return Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=100, **changes)


def said_of(table, **options):
    found = summarise(table, today=TODAY, **options)
    return plain(indicator_statement(found, words()))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [{"value": 10.0}, {"value": 20.0}, {"value": 60.0, "period": "2017"}],
            "half of the areas with a figure have 20.0 % or more (2017–2020).",
        ),
        (
            [{"value": 10.0, "period": "2012"}, {"value": 20.0, "period": "2012"}],
            "half of the areas with a figure had 15.0 % or more (2012).",
        ),
        (
            [
                {"value": 10.0, "nature": "M", "size": 30},
                {"value": 20.0, "status": "E", "size": 30},
            ],
            "by estimates, half of the areas with a figure have 15.0 % or more (2020). "
            "Part of this rests on few cases.",
        ),
        ([{"text": "low"}, {"text": "high"}], "there are no figures that can be compared."),
    ],
)
def test_finding_of_an_indicator_is_its_median(table_of, rows, said):
    table = table_of(*({"area": str(at), **row} for at, row in enumerate(rows)))
    assert said_of(table) == f"Seats: {said}"


def test_finding_of_one_area_is_its_figure(table_of):
    table = table_of({"area": "A", "value": 10.0}, {"area": "B", "value": 90.0})
    assert said_of(table, among=["A"]) == "Anland – Seats: the figure for 2020 is 10.0 %."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"value": 26.7}, "the target is 20.3 points away (2020)."),
        ({"value": 26.7, "period": "2010"}, "the target was 20.3 points away (2010)."),
        ({"value": 46.98}, "the target is 0.02 points away (2020)."),
        ({"value": 50.0}, "the target is reached, with 50.0 % in 2020."),
        ({"value": 26.7, "unit": "NUMBER"}, "the target is 20 away (2020)."),
        (
            {"value": 50.0, "size": 30, "nature": "M"},
            "the target is reached, with 50.0 % in 2020. Part of this rests on few cases. "
            "Part of this is estimated by models.",
        ),
    ],
)
def test_distance_to_the_target_is_told(figures_of, row, said):
    read = figures_of(row)
    series = headline(read).series
    found = distances(latest(read, series), Aim(better="between", low=47.0, high=53.0))
    statement = distance_statement(found.row(0, named=True), words().of(series))
    assert plain(statement) == f"Anland – Seats: {said}"


def test_without_target_there_is_no_distance(figures_of):
    read = figures_of({"value": 1.0})
    found = distances(latest(read, headline(read).series), Aim())
    assert distance_statement(found.row(0, named=True), words()) is None


@pytest.mark.parametrize(
    ("women", "men", "alike", "said"),
    [
        (20.0, 15.0, {}, "the figure of women is 5.0 points above that of men (2020)."),
        (15.0, 20.0, {}, "the figure of women is 5.0 points below that of men (2020)."),
        (
            15.0,
            20.0,
            {"period": "2010", "size": 30},
            "the figure of women was 5.0 points below that of men (2010). "
            "Part of this rests on few cases.",
        ),
        (
            15.0,
            20.0,
            {"STD_ERROR": 3.0},
            "women and men cannot be told apart; the intervals around their figures for 2020 "
            "overlap.",
        ),
        (100.0, 99.0, {"STD_ERROR": 3.0}, "women and men are at parity, at 100.0 % (2020)."),
        (
            30.0,
            20.0,
            {"unit": "HOURS"},
            "the figure of women is 1.5 times that of men (2020).",
        ),
        (3.0, 0.0, {"unit": "HOURS"}, "the figure of women is 3 above that of men (2020)."),
        (-3.0, 0.0, {"unit": "HOURS"}, "the figure of women is 3 below that of men (2020)."),
    ],
)
def test_gap_between_women_and_men_is_told(figures_of, women, men, alike, said):
    rows = ({"sex": "F", "value": women, **alike}, {"sex": "M", "value": men, **alike})
    read = figures_of(*rows)
    series = headline(read).series
    found = gaps(read, series).row(0, named=True)
    statement = gap_statement(found, words().of(series), age=2021 - found["year"])
    assert plain(statement) == f"Anland – Seats: {said}"


@pytest.mark.parametrize(
    ("first", "last", "alike", "said"),
    [
        (20.0, 25.0, {}, "the figure rose by 5.0 points from 2010 to 2020, for the better."),
        (25.0, 20.0, {}, "the figure fell by 5.0 points from 2010 to 2020, for the worse."),
        (20.0, 20.1, {}, "the figure hardly changed from 2010 to 2020."),
        (
            20.0,
            25.0,
            {"STD_ERROR": 3.0},
            "from 2010 to 2020 no change can be told; the intervals around both figures overlap.",
        ),
        (
            20.0,
            25.0,
            {"unit": "HOURS", "nature": "E"},
            "the figure rose by 25.0 % of its first value from 2010 to 2020, for the better. "
            "Part of this is estimated by models.",
        ),
        (
            0.0,
            25.0,
            {"unit": "HOURS"},
            "the figure rose by 25 from 2010 to 2020, for the better.",
        ),
    ],
)
def test_change_is_told(figures_of, first, last, alike, said):
    read = figures_of({"period": "2010", "value": first, **alike}, {"value": last, **alike})
    series = headline(read).series
    found = changes(read, series, Aim(better="up")).row(0, named=True)
    assert plain(change_statement(found, words().of(series))) == f"Anland – Seats: {said}"


def test_change_without_direction_and_after_a_break_is_told(figures_of):
    read = figures_of(
        {"period": "2005", "value": 1.0},
        {"period": "2010", "value": 20.0, "status": "B"},
        {"value": 10.0},
    )
    series = headline(read).series
    found = changes(read, series).row(0, named=True)
    assert plain(change_statement(found, words().of(series))) == (
        "Anland – Seats: the figure fell by 10.0 points from 2010 to 2020. "
        "Figures before a break in the series are left out."
    )


def test_area_is_told_of_by_its_targets(table_of):
    table = table_of(
        {"INDICATOR": "a", "value": 95.0},
        {"INDICATOR": "b", "value": 20.0, "period": "2017", "size": 30},
    )
    aims = {key: Indicator(key=key, code=key, title={"en": key}, worst=0, best=100) for key in "ab"}
    found = overview(summarise_each(table, today=TODAY, indicators=aims))
    assert plain(area_statement(profile(found, "A"), words())) == (
        "Anland: 1 of 2 targets are reached or near (2017–2020). Part of this rests on few cases."
    )
    assert plain(area_statement(profile(found, "A", ["a"]), words())) == (
        "Anland: 1 of 1 target is reached or near (2020)."
    )
    assert plain(area_statement(profile(found, "B"), words())) == (
        "Bland: no figure can be held against a target."
    )


def test_score_never_stands_without_the_interval_of_its_rank():
    score = {"area": "A", "period": "2020", "score": 72.68, "rank": 50, "count": 104}
    assert plain(score_statement(Score(**score, low=45, high=57), words())) == (
        "Anland: the score for 2020 is 72.7 of 100; the rank is 50 of 104, "
        "and from 45 to 57 in 90 % of the builds tested."
    )
    assert plain(score_statement(Score(**score, low=45, high=57, age=9), words())).startswith(
        "Anland: the score for 2020 was 72.7 of 100; the rank was 50"
    )
    assert plain(score_statement(Score(**score), words())) == (
        "Anland: the score for 2020 is 72.7 of 100; how sure the rank is was not tested."
    )


def test_choice_of_the_headline_is_told(figures_of):
    told = {"SEX": "sex", "AGE": "age"}.__getitem__
    english = language("en")
    total = headline(figures_of({"value": 1.0}))
    assert headline_statement(total, english, name=told).text.startswith("This series is shown")
    only = headline(figures_of({"sex": "F", "age": "Y15T49", "value": 1.0}))
    assert "broken down by sex and age;" in headline_statement(only, english, name=told).text


def messages():
    tree = ast.parse(Path(sentences.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
            yield ast.literal_eval(node.args[0])


@pytest.mark.parametrize("message", list(messages()))
def test_sentence_is_whole_and_names_its_places(message):
    places = [name for _, name, _, _ in string.Formatter().parse(message) if name is not None]
    assert all(name.isidentifier() for name in places)
    if message not in (sentences.POINTS, sentences.PER_CENT_OF_FIRST, sentences.WITH_UNIT):
        assert message.endswith(".")
    if "{area}" in message:  # so that no language has to inflect the name
        assert message.startswith(("{area} – {title}: ", "{area}: "))
