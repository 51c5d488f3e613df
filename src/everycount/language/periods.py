"""Periods and dates in words: whole sentences of the catalogue around the months of CLDR."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from everycount.language.catalogue import N_

if TYPE_CHECKING:
    from everycount.language.language import Language

PLAIN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
PART = re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})")
"""Forms of a period. SDMX 3.0 Technical Notes, section on time formats."""
NAMED: Mapping[str, str] = {
    "S1": N_("first half of {year}"),
    "S2": N_("second half of {year}"),
    "Q1": N_("first quarter of {year}"),
    "Q2": N_("second quarter of {year}"),
    "Q3": N_("third quarter of {year}"),
    "Q4": N_("fourth quarter of {year}"),
}
WEEKS, DAYS = 53, 366


def period_words(text: str, language: "Language") -> str:
    """Return a period in words, or as it is if it has no form that is known.

    Examples
    --------
    >>> from everycount.language.language import language
    >>> period_words("2021-Q3", language("fr")), period_words("2019-05/2019-08", language("en"))
    ('troisième trimestre 2021', 'May to August 2019')
    """
    first, _, last = text.partition("/")
    try:
        if last:
            return _range(first, last, language)
        if found := PART.fullmatch(text):
            return _part(int(found[1]), found[2], int(found[3]), language) or text
        return _plain(text, language) or text
    except ValueError:  # no calendar has this month or day
        return text


def date_words(day: dt.date, language: "Language") -> str:
    """Return a day in words."""
    if day.day == 1:
        sentence = language.pgettext("first day of a month", "{day} {month} {year}")
    else:
        sentence = language.gettext("{day} {month} {year}")
    return sentence.format(day=day.day, month=language.months[day.month - 1], year=_year(day.year))


def _plain(text: str, language: "Language") -> str:
    """Return a year, month or day in words; empty if it is none."""
    found = PLAIN.fullmatch(text)
    if not found:
        return ""
    year, month, day = (int(number or 1) for number in found.groups())
    first = dt.date(year, month, day)
    if found[3]:
        return date_words(first, language)
    if found[2]:
        return _month(year, month, language)
    return text


def _part(year: int, kind: str, number: int, language: "Language") -> str:
    """Return a part of a year in words; empty if no year has it."""
    if sentence := NAMED.get(f"{kind}{number}"):
        return language.gettext(sentence).format(year=_year(year))
    ways: Mapping[str, tuple[int, Callable[[], str]]] = {
        "A": (1, lambda: _year(year)),
        "T": (3, lambda: _months(year, 4 * number - 3, 4 * number, language)),
        "M": (12, lambda: _month(year, number, language)),
        "W": (WEEKS, lambda: _week(year, number, language)),
        "D": (DAYS, lambda: date_words(_day(year, number), language)),
    }
    most, words = ways.get(kind, (0, str))
    return words() if 1 <= number <= most else ""


def _range(first: str, last: str, language: "Language") -> str:
    """Return a range in words: years with a dash, months and days with a word."""
    if len(first) == len(last) == len("2019"):
        return language.gettext("{first}–{last}").format(first=first, last=last)
    begin, end = _plain(first, language), _plain(last, language)
    if not begin or not end:
        return f"{first}/{last}"
    if len(first) == len(last) == len("2019-05"):
        if first[:4] == last[:4]:
            return _months(int(first[:4]), int(first[5:]), int(last[5:]), language)
        sentence = language.pgettext("months", "{first} to {last}")
    else:
        sentence = language.pgettext("days", "{first} to {last}")
    return sentence.format(first=begin, last=end)


def _month(year: int, month: int, language: "Language") -> str:
    sentence = language.gettext("{month} {year}")
    return sentence.format(month=language.months[month - 1], year=_year(year))


def _months(year: int, first: int, last: int, language: "Language") -> str:
    begin, end = language.months[first - 1], language.months[last - 1]
    sentence = language.pgettext("months of one year", "{first} to {last} {year}")
    return sentence.format(first=begin, last=end, year=_year(year))


def _week(year: int, week: int, language: "Language") -> str:
    return language.gettext("week {week} of {year}").format(week=week, year=_year(year))


def _day(year: int, day: int) -> dt.date:
    """Return a day by its number in the year."""
    found = dt.date(year, 1, 1) + dt.timedelta(day - 1)
    if found.year != year:
        raise ValueError(f"{year} has no day {day}")
    return found


def _year(year: int) -> str:
    return f"{year:04d}"
