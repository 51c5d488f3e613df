"""Gather what files say of indicators into one handbook, and note what could not be placed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from everycount.errors import NotFound
from everycount.model.framework import Framework
from everycount.model.handbook import Entry, Handbook, Text

NAMED = 6
"""Indicators named in a note before "and N more"."""
LOST = "\ufffd"
"""Stands where a sign was lost before the file came here. Unicode, REPLACEMENT CHARACTER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A handbook made from files."""

    handbook: Handbook
    notes: tuple[str, ...]
    """What a person should know: headings that are not known, signs that were lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    text: str
    about: str


@dataclass(slots=True, kw_only=True)
class Gathering:
    """What was found so far."""

    language: str = "en"
    """Language of a text whose file does not say."""
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    _said: dict[tuple[str, str, str], list[_Said]] = field(default_factory=dict)
    _strange: dict[str, list[str]] = field(default_factory=dict)
    _lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self, indicator: str) -> None:
        """Have an entry for an indicator, also if its file says nothing."""
        self.titles.setdefault(indicator, {})

    def put(
        self, indicator: str, name: str, text: str, *, about: str = "", language: str = ""
    ) -> None:
        """Add what a file says of an indicator under a field.

        Parameters
        ----------
        indicator : str
            Its key.
        name : str
            Field.
        text : str
            What it says; nothing is added if it is empty.
        about : str, optional
            Of which part of the indicator, where a file has several; printed before the text
            where they differ.
        language : str, optional
            Language of the text, if it is another than that of the others.
        """
        self.begin(indicator)
        words = text.strip()
        if not words:
            return
        if LOST in words and indicator not in self._lost:
            self._lost.append(indicator)
        said = self._said.setdefault((indicator, name, language or self.language), [])
        if all(each.text.split() != words.split() for each in said):
            said.append(_Said(text=words, about=about))

    def stranger(self, indicator: str, heading: str, text: str, *, language: str = "") -> None:
        """Keep a text whose heading is not known in the comment, under that heading."""
        if text.strip():
            self.put(indicator, "comment", f"{heading}: {text.strip()}", language=language)
        else:
            self.begin(indicator)
        known = self._strange.setdefault(heading, [])
        if indicator not in known:
            known.append(indicator)

    def handbook(self, framework: Framework, *, title: str = "") -> Imported:
        """Return the handbook, its entries in the order of the framework.

        Parameters
        ----------
        framework : Framework
            The set of indicators. Entries for what is not in it come last, with a note.
        title : str, optional
            Title; that of the framework if left out.

        Returns
        -------
        Imported
        """
        order = {each.key: at for at, each in enumerate(framework.indicators)}
        keys = sorted(self.titles, key=lambda key: order.get(key, len(order)))
        titles = {each.key: dict(each.title) for each in framework.indicators}
        texts = self._texts()
        entries = tuple(
            Entry(
                indicator=key,
                title={**self.titles[key], **titles.get(key, {})},
                fields=texts.get(key, {}),
            )
            for key in keys
        )
        languages = dict.fromkeys((self.language, *(each for _, _, each in self._said)))
        name = {self.language: title} if title else dict(framework.title)
        book = Handbook(
            id=framework.id,
            version="1",
            title=name,
            framework=framework.reference,
            language=self.language,
            languages=tuple(languages),
            entries=entries,
        )
        return Imported(handbook=book, notes=(*self.notes, *self._told(order)))

    def _texts(self) -> Mapping[str, dict[str, dict[str, Text]]]:
        """Return the texts by indicator, field and language."""
        found: dict[str, dict[str, dict[str, Text]]] = {}
        for (indicator, name, language), said in self._said.items():
            is_one = len(said) == 1
            parts = [
                each.text if is_one or not each.about else f"{each.about}:\n{each.text}"
                for each in said
            ]
            joined = "\n\n".join(parts)
            found.setdefault(indicator, {}).setdefault(name, {})[language] = Text(text=joined)
        return found

    def _told(self, known: Mapping[str, int]) -> list[str]:
        """Return notes on headings, indicators and signs."""
        notes = [
            f"The heading {heading!r} is not known ({named(keys)}): its text stands in the comment."
            for heading, keys in self._strange.items()
        ]
        foreign = [key for key in self.titles if key not in known]
        if foreign:
            notes.append(f"Not in the framework, and kept under their own code: {named(foreign)}.")
        absent = [key for key in known if key not in self.titles]
        if absent:
            notes.append(f"No metadata for {len(absent)} of the framework: {named(absent)}.")
        if self._lost:
            notes.append(
                f"Signs were lost before the files came here ({named(self._lost)}): each stands "
                f"as {LOST!r} and is to be put right by hand."
            )
        return notes


def named(keys: Iterable[str]) -> str:
    """Return keys as a list in words, cut.

    Examples
    --------
    >>> named(["I.1", "I.2"]), named("abcdefgh")
    ('I.1, I.2', 'a, b, c, d, e, f and 2 more')
    """
    known = list(keys)
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return ", ".join(known[:NAMED]) + more


def find_key(framework: Framework, code: str) -> str:
    """Return the key of the indicator that a file calls by a code, or the code itself.

    A key is taken first, then a printed code that only one indicator has; hyphens and low lines
    may stand for dots, as in names of files.

    Examples
    --------
    >>> from everycount.io.frameworks import load_framework
    >>> find_key(load_framework("un-minimum-set@2021"), "II_4")
    'II.4'
    """
    codes: dict[str, list[str]] = {}
    for each in framework.unique:
        codes.setdefault(each.code.casefold(), []).append(each.key)
    for text in (code.strip(), code.strip().replace("_", ".").replace("-", ".")):
        try:
            return framework.indicator(text).key
        except NotFound:
            found = codes.get(text.casefold(), [])
            if len(found) == 1:
                return found[0]
    return code.strip()
