"""Words of the pages of a handbook, in the language of the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from everycount.io import declare
from everycount.io.handbooks import SHIPPED
from everycount.model.indicator import wording
from everycount.model.strict import STRICT

WORDS = "words.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words by name and language, and names of languages."""

    __pydantic_config__ = STRICT

    words: dict[str, dict[str, str]]
    languages: dict[str, dict[str, str]]


@cache
def shipped_words() -> Words:
    """Return all words that pages of handbooks have."""
    return declare.read((SHIPPED / WORDS).read_bytes(), Words, subject=WORDS)


def page_words(language: str) -> Mapping[str, str]:
    """Return the words of a page in a language, English where it is not among them.

    Examples
    --------
    >>> page_words("vi")["contents"], page_words("rw")["contents"]
    ('Mục lục', 'Contents')
    """
    return {name: wording(texts, language) for name, texts in shipped_words().words.items()}


def language_name(code: str, language: str) -> str:
    """Return what a language is called in another, or its code where nobody has said.

    Examples
    --------
    >>> language_name("vi", "en"), language_name("vi", "vi"), language_name("km", "en")
    ('Vietnamese', 'tiếng Việt', 'km')
    """
    names = shipped_words().languages.get(code)
    return wording(names, language) if names else code
