"""Comparison of two definitions."""

import pytest

from everycount.model.indicator import Indicator
from everycount.policy.compare import Definition, compare, definition_of


def pair(first, second, **facts):
    return compare(Definition(title=first, **facts), Definition(title=second, **facts))


def aspect(comparison, name):
    return next(each for each in comparison.aspects if each.name == name)


def of(name, first, second):
    found = aspect(compare(first, second), name)
    return found.grade, found.words, found.suggestion


def test_the_parts_come_in_one_order():
    assert [each.name for each in pair("Seats", "Seats").aspects] == [
        "population",
        "age",
        "unit",
        "numerator",
        "denominator",
        "breakdowns",
        "frequency",
    ]


@pytest.mark.parametrize(
    ("first", "second", "grade", "suggestion"),
    [
        ("Literate women", "Women who read", "same", ""),
        (
            "Literate women",
            "Literate men",
            "different",
            "make it about men, or do not link the two",
        ),
        ("Literate women", "Literacy", "narrower", "widen it to everybody"),
        ("Literacy", "Literate women", "broader", "restrict it to women"),
        ("Women and men", "Literate women", "broader", "restrict it to women"),
        ("Rural women", "Women", "narrower", "widen it to women"),
        (
            "Rural women",
            "Teachers",
            "different",
            "make it about teachers, or do not link the two",
        ),
        ("Women and girls", "Women", "same", ""),
        ("Ever-partnered women", "Women", "narrower", "widen it to women"),
        ("Women", "Ever-married women", "broader", "restrict it to ever-partnered people, women"),
        ("Literacy", "Reading", "not stated", ""),
    ],
)
def test_populations_are_compared(first, second, grade, suggestion):
    found = aspect(pair(first, second), "population")
    assert (found.grade, found.suggestion) == (grade, suggestion)


def test_a_population_given_apart_goes_before_the_title():
    first = Definition(title="Literacy", population="rural women")
    assert of("population", first, Definition(title="Literate women"))[0] == "narrower"


@pytest.mark.parametrize(
    ("first", "second", "grade", "suggestion"),
    [
        ((15, 49), (15, 49), "same", ""),
        ((14, 49), (15, 49), "broader", "raise the lower age from 14 to 15"),
        ((18, 49), (15, 49), "narrower", "lower the lower age from 18 to 15"),
        ((15, 49), (15, None), "narrower", "drop the upper age of 49"),
        ((15, None), (15, 64), "broader", "set the upper age at 64"),
        ((None, 5), (None, 4), "broader", "lower the upper age from 5 to 4"),
        (
            (10, 20),
            (15, 24),
            "different",
            "raise the lower age from 10 to 15 and raise the upper age from 20 to 24",
        ),
        (None, (15, 24), "not stated", ""),
        ((15, 24), None, "not stated", ""),
    ],
)
def test_ages_are_compared(first, second, grade, suggestion):
    found = of("age", Definition(title="Seats", ages=first), Definition(title="Seats", ages=second))
    assert (found[0], found[2]) == (grade, suggestion)


@pytest.mark.parametrize(
    ("first", "second", "grade", "suggestion"),
    [
        ("%", "Per cent", "same", ""),
        ("Percentage (%)", "%", "same", ""),
        ("per 1,000", "%", "different", "convert the figures from per 1,000 to %"),
        ("%", "", "not stated", ""),
    ],
)
def test_units_are_compared(first, second, grade, suggestion):
    found = of(
        "unit", Definition(title="Seats", unit=first), Definition(title="Seats", unit=second)
    )
    assert (found[0], found[2]) == (grade, suggestion)


@pytest.mark.parametrize(
    ("first", "second", "grade", "suggestion"),
    [
        ("women elected", "women elected", "same", ""),
        ("women elected to councils", "women elected to local councils", "same", ""),
        ("women", "women elected to local councils", "broader", "take"),
        ("women elected to local councils", "women", "narrower", "take"),
        ("ministers", "judges", "different", "take"),
        ("ministers", "", "not stated", ""),
    ],
)
@pytest.mark.parametrize("name", ["numerator", "denominator"])
def test_parts_of_a_fraction_are_compared(name, first, second, grade, suggestion):
    found = of(
        name, Definition(title="A", **{name: first}), Definition(title="B", **{name: second})
    )
    assert found[0] == grade
    assert found[2] == (f"take ‘{second}’" if suggestion else "")


@pytest.mark.parametrize(
    ("first", "second", "grade", "suggestion"),
    [
        (("sex",), ("sex",), "same", ""),
        (
            ("sex",),
            ("sex", "age", "location"),
            "narrower",
            "add age and location to the breakdowns",
        ),
        (("sex", "age"), ("sex",), "broader", ""),
        (("age",), ("sex",), "different", "add sex to the breakdowns"),
        ((), ("sex",), "not stated", "add sex to the breakdowns"),
        (("sex",), (), "not stated", ""),
        ((), (), "not stated", ""),
    ],
)
def test_breakdowns_are_compared(first, second, grade, suggestion):
    found = of(
        "breakdowns",
        Definition(title="Seats", breakdowns=first),
        Definition(title="Seats", breakdowns=second),
    )
    assert (found[0], found[2]) == (grade, suggestion)


@pytest.mark.parametrize(
    ("first", "second", "grade", "suggestion"),
    [
        ("annual", "Annual", "same", ""),
        ("annual", "every year", "same", ""),
        ("Every 2 years", "biennial", "same", ""),
        ("monthly", "annual", "different", ""),
        ("every 5 years", "annual", "different", "produce it annual instead of every 5 years"),
        ("Ad  hoc", "ad hoc", "same", ""),
        ("ad hoc", "annual", "different", "produce it annual instead of ad hoc"),
        (
            "annual",
            "with each census",
            "different",
            "produce it with each census instead of annual",
        ),
        ("", "annual", "not stated", ""),
    ],
)
def test_frequencies_are_compared(first, second, grade, suggestion):
    found = of(
        "frequency",
        Definition(title="Seats", frequency=first),
        Definition(title="Seats", frequency=second),
    )
    assert (found[0], found[2]) == (grade, suggestion)


@pytest.mark.parametrize(
    ("first", "second", "relation", "reason"),
    [
        ("Women in councils", "Women in councils", "exact", "the same words, and no part differs"),
        (
            "Women in local councils",
            "Women in councils",
            "close",
            "most words are the same, and no part differs",
        ),
        ("Seats", "Mayors", "related", "their titles share few words"),
        (
            "Seats of local councils won by new parties",
            "Seats in committees",
            "related",
            "no part differs, but the words do",
        ),
        ("Women aged 10-49 years", "Women aged 15-49 years", "broader", "broader in age"),
        ("Women aged 18-49 years", "Women aged 15-49 years", "narrower", "narrower in age"),
        ("Women aged 10-20 years", "Women aged 15-24 years", "close", "they differ in age"),
        (
            "Women aged 15-60 years",
            "Persons aged 15-49 years",
            "close",
            "they differ in age and population",
        ),
        ("Literate women", "Literate men", "related", "different population"),
        ("Number of women", "Share of women", "related", "they measure on different scales"),
        (
            "Births per 1,000 women aged 10-20 years",
            "Births per 100,000 women aged 15-24 years",
            "related",
            "different age and unit",
        ),
    ],
)
def test_the_whole_follows_from_the_parts(first, second, relation, reason):
    found = pair(first, second)
    assert (found.relation, found.reason) == (relation, reason)


CHANGE = "make both about the same, or do not link the two"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            "Violence by an intimate partner",
            "Violence by persons other than an intimate partner",
            "the second leaves out ‘an intimate partner’, which the first is about",
        ),
        (
            "Women not in employment",
            "Women in employment",
            "the first says ‘not in employment’, the second the opposite",
        ),
        (
            "Firms with a female owner",
            "Firms without a female owner",
            "the second says ‘without a female owner’, the first the opposite",
        ),
        (
            "Youth in education, employment or training",
            "Youth not in education, employment or training",
            "the second says ‘not in education’, the first the opposite",
        ),
        (
            "Literate women",
            "Illiterate women",
            "the second says ‘Illiterate’, the first the opposite",
        ),
        ("Unpaid work", "Paid work", "the first says ‘Unpaid’, the second the opposite"),
        ("Formal jobs", "Informal jobs", "the second says ‘Informal’, the first the opposite"),
        ("Employed women", "Jobless women", "the second says ‘Jobless’, the first the opposite"),
    ],
)
def test_opposites_are_related_and_say_why(first, second, words):
    found = pair(first, second)
    assert (found.relation, found.reason) == ("related", f"opposite population: {words}")
    part = aspect(found, "population")
    assert (part.grade, part.words, part.suggestion) == ("different", words, CHANGE)


def test_opposites_in_the_numerator_leave_the_population_alone():
    start = "Proportion of ever-partnered women and girls aged 15 years and older subjected to"
    first = f"{start} violence by an intimate partner"
    second = f"{start} violence by persons other than an intimate partner".replace(
        "ever-partnered ", ""
    )
    found = pair(first, second)
    grades = {each.name: each.grade for each in found.aspects}
    assert found.relation == "related"
    assert (grades["population"], grades["numerator"], grades["denominator"]) == (
        "narrower",
        "different",
        "narrower",
    )
    assert aspect(pair(second, first), "denominator").grade == "broader"


def test_a_population_given_apart_can_be_the_opposite():
    first = Definition(title="Hours of care", population="women not in employment")
    second = Definition(title="Hours of care", population="women in employment")
    assert compare(first, second).relation == "related"


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("Work other than farming", "Work", "narrower"),
        ("Work", "Work other than farming", "broader"),
        ("Women with and without disability", "Women with disability", "related"),
    ],
)
def test_what_only_one_leaves_out_is_never_exact(first, second, relation):
    found = pair(first, second)
    assert (found.relation, found.reason) == (
        relation,
        "one denies or leaves out what the other does not",
    )


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("fr", "Femmes sans compte bancaire", "Femmes avec compte bancaire"),
        ("es", "Trabajo no remunerado", "Trabajo remunerado"),
        ("vi", "Phụ nữ không có việc làm", "Phụ nữ có việc làm"),
    ],
)
def test_opposites_are_told_in_other_languages(language, first, second):
    assert pair(first, second, language=language).relation == "related"


def test_a_definition_is_read_from_an_indicator():
    indicator = Indicator(
        key="1",
        code="1",
        title={"vi": "Hộ nghèo"},
        unit="%",
        disaggregations=("sex",),
        combined=(("sex", "age"),),
    )
    found = definition_of(indicator, frequency="annual")
    assert (found.title, found.language, found.unit) == ("Hộ nghèo", "vi", "%")
    assert (found.breakdowns, found.frequency) == (("sex", "age"), "annual")
