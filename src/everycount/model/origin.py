"""Origin: who produced some data, and how we came by it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who produced some data, and how we came by it."""

    producer: str
    title: str
    licence: str = ""
    """Identifier (SPDX, such as CC-BY-4.0) or the producer's own words; empty when not stated."""
    citation: str = ""
    url: str = ""
    published: date | None = None
    accessed: date | None = None
    """The day the file was fetched or handed over."""
    sha256: str = ""
    """Digest of the bytes that were read."""
