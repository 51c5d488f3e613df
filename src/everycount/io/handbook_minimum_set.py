"""Read the metadata sheets of the UN Statistics Division's Minimum Set of Gender Indicators."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from everycount.errors import InputError, Problem
from everycount.io.files import read_bytes
from everycount.io.handbook_gather import Gathering, find_key
from everycount.io.handbook_headings import find_field, simple
from everycount.io.handbooks import shipped_presets
from everycount.model.framework import Framework

NAME = re.compile(
    r"(?P<label>Q?[IVX]+_\d+)(?:__(?P<indicator>I\w+?))?(?:__(?P<series>S\w+?))?__meta", re.A
)
"""Name of a sheet's file: printed code, then the ids of indicator and series in the catalogue."""
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
RULE = re.compile(r"^(-{3,}|\*{3,}|_{3,})$")
LABEL = re.compile(r"^\*\*(?P<words>[^*]+?):?\*\*:?\s*(?P<rest>.*)$")
"""A word in bold that begins a line: a part of the text, or whose name it is."""
LINK = re.compile(r"\[([^\]]*)\]\(((?:[^()\s]|\([^()\s]*\))*)\)")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|])")
"""Signs that Markdown lets stand for themselves. CommonMark 0.31, section 2.4."""
EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
CONTACT = "contact point in international agency"
PERSON = {
    "name": "contact_name",
    "agency": "contact_organisation",
    "title": "contact_function",
    "email": "contact_email",
    "website": "contact_website",
}
"""Labels of a contact, with their fields."""
OWN_FIELD = frozenset({"available_breakdowns"})
"""Fields that a label in bold begins, within the text of another: the sheets have
disaggregation under the method of computation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What the catalogue of the set says: labels and titles by its own ids."""

    labels: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    """By label."""
    series: Mapping[str, str] = field(default_factory=dict)


def is_sheet(path: Path) -> bool:
    """Tell whether a file is named as these sheets are."""
    return path.suffix.lower() == ".md" and NAME.match(path.name) is not None


def read_minimum_set(
    gathering: Gathering, paths: Sequence[Path], framework: Framework, *, catalogue: Path | None
) -> None:
    """Read sheets, several for one indicator where it has several series.

    Parameters
    ----------
    gathering : Gathering
        Where texts go.
    paths : sequence of Path
        The sheets.
    framework : Framework
        The set.
    catalogue : Path, optional
        Its catalogue (JSON), for the titles of series.

    Raises
    ------
    NotFound
        If a file is not there.
    InputError
        If the catalogue is none.
    """
    known = read_catalogue(catalogue) if catalogue else Catalogue()
    for path in paths:
        found = NAME.match(path.name)
        label = path.stem
        if found:
            label = known.labels.get(found["indicator"] or "", found["label"].replace("_", "."))
        series = (found["series"] or "") if found else ""
        about = known.series.get(series, series)
        key = find_key(framework, label)
        if label in known.titles:
            gathering.titles[key] = {"en": known.titles[label]}
        read_sheet(gathering, key, _decoded(gathering, path), about=about)


def read_catalogue(path: Path) -> Catalogue:
    """Read the catalogue of the set.

    Parameters
    ----------
    path : Path
        JSON: domains with indicators with series.

    Returns
    -------
    Catalogue

    Raises
    ------
    InputError
        If it is no such file.
    """
    try:
        indicators = [
            each for domain in json.loads(read_bytes(path)) for each in domain["INDICATORS"]
        ]
        labels = {each["INDICATOR_ID"]: each["INDICATOR_LABEL"] for each in indicators}
        titles = {each["INDICATOR_LABEL"]: each["INDICATOR_DESC"] for each in indicators}
        series = {
            part["SERIES_ID"]: part["SERIES_DESC"] for each in indicators for part in each["SERIES"]
        }
    except (ValueError, KeyError, TypeError) as error:
        expected = "the catalogue of the Minimum Set: domains with INDICATORS with SERIES"
        problem = Problem("file", f"something else ({error})", expected)
        raise InputError(path.name, [problem]) from error
    return Catalogue(labels=labels, titles=titles, series=series)


def read_sheet(gathering: Gathering, indicator: str, text: str, *, about: str = "") -> None:
    r"""Put what a sheet says where it belongs.

    Parameters
    ----------
    gathering : Gathering
        Where texts go.
    indicator : str
        Key of the indicator.
    text : str
        The sheet, in Markdown.
    about : str, optional
        Title of the series it is of, where the indicator has several.

    Examples
    --------
    >>> gathering = Gathering()
    >>> read_sheet(gathering, "I.1", "## Method of computation\nDivide.\n\n---\n## Data source")
    >>> from everycount.io.frameworks import load_framework
    >>> found = gathering.handbook(load_framework("un-minimum-set@2021"))
    >>> found.handbook.entries[0].fields["formula"]["en"].text
    'Divide.'
    """
    gathering.begin(indicator)
    preset = shipped_presets()["minimum-set"]
    for heading, lines in _sections(text):
        if simple(heading) == CONTACT:
            _contacts(gathering, indicator, lines)
            continue
        name = find_field(heading, preset) if heading else None
        if name is None:
            body = plain_text("\n".join(lines))
            if heading or body:
                words = heading or "Before the first heading"
                gathering.stranger(indicator, words, body)
            continue
        for part, own in _parts(lines, name):
            gathering.put(indicator, part, plain_text("\n".join(own)), about=about)


def plain_text(text: str) -> str:
    r"""Return Markdown as plain text: addresses behind their words, no marks of bold type.

    Examples
    --------
    >>> plain_text(r"_Seats_ \(of all\): [IPU](https://ipu.org), [a@b.org](mailto:a@b.org)")
    'Seats (of all): IPU (https://ipu.org), a@b.org'
    """
    found = EMPHASIS.sub(r"\2", LINK.sub(_link, text))
    return re.sub(r"\n{3,}", "\n\n", ESCAPE.sub(r"\1", found)).strip()


def _link(found: re.Match[str]) -> str:
    """Return a link as its words and its address, once if both are the same."""
    words, address = found[1].strip(), found[2].removeprefix("mailto:")
    # Marks of emphasis are looked for later, and addresses have low lines of their own.
    shown = re.sub(r"([_*])", r"\\\1", address)
    is_same = _bare(address) == _bare(words)
    return shown if is_same or not words else f"{words} ({shown})"


def _bare(address: str) -> str:
    """Return an address without what may be left out of it."""
    return re.sub(r"^https?://", "", address).rstrip("/")


def _decoded(gathering: Gathering, path: Path) -> str:
    """Return a file as text; one that is not UTF-8 is read as Windows writes, and noted."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        gathering.notes.append(
            f"{path.name} is not in UTF-8: it was read as Windows-1252, and some of its signs may "
            "not be what was written."
        )
        return content.decode("cp1252", errors="replace")


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield headings with their lines; the first has no heading."""
    heading, lines = "", list[str]()
    for line in text.splitlines():
        if found := HEADING.match(line):
            yield heading, lines
            heading, lines = found[1], []
        elif not RULE.match(line.strip()):
            lines.append(line)
    yield heading, lines


def _parts(lines: Sequence[str], name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield fields with their lines: those of the heading, then of labels that begin another."""
    own: list[str] = []
    for line in lines:
        found = LABEL.match(line.strip())
        begun = find_field(found["words"]) if found else None
        if found and begun in OWN_FIELD:
            yield name, own
            name, own = begun or name, [found["rest"]]
        elif found and not found["rest"]:
            own.append(found["words"])
        else:
            own.append(line)
    yield name, own


def _contacts(gathering: Gathering, indicator: str, lines: Sequence[str]) -> None:
    """Put the contacts of a sheet into their fields, one line for each person."""
    said: dict[str, list[str]] = {name: [] for name in PERSON.values()}
    for line in lines:
        found = LABEL.match(line.strip())
        name = PERSON.get(simple(found["words"])) if found else None
        if found and name:
            text = plain_text(found["rest"])
            if text and text not in said[name]:
                said[name].append(text)
        elif line.strip():
            # Who knows whether it names a person: it stays where such names are.
            said["contact_name"].append(plain_text(line))
    for name, texts in said.items():
        gathering.put(indicator, name, "\n".join(texts))
