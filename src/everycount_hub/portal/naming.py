"""What indicators, areas, units, dimensions and codes are called in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from everycount.figures.series import Series
from everycount.figures.wording import COUNTS, Row, Words
from everycount.io.code_lists import shipped_code_lists
from everycount.language.language import Language
from everycount.model.framework import Framework
from everycount.model.observation import OBSERVATION
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition, open_edition

DIMENSIONS = {
    "SEX": gettext_lazy("sex"),
    "AGE": gettext_lazy("age"),
    "URBANISATION": gettext_lazy("urban or rural place"),
    "INCOME_WEALTH_QUANTILE": gettext_lazy("income or wealth"),
    "EDUCATION_LEV": gettext_lazy("education"),
    "OCCUPATION": gettext_lazy("occupation"),
    "CUST_BREAKDOWN": gettext_lazy("a characteristic of its own"),
    "COMPOSITE_BREAKDOWN": gettext_lazy("a composite of characteristics"),
    "DISABILITY_STATUS": gettext_lazy("disability"),
    "ACTIVITY": gettext_lazy("economic activity"),
    "PRODUCT": gettext_lazy("product"),
    "ETHNICITY": gettext_lazy("ethnicity"),
    "MIGRATION_STATUS": gettext_lazy("migration"),
    "MARITAL_STATUS": gettext_lazy("marital status"),
}
"""By what figures are broken down, in small letters, to stand within a sentence."""
FLAGS = {
    "b": gettext_lazy("break in the series"),
    "d": gettext_lazy("other definition"),
    "e": gettext_lazy("estimated or modelled"),
    "g": gettext_lazy("experimental"),
    "i": gettext_lazy("imputed"),
    "p": gettext_lazy("provisional"),
    "u": gettext_lazy("low reliability"),
    "v": gettext_lazy("not validated"),
    "w": gettext_lazy("includes another category"),
}
"""What the letters beside figures mean. SDMX CL_OBS_STATUS, in our words."""
VERDICTS = {
    "on target": (gettext_lazy("On target"), "good"),
    "near": (gettext_lazy("Near"), "info"),
    "far": (gettext_lazy("Far"), "warn"),
    "very far": (gettext_lazy("Very far"), "bad"),
    "achieved": (gettext_lazy("Reached"), "good"),
    "on track": (gettext_lazy("On track"), "good"),
    "accelerate": (gettext_lazy("Faster progress needed"), "warn"),
    "limited": (gettext_lazy("Too slow"), "warn"),
    "moving away": (gettext_lazy("Moving away"), "bad"),
    "missed": (gettext_lazy("Missed"), "bad"),
    "not enough figures": (gettext_lazy("Not enough figures"), "line"),
}
"""Verdicts of the library on distance and pace, with the tag that shows them."""
DIRECTIONS = {
    "better": (gettext_lazy("Better"), "good"),
    "worse": (gettext_lazy("Worse"), "bad"),
    "stable": (gettext_lazy("Hardly changed"), "line"),
    "rising": (gettext_lazy("Rising"), "line"),
    "falling": (gettext_lazy("Falling"), "line"),
}
HIGHER = {
    "women": pgettext_lazy("who has the higher figure", "Women"),
    "men": pgettext_lazy("who has the higher figure", "Men"),
    "parity": gettext_lazy("Parity"),
}
TRENDS = {
    "closing": gettext_lazy("Closing"),
    "widening": gettext_lazy("Widening"),
    "steady": gettext_lazy("Steady"),
    "reversed": gettext_lazy("Reversed"),
}
PERCENT_SIGN = "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name as a reader gets it, with its language where that is another."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word in a coloured field."""

    text: str
    kind: str


def named(names: Mapping[str, str], words: Language) -> Named:
    """Return a name in the reader's language, else in English, else in any, with its language."""
    for code in (words.code, "en", min(names, default="")):
        if names.get(code):
            return Named(text=names[code], lang="" if code == words.code else code)
    return Named(text="")


def tag(known: Mapping[str, tuple[object, str]], verdict: str | None) -> Tag | None:
    """Return a verdict as a tag; None without one."""
    if verdict not in known:
        return None
    text, kind = known[verdict]
    return Tag(text=str(text), kind=kind)


def group_title(framework: Framework | None, code: str, words: Language) -> Named:
    """Return what a group of an indicator set is called."""
    groups = framework.groups if framework else ()
    found = next((each for each in groups if each.code == code), None)
    return named(found.title, words) if found else Named(text=code)


def code_name(
    component: str, code: str, words: Language, own: Mapping[str, Mapping[str, str]]
) -> str:
    """Return what a code of a dimension or attribute is called.

    Parameters
    ----------
    component : str
        Such as AGE.
    code : str
    words : Language
    own : mapping
        Names that came with the data, by code and language.
    """
    if own.get(code):
        return named(own[code], words).text
    lists = shipped_code_lists()
    known = next((each.codes for each in OBSERVATION.components if each.id == component), "")
    if known in lists and code in lists[known].by_id:
        return named(lists[known].by_id[code].name, words).text
    return code


def own_codes(edition: Edition, entry: IndicatorEntry, component: str) -> dict[str, dict[str, str]]:
    """Return the names of codes that came with the figures of an indicator."""
    found: dict[str, dict[str, str]] = {}
    for key in reversed(entry.datasets):
        found |= edition.datasets[key].metadata.get("codes", {}).get(component, {})
    return found


def area_names(edition: Edition) -> Mapping[str, Mapping[str, str]]:
    """Return the names of the areas of an edition, by code."""
    return _area_names(edition.digest)


@lru_cache(4)
def _area_names(digest: str) -> Mapping[str, Mapping[str, str]]:
    # Where figures brought no name the entry has the code; the library may know better.
    every = open_edition(digest).areas.values()
    return {each.code: each.names for each in every if set(each.names.values()) != {each.code}}


def area_name(edition: Edition, code: str, words: Language) -> str:
    """Return what an area is called."""
    return words.area(code, area_names(edition))


def sayer(edition: Edition, entry: IndicatorEntry, series: Series, words: Language) -> Words:
    """Return the words with which sentences of an indicator are made."""
    label = ""
    plain = Words(language=words, title="", unit=series.unit)
    if series.unit and not plain.is_percent and series.unit not in COUNTS:
        label = code_name(
            "UNIT_MEASURE", series.unit, words, own_codes(edition, entry, "UNIT_MEASURE")
        )
    return Words(
        language=words,
        title=named(entry.names, words).text,
        unit=series.unit,
        unit_mult=series.unit_mult,
        unit_label=label,
        names=area_names(edition),
    )


def plain(says: Words) -> Words:
    """Return the words without the name of the unit, for tables that say it once."""
    return Words(
        language=says.language,
        title=says.title,
        unit=says.unit,
        unit_mult=says.unit_mult,
        names=says.names,
    )


def number(value: float, says: Words) -> str:
    """Return a figure without its unit, for charts and tables."""
    full = value * 10.0**says.unit_mult
    if says.is_percent:
        return says.language.number(full)
    if says.unit in COUNTS:
        return says.language.number(full, 0)
    return says.language.significant(full)


def tick(value: float, says: Words) -> str:
    """Return a number of an axis, without needless digits."""
    full = value * 10.0**says.unit_mult
    return says.language.significant(full, 6) if full else says.language.number(0, 0)


def unit_sign(says: Words) -> str:
    """Return what stands at the axis of a chart for the unit."""
    return PERCENT_SIGN if says.is_percent else says.unit_label


def unit_words(says: Words) -> str:
    """Return the unit in words, for captions."""
    if says.is_percent:
        return _("per cent")
    if says.unit in COUNTS:
        return _("number")
    return says.unit_label or _("unit not stated")


def told(row: Row, says: Words) -> str:
    """Return a figure for the cell of a table: brackets for few cases, words for what is hidden."""
    state = row["state"]
    if state == "hidden":
        return _("not shown")
    if row["value"] is None:
        return str(row["text"]) if row["text"] else _("no figure")
    text = number(row["value"], says)
    return f"({text})" if state == "few" else text
