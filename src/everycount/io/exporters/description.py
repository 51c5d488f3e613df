"""What a dataset is, in the terms that catalogues ask for."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from everycount.io.exporters.outgoing import Outgoing
from everycount.model.observation import AREA, INDICATOR, PERIOD
from everycount.model.origin import Origin

YEAR = re.compile(r"\b\d{4}\b")


def facts(outgoing: Outgoing) -> dict[str, Any]:
    """Return title, origins, notes and what the data cover, as plain values."""
    return {
        "title": outgoing.title,
        "structure": outgoing.structure.urn,
        **({"prepared": stamp(outgoing)} if outgoing.is_dated else {}),
        "observations": outgoing.rows,
        "origins": [_origin(each) for each in outgoing.origins],
        "appraisals": list(outgoing.used("APPRAISAL")),
        "notes": list(outgoing.notes),
    }


def stamp(outgoing: Outgoing) -> str:
    """Return when the data were prepared, as ISO 8601; 1970 where a header asks and none knows."""
    return outgoing.prepared.strftime("%Y-%m-%dT%H:%M:%SZ")


def provenance(outgoing: Outgoing) -> Iterator[tuple[str, str]]:
    """Yield what a message says of its data beside them: a kind and words for it."""
    for origin in outgoing.origins:
        yield "SOURCE", source_words(origin)
        if origin.licence:
            yield "LICENCE", origin.licence
    for code in outgoing.used("APPRAISAL"):
        yield "APPRAISAL", f"{code}: {outgoing.label('APPRAISAL', code)}"
    for note in outgoing.notes:
        yield "NOTE", note


def source_words(origin: Origin) -> str:
    """Return an origin as a line of text.

    Examples
    --------
    >>> source_words(Origin(producer="NSO", title="Labour force survey", url="https://nso.example"))
    'NSO, Labour force survey, https://nso.example'
    """
    return origin.citation or ", ".join(
        part for part in (origin.producer, origin.title, origin.url) if part
    )


def summary(outgoing: Outgoing) -> str:
    """Return what the data cover, as a sentence."""
    years = years_of(outgoing.used(PERIOD))
    covered = ""
    if years:
        covered = f" of {years[0]}" if years[0] == years[1] else f" from {years[0]} to {years[1]}"
    counts = (
        _count(outgoing.rows, "observation"),
        _count(len(outgoing.used(INDICATOR)), "indicator"),
        _count(len(outgoing.used(AREA)), "area"),
    )
    return f"{counts[0]} of {counts[1]} in {counts[2]}{covered}."


def years_of(periods: Iterable[str]) -> tuple[str, str] | None:
    """Return the first and the last year that periods name.

    Examples
    --------
    >>> years_of(["2019/2021", "2018-Q3"]), years_of([])
    (('2018', '2021'), None)
    """
    years = [year for period in periods for year in YEAR.findall(period)]
    return (min(years), max(years)) if years else None


def _count(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _origin(origin: Origin) -> dict[str, str]:
    """Return what is known of an origin."""
    known = {name: getattr(origin, name) for name in Origin.__slots__}
    return {name: str(value) for name, value in known.items() if value}
