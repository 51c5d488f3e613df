"""Read the words that matching knows: the thesaurus and the keywords that Everycount ships."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from everycount.io.csv import read_table
from everycount.io.fit import fit
from everycount.model.dataset import Column, Structure
from everycount.policy.thesaurus import WAYS, Term, Thesaurus

SHIPPED: Final = files("everycount") / "thesaurus"
TERMS: Final = Structure(
    columns=(
        *(Column(name=name, type=str) for name in ("group", "label", "language", "term")),
        Column(name="match", type=str, codes=frozenset(WAYS)),
    ),
    key=("group", "language", "term"),
)
"""What the thesaurus file holds."""
KEYWORDS: Final = (("sdg_targets.csv", "target"), ("sdg_indicators.csv", "indicator"))
"""Shipped lists of keywords, and the column with their SDG codes. They are in our own words."""
Phrases = Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def shipped_thesaurus() -> Thesaurus:
    """Return the thesaurus of gender statistics that Everycount ships.

    Examples
    --------
    >>> shipped_thesaurus().labels["ipv"]
    'intimate partner violence'
    """
    name = "gender.csv"
    rows = fit(read_table((SHIPPED / name).read_bytes(), subject=name), TERMS, subject=name)
    return Thesaurus(terms=tuple(Term(**row) for row in rows.iter_rows(named=True)))


@cache
def shipped_keywords() -> Phrases:
    """Return the shipped keywords by language and by code of an SDG target or indicator.

    Examples
    --------
    >>> shipped_keywords()["en"]["5.5"][0]
    'women in parliament'
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, column in KEYWORDS:
        structure = Structure(
            columns=tuple(Column(name=each, type=str) for each in (column, "language", "keywords")),
            key=(column, "language"),
        )
        text = read_table((SHIPPED / name).read_bytes(), subject=name)
        for row in fit(text, structure, subject=name).iter_rows(named=True):
            phrases = tuple(phrase.strip() for phrase in row["keywords"].split(";"))
            found.setdefault(row["language"], {})[row[column]] = phrases
    return found
