"""Write and read a policy review as one portable file (JSON)."""

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import Any

from everycount.io import declare
from everycount.io.files import read_bytes, write
from everycount.model.review import Review

VERSION = "everycount-review/1"
"""First key of the file. Another number is another layout of the keys."""
EXACT = 2**53
"""Up to here a float holds every whole number. IEEE 754-2019, binary64."""


def review_bytes(review: Review) -> bytes:
    """Return a review as one portable file.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    bytes
        JSON in UTF-8, indented. Keys at their default are left out, whole numbers have no
        decimals, so that the same review gives the same bytes; their SHA-256 (`files.digest`)
        names the review.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> review_bytes(Review(title="Law", policy=law, vocabulary=words)).decode().splitlines()[1]
    '  "format": "everycount-review/1",'
    """
    written = {"format": VERSION, **_plain(review)}
    text = json.dumps(written, ensure_ascii=False, indent=2) + "\n"
    return text.encode(errors="replace")  # half of a pair of UTF-16, which some PDFs have


def checked_bytes(review: Review) -> bytes:
    """Return a review as one portable file that can be read again.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    bytes
        As `review_bytes`.

    Raises
    ------
    InputError
        With every fault for which the file could not be read any more.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> checked_bytes(review) == review_bytes(review)
    True
    """
    # Nouns that Python makes do not check what a reader checks, such as words from a short list.
    content = review_bytes(review)
    parse_review(content, subject="the changed review, of which nothing was written,")
    return content


def write_review(review: Review, path: Path | str) -> None:
    """Write a review whole or not at all, and never one that could not be read again.

    Parameters
    ----------
    review : Review
        The review.
    path : Path or str
        The file. What it held stays until the new review is whole.

    Raises
    ------
    InputError
        If the review could not be read again, or the place cannot be written to.
    """
    write(path, checked_bytes(review))


def read_review(path: Path | str) -> Review:
    """Read the file of a review.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.

    Returns
    -------
    Review
        The review, which has checked itself.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file, or why it is no review.
    """
    return parse_review(read_bytes(path), subject=Path(path).name)


def parse_review(source: bytes, *, subject: str) -> Review:
    """Return the review that `review_bytes` wrote.

    Parameters
    ----------
    source : bytes
        What the file holds.
    subject : str
        What messages call it.

    Returns
    -------
    Review
        The review, which has checked itself.

    Raises
    ------
    InputError
        With every fault of the file, or why it is no review.

    Examples
    --------
    >>> parse_review(b'{"title": "Law"}', subject="law.json")
    Traceback (most recent call last):
    everycount.errors.InputError: law.json has 1 problem:
      format: found a file that is no everycount-review, expected 'everycount-review/1', ...
    """
    return declare.read_json(source, Review, subject=subject, version=VERSION)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, fields at their default left out."""
    if dataclasses.is_dataclass(value):
        return {
            name: _plain(getattr(value, name))
            for name, default in _defaults(value.__class__)
            if default is dataclasses.MISSING or getattr(value, name) != default
        }
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    return value


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a dataclass with their defaults, or MISSING."""
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))
