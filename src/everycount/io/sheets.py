"""Find and read method sheets and the production checklist: the user's own, or the shipped ones."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from everycount.errors import InputError, NotFound, Problem
from everycount.io import declare
from everycount.io.files import read_bytes
from everycount.io.words import one_of, quote
from everycount.model.production import ProductionChecklist
from everycount.model.sheet import MethodSheet
from everycount.survey.recipes import RECIPES, recipe_inputs

_SHIPPED = files("everycount") / "sheets"
_CHECKLIST = "checklist"


@cache
def shipped_sheets() -> tuple[str, ...]:
    """Return the names of the method sheets that come with Everycount, in order."""
    names = (each.name for each in _SHIPPED.iterdir())
    sheets = (name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    return tuple(sorted(name for name in sheets if name != _CHECKLIST))


def read_sheet(place: Path | str) -> MethodSheet:
    """Read a method sheet from a file, or a shipped one by its name.

    Parameters
    ----------
    place : Path or str
        A TOML file, ``-`` for standard input, or the name of a shipped sheet such as
        ``food-security``.

    Returns
    -------
    MethodSheet

    Raises
    ------
    NotFound
        If there is neither a file nor a shipped sheet of that name.
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_sheet("food-security").recipe.name
    'food-insecurity'
    """
    text = str(place)
    if text in shipped_sheets():
        name, content = f"{text}.toml", (_SHIPPED / f"{text}.toml").read_bytes()
    elif text == "-" or Path(place).exists() or text.endswith(".toml"):
        name, content = ("standard input" if text == "-" else Path(place).name), read_bytes(place)
    else:
        near = get_close_matches(text, shipped_sheets(), n=3, cutoff=0.4) or shipped_sheets()
        raise NotFound(f"there is no file and no method sheet {text!r}; shipped: {', '.join(near)}")
    sheet = declare.read(content, MethodSheet, subject=name)
    _check_recipe(sheet, subject=name)
    return sheet


def _check_recipe(sheet: MethodSheet, *, subject: str) -> None:
    """Refuse a recipe that there is none of, and inputs it does not know."""
    if sheet.recipe is None:
        return
    if sheet.recipe.name not in RECIPES:
        wanted = one_of(sorted(RECIPES), found=sheet.recipe.name, shown=len(RECIPES))
        problem = Problem("recipe, name", quote(sheet.recipe.name), wanted)
        raise InputError(subject, [problem])
    known = [each.name for each in recipe_inputs(sheet.recipe.name)]
    strange = [name for name in sheet.recipe.inputs if name not in known]
    if strange:
        wanted = f"inputs of {sheet.recipe.name}: {', '.join(known)}"
        raise InputError(subject, [Problem("recipe, inputs", quote(x), wanted) for x in strange])


def read_checklist(place: Path | str | None = None) -> ProductionChecklist:
    """Read a checklist for production from a file, or the shipped one.

    Parameters
    ----------
    place : Path or str, optional
        A TOML file; ``-`` for standard input. Left out: the shipped checklist for a gender
        perspective.

    Returns
    -------
    ProductionChecklist

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_checklist().items[0].stage_words
    'GSBPM 1.2, consult and confirm needs'
    """
    if place is None:
        file = _SHIPPED / f"{_CHECKLIST}.toml"
        return declare.read(file.read_bytes(), ProductionChecklist, subject=file.name)
    name = "standard input" if str(place) == "-" else Path(place).name
    return declare.read(read_bytes(place), ProductionChecklist, subject=name)
