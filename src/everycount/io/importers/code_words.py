"""What the words of sources stand for: codes of the structure of observations, by rules."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from everycount.io.code_lists import shipped_code_lists
from everycount.model.codes import TOTAL
from everycount.model.observation import OBSERVATION

WORDS: Mapping[str, Mapping[str, str]] = {
    "SEX": {
        "F": "female females fmle women woman girl girls w",
        "M": "male males mle men man boy boys",
        "_T": "bothsex btsx bothsexes persons people",
        "_U": "notspec",
    },
    "URBANISATION": {
        "U": "urban urb urbanarea urbanareas",
        "R": "rural rur ruralarea ruralareas",
        "_T": "allarea allareas urbanandrural",
        "_U": "notspec",
    },
    "NATURE": {"_X": "na notavailable"},
    "REPORTING_TYPE": {"G": "global", "N": "national", "R": "regional"},
    "FREQ": {"A": "annual yearly", "Q": "quarterly", "M": "monthly", "S": "halfyearly"},
    "UNIT_MEASURE": {
        "PT": "percent percentage percentages pct %",
        "RO": "ratio ratios",
        "IX": "index",
        "NUMBER": "number",
    },
    "UNIT_MULT": {
        "0": "units unit percentage",
        "2": "hundreds",
        "3": "thousands thousand",
        "6": "millions million",
        "9": "billions billion",
    },
    "OBS_STATUS": {
        "A": "normal normalvalue",
        "B": "break timeseriesbreak breakinseries",
        "D": "definitiondiffers",
        "E": "estimated estimatedvalue estimate",
        "F": "forecast forecastvalue",
        "I": "imputed imputedvalue",
        "M": "missingvaluedatacannotexist missingdatadatacannotexist notapplicable",
        "O": "missing missingvalue missingdata notavailable",
        "P": "provisional provisionalvalue",
        "Q": "suppressed missingvaluesuppressed missingdatasuppressed",
        "U": "lowreliability",
        "": "undefined",
    },
    "EDUCATION_LEV": {
        "ISCED11_02": "prepri preprimary",
        "ISCED11_1": "primar primary",
        "ISCED11_2": "lowsec lowersecondary",
        "ISCED11_3": "uppsec uppersecondary",
        "AGG_2_3": "second secondary",
        "AGG_5T8": "tertia tertiary",
        "ISCED11A_0_G23": "grad23",
    },
    "OCCUPATION": {"_T": "isco08 isco88"},
    "ACTIVITY": {"ISIC4_BTU": "nonagr"},
    "MIGRATION_STATUS": {
        "MIGRANT": "migper migrants",
        "NOMIGRANT": "nonmig nonmigrants",
        "EUMIGRANT": "eumig",
        "NONEUMIGRANT": "noneumig",
    },
    "DISABILITY_STATUS": {
        "PD": "disabled withdisability withdisabilities personswithdisability "
        "personswithdisabilities",
        "PWD": "notdisabled nondisabled withoutdisability withoutdisabilities nodisability "
        "personswithoutdisability personswithoutdisabilities",
    },
    "INCOME_WEALTH_QUANTILE": {
        "Q1": "wq1 poorest poorestquintile quintile1",
        "Q2": "wq2 quintile2",
        "Q3": "wq3 quintile3",
        "Q4": "wq4 quintile4",
        "Q5": "wq5 richest richestquintile quintile5",
    },
}
"""What sources call some codes: the words of the UN SDG database (BOTHSEX, ALLAREA), the WHO
(FMLE, BTSX, WQ1), the OECD and Open SDG repositories. Without spaces, signs and capitals."""
TOTALS = frozenset(["total", "totl", "tot", "all", "allage", "allages", "t"])
"""Words for the total in any breakdown."""
DEMANDED = frozenset(
    ["SEX", "FREQ", "REPORTING_TYPE", "NATURE", "OBS_STATUS", "CONF_STATUS", "UNIT_MULT"]
)
"""Components whose words must be known: elsewhere an unknown word is a breakdown of the source,
but a misspelt sex kept as one would stand under both sexes."""
YEARS = r"(?:\s*-?\s*(?:years?|yrs?|y)(?:[ -]?(?:old|of age))?)?"
BEFORE = r"(?:agegroup_|ages?[ _]+|aged[ _]+)?(?:years?|y)?[ _]?"


def _up_to(years: int) -> str:
    """Return the code of the ages up to and with one: Y0T4 is under 5 in the SDG code list."""
    return f"Y0T{years}" if years else "Y0"


AGES: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = (
    (
        re.compile(rf"{BEFORE}(\d+)\s*(?:-|–|_|to|t)\s*(\d+){YEARS}"),
        lambda first, last: f"Y{first}T{last}",
    ),
    (
        re.compile(
            rf"{BEFORE}(\d+){YEARS}(?:\s*\+|\s*-plus|\s*(?:and|or) (?:over|older|above|more))"
        ),
        lambda first: f"Y_GE{first}",
    ),
    (
        re.compile(rf"{BEFORE}(?:<|under|below|less than|younger than)\s*([1-9]\d*){YEARS}"),
        lambda limit: _up_to(limit - 1),
    ),
    (
        re.compile(rf"{BEFORE}(\d+){YEARS} (?:and|or) (?:under|younger|below)"),
        _up_to,
    ),
    (re.compile(rf"<=\s*(\d+){YEARS}"), _up_to),
    (re.compile(r"(?:<|under )1 ?m(?:onth)?(?: old)?"), lambda: "M0"),
    (
        re.compile(r"(?:agegroup_)?(?:m|months)(\d+)(?:t|-|_)(\d+)"),
        lambda first, last: f"M{first}T{last}",
    ),
)
"""How ages are written, and the code for each way: 15-24, 65+, under 18, 19 and under, <1M,
M36T59, and the same with YEARS before them as the WHO does."""


def age_code(text: str) -> str | None:
    """Return the code of an age in words, or None if it is none.

    Examples
    --------
    >>> [age_code(each) for each in ("15-24", "65+", "<18Y", "16 and over", "19 and under")]
    ['Y15T24', 'Y_GE65', 'Y0T17', 'Y_GE16', 'Y0T19']
    """
    words = " ".join(text.lower().split())
    for pattern, write in AGES:
        if found := pattern.fullmatch(words):
            return write(*(int(each) for each in found.groups() if each))
    return None


RULES: Mapping[str, Callable[[str], str | None]] = {"AGE": age_code}


@cache
def code_of(component: str, text: str) -> str | None:
    """Return the code that a word of a source stands for.

    Parameters
    ----------
    component : str
        A dimension or attribute.
    text : str
        A code of its list, a name of one in any language, or a word that sources use.

    Returns
    -------
    str or None
        None if nothing is known by that word; the empty text if it says nothing.

    Examples
    --------
    >>> code_of("SEX", "BOTHSEX"), code_of("AGE", "ALLAGE"), code_of("SEX", "Femle")
    ('_T', '_T', None)
    """
    shipped = shipped_code_lists().get(OBSERVATION.by_id[component].codes)
    if shipped and text in shipped:
        return text
    plain = _plain(text)
    if plain in _known(component):
        return _known(component)[plain]
    if OBSERVATION.by_id[component].default == TOTAL and plain in TOTALS:
        return TOTAL
    rule = RULES.get(component)
    return rule(text) if rule else None


@cache
def _known(component: str) -> Mapping[str, str]:
    """Return the code of every word for a component, in plain letters."""
    words = {
        word: code for code, several in WORDS.get(component, {}).items() for word in several.split()
    }
    shipped = shipped_code_lists().get(OBSERVATION.by_id[component].codes)
    names: dict[str, str] = {}
    for code in shipped.codes if shipped else ():
        for name in (code.id, *code.name.values()):
            names.setdefault(_plain(name), code.id)
    return {**names, **words}


def _plain(text: str) -> str:
    """Return a text without capitals, spaces and signs."""
    return re.sub(r"[\W_]+", "", text.lower()) or text.strip()
