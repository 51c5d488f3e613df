"""Recipes: computable outcomes where the field has settled one, by the names method sheets use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from everycount.model.microdata import Column
from everycount.model.strict import STRICT, Faults
from everycount.survey.acts import AnyAct, derive_any_act
from everycount.survey.attendance import Attendance, derive_attendance
from everycount.survey.derived import Derived, Input, Tally
from everycount.survey.food_insecurity import FoodInsecurity, derive_food_insecurity
from everycount.survey.public_services import PublicService, derive_public_service

Recipe = AnyAct | Attendance | FoodInsecurity | PublicService
RECIPES: dict[str, type[Recipe]] = {
    "any-act": AnyAct,
    "attendance": Attendance,
    "food-insecurity": FoodInsecurity,
    "public-service": PublicService,
}
"""By the name a sheet or a file of recipes gives."""
_DERIVE: dict[type[Recipe], Callable[..., Derived]] = {
    AnyAct: derive_any_act,
    Attendance: derive_attendance,
    FoodInsecurity: derive_food_insecurity,
    PublicService: derive_public_service,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFile:
    """Recipes to be applied to one file of microdata, in order."""

    __pydantic_config__ = STRICT

    recipes: tuple[Recipe, ...]
    """What is made; each says `recipe` and the columns it needs."""

    def __post_init__(self) -> None:
        """Refuse a file that makes nothing."""
        if not self.recipes:
            raise Faults([(("recipes",), "none", "a recipe or more")])


def recipe_inputs(name: str) -> tuple[Input, ...]:
    """Return what a recipe asks of the microdata.

    Examples
    --------
    >>> [each.name for each in recipe_inputs("attendance") if each.required]
    ['attending', 'level', 'age']
    """
    inputs: tuple[Input, ...] = RECIPES[name].INPUTS
    return inputs


def is_row_wise(recipe: Recipe) -> bool:
    """Tell whether a row needs no other, so that a file may be read a batch at a time.

    Examples
    --------
    >>> is_row_wise(FoodInsecurity(recipe="food-insecurity"))
    True
    >>> is_row_wise(FoodInsecurity(recipe="food-insecurity", scale="global"))
    False
    """
    return not (isinstance(recipe, FoodInsecurity) and recipe.is_fitted)


def derive(
    recipe: Recipe,
    frame: pl.DataFrame,
    *,
    columns: Mapping[str, Column] | None = None,
    tally: Tally | None = None,
) -> Derived:
    """Apply a recipe to microdata.

    Parameters
    ----------
    recipe : AnyAct, Attendance, FoodInsecurity or PublicService
        What is made of which columns.
    frame : DataFrame
        Rows of the microdata with at least the columns in ``recipe.sources``.
    columns : mapping of str to Column, optional
        What the file says of its columns, such as codes that mean not known.
    tally : Tally, optional
        Where a row-wise recipe counts over the batches of a file: the same for all of them. Words,
        rows left out and faults are then those of all batches so far.

    Returns
    -------
    Derived
        Columns in the order of the rows, with null outside the universe and where it is not
        known; outcomes for a survey design; and how it was made, in words.

    Raises
    ------
    InputError
        Naming every column that lacks; or every unknown code and impossible number, with the
        rows in which it stands.
    MethodError
        If a Rasch scale does not exist on these answers, or cannot be equated.

    Examples
    --------
    >>> acts = pl.DataFrame({"slapped": [1, 0, 0, None], "kicked": [0, 0, None, 1]})
    >>> any_act = AnyAct(recipe="any-act", name="violence", acts=("slapped", "kicked"))
    >>> found = derive(any_act, acts)
    >>> found.columns["violence"].to_list()
    [1.0, 0.0, None, 1.0]
    """
    return _DERIVE[type(recipe)](recipe, frame, columns=columns or {}, tally=tally or Tally())
