"""Read a metadata template filled in with Word: headings with numbers such as 2.a, and texts."""

import re
from collections.abc import Iterator
from pathlib import Path

from everycount.errors import InputError, Problem
from everycount.io.files import read_bytes
from everycount.io.handbook_gather import Gathering, find_key
from everycount.io.handbook_headings import find_field, simple, split_number
from everycount.io.handbooks import shipped_presets
from everycount.io.word_text import read_word
from everycount.model.framework import Framework
from everycount.model.handbook import Preset
from everycount.policy.lines import Line

LONGEST = 120
"""Letters of a line that may be a heading; the longest of the SDG template has about 70."""
CODE = re.compile(r"\b(\d{1,2}\.[\da-z]{1,2}\.\d{1,2}|[A-Z]{0,2}\.?\d{1,2}[a-z]?)\b")
"""A code such as 5.5.1 or 5.b.1, in the line that names the indicator."""


def read_word_template(
    gathering: Gathering,
    path: Path,
    framework: Framework,
    *,
    preset: Preset | None = None,
    indicator: str = "",
) -> None:
    """Read a template that was filled in, for one indicator.

    A line is a heading if it has a number of the template and known words, or known words in a
    style for headings, or stands alone in the first cell of a row of two. What follows is its
    text, wherever it stands.

    Parameters
    ----------
    gathering : Gathering
        Where texts go.
    path : Path
        The file (.docx).
    framework : Framework
        The set of indicators.
    preset : Preset, optional
        The template; that of the SDGs if left out.
    indicator : str, optional
        Code of the indicator; the file tells it if left out.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is no Word file, or does not tell its indicator.
    """
    template = preset or shipped_presets()["sdg"]
    sections = list(_sections(path, template))
    key = _indicator(sections, path, framework, given=indicator)
    for heading, name, text in sections:
        if name:
            gathering.put(key, name, text)
        elif heading or text:
            gathering.stranger(key, heading or "Before the first heading", text)


def _sections(path: Path, preset: Preset) -> Iterator[tuple[str, str | None, str]]:
    """Yield headings, fields and texts; headings of the template's parts only with text."""
    heading, name, lines = "", "", list[str]()
    parts = {simple(title) for part in preset.parts for title in part.title.values()}
    for words, is_marked in _lines(path):
        found = _heading(words, preset, is_marked=is_marked, parts=parts)
        if found is None:
            lines.append(words)
            continue
        is_part = not name and simple(split_number(heading)[1]) in parts
        if lines or (heading and not is_part):
            yield heading, name or None, "\n".join(lines).strip()
        heading, name, lines = words, found, []
    yield heading, name or None, "\n".join(lines).strip()


def _heading(words: str, preset: Preset, *, is_marked: bool, parts: set[str]) -> str | None:
    """Return the field of a heading, empty for one without a field, None for what is none."""
    number, rest = split_number(words)
    if not words or len(words) > LONGEST or (number and not rest):
        return None
    is_numbered = re.fullmatch(r"\d\.[a-z]", number) is not None
    if not (is_marked or is_numbered or (number and simple(rest) in parts)):
        return None
    found = find_field(words, preset) if is_marked or is_numbered else find_field(rest, preset)
    # A sentence in the first cell of a row is no heading merely because of its place.
    return found or ("" if is_numbered or simple(rest) in parts or is_marked else None)


def _lines(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a file, and whether their place or style marks them as headings."""
    _, columns, _ = read_word(read_bytes(path), path.name)
    for column in columns:
        for element in column.elements:
            if isinstance(element, Line):
                yield element.text.strip(), bool(element.level)
                continue
            for row in element.rows:
                cells = [[line for line in cell if line.text.strip()] for cell in row]
                for at, cell in enumerate(cells):
                    is_label = at == 0 and len(cell) == 1 and len(cells) == 2
                    for line in cell:
                        yield line.text.strip(), is_label or bool(line.level)


def _indicator(
    sections: list[tuple[str, str | None, str]], path: Path, framework: Framework, *, given: str
) -> str:
    """Return the key of the indicator that a file is about."""
    if given:
        return find_key(framework, given)
    keys = {each.key for each in framework.indicators}
    told = {name: text for _, name, text in sections if name in {"code", "name"}}
    candidates = [told.get("code", ""), *CODE.findall(told.get("name", "")), path.stem]
    for text in candidates:
        if text and (key := find_key(framework, text)) in keys:
            return key
    problem = Problem(
        "indicator",
        told.get("name") or "nothing",
        f"a code of {framework.reference} in the heading Indicator, in the name of the file, or "
        "with --indicator",
    )
    raise InputError(path.name, [problem])
