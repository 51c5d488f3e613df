from dataclasses import replace

import pytest

from everycount.index.methodology import Methodology, Ranking
from everycount.index.nodes import Correction, Derivation, Group, Limits, ScoredIndicator
from everycount.index.steps import (
    Aggregate,
    Clip,
    Denominate,
    Derive,
    Impute,
    Normalise,
    Recode,
    Screen,
    Select,
    Treat,
    Weigh,
)
from everycount.io.methods import read_method, shipped_methods
from everycount.reports.aggregate_words import aggregate_words
from everycount.reports.step_words import ranking_words, step_words

MEAN = Aggregate(do="aggregate", missing="renormalise")
TWO = (ScoredIndicator(code="a", parent="top"), ScoredIndicator(code="b", parent="top"))
TOP = Group(code="top", name="The index")


def method(*steps, indicators=TWO, groups=(TOP,), **rest):
    return Methodology(
        id="m", title="M", groups=groups, indicators=indicators, steps=(*steps, MEAN), **rest
    )


def first(step, indicators=TWO, **rest):
    """Return what is said of one step, without the words about gaps."""
    said = step_words(method(step, indicators=indicators, **rest))
    return next(words for words in said if not words.startswith("Fill no"))


def of(step, indicators=TWO, **group):
    """Return what is said of an aggregate step on one group."""
    tops = (Group(code="top", name="The index", **group),)
    steps = (Normalise(do="normalise", method="min_max"), step)
    found = Methodology(id="m", title="M", groups=tops, indicators=indicators, steps=steps)
    return aggregate_words(step, found)


BEST = tuple(replace(each, worst=0, best=1) for each in TWO)


@pytest.mark.parametrize("name", shipped_methods())
def test_words_of_shipped_methods_are_sentences(name):
    said = step_words(read_method(name).methodology)
    assert said[-1].startswith("Rank areas")
    assert len(set(said)) == len(said)
    for words in said:
        assert words[0].isupper()
        assert words[-1] not in ".,; "
        assert not {"None", "{", "}", "_words"} & set(words.split())


def test_words_of_the_gender_index_are_exact():
    assert step_words(read_method("sdg-gender-index-2019-open").methodology, part="goal") == (
        "Take the latest figure of each indicator, 2010 to 2020 (5b and 5c up to 2019; "
        "17d up to 2022)",
        "Fill no gaps: a missing figure stays missing",
        "Score each indicator from 1 at its worst to 100 at its best; figures beyond either are "
        "cut; for 5d, 5e and 9d any figure of 47 to 53 is best, and distance counts on both sides",
        "Score each goal as the plain mean of its indicators, where there are figures for at "
        "least 75 % of the original indicators",
        "Score SDG Gender Index as the plain mean of all 34 indicators, where there are figures "
        "for at least 29 indicators",
        "A missing part counts nowhere: the others share its weight",
        "Rank areas from the highest score to the lowest; equal scores share the better rank",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Take the latest figure of each indicator"),
        ({"first": 2010}, "Take the latest figure of each indicator, from 2010 on"),
        ({"last": 2020}, "Take the latest figure of each indicator, up to 2020"),
        ({"first": 2015, "last": 2015}, "Take the latest figure of each indicator, 2015"),
        (
            {"take": "mean", "window": 5, "periods": (2020, 2015)},
            "Take the mean of the figures of each indicator, within 5 years up to the reference "
            "year. Reference years: 2015 and 2020",
        ),
        (
            {"take": "exact", "window": 1},
            "Take the figure of the reference year itself",
        ),
    ],
)
def test_select(options, words):
    assert first(Select(do="select", **options)) == words


def test_select_names_indicators_with_years_of_their_own():
    own = (replace(TWO[0], first=2000), replace(TWO[1], first=2010))
    assert first(Select(do="select", first=2010), own).endswith("from 2010 on (a from 2000 on)")


def test_derive_says_how_each_kind_is_computed():
    kinds = {
        "formula": {"formula": "x / y"},
        "ratio": {"women": "w", "men": "m"},
        "share": {"women": "w", "men": "m"},
        "share_ratio": {"value": "v", "reference": "r"},
        "gap": {"value": "v", "reference": "r"},
    }
    derived = tuple(
        ScoredIndicator(code=kind, parent="top", derive=Derivation(kind=kind, **operands))
        for kind, operands in kinds.items()
    )
    assert first(Derive(do="derive"), derived) == (
        "Compute formula by a formula; ratio as the figure of women over that of men; share as "
        "the share of women in women and men together; share_ratio as a share over the share in "
        "the population; gap as the gap |value / reference − 1|, 0 where there is none"
    )


def test_recode_clip_and_denominate_say_what_indicators_declare():
    recoded = (replace(TWO[0], recode={"Yes": 1, "No": 0}), TWO[1])
    words = first(Recode(do="recode"), recoded)
    assert words == "Replace values by numbers: a (Yes becomes 1 and No becomes 0)"
    clipped = (
        replace(TWO[0], clip=Limits(low=10, high=1000)),
        replace(TWO[1], clip=Limits(low=0)),
        ScoredIndicator(code="c", parent="top", clip=Limits(high=1)),
    )
    words = first(Clip(do="clip"), clipped)
    assert words == "Cut figures: a below 10 and above 1,000; b below 0; c above 1"
    divided = (replace(TWO[0], denominator="pop", per=1000), replace(TWO[1], denominator="gdp"))
    assert first(Denominate(do="denominate"), divided) == "Divide a by pop, per 1,000; b by gdp"


def test_screen_says_every_limit():
    step = Screen(do="screen", units=0.9, nonzero=0.5, indicators=0.66, groups=0.75)
    assert first(step) == (
        "Leave out areas with figures for less than 90 % of the indicators; areas of whose "
        "figures less than 50 % are not zero; indicators with figures for less than 66 % of the "
        "areas; an area's figures in groups where it has less than 75 % of the indicators"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "mean"}, "Fill gaps with the mean of all areas"),
        (
            {"method": "mean", "by": "GDP_group", "weight": "population_2020"},
            "Fill gaps with the mean of the areas of the same GDP group, weighted by "
            "population 2020",
        ),
        ({"method": "median", "nodes": ("a",)}, "Fill gaps of a with the median of all areas"),
        (
            {"method": "siblings"},
            "Fill gaps with the mean of the area's other indicators of the same group",
        ),
        ({"method": "last"}, "Fill gaps with the area's last figure"),
        (
            {"method": "last", "limit": 1},
            "Fill gaps with the area's last figure of at most 1 year before",
        ),
        (
            {"method": "linear", "edges": "constant"},
            "Fill gaps on a straight line between the area's figures before and after and with "
            "the nearest one at the ends",
        ),
        (
            {"method": "em"},
            "Fill gaps by expectation-maximisation under a multivariate normal distribution",
        ),
        (
            {"method": "given", "values": {"a": {"NOR": 1}}},
            "Fill gaps with figures that the method states",
        ),
    ],
)
def test_impute(options, words):
    step = Impute(do="impute", **options)
    if step.method == "siblings":
        steps = (Normalise(do="normalise", method="min_max"), step)
        said = step_words(method(*steps, indicators=BEST))
    else:
        said = step_words(method(step))
    assert f"{words}; every figure filled in is marked" in said
    assert not [each for each in said if each.startswith("Fill no gaps")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"winsorise": 5, "transform": "log_ct"},
            "Where an indicator has |skewness| above 2 and kurtosis above 3.5, bring up to 5 "
            "outliers to the next figure; if that does not do, take its logarithm, shifted as in "
            "the COIN Tool",
        ),
        (
            {"transform": "box_cox", "box_cox_lambda": 0.5, "rule": "either", "nodes": ("a",)},
            "Where an indicator of a has |skewness| above 2 or kurtosis above 3.5, take its "
            "Box-Cox transformation (lambda 0.5)",
        ),
        (
            {"transform": "log", "always": True, "nodes": ("a", "b")},
            "Take its logarithm of a and b, outliers or not",
        ),
        (
            {"winsorise": 1, "transform": "log", "always": True},
            "Where an indicator has |skewness| above 2 and kurtosis above 3.5, bring up to 1 "
            "outlier to the next figure; take its logarithm, outliers or not",
        ),
        (
            {"winsorise": 2, "rule": "either"},
            "Where an indicator has |skewness| above 2 or kurtosis above 3.5, bring up to 2 "
            "outliers to the next figure",
        ),
    ],
)
def test_treat(options, words):
    assert first(Treat(do="treat", **options)) == words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "min_max"}, "from 0 at its worst figure seen to 100 at its best figure seen"),
        ({"method": "z_score"}, "in standard deviations from the mean"),
        (
            {"method": "z_score", "scale": (100, 10)},
            "in standard deviations from the mean, put to a mean of 100 and a standard deviation "
            "of 10",
        ),
        ({"method": "rank"}, "by rank, 1 for the worst area"),
        (
            {"method": "percentile_rank", "pool": "period"},
            "by the share of the other areas below; each period on its own",
        ),
        ({"method": "borda"}, "by the number of areas below"),
        (
            {"method": "distance_to_maximum", "pool": 2015},
            "from 0 at its worst figure seen to 1 at its best; worst and best of 2015",
        ),
        (
            {"method": "distance_to_reference", "reference": "NOR"},
            "from 0 at its worst figure seen to 1 at the figure of NOR, and no more",
        ),
        (
            {"method": "distance_to_reference", "reference": "NOR", "cap": False},
            "from 0 at its worst figure seen to 1 at the figure of NOR, and more beyond",
        ),
        ({"method": "fraction_of_maximum"}, "as a fraction of its best figure seen"),
        (
            {"method": "goalposts", "clip": "none"},
            "from 0 at its worst to 100 at its best; figures beyond them score beyond the scale",
        ),
    ],
)
def test_normalise(options, words):
    step = Normalise(do="normalise", **options)
    assert first(step, BEST) == f"Score each indicator {words}"


def test_normalise_says_that_ratios_are_cut_and_which_levels_or_nodes_are_meant():
    truncated = Normalise(do="normalise", method="truncate")
    assert first(truncated, BEST) == "Take each indicator as it is, cut at its best"
    one = Normalise(do="normalise", method="z_score", nodes=("a", "b"))
    assert first(one, BEST) == "Score a and b in standard deviations from the mean"
    groups = (TOP, Group(code="g", parent="top", name="Health"))
    of_groups = (replace(BEST[0], parent="g"), replace(BEST[1], parent="g"))
    to = Aggregate(do="aggregate", missing="renormalise", to=2)
    again = Normalise(do="normalise", method="z_score", level=2)
    said = step_words(method(truncated, to, again, indicators=of_groups, groups=groups))
    assert "Score each group of level 2 in standard deviations from the mean" in said


def test_normalise_says_what_corrections_do():
    corrected = (replace(BEST[0], correction=Correction(level="b")), BEST[1])
    for scale, low in (((1, 100), 1), (None, 0)):
        step = Normalise(do="normalise", method="goalposts", scale=scale)
        words = f"for 1 indicator only √(level / highest level) of the points above {low} count"
        assert first(step, corrected).endswith(words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "equal"}, "Weigh indicators all alike"),
        (
            {"method": "pca", "parents": ("top",)},
            "Weigh indicators within top by the loadings of the first principal component",
        ),
        (
            {"method": "standard_deviations"},
            "Weigh indicators in inverse proportion to their standard deviations",
        ),
        (
            {"method": "optimised"},
            "Weigh indicators so that each matters to the result as its declared weight asks",
        ),
    ],
)
def test_weigh(options, words):
    step = Weigh(do="weigh", **options)
    scored = Normalise(do="normalise", method="min_max")
    said = step_words(method(scored, step, indicators=BEST))
    assert words in said
    mean = "plain" if step.method == "equal" else "weighted"
    assert f"Score The index as the {mean} mean of all 2 indicators" in said


def test_weigh_names_the_level_of_groups():
    groups = (TOP, Group(code="g", parent="top"))
    nested = tuple(replace(each, parent="g") for each in BEST)
    to = Aggregate(do="aggregate", missing="renormalise", to=2)
    step = Weigh(do="weigh", method="equal", level=2)
    scored = Normalise(do="normalise", method="min_max")
    said = step_words(method(scored, to, step, indicators=nested, groups=groups))
    assert "Weigh the groups of level 2 all alike" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "geometric"}, "the geometric mean of"),
        ({"method": "harmonic"}, "the harmonic mean of"),
        ({"method": "generalised", "power": 0.5}, "the generalised mean (power 0.5) of"),
        ({"method": "log_mean_exp", "rate": 2}, "the log-mean-exp (rate 2) of"),
        ({"method": "minimum"}, "the lowest of"),
        ({"method": "copeland"}, "the Copeland score (wins against every other area, one by one)"),
        ({"method": "benefit_of_the_doubt"}, "the mean, with the weights that suit each area best"),
    ],
)
def test_aggregate_methods(options, words):
    step = Aggregate(do="aggregate", missing="renormalise", **options)
    assert words in of(step, BEST)[0]


def test_aggregate_by_a_group_of_its_own_kind():
    said = of(MEAN, BEST, aggregate="generalised", power=-1)
    assert said[0].startswith("Score The index as the generalised mean (power -1)")
    said = of(MEAN, BEST, aggregate="benefit_of_the_doubt", share_limits=(0.1, 0.5))
    assert "(each part between 10 % and 50 % of the score)" in said[0]


def test_aggregate_with_weights_rules_and_no_mercy():
    uneven = (replace(BEST[0], weight=2), BEST[1])
    step = Aggregate(do="aggregate", missing="propagate", least=0.5)
    assert of(step, uneven, needs=2) == [
        "Score The index as the weighted mean of all 2 indicators, where there are figures for at "
        "least 50 % of the indicators and 2 indicators",
        "What lacks a part has no score",
    ]


def test_aggregate_formula_is_printed_as_it_is():
    assert of(MEAN, BEST, aggregate="formula", formula="1 - a / b") == [
        "Compute The index: top = 1 - a / b"
    ]


def test_aggregate_names_few_groups_counts_many_and_says_what_parts_are():
    names = "abcdef"
    groups = (TOP, *(Group(code=f"g{n}", parent="top", needs=1) for n in names))
    groups += (Group(code="deep", parent="ga", name="Deep"),)
    indicators = tuple(ScoredIndicator(code=n, parent=f"g{n}", worst=0, best=1) for n in names)
    indicators += (ScoredIndicator(code="x", parent="deep", worst=0, best=1),)
    said = step_words(method(indicators=indicators, groups=groups), part="pillar")
    rule = "where there are figures for at least 1"
    assert f"Score each of 5 pillars, such as gb, as the plain mean of its indicators, {rule} "\
        "indicators" in said  # fmt: skip
    assert "Score Deep as the plain mean of its indicators" in said
    assert f"Score ga as the plain mean of its parts, {rule} parts" in said
    assert "Score The index as the plain mean of its pillars" in said
    few = step_words(method(indicators=indicators[:3], groups=groups[:4]), part="pillar")
    assert any(words.startswith("Score each pillar as") for words in few)
    some = (*groups[:4], Group(code="z", parent="top"))
    more = (*indicators[:3], ScoredIndicator(code="z1", parent="z", worst=0, best=1))
    said = step_words(method(indicators=more, groups=some))
    assert any(words.startswith("Score each of ga, gb and gc as") for words in said)


@pytest.mark.parametrize(
    ("ranking", "words"),
    [
        (Ranking(best="low", decimals=3), "lowest score to the highest, rounded to 3 decimals;"),
        (Ranking(ties="max"), "highest score to the lowest; equal scores share the worse rank"),
        (Ranking(ties="average"), "equal scores share the mean of their ranks"),
        (Ranking(ties="dense"), "equal scores share a rank, and none is left out after them"),
    ],
)
def test_ranking(ranking, words):
    assert words in ranking_words(method(ranking=ranking))
