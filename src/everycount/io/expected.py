"""What should stand in place of a cell that does not fit, with what would allow it."""

from everycount.io.areas import areas_named, m49_codes
from everycount.io.importers.code_words import code_of
from everycount.io.importers.periods import period_of_years
from everycount.io.numbers import Marks, expect_number
from everycount.io.words import nearest
from everycount.model.codes import CodeList
from everycount.model.observation import OBSERVATION
from everycount.model.period import EXPECTED, read_period

ABSENT = frozenset(["..", "...", "…", "-", "–", "—", ":", ".", "*", "x", "n/a", "na", "n.a."])
"""Signs that tables print for no figure: UN, World Bank (..), Eurostat (:), many offices (-)."""

FAR = 20
"""Years beyond which 2019-13 is a slip rather than the years to 2113. Own choice."""


def expect_value(found: str, kind: type[int] | type[float], marks: Marks) -> str:
    """Return what should stand in place of a text that is no number.

    Examples
    --------
    >>> expect_value("..", float, Marks())
    'a number (if it stands for no value, a mapping says missing = [".."])'
    >>> expect_value("5%", float, Marks())
    'a number without the sign (UNIT_MEASURE = "PT" says per cent)'
    """
    if found.casefold() in ABSENT:
        return f'a number (if it stands for no value, a mapping says missing = ["{found}"])'
    if found.endswith("%"):
        return 'a number without the sign (UNIT_MEASURE = "PT" says per cent)'
    return expect_number(found, kind, marks)


def expect_period(found: str | None) -> str:
    """Return what should stand in place of a text that is no period.

    Examples
    --------
    >>> expect_period("2019/20")
    'a period such as 2019, 2019-05, 2019-Q2 or 2019/2021; perhaps 2019/2020'
    >>> expect_period("2019-02-31")
    'a period that there is; there is no day 2019-02-31'
    """
    if found is None:
        return EXPECTED
    try:
        # What others write for a period is only suggested: 2019-20 may be a slip for a month.
        return f"{EXPECTED}; perhaps {_perhaps(found)}"
    except ValueError:
        pass
    try:
        return read_period(found)
    except ValueError as error:
        return str(error)


def _perhaps(found: str) -> str:
    """Return the period that others would mean by a text."""
    period = read_period(period_of_years(found))
    first, _, last = period.partition("/")
    if last and int(last[:4]) - int(first[:4]) > FAR:
        raise ValueError(EXPECTED)
    return period


def expect_area(found: str) -> str:
    """Return what should stand in place of a name that no area has.

    Examples
    --------
    >>> expect_area("Viet Nan")
    "the name of an area; perhaps 'viet nam' (a mapping's values.REF_AREA gives it a code)"
    >>> expect_area("Micronesia")
    "the name of one area, not of 057, 583 (a mapping's values.REF_AREA gives it a code)"
    """
    cure = "(a mapping's values.REF_AREA gives it a code)"
    if several := areas_named(found):
        return f"the name of one area, not of {', '.join(several)} {cure}"
    near = nearest(found, m49_codes("name"), cutoff=0.8)
    return f"the name of an area{f'; perhaps {near!r}' if near else ''} {cure}"


def spelt(found: str, component: str, codes: CodeList) -> str | None:
    """Return the code of a list that a word is a name of, such as F for Female; else None."""
    code = code_of(component, found) if component in OBSERVATION.by_id else None
    return code if code and code in codes else None
