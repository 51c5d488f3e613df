"""Names of countries and regions from the code lists that come with the library."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LISTS = files("everycount") / "codelists"
NAME = "name_"
Names = Mapping[str, str]
"""Names of one area, by language."""


def area_name(code: str, language: str, names: Mapping[str, str | Names] | None = None) -> str:
    """Return the name of an area in a language.

    Parameters
    ----------
    code : str
        M49 (704), ISO 3166-1 alpha-3 (VNM), or a code of the data's own.
    language : str
        Code of a language.
    names : mapping, optional
        Names of the areas of a dataset, by code: a text, or texts by language.

    Returns
    -------
    str
        Of the dataset in this language; else of the United Nations' list (Vietnamese: CLDR);
        else in English; else the code as it is.

    Examples
    --------
    >>> area_name("384", "fr"), area_name("VNM", "ar"), area_name("VN_01", "vi")
    ('Côte d’Ivoire', 'فييت نام', 'Hà Nội')
    >>> area_name("704", "en", {"704": "Vietnam"}), area_name("X9", "en")
    ('Vietnam', 'X9')
    """
    own = (names or {}).get(code, {})
    if isinstance(own, str):
        return own or area_name(code, language)
    shipped = _shipped().get(code, {})
    found = (own.get(language), shipped.get(language), own.get("en"), shipped.get("en"))
    return next((name for name in (*found, *own.values()) if name), code)


@cache
def _shipped() -> Mapping[str, Names]:
    """Return the names by language of every shipped area, by each of its codes."""
    lists = [LISTS / "CL_AREA.csv", *(LISTS / "areas").iterdir()]
    found: dict[str, Names] = {}
    for path in lists:
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            names = {key.removeprefix(NAME): row[key] for key in row if key.startswith(NAME)}
            found[row["code"]] = names
            if row.get("iso3"):
                found[row["iso3"]] = names
    for row in csv.DictReader(
        (LISTS / "area_aliases.csv").read_text(encoding="utf-8").splitlines()
    ):
        if row["kind"] == "iso3":
            found.setdefault(row["alias"], found[row["code"]])
    return found
