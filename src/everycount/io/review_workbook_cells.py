"""Say the fields of a review in cells of a workbook, and read them back."""

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from everycount.io.words import one_of
from everycount.model.dates import is_date
from everycount.model.issue import Grade, Tag
from everycount.model.letters import named, visible

Cell = str | int | float | None
MOST = 32_767
"""Characters a cell may hold, counted as UTF-16 has them. Microsoft, Excel specifications."""
CUT_AT = 16_000
"""Characters kept of a longer text; each may take two places in UTF-16."""
CUT = "\n[… the rest stays as it was]"
WHOLE = 2**53
"""Up to here a float holds every whole number. IEEE 754-2019, binary64."""
DIGITS = 1e-14
"""Excel keeps 15 digits of a number, and what is read from it is rounded twice."""
GRADE: dict[str, Grade] = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold (section 2.2)."""


class Misread(Exception):
    """A cell does not say what its column is for; the text is what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What cells may name."""

    groups: Collection[str] = ()
    concepts: Collection[str] = ()
    frameworks: Collection[str] = ()
    issues: Collection[str] = ()
    clauses: Collection[str] = ()
    sources: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a kind of field is said in a cell, and read back."""

    write: Callable[[Any], Cell]
    read: Callable[[str, Any, Known], Any]
    """From what the cell says, what the field held before, and what it may name."""
    choices: tuple[str, ...] = field(default=())
    """What a cell is chosen from."""


def cell_text(value: object) -> str:
    """Return what a cell holds as text, as it would be without the programs that saved it.

    Whole numbers lose their decimals, dates are ISO 8601, white space around goes.

    Examples
    --------
    >>> cell_text(5.0), cell_text(" 11.2 "), cell_text(None), cell_text(date(2026, 11, 22))
    ('5', '11.2', '', '2026-11-22')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int():
            return str(value)
        case float():
            whole = value.is_integer() and abs(value) < WHOLE
            return str(int(value)) if whole else f"{value:.15g}"
        case datetime() if value.time() == time(0):
            text = value.date().isoformat()
        case date() | time():
            text = value.isoformat()
        case _:
            # openpyxl takes this mark of an escape out of texts that merely look escaped.
            text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("x005F_", "")
    return FORBIDDEN.sub(" ", text).strip()


def is_same_number(before: str, now: str) -> bool:
    """Tell whether two cells hold one number, to the digits that every program keeps.

    Examples
    --------
    >>> is_same_number("0.123456789012345", "0.123456789012346"), is_same_number("1", "two")
    (True, False)
    """
    try:
        return math.isclose(float(before), float(now), rel_tol=DIGITS)
    except ValueError:
        return False


def shown(value: Cell) -> Cell:
    """Return what a cell can hold of a value: no characters XML lacks, not too long.

    Examples
    --------
    >>> len(shown("a" * 40_000)) - len(CUT), shown(0.5), shown("a" + chr(0) + "b")
    (16000, 0.5, 'a b')
    """
    if not isinstance(value, str):
        return value
    whole = value.encode(errors="replace").decode()  # as the file of the review has it
    text = FORBIDDEN.sub(" ", whole.replace("\r\n", "\n").replace("\r", "\n"))
    units = len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)
    return text if units <= MOST else text[:CUT_AT] + CUT


def uncut(text: str, whole: Cell) -> str:
    """Return the text of a cell with the rest that it had no room for.

    Parameters
    ----------
    text : str
        What the cell says.
    whole : str or number
        What the field held when the cell was written.

    Returns
    -------
    str
        The text, where its end says that the rest stays, with that rest.

    Examples
    --------
    >>> uncut("Short", "long"), len(uncut("New" + CUT, "a" * 40_000))
    ('Short', 24003)
    """
    if isinstance(whole, str) and text.endswith(CUT.strip()):
        return text.removesuffix(CUT.strip()).rstrip("\n") + whole[CUT_AT:]
    return text


def choice(choices: tuple[str, ...], *, empty: bool = False) -> Form:
    """Return the form of a field that is one of a few codes; capitals are the reader's affair.

    Examples
    --------
    >>> choice(("yes", "no")).read("Yes", None, Known())
    'yes'
    """

    def read(text: str, was: Any, known: Known) -> str | None:
        if not text and empty:
            return None
        codes = {code.casefold(): code for code in choices}
        if text.casefold() not in codes:
            raise Misread(one_of(choices, found=text or None) + (" or nothing" if empty else ""))
        return codes[text.casefold()]

    return Form(write=_plain, read=read, choices=choices)


def _plain(value: Any) -> Cell:
    return "" if value is None else value


def _read_text(text: str, was: Any, known: Known) -> str:
    return visible(text)


def _read_person(text: str, was: Any, known: Known) -> str:
    return named(text)


def _read_date(text: str, was: Any, known: Known) -> str:
    if text and not is_date(text):
        raise Misread("a date such as 2027, 2027-03 or 2027-03-01")
    return text


def _read_number(text: str, was: Any, known: Known) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise Misread("a number such as 12.5") from error
    return number


def _read_whole(text: str, was: Any, known: Known) -> int | None:
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Misread("a whole number such as 2030") from error


def _items(text: str) -> list[str]:
    """Return what stands between semicolons, each once."""
    return list(dict.fromkeys(item for part in text.split(";") if (item := part.strip())))


def _read_list(text: str, was: Any, known: Known) -> tuple[str, ...]:
    return tuple(_items(text))


def _write_crossings(value: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join(" x ".join(names) for names in value)


def _read_crossings(text: str, was: Any, known: Known) -> tuple[tuple[str, ...], ...]:
    crossings = tuple(
        tuple(name.strip() for name in re.split(r"(?:^|\s)[xX×](?:\s|$)", item))
        for item in _items(text)
    )
    for names in crossings:
        if "" in names or len(set(names)) < len(names):
            raise Misread("characteristics such as sex; sex x urbanisation, none of them twice")
    return crossings


def _write_groups(value: tuple[Tag, ...]) -> str:
    return "; ".join(tag.code for tag in value)


def _read_groups(text: str, was: Any, known: Known) -> tuple[Tag, ...]:
    return _tags(dict.fromkeys(_items(text)), was or (), known.groups)


def _write_concepts(value: tuple[Tag, ...]) -> str:
    return "; ".join(f"{tag.code} {tag.grade}" for tag in value)


def _read_concepts(text: str, was: Any, known: Known) -> tuple[Tag, ...]:
    grades: dict[str, Grade | None] = {}
    for item in _items(text):
        code, _, last = item.rpartition(" ")
        if code in known.concepts and last in GRADE:
            grades[code] = GRADE[last]
        else:
            grades[item] = None
    return _tags(grades, was or (), known.concepts)


def _tags(
    grades: dict[str, Grade | None], was: tuple[Tag, ...], known: Collection[str]
) -> tuple[Tag, ...]:
    """Return tags with these codes; those that were there keep their causes and grade."""
    for code in grades:
        if code not in known:
            raise Misread(
                f"codes of the vocabulary with ; between them: {code!r} is none, but "
                + one_of(sorted(known), found=code)
            )
    before = {tag.code: tag for tag in was}
    tags = []
    for code, grade in grades.items():
        tag = before.get(code, Tag(code=code))
        tags.append(tag if grade is None else replace(tag, grade=grade))
    return tuple(tags)


def _read_from(name: str) -> Callable[[str, Any, Known], str]:
    """Return what reads a cell that names one of the things known."""

    def read(text: str, was: Any, known: Known) -> str:
        names = getattr(known, name)
        if text not in names:
            listed = one_of(list(names), found=text or None, noun=name) if names else "nothing"
            raise Misread(f"one of the {name} of the review: {listed}")
        return text

    return read


def _read_clause(text: str, was: Any, known: Known) -> str:
    return _read_from("clauses")(text, was, known) if text else ""


def _read_sources(text: str, was: Any, known: Known) -> tuple[str, ...]:
    codes = _items(text)
    for code in codes:
        _read_from("sources")(code, was, known)
    return tuple(codes)


def _read_about(text: str, was: Any, known: Known) -> str:
    first = text.partition(" ")[0]
    if first:
        _read_from("issues")(first, was, known)
    return text


TEXT = Form(write=_plain, read=_read_text)
PERSON = Form(write=_plain, read=_read_person)
DAY = Form(write=_plain, read=_read_date)
NUMBER = Form(write=_plain, read=_read_number)
YEAR = Form(write=_plain, read=_read_whole)
LIST = Form(write="; ".join, read=_read_list)
CROSSINGS = Form(write=_write_crossings, read=_read_crossings)
GROUPS = Form(write=_write_groups, read=_read_groups)
CONCEPTS = Form(write=_write_concepts, read=_read_concepts)
SOURCES = Form(write="; ".join, read=_read_sources)
CLAUSE = Form(write=_plain, read=_read_clause)
ISSUE = Form(write=_plain, read=_read_from("issues"))
FRAMEWORK = Form(write=_plain, read=_read_from("frameworks"))
ABOUT = Form(write=_plain, read=_read_about)
