import re

import pytest

from everycount.index.nodes import (
    Correction,
    Derivation,
    Group,
    Limits,
    ScoredIndicator,
    ascends,
    in_words,
    percentile,
)
from everycount.model.strict import Faults


def faults_of(kind, /, **keys):
    with pytest.raises(Faults) as raised:
        kind(**keys)
    return [(".".join(map(str, path)), found, want) for path, found, want in raised.value.faults]


def indicator(**keys):
    return faults_of(ScoredIndicator, code="a", parent="index", **keys)


def group(**keys):
    return faults_of(Group, code="g", **keys)


@pytest.mark.parametrize(
    ("keys", "operands"),
    [
        ({"kind": "formula", "formula": "a * 2"}, ("a * 2",)),
        ({"kind": "ratio", "women": "w", "men": "m"}, ("w", "m")),
        ({"kind": "share", "women": "w", "men": "m"}, ("w", "m")),
        ({"kind": "share_ratio", "value": "w", "reference": "p"}, ("w", "p")),
        ({"kind": "gap", "value": "w", "reference": "mean(w, m)"}, ("w", "mean(w, m)")),
    ],
)
def test_derivation_operands_of_each_kind(keys, operands):
    assert Derivation(**keys).operands == operands


def test_derivation_lists_every_operand_too_many_missing_or_unreadable():
    assert [f[:2] for f in faults_of(Derivation, kind="ratio", women="1w", value="x")] == [
        ("women", "'1w' does not read as arithmetic; it may hold names, numbers, + - * / **, "
         "brackets and the functions min, max, sqrt, log, exp, mean, gmean, hmean; a name that is "
         "not a plain word stands in back quotes, such as `1a`"),
        ("men", "nothing"),
        ("value", "'x'"),
    ]  # fmt: skip


def test_limits():
    assert Limits(low=1, high=1).high == 1
    assert faults_of(Limits) == [("", "neither low nor high", "at least one")]
    assert faults_of(Limits, low=2.5, high=1) == [("low", "2.5", "a figure not above high = 1")]


def test_correction():
    assert Correction(level="mean(w, m)", maximum=10).maximum == 10
    assert [f[0] for f in faults_of(Correction, level="1x", maximum=0)] == ["level", "maximum"]


def test_indicator_weight_below_0():
    assert indicator(weight=-1.5) == [("weight", "-1.5", "0 or more")]


@pytest.mark.parametrize("post", ["maximum", "p", "p101", "p-1", "pp5", ""])
def test_indicator_goalposts_that_are_no_words_for_one(post):
    want = 'a number, "min", "max" or a percentile such as "p2.5"'
    assert indicator(worst=0, best=post) == [("best", repr(post), want)]


@pytest.mark.parametrize(
    ("worst", "best", "fault"),
    [
        (0.0, 0.0, ("best", "0", "another figure than worst = 0")),
        ("min", "min", ("best", "min", "another figure than worst = min")),
        (0, (53.0, 47.0), ("best", "[53, 47]", "the lower end first")),
        ((0.0, 100.0), 50, ("worst", "[0, 100]", "one figure, as best is not an interval")),
        (50.0, (47.0, 53.0), ("worst", "50", "a figure outside best = [47, 53]")),
        (
            (48.0, 90.0),
            (47.0, 53.0),
            ("worst", "[48, 90]", "one figure on either side of [47, 53]"),
        ),
        ((0.0, 50.0), (47.0, 53.0), ("worst", "[0, 50]", "one figure on either side of [47, 53]")),
        (0.0, None, ("best", "nothing", "both worst and best, or neither")),
        (None, 0.0, ("worst", "nothing", "both worst and best, or neither")),
    ],
)
def test_indicator_goalposts_that_lead_nowhere(worst, best, fault):
    assert indicator(worst=worst, best=best) == [fault]


@pytest.mark.parametrize(
    ("worst", "best"),
    [(0, 1), (1, 0), ("min", "max"), ("p2.5", 100), (0, (47, 53)), ((0, 100), (47, 53)),
     (("min", "max"), (47, 53)), (0, (50, 50))],
)  # fmt: skip
def test_indicator_goalposts_that_lead_somewhere(worst, best):
    assert ScoredIndicator(code="a", parent="index", worst=worst, best=best).best == best


def test_indicator_is_derived_or_a_column_not_both():
    derive = Derivation(kind="formula", formula="x")
    assert indicator(derive=derive, column="y") == [("column", "'y'", "no column beside derive")]


def test_percentile():
    assert percentile("p2.5") == 0.025
    assert percentile("min") is None
    assert percentile("p200") is None
    assert percentile("pq") is None


@pytest.mark.parametrize(
    ("worst", "best", "up"),
    [
        (0, 100, True), (100, 0, False), ("min", "max", True), ("max", "min", False),
        ("p2.5", "p97.5", True), ("p97.5", "p2.5", False), (0, "max", True), (100, "min", False),
        ("min", 100, True), ("max", 0, False), ("p5", 100, True),
    ],
)  # fmt: skip
def test_ascends(worst, best, up):
    assert ascends(worst, best) is up


def test_goalposts_in_words():
    assert in_words((47.0, 53.5)) == "[47, 53.5]"
    assert in_words("min") == "min"
    assert in_words(3) == "3"


def test_group_lists_every_fault():
    assert group(
        weight=-1, least=1.5, share_limits=(0.6, 0.4), needs=0, out_of=0, worst="q", best="max"
    ) == [
        ("weight", "-1", "0 or more"),
        ("least", "1.5", "a share from 0 to 1"),
        ("share_limits", "[0.6, 0.4]", "two shares from 0 to 1, the lower first"),
        ("needs", "0", "1 or more"),
        ("out_of", "0", "1 or more"),
        ("worst", "'q'", 'a number, "min", "max" or a percentile such as "p2.5"'),
    ]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"formula": "a"}, ("formula", "'a'")),
        ({"aggregate": "formula"}, ("formula", "nothing")),
        ({"power": 2.0}, ("power", "2.0")),
        ({"aggregate": "generalised"}, ("power", "nothing")),
    ],
)
def test_group_options_belong_to_their_method(keys, fault):
    (found,) = group(**keys)
    assert found[:2] == fault
    assert found[2].endswith("and only then")


def test_group_formula_that_does_not_read():
    (found,) = group(aggregate="formula", formula="a +")
    assert found[0] == "formula"
    assert "does not read as arithmetic" in found[1]


@pytest.mark.parametrize(("weight", "want"), [(-2, "0 or more"), (1e308, "1e+09 at most")])
def test_weights_out_of_range(weight, want):
    with pytest.raises(Faults, match=re.escape(want)):
        ScoredIndicator(code="a", parent="g", weight=weight)
    with pytest.raises(Faults, match=re.escape(want)):
        Group(code="g", weight=weight)


def test_limits_of_shares_without_benefit_of_the_doubt():
    assert faults_of(Group, code="g", aggregate="geometric", share_limits=(0.1, 0.5)) == [
        ("share_limits", "[0.1, 0.5]", "no share_limits with aggregate = 'geometric'")
    ]
