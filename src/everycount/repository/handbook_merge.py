"""Merge a handbook with a copy of it that somebody changed, and tell what both changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from everycount.model.handbook import Entry, Handbook, Text

NOTHING = Text(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextConflict:
    """A text that two sides changed differently. The merged handbook has `mine`."""

    indicator: str
    field: str
    language: str
    base: str
    """As both had it before."""
    mine: str
    """As it is here, and stays."""
    theirs: str
    """As the other side has it."""


def merge_handbooks(
    base: Handbook, mine: Handbook, theirs: Handbook
) -> tuple[Handbook, tuple[TextConflict, ...]]:
    """Merge two handbooks that come from one, text by text.

    Parameters
    ----------
    base : Handbook
        As both had it.
    mine : Handbook
        As it is here.
    theirs : Handbook
        As the other side has it.

    Returns
    -------
    merged : Handbook
        Mine with every change of theirs that mine does not contradict.
    conflicts : tuple of TextConflict
        What both changed, and not to the same. Mine stays.

    Examples
    --------
    >>> def book(text):
    ...     entry = Entry(indicator="5a", fields={"unit": {"en": Text(text=text)}})
    ...     return Handbook(id="h", version="1", title={}, framework="f@1", entries=(entry,))
    >>> merged, conflicts = merge_handbooks(book("%"), book("%"), book("per cent"))
    >>> merged.entries[0].fields["unit"]["en"].text, conflicts
    ('per cent', ())
    >>> merge_handbooks(book("%"), book("percent"), book("per cent"))[1][0].theirs
    'per cent'
    """
    merged, conflicts = mine, list[TextConflict]()
    for indicator, name, language, now in _texts(theirs):
        was = _text(base, indicator, name, language)
        own = _text(merged, indicator, name, language)
        if _says(now) == _says(was) or _says(now) == _says(own):
            continue
        if _says(own) == _says(was):
            merged = _with(merged, indicator, name, language, text=now)
            continue
        conflicts.append(
            TextConflict(
                indicator=indicator,
                field=name,
                language=language,
                base=was.text,
                mine=own.text,
                theirs=now.text,
            )
        )
    return merged, tuple(conflicts)


def _texts(handbook: Handbook) -> Iterator[tuple[str, str, str, Text]]:
    """Yield every text with its indicator, field and language."""
    for entry in handbook.entries:
        for name, texts in entry.fields.items():
            for language, text in texts.items():
                yield entry.indicator, name, language, text


def _text(handbook: Handbook, indicator: str, name: str, language: str) -> Text:
    """Return a text, an empty one where there is none."""
    entry = handbook.by_indicator.get(indicator)
    return (entry.fields if entry else {}).get(name, {}).get(language, NOTHING)


def _says(text: Text) -> tuple[str, str]:
    """Return what of a text somebody may change; an empty one has no state."""
    return (text.text, text.state if text.text else "")


def _with(handbook: Handbook, indicator: str, name: str, language: str, *, text: Text) -> Handbook:
    """Return the handbook with a text as it is given; an empty one is taken out."""
    entry = handbook.by_indicator.get(indicator, Entry(indicator=indicator))
    texts = {**entry.fields.get(name, {}), language: text}
    kept = {each: own for each, own in texts.items() if own.text}
    fields = {**entry.fields, name: kept}
    changed = replace(entry, fields={each: own for each, own in fields.items() if own})
    entries = tuple(changed if each.indicator == indicator else each for each in handbook.entries)
    if indicator not in handbook.by_indicator:
        entries = (*entries, changed)
    languages = dict.fromkeys((*handbook.languages, language))
    return replace(handbook, entries=entries, languages=tuple(languages))
