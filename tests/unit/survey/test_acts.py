import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.conditions import Condition
from everycount.model.strict import Faults
from everycount.survey.acts import AnyAct
from everycount.survey.derived import Answers
from everycount.survey.recipes import derive

WOMEN = pl.DataFrame(
    {
        "slapped": [1, 0, 3, None, 0, None],
        "kicked": [0, 0, 0, 2, None, None],
        "partnered": [1, 1, 1, 1, 1, 0],
    }
)
# 1 and 2 in the past 12 months, 3 before, 0 never
ASKED = Answers(yes=(1, 2), no=(0, 3))


def any_act(**options):
    options = {"name": "physical", "acts": ("slapped", "kicked"), "answers": ASKED} | options
    return AnyAct(recipe="any-act", **options)


def test_any_act_affirmed_is_yes_and_all_denied_is_no():
    found = derive(any_act(), WOMEN)
    assert found.columns["physical"].to_list() == [1, 0, 0, 1, None, None]
    (excluded,) = found.excluded
    assert (excluded.subject, excluded.rows) == ("physical", 2)
    assert "2 of 6 rows of the universe are not known" in found.words


def test_outside_the_universe_there_is_nothing_and_nothing_is_missed():
    universe = (Condition(column="partnered", among=(1,)),)
    found = derive(any_act(universe=universe), WOMEN)
    assert found.columns["physical"].to_list() == [1, 0, 0, 1, None, None]
    assert [each.rows for each in found.excluded] == [1]
    assert "1 of 5 rows" in found.words


def test_an_act_not_answered_may_count_as_no():
    found = derive(any_act(unanswered="no"), WOMEN)
    assert found.columns["physical"].to_list() == [1, 0, 0, 1, 0, None]
    assert [each.rows for each in found.excluded] == [1]
    assert "is no, 1 of 6 rows" in found.words


def test_the_outcome_carries_the_weight_of_the_module():
    (outcome,) = derive(any_act(weight="d005", indicator="5.2.1", label="Violence"), WOMEN).outcomes
    assert (outcome.weight, outcome.indicator, outcome.label) == ("d005", "5.2.1", "Violence")
    assert (outcome.statistic, outcome.direction) == ("proportion", "barrier")
    (plain,) = derive(any_act(name="any_violence"), WOMEN).outcomes
    assert (plain.label, plain.source) == ("Any violence", "any_violence")


def test_unknown_codes_are_refused():
    with pytest.raises(
        InputError, match=r"slapped: found code 3 in 1 row, expected one of 1, 2, 0"
    ):
        derive(any_act(answers=Answers(yes=(1, 2), no=(0,))), WOMEN)


def test_a_recipe_without_name_or_acts_is_refused():
    with pytest.raises(Faults) as caught:
        any_act(name="two words", acts=())
    assert [path for path, _, _ in caught.value.faults] == [("name",), ("acts",)]
    with pytest.raises(Faults, match="'slapped' for the second time"):
        any_act(acts=("slapped", "slapped"))
