"""How complete a handbook is, which translations are stale, and what changed between versions."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from everycount.model.handbook import Entry, FieldList, Handbook, Preset, State, Text, is_same_text

Standing = Literal["missing", "draft", "reviewed", "approved", "stale"]
STANDINGS: tuple[Standing, ...] = ("missing", "stale", "draft", "reviewed", "approved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How much of a template is filled in for one indicator and language."""

    indicator: str
    language: str
    required: int
    standings: Mapping[Standing, int]
    """How many required fields stand how."""
    missing: tuple[str, ...]
    """Required fields without a text."""
    stale: tuple[str, ...]
    """Required fields whose translation is older than what it translates."""

    @property
    def score(self) -> float:
        """Share of required fields that have a text, from 0 to 1; stale ones count half."""
        if not self.required:
            return 1.0
        stale = self.standings["stale"]
        return (self.required - self.standings["missing"] - stale / 2) / self.required

    @property
    def approved(self) -> float:
        """Share of required fields whose text is approved, from 0 to 1."""
        return self.standings["approved"] / self.required if self.required else 1.0


def completeness(
    handbook: Handbook,
    preset: Preset,
    *,
    language: str,
    without_language: Collection[str] = (),
) -> tuple[Completeness, ...]:
    """Return how complete each entry is in a language.

    Parameters
    ----------
    handbook : Handbook
        What there is.
    preset : Preset
        The template whose required fields count.
    language : str
        Language of the texts.
    without_language : collection of str, optional
        Fields that say the same in every language; the handbook's own text counts for all.

    Returns
    -------
    tuple of Completeness
        In the order of the entries.

    Examples
    --------
    >>> from everycount.model.handbook import Item, Part
    >>> part = Part(concept="DEF", title={}, items=(Item(field="concept", concept="D"),))
    >>> preset = Preset(id="p", version="1", title="P", source="own", parts=(part,))
    >>> entry = Entry(indicator="5a", fields={"concept": {"en": Text(text="Seats held by women")}})
    >>> book = Handbook(id="h", version="1", title={"en": "H"}, framework="f@1", entries=(entry,))
    >>> completeness(book, preset, language="en")[0].score
    1.0
    """
    required = requirements(preset)
    found = []
    for entry in handbook.entries:
        stands = {
            name: _least(
                standing(
                    entry,
                    each,
                    handbook.language if each in without_language else language,
                    handbook.language,
                )
                for each in fields
            )
            for name, fields in required.items()
        }
        values = list(stands.values())
        found.append(
            Completeness(
                indicator=entry.indicator,
                language=language,
                required=len(required),
                standings={each: values.count(each) for each in STANDINGS},
                missing=tuple(name for name, each in stands.items() if each == "missing"),
                stale=tuple(name for name, each in stands.items() if each == "stale"),
            )
        )
    return tuple(found)


def requirements(preset: Preset) -> Mapping[str, tuple[str, ...]]:
    """Return what a template requires, by field: the fields of which one at least must be there.

    At the main level of a template a heading is one text, known here by its first field.

    Parameters
    ----------
    preset : Preset
        The template.

    Returns
    -------
    mapping of str to tuple of str
        In the order of the template.

    Examples
    --------
    >>> from everycount.model.handbook import Item, Part
    >>> items = (Item(field="unit", concept="U"), Item(field="limits", concept="L"))
    >>> part = Part(concept="DEF", title={"en": "Definition"}, items=items)
    >>> preset = Preset(id="p", version="1", title="P", source="own", parts=(part,))
    >>> requirements(preset)
    {'unit': ('unit',), 'limits': ('limits',)}
    """
    if preset.is_merged:
        needed = [
            tuple(item.field for item in part.items if item.is_required) for part in preset.parts
        ]
        return {fields[0]: fields for fields in needed if fields}
    return {item.field: (item.field,) for item in preset.items if item.is_required}


def _least(found: Iterable[Standing]) -> Standing:
    """Return how a heading stands: as the least of its texts, those apart that are not there."""
    known = [each for each in found if each != "missing"]
    return min(known, key=STANDINGS.index) if known else "missing"


def standing(entry: Entry, name: str, language: str, original: str) -> Standing:
    """Return how a field stands in a language.

    A translation is stale when the text that it translates has changed since.
    """
    texts = entry.fields.get(name, {})
    found = texts.get(language)
    if found is None or not found.text.strip():
        return "missing"
    source = texts.get(original)
    if language != original and found.of and source and not is_same_text(found.of, source.text):
        return "stale"
    return found.state


def write_text(
    handbook: Handbook,
    indicator: str,
    name: str,
    *,
    language: str,
    text: str,
    by: str,
    date: str,
    state: State = "draft",
) -> Handbook:
    """Return the handbook with another text of a field.

    Parameters
    ----------
    handbook : Handbook
        What there is; it stays as it is.
    indicator, name : str
        Key of the indicator and field. An entry is begun where there is none.
    language, text : str
        The text and its language. A translation remembers the text that it translates.
    by, date : str
        Who wrote it, and when.
    state : {"draft", "reviewed", "approved"}
        How it stands.

    Returns
    -------
    Handbook
    """
    entry = handbook.by_indicator.get(indicator, Entry(indicator=indicator))
    texts = entry.fields.get(name, {})
    original = texts.get(handbook.language)
    of = original.text if language != handbook.language and original else ""
    new = Text(text=text, state=state, by=by, date=date, of=of)
    changed = replace(entry, fields={**entry.fields, name: {**texts, language: new}})
    entries = tuple(changed if each.indicator == indicator else each for each in handbook.entries)
    if indicator not in handbook.by_indicator:
        entries = (*entries, changed)
    languages = tuple(dict.fromkeys((*handbook.languages, language)))
    return replace(handbook, entries=entries, languages=languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleText:
    """A translation that is older than what it translates."""

    indicator: str
    field: str
    language: str
    was: str
    """What it translates."""
    now: str
    """What stands there now."""
    text: str
    """The translation."""


def stale_texts(handbook: Handbook) -> Iterator[StaleText]:
    """Yield the translations whose original has changed since, in the order of the entries."""
    for entry in handbook.entries:
        for name, texts in entry.fields.items():
            for language, found in texts.items():
                if standing(entry, name, language, handbook.language) == "stale":
                    yield StaleText(
                        indicator=entry.indicator,
                        field=name,
                        language=language,
                        was=found.of,
                        now=texts[handbook.language].text,
                        text=found.text,
                    )


def published(handbook: Handbook, fields: FieldList) -> Handbook:
    """Return the handbook without what names persons or how to reach them."""
    personal = {each.id for each in fields.fields if each.is_personal}
    entries = tuple(
        replace(
            entry,
            fields={name: texts for name, texts in entry.fields.items() if name not in personal},
        )
        for entry in handbook.entries
    )
    return replace(handbook, entries=entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """A text that one version of a handbook has otherwise than another."""

    indicator: str
    field: str
    language: str
    old: str
    """Empty where there was none."""
    new: str


def compare_handbooks(old: Handbook, new: Handbook) -> Iterator[TextChange]:
    """Yield the texts that changed from an old version to a new one, in order."""
    before, after = old.by_indicator, new.by_indicator
    nothing = Entry(indicator="")
    for indicator in sorted({*before, *after}):
        was, now = before.get(indicator, nothing), after.get(indicator, nothing)
        for name in sorted({*was.fields, *now.fields}):
            texts, others = was.fields.get(name, {}), now.fields.get(name, {})
            for language in sorted({*texts, *others}):
                first = texts[language].text if language in texts else ""
                second = others[language].text if language in others else ""
                if first != second:
                    yield TextChange(
                        indicator=indicator, field=name, language=language, old=first, new=second
                    )


def preset_faults(preset: Preset, fields: FieldList) -> tuple[str, ...]:
    """Return the fields that a template names and that do not exist."""
    known = fields.by_id
    return tuple(item.field for item in preset.items if item.field not in known)
