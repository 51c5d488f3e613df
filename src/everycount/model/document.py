"""A policy document: its text as it is in the file, and the numbered passages found in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["part", "chapter", "section", "article", "clause", "point", "paragraph", "row"]
"""From the outermost. An article is what a law numbers from beginning to end: article, section of
an English act, objective of a strategy."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of the text of one page."""

    page: int
    """From 1. A file without pages has one."""
    start: int
    end: int
    """Offsets of the first character and behind the last one, in the text of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A numbered piece of a document with its own words, those of passages within it left out."""

    number: str
    """Where it is, such as ``11.2.a``; unique in the document, by ``~2`` where it repeats one."""
    kind: Kind
    label: str
    """As the document calls it, such as ``Article 11`` or ``(a)``."""
    heading: str
    text: str
    """Its words, hyphens at ends of lines and line breaks removed, in Unicode NFC."""
    spans: tuple[Span, ...]
    parent: str = ""
    """Number of the passage it is in; empty at the top."""

    @property
    def page(self) -> int:
        """Return the page on which it begins."""
        return self.spans[0].page


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy document as it was read."""

    name: str
    """Name of the file."""
    digest: str
    """SHA-256 of the file."""
    language: str
    """ISO 639-1 code."""
    pages: tuple[str, ...]
    """The text of each page as it is in the file, to which offsets refer."""
    passages: tuple[Passage, ...]
    title: str = ""
    recognised: tuple[int, ...] = ()
    """Numbers of the pages whose text was recognised in pictures, and may have misread letters."""

    def passage(self, number: str) -> Passage:
        """Return a passage by its number.

        Parameters
        ----------
        number : str
            Such as ``11.2.a``.

        Returns
        -------
        Passage

        Raises
        ------
        KeyError
            If there is none.
        """
        for each in self.passages:
            if each.number == number:
                return each
        raise KeyError(number)

    def within(self, number: str) -> Iterator[Passage]:
        """Yield the passages within one, at any depth, in the order of the document.

        Parameters
        ----------
        number : str
            Of the one.

        Yields
        ------
        Passage
        """
        above = {number}
        for each in self.passages:
            if each.parent in above:
                above.add(each.number)
                yield each

    def source(self, passage: Passage) -> str:
        """Return the words of a passage as they are in the file.

        Parameters
        ----------
        passage : Passage
            One of this document.

        Returns
        -------
        str
            With its label and heading, pieces that stand apart with a line break between.
        """
        return "\n".join(self.pages[s.page - 1][s.start : s.end] for s in passage.spans)
