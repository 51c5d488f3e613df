"""Read policy documents: PDF, Word, HTML, Markdown and text, into numbered passages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from everycount.errors import InputError, Problem
from everycount.io.document_kind import file_kind
from everycount.io.files import digest, read_bytes
from everycount.io.html_text import read_html
from everycount.io.plain_text import read_markdown, read_text
from everycount.io.scanned_pdf import read_any_pdf
from everycount.io.word_text import read_word
from everycount.model.document import Document
from everycount.policy.flow import flow_of, words_of
from everycount.policy.languages import choose_language
from everycount.policy.layout import in_reading_order, read_columns
from everycount.policy.lines import Column, Line
from everycount.policy.passages import find_passages

TITLE: Final = 200
"""Characters of a title, at most."""
FIRST: Final = 10
"""Paragraphs among which the title is."""
NAMED: Final = re.compile(
    r"\b(?:act|law|bill|code|decree|constitution|policy|strategy|plan"
    r"|loi|décret|politique|stratégie|ley|decreto|política|estrategia"
    r"|luật|nghị định|nghị quyết|chính sách|chiến lược|kế hoạch)\b",
    re.IGNORECASE,
)
"""What titles of policy documents call them, in the four languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a file holds."""

    texts: tuple[str, ...]
    columns: tuple[Column, ...]
    title: str = ""
    recognised: tuple[int, ...] = ()


def read_document(place: Path | str, *, language: str | None = None) -> Document:
    """Read a policy document into numbered passages.

    Parameters
    ----------
    place : Path or str
        A PDF, Word (.docx), HTML, Markdown or text file; ``-`` is standard input.
    language : str, optional
        ISO 639-1 code of the language to read: en, fr, es or vi. Needed where a document has
        several of them; a document too short to tell is taken to be in it.

    Returns
    -------
    Document

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is damaged, encrypted, empty, too large, a picture of text that cannot be
        recognised here, in no language that can be read, or in several with none chosen.
    """
    name = "standard input" if str(place) == "-" else Path(place).name
    return parse_document(read_bytes(place), name, language=language)


def parse_document(content: bytes, name: str, *, language: str | None = None) -> Document:
    r"""Read a policy document into numbered passages, given what its file holds.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its name, for messages. The ending tells Markdown from text.
    language : str, optional
        As in `read_document`.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        As `read_document`.

    Examples
    --------
    >>> law = b"Article 1. Aim\nThe aim of the law is this.\nArticle 2. Use\nIt is for all."
    >>> [(each.number, each.heading) for each in parse_document(law, "law.txt").passages]
    [('1', 'Aim'), ('2', 'Use')]
    """
    read = _read(content, name, language)
    if not any(text.strip() for text in read.texts):
        raise InputError(name, [Problem("file", "no text in it", "the text of a document")])
    own, chosen = choose_language(read.columns, language, name)
    return Document(
        name=name,
        digest=digest(content),
        language=chosen,
        pages=read.texts,
        passages=find_passages(flow_of(in_reading_order(own), read.texts)),
        title=words_of(read.title) or _title(own),
        recognised=read.recognised,
    )


def _read(content: bytes, name: str, language: str | None) -> _Read:
    """Return what a file holds, whatever its format."""
    kind = file_kind(content, Path(name).suffix, name)
    if kind == "pdf":
        texts, pages, recognised = read_any_pdf(content, name, language=language)
        return _Read(texts=texts, columns=read_columns(pages), recognised=recognised)
    if kind == "word":
        texts, columns, title = read_word(content, name)
        return _Read(texts=texts, columns=columns, title=title)
    if kind == "html":
        texts, columns, title = read_html(content, name)
        return _Read(texts=texts, columns=columns, title=title)
    texts, columns = (read_markdown if kind == "markdown" else read_text)(content, name)
    return _Read(texts=texts, columns=columns)


def _title(columns: Sequence[Column]) -> str:
    """Return the first heading, or else the first paragraph that sounds like a title."""
    lines = [each for each in in_reading_order(columns) if isinstance(each, Line)]
    heading = next((line for line in lines if line.level == 1), None)
    if heading:
        return words_of(heading.text)
    blocks = list(islice(_blocks(lines), FIRST))
    titles = (each for each in blocks if len(each) <= TITLE and NAMED.search(each))
    return next(titles, blocks[0][:TITLE] if blocks else "").lstrip("# ")


def _blocks(lines: Sequence[Line]) -> Iterator[str]:
    """Yield paragraphs, and the first line of a long one."""
    groups: list[list[str]] = []
    for line in lines:
        if line.before == "\n\n" or not groups:
            groups.append([])
        groups[-1].append(line.text)
    for texts in groups:
        words = words_of("\n".join(texts))
        yield words if len(words) <= TITLE else words_of(texts[0])
