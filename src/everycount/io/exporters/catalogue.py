"""A dataset as an entry of a catalogue: what DCAT and schema.org both ask for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from everycount.io.exporters.description import source_words, stamp, summary, years_of
from everycount.io.exporters.outgoing import Outgoing
from everycount.model.observation import AREA, INDICATOR, PERIOD
from everycount.model.origin import Origin

SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+]*(-[A-Za-z0-9.+]+)+")
"""Looks like an identifier of SPDX, such as CC-BY-4.0; the producer's own words have spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One file in which a dataset can be had."""

    url: str
    media_type: str
    title: str = ""
    size: int | None = None
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a catalogue says of a dataset."""

    title: str
    description: str
    address: str
    """Page of the dataset, which is also its name; empty if it has none."""
    updated: str
    """When the data were made ready; empty if not known."""
    origins: tuple[Origin, ...]
    years: tuple[str, str] | None
    """First and last year."""
    areas: tuple[tuple[str, str], ...]
    """Code and name."""
    indicators: tuple[tuple[str, str, str], ...]
    """Code, name, and unit where all observations have the same."""
    notes: tuple[str, ...]
    appraisals: tuple[str, ...]
    distributions: tuple[Distribution, ...] = ()


def entry_of(
    outgoing: Outgoing, *, address: str = "", distributions: Sequence[Distribution] = ()
) -> Entry:
    """Return a dataset as an entry of a catalogue.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    address : str
        Page of the dataset.
    distributions : sequence of Distribution
        Files in which it can be had.

    Returns
    -------
    Entry
    """
    units = {
        indicator: outgoing.label("UNIT_MEASURE", next(iter(known)))
        for indicator, known in outgoing.found.units.items()
        if len(known) == 1
    }
    sources = "; ".join(source_words(each) for each in outgoing.origins)
    return Entry(
        title=outgoing.title,
        description=summary(outgoing) + (f" Source: {sources}." if sources else ""),
        address=address,
        updated=stamp(outgoing) if outgoing.is_dated else "",
        origins=outgoing.origins,
        years=years_of(outgoing.used(PERIOD)),
        areas=tuple((code, outgoing.label(AREA, code)) for code in outgoing.used(AREA)),
        indicators=tuple(
            (code, outgoing.label(INDICATOR, code), units.get(code, ""))
            for code in outgoing.used(INDICATOR)
        ),
        notes=outgoing.notes,
        appraisals=tuple(outgoing.label("APPRAISAL", each) for each in outgoing.used("APPRAISAL")),
        distributions=tuple(distributions),
    )


def licence_url(licence: str) -> str:
    """Return the address of a licence, or nothing where it is not known by an identifier.

    Examples
    --------
    >>> licence_url("CC-BY-4.0"), licence_url("free for research")
    ('https://spdx.org/licenses/CC-BY-4.0', '')
    """
    if licence.startswith(("http://", "https://")):
        return licence
    return f"https://spdx.org/licenses/{licence}" if SPDX.fullmatch(licence) else ""
