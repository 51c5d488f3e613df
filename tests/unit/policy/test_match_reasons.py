"""Reasons and warnings in words."""

from everycount.policy.match_profile import profile
from everycount.policy.match_reasons import reasons, warnings
from everycount.policy.thesaurus import Finder


def said(text, language="en", heading=""):
    return profile(text, language, Finder(), heading=heading)


def test_shared_words_are_named_as_the_indicator_writes_them():
    found = reasons(said("Elect women"), said("Women elected to councils"), {})
    assert found[-1] == "words in both: women, elected"


def test_words_of_the_heading_count():
    assert reasons(said("They decide", heading="Councils"), said("Council seats"), {}) == (
        "words in both: council",
    )


def test_no_more_than_four_words_are_named():
    text = "Seats, mayors, judges, ministers, councils"
    assert reasons(said(text), said(text), {})[-1].count(",") == 3


def test_opposite_people_are_a_warning():
    assert warnings(said("Men in prison"), said("Women in prison"), {}) == (
        "about women, where the query is about men",
    )


def test_an_open_age_and_equal_scales_are_no_warning():
    assert warnings(said("Share of women"), said("Rate among women aged 15-49"), {}) == ()


def test_both_leaving_out_the_same_is_no_warning():
    text = "Work other than farming"
    assert warnings(said(text), said(text), {}) == ()


def test_shared_measure_people_and_ages_come_first():
    found = reasons(said("Rate among girls aged 10-14"), said("Birth rate, girls aged 10-14"), {})
    assert found == (
        "both a rate",
        "both about children, women",
        "both of ages 10 to 14",
        "words in both: girls",
    )


def test_another_age_and_another_scale_are_warnings():
    found = warnings(said("Number of pupils aged 6-11"), said("Share of pupils aged 7-12"), {})
    assert found == (
        "ages 7 to 12, where the query says 6 to 11",
        "a proportion, where the query has a number",
    )


def test_a_query_that_denies_what_the_indicator_counts_is_warned():
    assert warnings(said("Women not in employment"), said("Share of women employed"), {}) == (
        "about the opposite of ‘not in employment’, which the query is about",
    )


def test_an_indicator_that_denies_what_the_query_is_about_is_warned():
    assert warnings(said("Paid work of women"), said("Hours of unpaid work"), {}) == (
        "about ‘unpaid’, where the query is about the opposite",
    )


def test_a_prohibition_is_no_denial():
    asked, told = said("No one shall not pay equal wages"), said("Share who pay equal wages")
    assert warnings(asked, told, {}) == ()
