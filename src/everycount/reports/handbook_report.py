"""Turn a metadata handbook into its pages: by a template, in a language, for readers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from everycount.io.handbook_words import language_name, page_words
from everycount.io.handbooks import shipped_fields
from everycount.model.framework import Framework
from everycount.model.handbook import STATES, Entry, Handbook, Item, Part, Preset, Shown
from everycount.model.indicator import wording
from everycount.reports.handbook_page import (
    Group,
    HandbookPage,
    IndicatorPage,
    Paper,
    Section,
    Sign,
)
from everycount.reports.policy_printable import printable
from everycount.repository.handbook import Completeness, completeness, published, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What every part of the page is made with."""

    handbook: Handbook
    preset: Preset
    language: str
    words: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    scores: Mapping[str, Completeness]

    def title(self, part: Part, item: Item) -> str:
        """Return the title of a field: in English as the template has it."""
        if item.concept == part.concept:
            return wording(part.title, self.language)
        own = item.title if self.language.partition("-")[0] == "en" else ""
        return own or wording(self.titles[item.field], self.language)

    def shown(self, entry: Entry, name: str) -> Shown | None:
        """Return a text in the language, else in the one written first, else in English."""
        return entry.shown(name, self.language, self.handbook.language, "en")


def handbook_report(
    handbook: Handbook,
    preset: Preset,
    *,
    language: str = "",
    framework: Framework | None = None,
    date: str = "",
    with_persons: bool = False,
    files: Mapping[str, str] | None = None,
) -> HandbookPage:
    r"""Return the pages of a handbook.

    Parameters
    ----------
    handbook : Handbook
        What is known.
    preset : Preset
        Template that it is shown by: fields it does not have are left out.
    language : str, optional
        Language of the pages; that of the handbook if left out. A text that is not translated
        stands in another language and says so.
    framework : Framework, optional
        The set, whose groups order the indicators.
    date : str, optional
        Date of this edition.
    with_persons : bool
        Whether names of persons and how to reach them are shown.
    files : mapping of str to str, optional
        Files of the same handbook in other languages, by language.

    Returns
    -------
    HandbookPage
        The same arguments give the same pages.

    Examples
    --------
    >>> from everycount.io.handbooks import shipped_presets
    >>> book = Handbook(id="h", version="1", title={"en": "Handbook"}, framework="f@1")
    >>> handbook_report(book, shipped_presets()["sdg"]).finding
    'What is known of 0 indicators: on average 0\xa0% of what the template asks for is filled in.'
    """
    fields = shipped_fields()
    spoken = language or handbook.language
    book = handbook if with_persons else published(handbook, fields)
    found = completeness(book, preset, language=spoken, without_language=fields.without_language)
    reading = _Reading(
        handbook=book,
        preset=preset,
        language=spoken,
        words=page_words(spoken),
        titles={field.id: field.title for field in fields.fields},
        scores={each.indicator: each for each in found},
    )
    groups = tuple(_groups(reading, framework))
    title = wording(book.title, spoken) if book.title else book.id
    page = HandbookPage(
        title=title,
        language=spoken,
        kicker=tuple(filter(None, (reading.words["handbook"], book.publisher, date))),
        finding=_finding(reading, found),
        notices=tuple(_notices(reading, groups, with_persons=with_persons)),
        words=reading.words,
        groups=groups,
        facts=tuple(_facts(reading, framework, date)),
        others=tuple(
            (code, language_name(code, code), file)
            for code, file in (files or {}).items()
            if code != spoken
        ),
    )
    return printable(page)


def _finding(reading: _Reading, found: Sequence[Completeness]) -> str:
    """Return how much is filled in, in a sentence."""
    share = sum(each.score for each in found) / len(found) if found else 0.0
    return reading.words["finding"].format(count=f"{len(found):,}", share=percent(share))


def percent(share: float) -> str:
    r"""Return a share in whole per cent; never 100 unless it is all.

    Examples
    --------
    >>> [percent(share).replace("\u00a0", " ") for share in (0.666, 0.999, 1.0)]
    ['67 %', '99 %', '100 %']
    """
    return f"{min(round(100 * share), 99 if share < 1 else 100)}\u00a0%"


def _notices(reading: _Reading, groups: Sequence[Group], *, with_persons: bool) -> Iterator[str]:
    """Yield what must be known before anything else."""
    words = reading.words
    texts = [
        text
        for group in groups
        for page in group.indicators
        for section in page.sections
        for text in section.texts
    ]
    drafts = sum(("line", words["draft"]) in text.tags for text in texts)
    if texts and drafts == len(texts):
        yield words["all_draft"]
    elif drafts:
        yield words["some_draft"].format(draft=words["draft"])
    others = sum(text.is_foreign for text in texts)
    if others:
        yield words["fallback"].format(count=f"{others:,}")
    if not with_persons:
        yield words["personal"]


def _facts(reading: _Reading, framework: Framework | None, date: str) -> Iterator[tuple[str, str]]:
    """Yield what the handbook is, with labels."""
    book, words = reading.handbook, reading.words
    named = f"{wording(framework.title, reading.language)} ({book.framework})" if framework else ""
    said = {
        "framework": named or book.framework,
        "template": f"{reading.preset.title}, {reading.preset.version}",
        "publisher": book.publisher,
        "source": book.source,
        "version": book.version,
        "date": date,
    }
    yield from ((words[name], text) for name, text in said.items() if text)


def _groups(reading: _Reading, framework: Framework | None) -> Iterator[Group]:
    """Yield the groups of the framework with their indicators, then those in none."""
    left = dict(reading.handbook.by_indicator)
    for at, top in enumerate(framework.children() if framework else ()):
        keys = [each.key for each in framework.within(top.code)] if framework else []
        entries = [left.pop(key) for key in dict.fromkeys(keys) if key in left]
        if entries:
            title = f"{top.code}. {wording(top.title, reading.language)}"
            yield _group(reading, f"g-{at + 1}", title, entries)
    if left:
        is_all = len(left) == len(reading.handbook.entries)
        title = reading.words["indicators" if is_all else "others"]
        yield _group(reading, "g-0", title, list(left.values()))


def _group(reading: _Reading, id: str, title: str, entries: Sequence[Entry]) -> Group:
    """Return some indicators under a title."""
    pages = tuple(_indicator(reading, entry) for entry in entries)
    return Group(id=id, title=title, indicators=pages)


def _indicator(reading: _Reading, entry: Entry) -> IndicatorPage:
    """Return the page of an indicator."""
    score = reading.scores[entry.indicator]
    code = reading.shown(entry, "code")
    titles = entry.title or {reading.language: entry.indicator}
    order = (reading.language, "en", *titles)
    spoken = next(each for each in order if each in titles)
    sections = [_section(reading, entry, part) for part in reading.preset.parts]
    known = {item.field: (part, item) for part in reading.preset.parts for item in part.items}
    missing = [
        wording(known[name][0].title, reading.language)
        if reading.preset.is_merged
        else reading.title(*known[name])
        for name in score.missing
        if reading.shown(entry, name) is None or reading.preset.is_merged
    ]
    return IndicatorPage(
        id="i-" + re.sub(r"[^\w-]+", "_", entry.indicator),
        code=code.text if code else entry.indicator,
        title=titles[spoken],
        title_language=spoken,
        score=percent(score.score),
        sections=tuple(each for each in sections if each.texts),
        missing="; ".join(missing),
    )


def _section(reading: _Reading, entry: Entry, part: Part) -> Section:
    """Return a heading of the template with the texts under it."""
    is_alone = len(part.items) == 1 and part.items[0].concept == part.concept
    texts = [_paper(reading, entry, part, item) for item in part.items]
    is_shown = not is_alone and len(reading.preset.parts) > 1
    return Section(
        number=part.number if is_shown else "",
        title=wording(part.title, reading.language) if is_shown else "",
        texts=tuple(each for each in texts if each),
    )


def _paper(reading: _Reading, entry: Entry, part: Part, item: Item) -> Paper | None:
    """Return a text with what is to be known of it."""
    found = reading.shown(entry, item.field)
    if found is None:
        return None
    words, tags = reading.words, list[tuple[Sign, str]]()
    has_language = item.field not in shipped_fields().without_language
    is_foreign = has_language and found.language != reading.language
    if is_foreign:
        name = language_name(found.language, reading.language)
        tags.append(("warn", words["only_in"].format(language=name)))
    elif standing(entry, item.field, found.language, reading.handbook.language) == "stale":
        tags.append(("warn", words["stale"]))
    if found.state != STATES[-1]:
        tags.append(("line", words[found.state]))
    paragraphs = [each.strip() for each in re.split(r"\n\s*\n", found.text.strip())]
    return Paper(
        number="" if reading.preset.is_merged else item.number,
        title=reading.title(part, item),
        paragraphs=tuple(paragraphs),
        language=found.language,
        is_foreign=is_foreign,
        tags=tuple(tags),
    )
