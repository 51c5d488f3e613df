"""The recipes that docs/methods/survey-sheets.md gives in full are read."""

import re
from pathlib import Path

from everycount.io import declare
from everycount.io.sheets import shipped_sheets
from everycount.survey.recipes import RECIPES, RecipeFile

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "survey-sheets.md"


def test_recipes_on_the_page_are_recipes():
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    recipes = declare.read("".join(blocks), RecipeFile, subject=PAGE.name).recipes
    assert {recipe.recipe for recipe in recipes} == set(RECIPES)
    for name in shipped_sheets():
        assert f"sheets/{name}.toml" in text
