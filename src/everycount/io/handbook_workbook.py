"""Take a handbook into an Excel workbook that people write in, and back."""

import base64
import binascii
import io
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast, get_args

import openpyxl
import xlsxwriter

from everycount.errors import InputError, Problem
from everycount.io.files import digest, read_bytes
from everycount.io.handbooks import handbook_bytes, parse_handbook, shipped_fields
from everycount.io.review_workbook_cells import cell_text, shown, uncut
from everycount.io.words import one_of
from everycount.io.workbook import demand_modest, refusing
from everycount.model.handbook import STATES, Handbook, Preset, State, Text
from everycount.model.indicator import wording
from everycount.repository.handbook import write_text

SHEET = "Texts"
CARRIER = "everycount"
"""Hidden sheet with the handbook as it was written out, by which changes are told."""
LAYOUT = "everycount-handbook-workbook/1"
PIECE = 32_000
"""Letters of the carried handbook in one cell; Excel takes 32,767."""
LARGEST = 2**30
"""Bytes that the carried handbook may unfold to."""
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""The same in every workbook, so that the same handbook gives the same bytes."""
KEYS = ("indicator", "field")
LABELS = ("code", "title", "heading")
GREY = "#EDEDED"
EXPECTED = "the workbook of a handbook (.xlsx)"
STATE = " state"
"""Behind the language, in the head of the column that says how its texts stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookEdits:
    """What came back in a workbook."""

    base: Handbook
    """The handbook that the workbook was made from."""
    theirs: Handbook
    """The same with what people changed."""
    notices: tuple[str, ...]
    """What a person should know: rows that are not there any more, columns not read."""


def handbook_workbook(
    handbook: Handbook, preset: Preset, *, languages: Sequence[str] = ()
) -> bytes:
    """Return a workbook with a row for each indicator and field, and a column for each language.

    Parameters
    ----------
    handbook : Handbook
        What there is.
    preset : Preset
        Template whose fields are shown; texts of other fields stay as they are.
    languages : sequence of str, optional
        Languages to write in; those of the handbook if left out.

    Returns
    -------
    bytes
        An ``.xlsx`` file. Every text is a text, also one that begins as a formula does. A hidden
        sheet carries the handbook, by which `read_handbook_workbook` tells what changed. The
        same handbook gives the same bytes.

    Examples
    --------
    >>> from everycount.io.handbooks import shipped_presets
    >>> book = Handbook(id="h", version="1", title={"en": "H"}, framework="f@1")
    >>> handbook_workbook(book, shipped_presets()["sdg"])[:2]
    b'PK'
    """
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": CREATED})
        _write_texts(book, handbook, preset, tuple(languages) or handbook.languages)
        _carry(book, handbook_bytes(handbook))
    return stream.getvalue()


def _write_texts(
    book: xlsxwriter.Workbook, handbook: Handbook, preset: Preset, languages: Sequence[str]
) -> None:
    """Write the sheet that people write in."""
    usual = {"valign": "top", "text_wrap": True, "num_format": "@"}
    head = book.add_format({**usual, "bold": True, "bottom": 1, "bg_color": GREY})
    locked = book.add_format({**usual, "bg_color": GREY})
    is_open = book.add_format({**usual, "locked": False})
    sheet = book.add_worksheet(SHEET)
    titles = [*KEYS, *LABELS, *(name for each in languages for name in (each, each + STATE))]
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, head)
    first = len(KEYS) + len(LABELS)
    rows = list(_rows(handbook, preset, languages))
    for line, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            style = locked if at < first else is_open
            text = shown(value)
            if text:
                sheet.write_string(line, at, str(text), style)
            else:
                sheet.write_blank(line, at, None, style)
    for at, width in enumerate((12, 18, 10, 36, 26)):
        sheet.set_column(at, at, width)
    for at in range(len(languages)):
        sheet.set_column(first + 2 * at, first + 2 * at, 60)
        state = first + 2 * at + 1
        sheet.set_column(state, state, 11)
        choice: dict[str, Any] = {"validate": "list", "source": list(STATES)}
        sheet.data_validation(1, state, max(1, len(rows)), state, choice)
    sheet.freeze_panes(1, first)
    sheet.autofilter(0, 0, max(1, len(rows)), len(titles) - 1)
    allowed = ("autofilter", "format_cells", "format_columns", "format_rows", "sort")
    sheet.protect("", dict.fromkeys(allowed, True))


def _rows(handbook: Handbook, preset: Preset, languages: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows: keys, labels, then text and state by language."""
    fields = shipped_fields().by_id
    names = tuple(dict.fromkeys(item.field for item in preset.items))
    for entry in handbook.entries:
        code = entry.shown("code", handbook.language)
        title = wording(entry.title) if entry.title else ""
        for name in names:
            texts = entry.fields.get(name, {})
            cells = [texts.get(each, Text(text="")) for each in languages]
            heading = wording(fields[name].title, handbook.language)
            yield [
                *(entry.indicator, name),
                *(code.text if code else entry.indicator, title, heading),
                *(word for each in cells for word in (each.text, each.state if each.text else "")),
            ]


def _carry(book: xlsxwriter.Workbook, written: bytes) -> None:
    """Write the handbook into a hidden sheet."""
    sheet = book.add_worksheet(CARRIER)
    letters = base64.b64encode(zlib.compress(written, 6)).decode()
    pieces = [letters[at : at + PIECE] for at in range(0, len(letters), PIECE)]
    for at, text in enumerate([LAYOUT, digest(written), *pieces]):
        sheet.write_string(at, 0, text)
    sheet.very_hidden()


def read_handbook_workbook(path: Path | str, *, by: str, date: str) -> HandbookEdits:
    """Read a workbook that people wrote in.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.
    by : str
        Who wrote in it.
    date : str
        When.

    Returns
    -------
    HandbookEdits
        The handbook it was made from, and what it is with the changes. A text that changed is a
        draft again unless its state was changed too. Rows may have been sorted or filtered.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault and its row: indicators or fields that do not exist or stand twice,
        states that are none; or why the file is no workbook of a handbook.
    """
    subject = "standard input" if str(path) == "-" else Path(path).name
    sheets = _cells(read_bytes(path), subject)
    base = _carried(sheets.get(CARRIER, []), subject)
    rows = sheets.get(SHEET, [])
    head = [cell_text(cell) for cell in rows[0]] if rows else []
    lacking = [name for name in KEYS if name not in head]
    if lacking:
        where = f"sheet {SHEET}, header"
        problem = Problem(
            where, f"no column {', '.join(lacking)}", "the columns as they were named"
        )
        raise InputError(subject, [problem])
    reading = _Reading(base, head, by=by, date=date)
    for number, row in enumerate(rows[1:], 2):
        reading.row(number, [cell_text(cell) for cell in row])
    if reading.problems:
        raise InputError(subject, reading.problems)
    return HandbookEdits(base=base, theirs=reading.book(), notices=tuple(reading.notices()))


class _Reading:
    """A sheet being read against the handbook that it was made from."""

    def __init__(self, base: Handbook, head: list[str], *, by: str, date: str) -> None:
        self.base, self.head, self.by, self.date = base, head, by, date
        self.entries = dict(base.by_indicator)
        self.languages = [each.removesuffix(STATE) for each in head if each.endswith(STATE)]
        self.changed: list[tuple[str, str, str, Text]] = []
        self.seen: dict[tuple[str, str], int] = {}
        self.problems: list[Problem] = []

    def row(self, number: int, cells: list[str]) -> None:
        """Read one row."""
        said = dict(zip(self.head, cells, strict=False))
        if not any(cells):
            return
        key = (said["indicator"], said["field"])
        where = f"sheet {SHEET}, row {number}"
        if fault := self._fault(key):
            self.problems.append(Problem(where, *fault))
            return
        self.seen[key] = number
        for language in self.languages:
            self._text(f"{where}, {language}", key, language, said)

    def _fault(self, key: tuple[str, str]) -> tuple[str, str] | None:
        """Return what is wrong with the name of a row, and what was expected."""
        indicator, name = key
        if indicator not in self.entries:
            near = one_of(sorted(self.entries), found=indicator, noun="indicators")
            return f"the indicator {indicator!r}", near
        if name not in shipped_fields().by_id:
            return f"the field {name!r}", one_of(list(shipped_fields().by_id), found=name)
        if key in self.seen:
            return f"{indicator}, {name} again", f"each once; it stands in row {self.seen[key]}"
        return None

    def _text(self, where: str, key: tuple[str, str], language: str, said: dict[str, str]) -> None:
        """Read the text of a language with its state."""
        old = self.entries[key[0]].fields.get(key[1], {}).get(language, Text(text=""))
        text = uncut(said.get(language, ""), old.text)
        state = said.get(language + STATE, "").lower()
        is_same = text == cell_text(old.text)
        if is_same and state in (old.state if old.text else "", ""):
            return
        if state and state not in get_args(State):
            self.problems.append(
                Problem(f"{where}{STATE}", repr(state), f"one of {', '.join(STATES)}")
            )
            return
        if not text and not old.text:
            return
        told = "draft" if not is_same and state == old.state else state or "draft"
        words = old.text if is_same else text
        self.changed.append((*key, language, Text(text=words, state=cast("State", told))))

    def book(self) -> Handbook:
        """Return the handbook with what was changed."""
        book = self.base
        originals = sorted(self.changed, key=lambda each: each[2] != self.base.language)
        for indicator, name, language, text in originals:
            old = book.by_indicator[indicator].fields.get(name, {}).get(language)
            if old and old.text == text.text:
                book = _with_state(book, indicator, name, language, text.state)
                continue
            book = write_text(
                book,
                indicator,
                name,
                language=language,
                text=text.text,
                by=self.by,
                date=self.date,
                state=text.state,
            )
        return book

    def notices(self) -> Iterator[str]:
        """Yield what a person should know."""
        known = {*KEYS, *LABELS, *self.languages, *(each + STATE for each in self.languages)}
        unread = [each for each in self.head if each and each not in known]
        if unread:
            yield f"sheet {SHEET}: columns not read: {', '.join(map(repr, unread))}"


def _with_state(book: Handbook, indicator: str, name: str, language: str, state: State) -> Handbook:
    """Return the handbook with another state of a text; who wrote it stays."""
    entry = book.by_indicator[indicator]
    texts = entry.fields[name]
    changed = {**texts, language: replace(texts[language], state=state)}
    new = replace(entry, fields={**entry.fields, name: changed})
    entries = tuple(new if each.indicator == indicator else each for each in book.entries)
    return replace(book, entries=entries)


def _cells(source: bytes, subject: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the sheets by name."""
    with refusing(subject, expected=EXPECTED), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lists and styles of other programs
        demand_modest(source, subject)
        book = openpyxl.load_workbook(io.BytesIO(source), read_only=True, data_only=True)
        return {
            page.title: list(page.iter_rows(values_only=True))
            for page in book.worksheets
            if page.title in (SHEET, CARRIER)
        }


def _carried(rows: list[tuple[Any, ...]], subject: str) -> Handbook:
    """Return the handbook that a workbook was made from."""
    cells = [cell_text(row[0]) for row in rows if row]
    expected = "the hidden sheet that Everycount wrote; without it changes cannot be told"
    written = b""
    if cells[:1] == [LAYOUT]:
        unfolding = zlib.decompressobj()
        try:
            letters = base64.b64decode("".join(cells[2:]), validate=True)
            written = unfolding.decompress(letters, LARGEST)
        except (binascii.Error, ValueError, zlib.error):
            written = b""
    if not written or digest(written) != cells[1]:
        found = "another one" if cells else "nothing"
        raise InputError(subject, [Problem(f"sheet {CARRIER}", found, expected)])
    return parse_handbook(written, subject=f"{subject}, sheet {CARRIER}")
