"""The pages of a metadata handbook as data, and as one HTML file or a tagged PDF."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

from everycount.reports.html import html_bytes
from everycount.reports.pdf import pdf_bytes, read_template

PARTS: Final = "policy_parts.typ"
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ps", "ur", "dv", "ckb"})
"""Languages written from the right. CLDR, character order of layout."""

Sign = Literal["good", "line", "warn"]


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return the direction of a language.

    Examples
    --------
    >>> direction("ar"), direction("vi")
    ('rtl', 'ltr')
    """
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A text of a field, as it is shown."""

    number: str
    """Number that the template prints, such as 2.a; may be empty."""
    title: str
    paragraphs: tuple[str, ...]
    language: str
    """Language of the text."""
    is_foreign: bool = False
    """Whether it stands in another language because it is not translated."""
    tags: tuple[tuple[Sign, str], ...] = ()
    """What is to be known of it: draft, out of date, only in another language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of the template with its texts; without a title where it has no other beside."""

    number: str
    title: str
    texts: tuple[Paper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPage:
    """What is known of one indicator."""

    id: str
    code: str
    title: str
    title_language: str
    score: str
    """Share of what the template asks for that is filled in, such as 67 %."""
    sections: tuple[Section, ...]
    missing: str
    """Titles of what is not filled in, as a list in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Indicators of one goal or domain."""

    id: str
    title: str
    indicators: tuple[IndicatorPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookPage:
    """All that a handbook says in one language."""

    title: str
    language: str
    kicker: tuple[str, ...]
    finding: str
    notices: tuple[str, ...]
    words: Mapping[str, str]
    """What the page calls its parts, in its language."""
    groups: tuple[Group, ...]
    facts: tuple[tuple[str, str], ...]
    """Framework, template, publisher, version, date."""
    others: tuple[tuple[str, str, str], ...] = ()
    """Code, name and file of the same handbook in other languages."""

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The direction of its language."""
        return direction(self.language)


def handbook_html(page: HandbookPage) -> bytes:
    """Return a handbook as one HTML file that needs nothing else.

    Parameters
    ----------
    page : HandbookPage
        What to show, from `everycount.reports.handbook_report.handbook_report`. Texts are
        escaped.

    Returns
    -------
    bytes
        HTML in UTF-8, without script. The same page gives the same bytes.

    Examples
    --------
    >>> from everycount.io.handbook_words import page_words
    >>> page = HandbookPage(title="Sổ tay", language="vi", kicker=(), finding="", notices=(),
    ...     words=page_words("vi"), groups=(), facts=())
    >>> handbook_html(page).startswith(b"<!doctype html>")
    True
    """
    return html_bytes("handbook_page.html", {"page": page, "direction": direction})


def handbook_pdf(page: HandbookPage) -> bytes:
    """Return a handbook as a tagged PDF on A4, with contents and running heads.

    Parameters
    ----------
    page : HandbookPage
        What to show, from `everycount.reports.handbook_report.handbook_report`. No text becomes
        markup.

    Returns
    -------
    bytes
        The file. The same page gives the same bytes.

    Raises
    ------
    ValueError
        If the title is empty.

    Examples
    --------
    >>> from everycount.io.handbook_words import page_words
    >>> page = HandbookPage(title="Handbook", language="en", kicker=(), finding="", notices=(),
    ...     words=page_words("en"), groups=(), facts=())
    >>> handbook_pdf(page)[:5]
    b'%PDF-'
    """
    spoken = page.language.partition("-")[0]
    data = asdict(page) | {"language": spoken, "direction": page.direction}
    files = {PARTS: read_template(PARTS).encode()}
    return pdf_bytes(
        read_template("handbook_page.typ"),
        data,
        title=page.title,
        files=files,
        lang=spoken,
    )
