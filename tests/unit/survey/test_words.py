import pytest

from everycount.survey.words import (
    Difference,
    GroupFigure,
    OutcomeWords,
    finding,
    furthest,
    natural_frequency,
    statement,
)

ELECTRICITY = OutcomeWords(present="have electricity", past="had electricity")
READING = OutcomeWords(present="cannot read", past="could not read", behind="high")
SCHOOL = OutcomeWords(
    present="have on average", past="had on average", kind="mean", unit="years of schooling"
)
POOR = GroupFigure(words="the poorest rural women without schooling", estimate=0.004)
RICH = GroupFigure(words="the richest urban", estimate=0.878)
TESTED = Difference(value=0.874, low=0.831, high=0.917, p_value=0.0001)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "none"),
        (1e-17, "none"),
        (1, "all"),
        (1 - 1e-17, "all"),
        (0.88, "88 of 100"),
        (0.5, "50 of 100"),
        (0.035, "4 of 100"),
        (0.034, "34 of 1,000"),
        (0.02, "2 of 100"),
        (0.01, "1 in 100"),
        (0.05, "5 of 100"),
        (0.1, "10 of 100"),
        (0.005, "1 in 200"),
        (0.004, "4 of 1,000"),
        (0.002, "1 in 500"),
        (0.0025, "25 of 10,000"),
        (0.00001, "1 in 100,000"),
        (0.97, "97 of 100"),
        (0.9996, "9,996 of 10,000"),
        (0.125, "13 of 100"),  # a half is rounded up, never to the even
    ],
)
def test_frequency_suits_the_size_of_the_share(share, words):
    assert natural_frequency(share) == words


def test_frequency_with_a_given_denominator_is_not_shortened():
    assert natural_frequency(0.02, denominator=1000) == "20 of 1,000"
    assert natural_frequency(0.0, denominator=1000) == "none"


@pytest.mark.parametrize("share", [-0.1, 1.1, 44, float("nan")])
def test_frequency_of_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match=r"a share of .*: expected 0 to 1"):
        natural_frequency(share)


def test_finding_of_the_issue():
    assert finding(POOR, RICH, TESTED, outcome=ELECTRICITY) == (
        "4 of 1,000 of the poorest rural women without schooling have electricity, against 88 of "
        "100 of the richest urban: 87.4 points more (95 % interval 83.1 to 91.7)."
    )


@pytest.mark.parametrize(
    ("year", "verb"), [(2023, "have"), (2022, "had"), (2026, "have"), (2027, "have")]
)
def test_figure_over_three_years_old_is_told_in_the_past(year, verb):
    words = finding(POOR, RICH, TESTED, outcome=ELECTRICITY, year=year, current_year=2026)
    assert words.startswith(f"In {year}, 4 of 1,000 of the poorest")
    assert f"schooling {verb} electricity" in words


def test_year_without_a_current_year_is_told_in_the_present():
    assert "have electricity" in finding(POOR, RICH, TESTED, outcome=ELECTRICITY, year=1990)


def test_barrier_is_less_among_those_ahead_and_its_interval_follows_the_word():
    old = GroupFigure(words="the poorest women aged 35–49", estimate=0.956)
    rich = GroupFigure(words="the richest", estimate=0.439)
    apart = Difference(value=-0.517, low=-0.6, high=-0.434)
    assert finding(old, rich, apart, outcome=READING) == (
        "96 of 100 of the poorest women aged 35–49 cannot read, against 44 of 100 of the richest: "
        "51.7 points less (95 % interval 43.4 to 60.0)."
    )


def test_overlap_of_intervals_is_not_looked_at():
    one = GroupFigure(words="the first", estimate=0.40, low=0.30, high=0.50)
    two = GroupFigure(words="the second", estimate=0.48, low=0.38, high=0.58)
    told = finding(one, two, Difference(value=0.08, low=0.01, high=0.15), outcome=ELECTRICITY)
    assert told.endswith(": 8.0 points more (95 % interval 1.0 to 15.0).")


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (
            Difference(value=0.023, low=-0.012, high=0.058),
            "; the difference, 2.3 points more (95 % interval 1.2 less to 5.8 more), is not "
            "distinguishable from none.",
        ),
        (
            Difference(value=0.023, low=0.001, high=0.045, p_value=0.2, correction="Holm"),
            "; the difference, 2.3 points more (95 % interval 0.1 to 4.5), is not distinguishable "
            "from none when many comparisons are allowed for (Holm).",
        ),
        (
            # The interval decides where the two disagree the other way.
            Difference(value=0.023, low=0.0, high=0.045, p_value=0.04),
            "; the difference, 2.3 points more (95 % interval 0.0 to 4.5), is not distinguishable "
            "from none.",
        ),
        (Difference(value=0.023, low=0.01, high=0.036), ": 2.3 points more (95 % interval 1.0 to "),
        (
            Difference(value=0.00023, low=0.0001, high=0.0004),
            ": under 0.1 points more (95 % interval 0.0 to 0.0).",
        ),
        (
            Difference(value=0.0, low=-0.01, high=0.01),
            "; the difference, 0.0 points (95 % interval 1.0 less to 1.0 more), is not ",
        ),
        (None, "; the difference was not tested."),
    ],
)
def test_difference_is_told_as_it_was_tested(difference, words):
    one = GroupFigure(words="the first", estimate=0.41)
    two = GroupFigure(words="the second", estimate=0.433)
    assert words in finding(one, two, difference, outcome=ELECTRICITY)


def test_level_of_the_interval_is_that_of_the_test():
    apart = Difference(value=0.1, low=0.01, high=0.19, p_value=0.1)
    one, two = (GroupFigure(words=f"the {k}", estimate=0.3 + k / 10) for k in range(2))
    told = finding(one, two, apart, outcome=ELECTRICITY, level=90)
    assert told.endswith(": 10.0 points more (90 % interval 1.0 to 19.0).")
    assert "not distinguishable" in finding(one, two, apart, outcome=ELECTRICITY)


def test_two_small_shares_have_one_denominator():
    one = GroupFigure(words="the first", estimate=0.005)
    two = GroupFigure(words="the second", estimate=0.043)
    told = finding(one, two, None, outcome=ELECTRICITY)
    assert told.startswith("5 of 1,000 of the first have electricity, against 43 of 1,000")
    none = finding(GroupFigure(words="the first", estimate=0.0), two, None, outcome=ELECTRICITY)
    assert "against 4 of 100 of the second" in none


def test_two_large_shares_have_one_denominator():
    one = GroupFigure(words="the first", estimate=0.95)
    two = GroupFigure(words="the second", estimate=0.998)
    told = finding(one, two, None, outcome=ELECTRICITY)
    assert told.startswith("9,500 of 10,000 of the first have electricity, against 9,980 of 10,000")


def test_nobody_found_is_not_nobody_there():
    nobody = GroupFigure(words="the poorest", estimate=0.0)
    assert finding(nobody, RICH, TESTED, outcome=ELECTRICITY).startswith(
        "None of the poorest in the sample have electricity"
    )
    plain = GroupFigure(words="women aged 15–19", estimate=0.0)
    assert statement(plain, outcome=ELECTRICITY).startswith("No women aged 15–19 in the sample")
    everyone = GroupFigure(words="women aged 15–19", estimate=1.0)
    assert statement(everyone, outcome=ELECTRICITY).startswith("All women aged 15–19 in the sample")


def test_few_cases_and_models_are_said():
    few = GroupFigure(words="the poorest", estimate=0.2, n=1031, flag="few")
    unknown = GroupFigure(words="the middle", estimate=0.2, flag="few")
    model = GroupFigure(words="the richest", estimate=0.8, flag="modelled")
    told = finding(few, model, None, outcome=ELECTRICITY)
    assert told.endswith(
        " Few cases, to be read with care: the poorest (1,031). From a model, not measured "
        "directly: the richest."
    )
    both = finding(few, unknown, None, outcome=ELECTRICITY)
    assert both.endswith("with care: the poorest (1,031) and the middle.")


def test_hidden_figure_is_not_told_nor_is_what_would_tell_it():
    hidden = GroupFigure(words="the poorest", n=12, flag="hidden")
    told = finding(hidden, RICH, TESTED, outcome=ELECTRICITY, year=2024, current_year=2026)
    assert told == (
        "The figure for the poorest is not shown. "
        "In 2024, 88 of 100 of the richest urban have electricity: 87.8 %."
    )
    both = finding(hidden, hidden, TESTED, outcome=ELECTRICITY)
    assert both == "The figures for the poorest and the poorest are not shown."


def test_unknown_figure_is_told_apart_from_a_hidden_one():
    unknown = GroupFigure(words="the nomads")
    hidden = GroupFigure(words="the poorest", flag="hidden")
    assert finding(hidden, unknown, None, outcome=ELECTRICITY) == (
        "The figure for the poorest is not shown. The figure for the nomads is not known."
    )
    assert statement(unknown, outcome=ELECTRICITY) == "The figure for the nomads is not known."


def test_hidden_group_that_carries_its_figure_is_refused_without_telling_it():
    with pytest.raises(ValueError, match="the poorest: the figure of a hidden group") as caught:
        GroupFigure(words="the poorest", estimate=0.123, flag="hidden")
    assert "0.123" not in str(caught.value)


def test_means_are_told_with_their_unit():
    one = GroupFigure(words="the poorest", estimate=2.13)
    two = GroupFigure(words="the richest", estimate=1009.8)
    apart = Difference(value=1007.67, low=1000, high=1015.34)
    assert finding(one, two, apart, outcome=SCHOOL, year=2018, current_year=2026) == (
        "In 2018, the poorest had on average 2.1 years of schooling, against 1,009.8 among the "
        "richest: 1,007.7 years of schooling more (95 % interval 1,000.0 to 1,015.3)."
    )


def test_mean_below_zero_has_a_minus_sign_and_may_have_no_unit():
    score = OutcomeWords(present="have a score of", past="had a score of", kind="mean")
    one = GroupFigure(words="children", estimate=-1.25, low=-1.5, high=-1.0)
    assert statement(one, outcome=score) == (
        "Children have a score of −1.2 (95 % interval −1.5 to −1.0)."
    )
    two = GroupFigure(words="the richest", estimate=0.0)
    told = finding(one, two, Difference(value=1.25, low=1.0, high=1.5), outcome=score)
    assert told == (
        "Children have a score of −1.2, against 0.0 among the richest: 1.2 more (95 % interval "
        "1.0 to 1.5)."
    )


def test_statement_has_the_share_and_its_interval():
    women = GroupFigure(words="women aged 15–49", estimate=0.606, low=0.57, high=0.641)
    assert statement(women, outcome=READING, year=2024, current_year=2026) == (
        "In 2024, 61 of 100 women aged 15–49 cannot read: 60.6 % (95 % interval 57.0 to 64.1)."
    )


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("named", "No group found is further behind."),
        (
            "searched",
            "It was found by search in the same data, so its figure leans to the extreme.",
        ),
        ("held out", "It was found on one part of the sample and measured on the other."),
    ],
)
def test_furthest_says_how_the_group_was_chosen(chosen, words):
    told = furthest(POOR, RICH, TESTED, outcome=ELECTRICITY, chosen=chosen)
    assert told.startswith(finding(POOR, RICH, TESTED, outcome=ELECTRICITY))
    assert told.endswith(words)


def test_furthest_of_a_hidden_group_claims_nothing():
    hidden = GroupFigure(words="the poorest", flag="hidden")
    told = furthest(hidden, RICH, None, outcome=ELECTRICITY, chosen="searched")
    assert "further behind" not in told
    assert told.startswith("The figure for the poorest is not shown.")


@pytest.mark.parametrize(
    ("outcome", "group", "everyone"), [(ELECTRICITY, RICH, POOR), (READING, POOR, RICH)]
)
def test_group_ahead_is_refused_as_the_furthest_behind(outcome, group, everyone):
    with pytest.raises(ValueError, match=r"is not behind .*, where (low|high) is behind"):
        furthest(group, everyone, None, outcome=outcome, chosen="named")


def test_difference_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError, match="expected the second less the first"):
        finding(RICH, POOR, TESTED, outcome=ELECTRICITY)


def test_difference_that_only_rounding_turns_is_told():
    one = GroupFigure(words="the first", estimate=0.5)
    two = GroupFigure(words="the second", estimate=0.5 - 1e-9)
    told = finding(one, two, Difference(value=1e-6, low=-0.1, high=0.1), outcome=ELECTRICITY)
    assert "not distinguishable from none" in told


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"estimate": float("inf")}, "expected finite numbers"),
        ({"estimate": 0.5, "low": 0.6, "high": 0.4}, r"an interval from 0\.6 to 0\.4"),
    ],
)
def test_figure_that_cannot_be_is_refused(figures, words):
    with pytest.raises(ValueError, match=words):
        GroupFigure(words="the poorest", **figures)


@pytest.mark.parametrize(
    ("value", "low", "high"), [(float("nan"), 0, 1), (0.5, 1, 0), (0.5, float("nan"), 1)]
)
def test_difference_that_cannot_be_is_refused(value, low, high):
    with pytest.raises(ValueError, match="expected a finite number and an interval"):
        Difference(value=value, low=low, high=high)
