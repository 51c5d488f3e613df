"""Read metadata that an office keeps in Excel: a sheet an indicator, or a row an indicator."""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from everycount.io.files import read_bytes
from everycount.io.handbook_gather import Gathering, find_key
from everycount.io.handbook_headings import find_field, simple
from everycount.io.review_workbook_cells import cell_text
from everycount.io.workbook import demand_modest, refusing
from everycount.model.framework import Framework
from everycount.model.handbook import Preset
from everycount.model.indicator import LANGUAGE

CODE = frozenset({"code", "key", "indicator code", "indicator number", "indicator id", "indicator"})
"""Heads of the column, or of the row, that names the indicator."""
HEADS = frozenset({"concept", "concept id", "field", "heading", "title", "item"})
"""Heads of the column of concepts, in a sheet that has a head."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the texts of a sheet go."""

    gathering: Gathering
    framework: Framework
    preset: Preset | None


def read_excel_metadata(
    gathering: Gathering, path: Path, framework: Framework, *, preset: Preset | None = None
) -> None:
    """Read a workbook of metadata.

    A sheet whose first row is `code` and headings has a row for each indicator; ``heading [vi]``
    is a heading whose texts are Vietnamese. Any other sheet is of one indicator, which a row
    `code` or else the sheet's own name tells: concepts or headings stand in the first column,
    texts in the second; where a first row names languages, each has a column.

    Parameters
    ----------
    gathering : Gathering
        Where texts go.
    path : Path
        The workbook.
    framework : Framework
        The set of indicators.
    preset : Preset, optional
        Template whose headings and numbers it has.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is no workbook.
    """
    place = _Place(gathering=gathering, framework=framework, preset=preset)
    for name, rows in _sheets(read_bytes(path), path.name):
        if rows and simple(rows[0][0]) in CODE and _is_wide(rows[0], preset):
            _read_wide(place, rows)
        elif rows:
            _read_columns(place, name, rows)


def _sheets(source: bytes, subject: str) -> Iterator[tuple[str, list[Row]]]:
    """Yield the sheets that show, with the rows that say something."""
    with refusing(subject), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and lists that openpyxl cannot show
        demand_modest(source, subject)
        book = openpyxl.load_workbook(io.BytesIO(source), data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                rows = [
                    tuple(cell_text(value) for value in row)
                    for row in sheet.iter_rows(values_only=True)
                ]
                yield sheet.title, [row for row in rows if any(row)]


def _is_wide(head: Row, preset: Preset | None) -> bool:
    """Tell whether the cells beside the first name fields: two, or the only one."""
    found = [find_field(_language(cell)[0], preset) for cell in head[1:] if cell]
    return sum(each is not None for each in found) >= min(2, len(found)) > 0


def _language(head: str) -> tuple[str, str]:
    """Return a heading and the language in brackets behind it."""
    words, _, rest = head.rpartition("[")
    tag = rest.rstrip().removesuffix("]")
    return (words.strip(), tag) if words and LANGUAGE.fullmatch(tag) else (head, "")


def _read_wide(place: _Place, rows: Sequence[Row]) -> None:
    """Read a sheet with a row for each indicator."""
    heads = [_language(cell) for cell in rows[0][1:]]
    for row in rows[1:]:
        if not row[0]:
            place.gathering.notes.append(f"A row without a code is left out: {'; '.join(row)!r}.")
            continue
        key = find_key(place.framework, row[0])
        place.gathering.begin(key)
        for (heading, language), text in zip(heads, row[1:], strict=True):
            _put(place, key, heading, text=text, language=language)


def _read_columns(place: _Place, name: str, rows: Sequence[Row]) -> None:
    """Read a sheet of one indicator: concepts and texts."""
    languages = [""]
    first = rows[0]
    tags = [cell for cell in first[1:] if cell]
    if simple(first[0]) in HEADS or (not first[0] and tags):
        are_tags = tags and all(LANGUAGE.fullmatch(tag) for tag in tags)
        languages = [cell or "" for cell in first[1:]] if are_tags else [""]
        rows = rows[1:]
    named = {simple(row[0]): row[1] for row in rows if len(row) > 1}
    code = next((named[head] for head in ("key", "code", *sorted(CODE)) if named.get(head)), name)
    key = find_key(place.framework, code)
    place.gathering.begin(key)
    for row in rows:
        texts = row[1:]
        if languages == [""]:
            texts = ("\n".join(filter(None, texts)),)
        for language, text in zip(languages, texts, strict=False):
            _put(place, key, row[0], text=text, language=language)


def _put(place: _Place, key: str, heading: str, *, text: str, language: str) -> None:
    """Put a text where its heading belongs; a code has told its indicator already."""
    if not heading and not text:
        return
    if name := find_field(heading, place.preset):
        place.gathering.put(key, name, text, language=language)
    else:
        place.gathering.stranger(key, heading or "Without a heading", text, language=language)
