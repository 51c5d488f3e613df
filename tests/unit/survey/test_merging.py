"""Levels that are joined before cells are hidden."""

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.rules import Confidentiality
from everycount.survey.disaggregate import disaggregate
from everycount.survey.joint_counts import joint_counts
from everycount.survey.merging import merged

FIVE = Confidentiality(id="five", title="Five", source="Test.", minimum=5)
OUTCOME = '[[outcomes]]\nname = "reads"\nyes = [1]\n'
TONGUES = (
    """
[[characteristics]]
name = "tongue"
levels = [
  { code = "A", label = "Alpha", values = ["a"] },
  { code = "B", label = "Beta", values = ["b"] },
  { code = "C", label = "Gamma", values = ["c"] },
  { code = "D", label = "Delta", values = ["d"] },
]
merges = [["B", "C"]]
"""
    + OUTCOME
)
AGES = '[[characteristics]]\nname = "age"\nordered = true\nbands = [15, 20, 30, 40]\n' + OUTCOME


def people(name, sizes):
    return pl.DataFrame(
        [{name: value, "reads": at % 2} for value, size in sizes.items() for at in range(size)]
    )


def joined(plan_of, text, data, rules=FIVE):
    plan = plan_of(data, text)
    return merged(plan, joint_counts(plan), rules)


def test_the_declared_pair_is_joined_where_that_spares_cells(plan_of):
    data = people("tongue", {"a": 50, "b": 3, "c": 4, "d": 50})
    plan, (one,) = joined(plan_of, TONGUES, data)
    assert (one.characteristic, one.levels, one.before, one.after) == ("tongue", ("B", "C"), 2, 0)
    assert one.words == "tongue: B and C joined; confidential cells 2 before, 0 after"
    levels = plan.codings[0].levels
    assert [level.code for level in levels] == ["A", "B+C", "D"]
    assert levels[1].label == "Beta or Gamma"
    table = disaggregate(plan).table
    assert dict(table.select("tongue", "n").rows()) == {"_T": 107, "A": 50, "B+C": 7, "D": 50}


def test_nothing_is_joined_without_need_or_leave(plan_of):
    many = people("tongue", dict.fromkeys("abcd", 50))
    plan, none = joined(plan_of, TONGUES, many)
    assert none == ()
    assert len(plan.codings[0].levels) == 4
    few = people("tongue", {"a": 50, "b": 3, "c": 4, "d": 50})
    assert joined(plan_of, 'merging = "never"\n' + TONGUES, few)[1] == ()
    # A pair that stays small spares nothing.
    tiny = people("tongue", {"a": 50, "b": 1, "c": 1, "d": 50})
    assert joined(plan_of, TONGUES, tiny)[1][0].after == 1


def test_neighbours_of_an_order_are_joined_where_a_design_says_so(plan_of):
    data = people("age", {16: 50, 22: 2, 35: 3})
    assert joined(plan_of, AGES, data)[1] == ()
    plan, (one,) = joined(plan_of, 'merging = "neighbours"\n' + AGES, data)
    assert one.levels == ("20-29", "30-39")
    level = plan.codings[0].levels[1]
    assert (level.at_least, level.below) == (20, 40)
    assert disaggregate(plan).table["n"].to_list() == [55, 50, 5]


def test_a_score_is_cut_where_the_last_of_the_joined_ends(plan_of):
    text = (
        'merging = "neighbours"\n[[characteristics]]\nname = "wealth"\nordered = true\n'
        'column = "score"\ncut = { groups = 4 }\n' + OUTCOME
    )
    data = pl.DataFrame({"score": range(16), "reads": [0, 1] * 8})
    plan, found = joined(plan_of, text, data)
    assert found[0].levels == ("Q1", "Q2")
    assert plan.codings[0].levels[0].code == "Q1+Q2"
    cuts = plan.codings[0].cuts
    assert len(cuts) == len(plan.codings[0].levels) - 1
    table = disaggregate(plan).table
    assert table["n"].to_list()[:2] == [16, 8]


def test_three_levels_can_become_one_in_two_steps(plan_of):
    text = TONGUES.replace('[["B", "C"]]', '[["B", "C"], ["C", "D"]]')
    data = people("tongue", {"a": 50, "b": 2, "c": 2, "d": 2})
    plan, found = joined(plan_of, text, data)
    assert [each.after for each in found] == [2, 0]
    assert [level.code for level in plan.codings[0].levels] == ["A", "B+C+D"]


def test_two_levels_stay_two(plan_of):
    """Of one group nobody can be compared."""
    text = TONGUES.replace('  { code = "A", label = "Alpha", values = ["a"] },\n', "")
    text = text.replace('  { code = "D", label = "Delta", values = ["d"] },\n', "")
    data = people("tongue", {"b": 3, "c": 4})
    assert joined(plan_of, text, data)[1] == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TONGUES.replace('["B", "C"]', '["b", "C"]'), "level 'b', expected a level, perhaps B"),
        (TONGUES.replace('["B", "C"]', '["B", "xyz"]'), "level 'xyz', expected one of A, B, C, D"),
        (
            AGES.replace("[[outcomes]]", 'merges = [["15-19", "30-39"]]\n[[outcomes]]'),
            "15-19 and 30-39, which do not meet, expected two levels of codes, or ranges",
        ),
    ],
    ids=["nearly", "strange", "apart"],
)
def test_pairs_that_can_never_be_one_are_refused(plan_of, text, words):
    name = "tongue" if "tongue" in text else "age"
    data = people(name, {"a": 9, "b": 9} if name == "tongue" else {16: 9, 25: 9, 35: 9})
    with pytest.raises(InputError, match=words) as error:
        plan_of(data, text)
    assert f"characteristic {name}, merges" in str(error.value)
