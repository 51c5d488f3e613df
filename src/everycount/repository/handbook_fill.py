"""Fill fields of a handbook from what is known elsewhere: the framework, the data, a policy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from everycount.model.framework import Framework
from everycount.model.handbook import Entry, Handbook, Text
from everycount.model.indicator import Indicator, wording
from everycount.model.observation import AREA, INDICATOR
from everycount.repository.availability import Availability

Facts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Texts by indicator, field and language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A handbook after texts from elsewhere were taken into it."""

    handbook: Handbook
    written: int
    """Texts that were written."""
    kept: tuple[tuple[str, str, str], ...]
    """Indicator, field and language of texts that somebody wrote and that say something else."""


def fill(handbook: Handbook, facts: Facts, *, by: str, date: str) -> Filled:
    """Write facts into the handbook where nobody has written anything else.

    A text that was filled by the same `by` before is written anew; one that a person wrote, or
    that is no draft any more, stays and is told.

    Parameters
    ----------
    handbook : Handbook
        What there is; it stays as it is.
    facts : mapping
        Texts by indicator, field and language.
    by : str
        What the texts come from, such as `from un-minimum-set@2021`.
    date : str
        When.

    Returns
    -------
    Filled

    Examples
    --------
    >>> book = Handbook(id="h", version="1", title={}, framework="f@1")
    >>> done = fill(book, {"5a": {"unit": {"en": "%"}}}, by="from f@1", date="2026-11-22")
    >>> done.handbook.entries[0].fields["unit"]["en"].text, done.written
    ('%', 1)
    """
    entries = dict(handbook.by_indicator)
    written, kept = 0, list[tuple[str, str, str]]()
    for indicator, fields in facts.items():
        entry = entries.get(indicator, Entry(indicator=indicator))
        own = {name: dict(texts) for name, texts in entry.fields.items()}
        for name, texts in fields.items():
            for language, words in texts.items():
                old = own.get(name, {}).get(language)
                if old and old.text == words:
                    continue
                if old and old.text and (old.by != by or old.state != "draft"):
                    kept.append((indicator, name, language))
                    continue
                own.setdefault(name, {})[language] = Text(text=words, by=by, date=date)
                written += 1
        title = entry.title or dict(fields.get("name", {}))
        entries[indicator] = replace(entry, title=title, fields=own)
    used = {each for fields in facts.values() for texts in fields.values() for each in texts}
    languages = tuple(dict.fromkeys((*handbook.languages, *sorted(used))))
    filled = replace(handbook, entries=tuple(entries.values()), languages=languages)
    return Filled(handbook=filled, written=written, kept=tuple(kept))


def identity_facts(framework: Framework, *, language: str) -> Facts:
    """Return what a framework says of its indicators: code, title, domain, unit, stage, tier.

    Parameters
    ----------
    framework : Framework
        The set.
    language : str
        Language that the handbook is written in first; titles come in all they have.

    Returns
    -------
    mapping
    """
    groups = {group.code: group for group in framework.groups}

    def path(code: str) -> list[str]:
        group = groups.get(code)
        above = path(group.parent) if group else []
        return [*above, wording(group.title, language)] if group else above

    return {
        each.key: _identity(each, " / ".join(path(each.group)), language)
        for each in framework.indicators
    }


def _identity(indicator: Indicator, domain: str, language: str) -> dict[str, dict[str, str]]:
    """Return what a framework says of one indicator."""
    asked = [*indicator.disaggregations, *(" x ".join(names) for names in indicator.combined)]
    said = {
        "code": indicator.code,
        "domain": domain,
        "unit": indicator.unit,
        "nature": indicator.kind,
        "results_stage": indicator.stage or "",
        "tier": indicator.tier,
        "required_breakdowns": "; ".join(asked),
        "direction": _direction(indicator),
    }
    facts = {name: {language: text} for name, text in said.items() if text}
    return {"name": dict(indicator.title), **facts}


def _direction(indicator: Indicator) -> str:
    """Return which way is better, in words."""
    worst, best = indicator.worst, indicator.best
    if best is None or worst is None:
        return ""
    words = f"{best[0]:g} to {best[1]:g}" if isinstance(best, tuple) else f"{best}"
    return f"best {words}, worst {worst}"


def supply_facts(found: Availability, area: str, *, language: str) -> Facts:
    """Return what data say of the supply of each indicator in an area.

    Parameters
    ----------
    found : Availability
        Which indicators have data, from `everycount.repository.availability.availability`.
    area : str
        Code of the area.
    language : str
        Language that the handbook is written in first.

    Returns
    -------
    mapping
        First and last year, the years there are and breakdowns, for indicators with figures.
    """
    rows = found.indicators.filter((pl.col(AREA) == area) & pl.col("collected"))
    facts: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows.iter_rows(named=True):
        said = {
            "first_year": str(row["first"]),
            "last_year": str(row["newest"]),
            "time_coverage": f"{row['periods']} years from {row['first']} to {row['newest']}"
            if row["periods"] > 1
            else str(row["newest"]),
            "available_breakdowns": "; ".join(row["breakdowns"]).lower(),
        }
        facts[row[INDICATOR]] = {name: {language: text} for name, text in said.items() if text}
    return facts
