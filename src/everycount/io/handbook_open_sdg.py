"""Read the metadata of an Open SDG repository: one page an indicator, YAML above Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lxml import html

from everycount.io.handbook_gather import Gathering, find_key
from everycount.io.handbook_headings import find_field, simple
from everycount.io.handbook_minimum_set import plain_text
from everycount.io.handbooks import shipped_presets
from everycount.io.importers.open_sdg_metadata import OpenSdgMetadata, read
from everycount.model.framework import Framework

SOURCE = re.compile(r"source_(?P<part>[a-z_]+?)_(?P<number>\d+)")
"""Key of one of several sources, such as source_organisation_2. Open SDG, metadata format."""
PARTS = {
    "organisation": "",
    "url_text": "",
    "url": "",
    "geographical_coverage": "Area",
    "periodicity": "Frequency",
    "earliest_available": "First available",
    "release_date": "Released",
    "next_release": "Next release",
    "statistical_classification": "Classification",
    "other_info": "",
}
"""Parts of a source in the order they are written, with what is written before them."""
SETTINGS = re.compile(
    r"(graph|data_(show|keywords|start|non|geocode|map|precision|notice|chart)|csv|embedded|page|permalink|layout|sort|"
    r"indicator_sort|auto_progress|progress|tags|source_active|precision|indicator_name$|target_name$)"
)
"""Keys that steer how a site shows an indicator, or that are keys of its translations."""
WORDS = {
    "reporting_status": "Reporting status",
    "data_footnote": "Footnote",
    "data_footnotes": "Footnote",
    "other_info": "Other information",
}
"""Keys whose text says more with their name before it."""
LINKS = {"goal_meta_link": "goal_meta_link_text"}
"""Keys of addresses, with those of their words."""
SCOPE = re.compile(
    r"(?:(?P<before>global|national)_)?(?P<key>.+?)(?:__(?P<behind>GLOBAL|NATIONAL))?"
)
"""What a field of the site is said of: national and global texts stand in fields of their own."""


def is_page(path: Path) -> bool:
    """Tell whether a file is named as these pages are, such as 5-5-1.md."""
    return (
        path.suffix.lower() in {".md", ".yml", ".yaml"}
        and re.match(r"\d+-\w+-\w+", path.stem) is not None
    )


def read_open_sdg(gathering: Gathering, paths: Sequence[Path], framework: Framework) -> None:
    """Read pages of an Open SDG repository.

    What is said of the global indicator and what is said of the national one stay apart: the
    name and the other name, and, for other fields, the comment with its scope before it.

    Parameters
    ----------
    gathering : Gathering
        Where texts go.
    paths : sequence of Path
        The pages.
    framework : Framework
        The set of indicators.

    Raises
    ------
    NotFound
        If a file is not there.
    InputError
        With what is wrong with the YAML of a page.
    """
    settings: dict[str, None] = {}
    for path in paths:
        page = read(path)
        key = find_key(framework, page.fields.get("indicator_number") or path.stem)
        settings |= dict.fromkeys(_read_page(gathering, key, page))
    if settings:
        names = ", ".join(sorted(settings))
        gathering.notes.append(
            f"Settings of the site and keys of its translations say nothing of an indicator and "
            f"are left out: {names}."
        )


def _read_page(gathering: Gathering, key: str, page: OpenSdgMetadata) -> Iterator[str]:
    """Put what a page says where it belongs, and yield the keys that say nothing of it."""
    gathering.begin(key)
    fields = dict(page.fields)
    _put_sources(gathering, key, fields)
    for address, words in LINKS.items():
        texts = (fields.pop(words, ""), fields.pop(address, ""))
        gathering.put(key, "references", ": ".join(filter(None, texts)))
    for name, value in fields.items():
        if SETTINGS.match(name):
            yield name
            continue
        _put(gathering, key, name, text_of(value))
    if page.body:
        gathering.put(key, "comment", f"Page text: {text_of(page.body)}")


def _put(gathering: Gathering, key: str, name: str, text: str) -> None:
    """Put one text where it belongs."""
    if label := WORDS.get(name):
        text = f"{label}: {text}" if text else ""
        gathering.put(key, find_field(name) or "comment", text)
        return
    preset = shipped_presets()["sdg"]
    if found := find_field(name, preset):
        gathering.put(key, found, text)
        return
    scoped = SCOPE.fullmatch(name)
    scope = (scoped["before"] or scoped["behind"] or "") if scoped else ""
    field = find_field(scoped["key"], preset) if scoped and scope else None
    if field and scope.lower() == "national":
        gathering.put(key, field, text)
    elif field:
        title = scoped["key"] if scoped else name
        gathering.put(key, "comment", f"Global, {title}: {text}" if text else "")
    else:
        gathering.stranger(key, name, text)


def _put_sources(gathering: Gathering, key: str, fields: dict[str, str]) -> None:
    """Take the numbered sources out of the fields and put each as a paragraph."""
    sources: dict[int, dict[str, str]] = {}
    for name in list(fields):
        if found := SOURCE.fullmatch(name):
            sources.setdefault(int(found["number"]), {})[found["part"]] = fields.pop(name)
    many = sum(any(part in PARTS for part in each) for each in sources.values()) > 1
    for number, parts in sorted(sources.items()):
        gathering.put(key, "contact_email", parts.pop("contact", ""))
        is_active = parts.pop("active", "true").lower() != "false"
        text = _source(parts)
        if text:
            kept = "" if is_active else "not in use; "
            gathering.put(key, "sources", f"{number}. {kept}{text}" if many else kept + text)


def _source(parts: Mapping[str, str]) -> str:
    """Return a source in words."""
    order = [*PARTS, *(part for part in parts if part not in PARTS)]
    said = []
    for part in order:
        if text := text_of(parts.get(part, "")):
            label = PARTS.get(part, part.replace("_", " "))
            said.append(f"{label}: {text}" if label else text)
    return "; ".join(said)


def text_of(value: str) -> str:
    r"""Return a value with the tags of a page taken out, paragraphs apart.

    Examples
    --------
    >>> text_of('<p>See <a href="https://a.org">A &amp; B</a>.</p><p>Two</p>')
    'See A & B (https://a.org).\n\nTwo'
    """
    if not re.search(r"</?[a-zA-Z][^>]*>", value):
        return plain_text(value)
    root = html.fragment_fromstring(value, create_parent="div")
    for link in root.iter("a"):
        address = (link.get("href") or "").strip()
        words = "".join(link.itertext()).strip()
        if address and simple(address) != simple(words):
            link.tail = f" ({address}){link.tail or ''}"
    for block in root.iter("p", "div", "br", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4"):
        block.text = f"\n\n{block.text or ''}"
        block.tail = f"\n\n{block.tail or ''}"
    lines = [" ".join(line.split()) for line in "".join(root.itertext()).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
