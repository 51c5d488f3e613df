"""Take the clauses of a document one by one, each with the sentence that leads into it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from everycount.model.document import Document, Passage, Span
from everycount.model.issue import Cause

BREAK: Final = re.compile(
    r"(?<![ "
    r"(][A-Z]\.)(?<!\b[Nn]o\.)(?<!\b[Aa]rt\.)(?<!\b[Ss]ec\.)(?<!\b[DM]r\.)(?<=[.!?])\s+(?=[^\W\d_a-zà-ÿ]|"
    r"[“\"«¿¡(])"
    r"|(?<=[;:,.])\s+(?=[Pp]rovided,? (?:however,? |further,? )?that)"
)
"""Where a sentence ends: not behind an initial, `No.`, `Art.` or `Sec.`; a proviso stands alone."""
CELLS: Final = re.compile(r"[^:;]{1,80}:[^;]*;.*:")
"""How a row of a table begins: a head, its cell, and another of both."""
LEADING: Final = re.compile(r"[.;!?]$")
"""What a text ends with that does not lead into its points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a clause."""

    text: str
    start: int
    """Offset of its first character in the text of the clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A passage that may ask for something, in Unicode NFC."""

    passage: Passage
    language: str
    text: str
    places: tuple[int, ...] = ()
    """Offset of each character in the text of the passage; empty where the two are the same."""
    lead: "Clause | None" = None
    """The clause whose words lead into this one, as into the points of a list."""
    headings: tuple[str, ...] = ()
    """Headings above it, its own first."""
    has_points: bool = False
    """Whether other passages stand within it."""

    @property
    def is_row(self) -> bool:
        """Tell whether it is a row of a table with the heads of its columns, not a sentence."""
        return self.passage.kind == "row" and (not self.text or bool(CELLS.match(self.text)))

    def cause(self, start: int, end: int) -> Cause:
        """Return a piece of the text as the words that a proposal rests on."""
        first = self.places[start] if self.places else start
        last = self.places[end] if self.places else end
        words = self.passage.text[first:last]
        return Cause(passage=self.passage.number, start=first, end=last, words=words)

    def heading_cause(self, start: int, end: int) -> Cause:
        """Return a piece of the heading, in Unicode NFC, as such words."""
        heading = self.passage.heading
        _, places = composed(heading)
        first, last = (places[start], places[end]) if places else (start, end)
        number, words = self.passage.number, heading[first:last]
        return Cause(passage=number, start=first, end=last, words=words, part="heading")

    def sentences(self) -> tuple[Sentence, ...]:
        """Return its sentences; a row of a table is one."""
        if self.is_row:
            return (Sentence(text=self.text, start=0),) if self.text else ()
        found, start = [], 0
        for match in BREAK.finditer(self.text):
            found.append(Sentence(text=self.text[start : match.start()], start=start))
            start = match.end()
        found.append(Sentence(text=self.text[start:], start=start))
        return tuple(each for each in found if each.text.strip())


def clause_of(text: str, language: str, *, number: str = "1", heading: str = "") -> Clause:
    """Return words that stand in no document as a clause.

    Parameters
    ----------
    text : str
        The words.
    language : str
        Their language.
    number, heading : str, optional
        What the clause is to be called.

    Examples
    --------
    >>> clause_of("Girls shall go to school.", "en").cause(0, 5).words
    'Girls'
    """
    passage = Passage(
        number=number,
        kind="clause",
        label=number,
        heading=heading,
        text=text,
        spans=(Span(page=1, start=0, end=len(text)),),
    )
    words, places = composed(text)
    headings = _headings(passage, None)
    return Clause(passage=passage, language=language, text=words, places=places, headings=headings)


def clauses_of(document: Document) -> Iterator[Clause]:
    """Yield the passages of a document that have words, each with what leads into it.

    Parameters
    ----------
    document : Document
        Any document; its passages in order, outer ones first.

    Yields
    ------
    Clause

    Examples
    --------
    >>> from everycount.model.document import Span
    >>> at = (Span(page=1, start=0, end=1),)
    >>> texts = {"2": "The State shall:", "2.a": "protect girls;"}
    >>> passages = tuple(
    ...     Passage(number=n, kind="clause", label=n, heading="", text=t, spans=at,
    ...             parent=n.rpartition(".")[0]) for n, t in texts.items())
    >>> act = Document(name="act", digest="", language="en", pages=("",), passages=passages)
    >>> [clause.lead.text for clause in clauses_of(act) if clause.lead]
    ['The State shall:']
    """
    parents = {passage.parent for passage in document.passages}
    known: dict[str, Clause] = {}
    for passage in document.passages:
        text, places = composed(passage.text)
        above = known.get(passage.parent)
        clause = Clause(
            passage=passage,
            language=document.language,
            text=text,
            places=places,
            lead=above if above and _leads(above.text) else None,
            headings=_headings(passage, above),
            has_points=passage.number in parents,
        )
        known[passage.number] = clause
        if text.strip():
            yield clause


def composed(text: str) -> tuple[str, tuple[int, ...]]:
    r"""Return a text in Unicode NFC, with the offset of each character in the text as it is.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    text, offsets
        No offsets where nothing changes; otherwise one more than there are characters.

    Examples
    --------
    >>> composed("nu\u0303 sinh")
    ('nũ sinh', (0, 1, 3, 4, 5, 6, 7, 8))
    """
    if unicodedata.is_normalized("NFC", text):
        return text, ()
    starts = [at for at, character in enumerate(text) if not unicodedata.combining(character)]
    starts = sorted({0, *starts, len(text)})
    pieces: list[str] = []
    places: list[int] = []
    for start, end in pairwise(starts):
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        places += [start] * len(piece)
    return "".join(pieces), (*places, len(text))


def _leads(text: str) -> bool:
    """Tell whether words lead into points: they break off, or end with a colon or dash."""
    return bool(text.strip()) and not LEADING.search(text.strip())


def _headings(passage: Passage, above: Clause | None) -> tuple[str, ...]:
    outer = above.headings if above else ()
    heading, _ = composed(passage.heading)
    return (heading, *outer) if heading else outer
