"""Tell the language of a text by its commonest words, and choose one of those of a document."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from everycount.errors import InputError, Problem
from everycount.policy.lines import Column, Element, Line, Table, text_of

WORDS: Final = {
    "en": "the of and to in shall for be or by with any as on that this is are not which an may",
    "fr": "de la le les et des à l d en du un une dans par est qui pour sur au aux ou ce que ne",
    "es": "de la el los y las en que del por para se con una un al o su es lo como no sus a",
    "vi": "và của các có cho trong về là được theo với những này quy định tại nữ bình đẳng giới",
    "rw": "n mu y by ku rya kandi na ya bya cyangwa ko wa no iyo kuri ari cy uru iri itegeko z ba",
    "de": "der die und das den des von zu mit ist im für auf dem sich eine nicht werden oder",
    "id": "yang dan di dengan untuk dari dalam pada ini atau tidak adalah oleh sebagai dapat harus",
    "it": "di il che e per della delle dei con sono gli le una del nel alla non dal anche ogni",
    "nl": "de het een van en in te dat op voor met zijn niet aan door bij ook worden wordt of",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos das ao são",
    "sw": "ya na wa kwa katika ni la za cha kuwa hii au kama hiyo yake vya watu sheria huo",
}
"""Our own lists, from what the languages use most. Those not read are there to be told apart."""
NAMES: Final = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "vi": "Vietnamese",
    "rw": "Kinyarwanda",
    "de": "German",
    "id": "Indonesian or Malay",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "sw": "Swahili",
}
READ: Final = ("en", "fr", "es", "vi")
"""Languages that can be read."""
LEAST: Final = 0.12
"""Share of the words of a text that are in the list of its language, at least. Laws in the four
languages have 0.25 to 0.45; a list of another language finds up to 0.10 in them."""
SHARE: Final = 0.15
"""Share of the text of a document that a language has at least, to be one of its languages."""
ENOUGH: Final = 60
"""Characters of a paragraph from which its language is judged by itself."""
_SETS: Final = {code: frozenset(words.split()) for code, words in WORDS.items()}


def language_of(text: str) -> str:
    """Return the language of a text, or nothing if none of those known fits.

    Parameters
    ----------
    text : str
        A sentence at least.

    Returns
    -------
    str
        ISO 639-1 code.

    Examples
    --------
    >>> language_of("The Minister shall, with the consent of the Commission, report to Parliament.")
    'en'
    >>> language_of("Nhà nước bảo đảm bình đẳng giới trong các lĩnh vực của đời sống và xã hội.")
    'vi'
    >>> language_of("lorem ipsum dolor sit amet")
    ''
    """
    counts = Counter(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).lower()))
    total = counts.total()
    if not total:
        return ""
    shares = {code: sum(counts[word] for word in words) / total for code, words in _SETS.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= LEAST else ""


def columns_of(elements: Sequence[Element]) -> tuple[Column, ...]:
    """Return what has no columns on pages as runs of paragraphs in one language.

    Parameters
    ----------
    elements : sequence of Line or Table
        In the order of reading. What is too short to tell goes with what is before it.

    Returns
    -------
    tuple of Column
    """
    runs: list[tuple[str, list[Element]]] = []
    for paragraph in _paragraphs(elements):
        language = _language(text_of(paragraph))
        if runs and language in ("", runs[-1][0]):
            runs[-1][1].extend(paragraph)
        elif runs and not runs[-1][0]:
            runs[-1] = (language, [*runs[-1][1], *paragraph])
        else:
            runs.append((language, list(paragraph)))
    return tuple(
        Column(page=run[0].page, elements=tuple(run), language=language) for language, run in runs
    )


def _language(text: str) -> str:
    """Return the language of a paragraph that is long enough to tell."""
    return language_of(text) if len(text) >= ENOUGH else ""


def _paragraphs(elements: Sequence[Element]) -> list[list[Element]]:
    """Return elements parted where an empty line is, versions side by side one after another."""
    found: list[list[Element]] = []
    for each in elements:
        versions = _versions(each) if isinstance(each, Table) else []
        if versions:
            found += versions
        elif not found or not isinstance(each, Line) or each.before == "\n\n":
            found.append([each])
        else:
            found[-1].append(each)
    return found


def _versions(table: Table) -> list[list[Element]]:
    """Return the columns of a table that sets a text in several languages side by side."""
    columns: list[list[Element]] = [
        [
            replace(line, before="\n" if at else "\n\n")
            for cell in column
            for at, line in enumerate(cell)
        ]
        for column in zip_longest(*table.rows, fillvalue=())
    ]
    languages = [_language(text_of(column)) for column in columns]
    return columns if len(set(languages) - {""}) > 1 else []


def choose_language(
    columns: Sequence[Column], language: str | None, subject: str
) -> tuple[tuple[Column, ...], str]:
    """Return the columns in the language to be read, and that language.

    Parameters
    ----------
    columns : sequence of Column
        All of a document.
    language : str or None
        ISO 639-1 code; needed where several languages can be read.
    subject : str
        What messages call the document.

    Returns
    -------
    tuple of Column
        All columns of a document in one language; of others those in the chosen one, and with
        them the columns too short to tell that stand where its columns stand.
    str
        ISO 639-1 code.

    Raises
    ------
    InputError
        If the language is not there or cannot be read, or one of several must be chosen.
    """
    if language is not None and language not in READ:
        raise InputError(subject, [Problem("--language", repr(language), _can_be_read())])
    letters = Counter[str]()
    for column in columns:
        letters[column.language] += len(text_of(column.elements))
    del letters[""]
    present = [code for code, n in letters.most_common() if n >= SHARE * letters.total()]
    chosen = language or _only_one(present, subject)
    if present and chosen not in letters:
        wanted = f"text in {NAMES[chosen]}, as --language {chosen} asks"
        raise InputError(subject, [Problem("language", _named(present), wanted)])
    if set(present) <= {chosen}:
        return tuple(columns), chosen
    return tuple(each for each in _told(columns) if each.language == chosen), chosen


def _only_one(present: Sequence[str], subject: str) -> str:
    """Return the one language of a document that can be read."""
    readable = [code for code in READ if code in present]
    if len(readable) == 1:
        return readable[0]
    if readable:
        expected = f"one of them chosen with --language: {' or '.join(readable)}"
    else:
        expected = _can_be_read()
    raise InputError(subject, [Problem("language", _named(present), expected)])


def _named(codes: Sequence[str]) -> str:
    """Return the names of languages, as a message says them."""
    names = [NAMES[code] for code in codes]
    if not names:
        return "none that is known by its words"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _can_be_read() -> str:
    listed = [f"{NAMES[code]} ({code})" for code in READ]
    return f"{', '.join(listed[:-1])} or {listed[-1]}"


def _told(columns: Sequence[Column]) -> list[Column]:
    """Return columns, those too short to tell with the language of the column they go on."""
    known = [(at, column) for at, column in enumerate(columns) if column.language]

    def nearest(at: int) -> str:
        column = columns[at]
        return min(
            known,
            key=lambda each: (
                abs(each[1].page - column.page) > 1,
                abs(each[1].left - column.left),
                abs(each[0] - at),
            ),
        )[1].language

    return [
        column if column.language else replace(column, language=nearest(at))
        for at, column in enumerate(columns)
    ]
