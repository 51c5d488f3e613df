"""An area with all that its page and its files need."""

from dataclasses import dataclass
from datetime import date

from everycount.figures.profile import Profile, profile
from everycount.figures.wording import Words
from everycount.language.language import Language
from everycount_hub.edition.nouns import AreaEntry, IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Summaries, summaries_of
from everycount_hub.portal.areas.score import Standing, standings_of
from everycount_hub.portal.naming import named, sayer

MOST = 8
"""Indicators in each list of a profile: two rows of small multiples on a wide page."""
BY_DISTANCE = 4
"""Indicators with a target from which strong and weak are told by the distance to it; below, by
the rank. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """An area with all that its page needs."""

    edition: Edition
    area: AreaEntry
    words: Language
    today: date
    framework: str
    entries: tuple[IndicatorEntry, ...]
    profile: Profile | None
    known: Summaries
    standing: Standing | None
    """In the newest index of the indicator set."""


def told_of(
    edition: Edition, area: AreaEntry, words: Language, *, today: date, framework: str = ""
) -> Told:
    """Return what the figures say of an area, for one indicator set.

    Parameters
    ----------
    edition : Edition
    area : AreaEntry
    words : Language
    today : date
    framework : str
        Indicator set that was asked for; else that of which the area has most figures.
    """
    sets = sets_of(edition, area)
    chosen = framework if framework in sets else next(iter(sets), "")
    entries = tuple(each for each in edition.indicators.values() if each.framework == chosen)
    known = summaries_of(edition, today)
    found = None
    if known.overview is not None and entries:
        keys = [each.slug for each in entries]
        found = profile(known.overview, area.code, keys, most=MOST)
        if found.figures["share"].is_not_null().sum() < BY_DISTANCE:
            found = profile(known.overview, area.code, keys, by="rank", most=MOST)
    standings = standings_of(edition, area, year=today.year)
    own = [each for each in standings if each.framework == chosen]
    return Told(
        edition=edition, area=area, words=words, today=today, framework=chosen, entries=entries,
        profile=found, known=known, standing=own[0] if own else None,
    )  # fmt: skip


def sets_of(edition: Edition, area: AreaEntry) -> dict[str, int]:
    """Return the indicator sets of which an area has figures, those of most first."""
    counts: dict[str, int] = {}
    for entry in edition.indicators.values():
        if area.code in entry.areas:
            counts[entry.framework] = counts.get(entry.framework, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: (-each[1], not each[0], each[0])))


def says_of(asked: Told, key: str) -> Words:
    """Return the words with which sentences of an indicator are made."""
    known = asked.known.of(key)
    entry = asked.edition.indicators[key]
    if known is None:
        return Words(language=asked.words, title=named(entry.names, asked.words).text)
    return sayer(asked.edition, entry, known.summary.headline.series, asked.words)
