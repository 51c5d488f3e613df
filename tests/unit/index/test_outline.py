import pytest

from everycount.errors import InputError
from everycount.index.outline import outline_faults

INDEX = [{"code": "index"}]
A = {"code": "a", "parent": "index"}


def test_orphans_circles_and_repeats_beside_a_misspelt_key(method_of):
    text = """
groups = [{ code = "index" }, { code = "x", parent = "y" }, { code = "y", parent = "x" }]
indicators = [
  { code = "a", parent = "index", worst = 0, bets = 100 },
  { code = "b", parent = "inxed", worst = 0, best = 0 },
  { code = "b", parent = "index" },
]
steps = [{ do = "normalise", method = "goalposts" }]
"""
    with pytest.raises(InputError) as raised:
        method_of(text)
    assert [(p.where, p.found) for p in raised.value.problems] == [
        ("line 4, groups", "groups in a circle: x, y"),
        ("line 6, indicator 1 (code a), bets", "a key that is not known"),
        ("line 7, indicator 2 (code b), best", "0"),
        ("line 7, indicator 2 (code b), code", "'b' 2 times"),
        ("line 7, indicator 2 (code b), parent", "'inxed', which is no group of this method"),
        ("line 8, indicator 3 (code b), code", "'b' 2 times"),
        ("line 8, indicator 3 (code b)", "no goalposts"),
    ]


def test_a_fault_is_said_once(method_of):
    with pytest.raises(InputError) as raised:
        method_of('indicators = [{ code = "a", parent = "x" }]')
    assert len(raised.value.problems) == 1


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"groups": "x", "indicators": [A]},
        {"groups": INDEX, "indicators": ["a"]},
        {"groups": INDEX, "indicators": [{"code": 1, "parent": "x"}]},
        {"groups": INDEX, "indicators": [{"parent": "x"}]},
        {"groups": [{"code": "index", "formula": "1x"}], "indicators": [A]},
    ],
)
def test_without_codes_and_parents_there_is_nothing_to_go_by(declared):
    assert outline_faults(declared) == []


def test_a_formula_counts_as_parts():
    declared = {"groups": [*INDEX, {"code": "g", "parent": "index", "formula": "a"}]}
    assert outline_faults({**declared, "indicators": [A]}) == []


@pytest.mark.parametrize(
    "step",
    [
        {"do": "aggregate"},
        {"do": "normalise", "nodes": ["b"]},
        {"do": "normalise", "level": 2},
    ],
)
def test_no_goalposts_are_asked_for_where_not_all_are_normalised(step):
    assert outline_faults({"groups": INDEX, "indicators": [A], "steps": [step]}) == []
