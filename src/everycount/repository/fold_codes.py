"""Custom breakdowns that hold the codes of several dimensions, and back."""

import re
from collections.abc import Collection, Iterable, Mapping

from everycount.errors import MethodError, Problem
from everycount.model.codes import TOTAL, Code, CodeList
from everycount.model.sdg import CUSTOM, CUSTOM_CODES, LAST_CUSTOM
from everycount.repository.custom_codes import BETWEEN, JOIN

PARTED = "; "
"""Between two characteristics in a label."""
FOLDED_FROM = "folded from "
"""Begins the description of a numbered code; what it was called follows."""


def join_parts(custom: str, parts: Mapping[str, str]) -> str:
    """Return the code of a custom breakdown together with codes of dimensions.

    Examples
    --------
    >>> join_parts("REGION--NORTH", {"ETHNICITY": "KINH"})
    'REGION--NORTH---ETHNICITY--KINH'
    >>> join_parts("_T", {"ETHNICITY": "KINH", "SEX": "_T"})
    'ETHNICITY--KINH'
    """
    told = [f"{name}{BETWEEN}{code}" for name, code in parts.items() if code != TOTAL]
    own = [] if custom == TOTAL else [custom]
    return JOIN.join(own + told) or TOTAL


def split_parts(custom: str, names: Collection[str]) -> tuple[str, dict[str, str]]:
    """Return what is left of a custom breakdown without some dimensions, and their codes.

    Of two codes of one dimension the last is taken: `join_parts` puts its own behind.

    Examples
    --------
    >>> split_parts("REGION--NORTH---ETHNICITY--KINH", ["ETHNICITY"])
    ('REGION--NORTH', {'ETHNICITY': 'KINH'})
    """
    rest: list[str] = []
    found: dict[str, str] = {}
    for part in reversed(custom.split(JOIN)):
        name, mark, code = part.partition(BETWEEN)
        if mark and code and name in names and name not in found:
            found[name] = code
        else:
            rest.insert(0, part)
    return JOIN.join(rest) or TOTAL, {name: found.get(name, TOTAL) for name in names}


def label_parts(
    custom: str, parts: Mapping[str, str], lists: Mapping[str, CodeList]
) -> dict[str, str]:
    """Return what a joined code means, in each language in which all of it has a name.

    Examples
    --------
    >>> from everycount.model.codes import Code
    >>> kinh = Code(id="KINH", name={"en": "Kinh"})
    >>> groups = CodeList(id="CL_ETHNICITY", codes=(kinh,), name={"en": "Ethnicity"})
    >>> label_parts("_T", {"ETHNICITY": "KINH"}, {"ETHNICITY": groups})
    {'en': 'Ethnicity: Kinh'}
    """
    told = {name: code for name, code in parts.items() if code != TOTAL}
    known = lists.get(CUSTOM)
    languages = {language for name in told for language in lists[name].name} - {"en"}
    labels = {}
    for language in ("en", *sorted(languages)):
        words = [] if custom == TOTAL else [known.label(custom, language) if known else custom]
        words += [
            f"{lists[name].name.get(language) or name}: {lists[name].label(code, language)}"
            for name, code in told.items()
        ]
        labels[language] = PARTED.join(words)
    return {
        language: words
        for language, words in labels.items()
        if language == "en" or words != labels["en"]
    }


def read_label(label: str, name: str, lists: Mapping[str, CodeList]) -> str:
    """Return what a label says of one dimension; empty if it says nothing.

    Examples
    --------
    >>> groups = CodeList(id="CL_ETHNICITY", codes=(), name={"en": "Ethnicity"})
    >>> read_label("North; Ethnicity: Kinh", "ETHNICITY", {"ETHNICITY": groups})
    'Kinh'
    """
    start = f"{lists[name].name.get('en') or name}: "
    found = [words for words in label.split(PARTED) if words.startswith(start)]
    return found[-1].removeprefix(start) if found else ""


def number_codes(codes: Iterable[Code]) -> dict[str, Code]:
    """Return a numbered code, such as C01, for each named custom breakdown.

    Parameters
    ----------
    codes : iterable of Code
        Custom breakdowns. Those that are numbered already keep their number.

    Returns
    -------
    dict of str to Code
        By what it was called, which the description now holds.

    Raises
    ------
    MethodError
        If there are more than the global list has.

    Examples
    --------
    >>> number_codes([Code(id="REGION--NORTH", name={"en": "North"})])["REGION--NORTH"].id
    'C01'
    """
    sorted_codes = sorted(codes, key=lambda code: code.id)
    used = {code.id for code in sorted_codes if re.fullmatch(CUSTOM_CODES, code.id)}
    free = (f"C{n:02d}" for n in range(1, LAST_CUSTOM + 1) if f"C{n:02d}" not in used)
    numbered = {}
    for code in sorted_codes:
        if code.id in used:
            numbered[code.id] = code
            continue
        number = next(free, None)
        if number is None:
            found = f"{len(sorted_codes)} different breakdowns"
            problem = Problem(CUSTOM, found, f"at most {LAST_CUSTOM}")
            raise MethodError("custom breakdowns", [problem])
        numbered[code.id] = Code(id=number, name=code.name, description=f"{FOLDED_FROM}{code.id}")
    return numbered
