"""The newest release, in numbers."""

from dataclasses import dataclass
from datetime import datetime

from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset, PublishedRelease
from everycount_hub.edition.read import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """A release, with what is shown now of all releases together."""

    release: PublishedRelease
    day: str
    workspace: dict[str, str]
    figures: int
    indicators: int
    areas: int
    first: str
    last: str


def newest_of(edition: Edition, words: Language) -> Newest | None:
    """Return the newest release and the size of what is published; None without a release."""
    if not edition.releases:
        return None
    release = edition.releases[0]
    having = [each for each in edition.indicators.values() if each.has_figures]
    figures: list[PublishedDataset] = [e for e in edition.datasets.values() if e.has_figures]
    return Newest(
        release=release,
        day=words.date(datetime.fromisoformat(release.published_at).date()),
        workspace=dict(edition.workspaces[release.workspace].names),
        figures=sum(each.rows or 0 for each in figures),
        indicators=len(having),
        areas=len(edition.areas),
        first=min((each.first for each in having), default=""),
        last=max((each.last for each in having), default=""),
    )
