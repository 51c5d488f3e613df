import dataclasses
from typing import get_args

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io import declare
from everycount.model.microdata import Column
from everycount.survey import recipes
from everycount.survey.recipes import RECIPES, AnyAct, RecipeFile, derive, recipe_inputs

FILE = """
[[recipes]]
recipe = "attendance"
attending = "ED9"
level = "ED10A"
entrance_age = 6
age = { at_start = "schage" }
levels = [{ name = "primary", codes = [1], grades = 5 }]

[[recipes]]
recipe = "any-act"
name = "violence"
acts = ["d105a", "d105b"]
answers = { yes = [1, 2], no = [0, 3] }
"""


def test_every_recipe_has_a_name_inputs_and_is_made():
    assert set(RECIPES.values()) == set(get_args(recipes.Recipe))
    for name, kind in RECIPES.items():
        fields = {field.name: field for field in dataclasses.fields(kind)}
        assert get_args(fields["recipe"].type) == (name,)
        inputs = recipe_inputs(name)
        assert inputs
        assert {each.name for each in inputs} <= set(fields)
        assert all(each.meaning for each in inputs)


def test_recipes_are_declared_in_a_file():
    attendance, acts = declare.read(FILE, RecipeFile, subject="recipes.toml").recipes
    assert attendance.levels[0].name == "primary"
    assert attendance.sources == ("ED9", "ED10A", "schage")
    frame = pl.DataFrame({"d105a": [0, 1], "d105b": [3, 0]})
    assert derive(acts, frame).columns["violence"].to_list() == [0, 1]


def test_all_faults_of_a_file_are_found_at_once():
    text = FILE.replace("grades = 5", "grades = 50").replace('"violence"', '"a b"')
    with pytest.raises(InputError) as caught:
        declare.read(text, RecipeFile, subject="recipes.toml")
    assert [str(problem) for problem in caught.value.problems] == [
        "line 8, recipe 1, level 1 (name primary), grades: found 50, expected from 1 to 12 grades",
        "line 12, recipe 2 (name a b), name: found 'a b', "
        "expected a plain word, such as any_violence",
    ]


def test_a_recipe_must_be_named():
    with pytest.raises(InputError, match="expected one of any-act, attendance, food-insecurity"):
        declare.read('[[recipes]]\nrecipe = "attendence"', RecipeFile, subject="recipes.toml")
    with pytest.raises(InputError, match="recipe"):
        declare.read('[[recipes]]\nname = "x"\nacts = ["a"]', RecipeFile, subject="recipes.toml")
    with pytest.raises(InputError, match="a recipe or more"):
        declare.read("recipes = []", RecipeFile, subject="recipes.toml")


def test_what_the_file_says_of_its_columns_counts():
    columns = {"slapped": Column(name="slapped", kind="number", missing=(7,))}
    recipe = AnyAct(recipe="any-act", name="violence", acts=("slapped",))
    frame = pl.DataFrame({"slapped": [1, 7, 0]})
    assert derive(recipe, frame, columns=columns).columns["violence"].to_list() == [1, None, 0]
    with pytest.raises(InputError, match="slapped: found code 7 in 1 row"):
        derive(recipe, frame)


def test_columns_that_lack_are_named():
    recipe = AnyAct(recipe="any-act", name="violence", acts=("slapped", "kicked"))
    with pytest.raises(InputError, match="the recipe any-act has 2 problems"):
        derive(recipe, pl.DataFrame({"age": [1]}))
