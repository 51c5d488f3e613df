"""What an edition consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIGURES, THIRD_PARTY = "figures", "third_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedWorkspace:
    """A country or network whose releases are shown."""

    slug: str
    kind: str
    names: Mapping[str, str]
    area: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """One line in the history of a dataset."""

    number: int
    digest: str
    """Empty if its file was removed."""
    reason: str
    released_at: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an appraisal said of third-party figures. It goes with each of them."""

    code: str
    """Code of CL_APPRAISAL; empty where the figures were declined."""
    indicators: tuple[str, ...]
    """What it is about; none is all that no newer one is about."""
    conditions: str
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedDataset:
    """A dataset as it is shown: its newest published version, or the tombstone of that."""

    workspace: str
    slug: str
    titles: Mapping[str, str]
    content: str
    kind: str
    framework: str
    producer: Mapping[str, str]
    licence: str
    source_url: str
    number: int
    versions: tuple[PublishedVersion, ...]
    digest: str = ""
    """Empty if the version was withdrawn."""
    rows: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    """What may be done with third-party figures, the newest appraisal first."""
    withdrawn_at: str = ""
    withdrawn_reason: str = ""

    @property
    def key(self) -> str:
        """The name of the dataset on this hub."""
        return f"{self.workspace}/{self.slug}"

    @property
    def has_figures(self) -> bool:
        """Whether it is a table of figures that can be read."""
        return self.content == FIGURES and bool(self.digest)

    def label_of(self, indicator: str) -> Label | None:
        """Return what was said of the figures of an indicator; None for own data."""
        return next((a for a in self.labels if not a.indicators or indicator in a.indicators), None)

    def shows(self, indicator: str) -> bool:
        """Tell whether figures of an indicator may be shown: own, or let in by an appraisal."""
        label = self.label_of(indicator)
        return self.kind != THIRD_PARTY or (label is not None and label.code != "")

    @property
    def released_at(self) -> str:
        """When the version that is shown was published."""
        return next(each.released_at for each in self.versions if each.number == self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLine:
    """One version in a release."""

    dataset: str
    number: int
    digest: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRelease:
    """A release: what was published together, and when."""

    workspace: str
    number: int
    title: str
    note: str
    digest: str
    published_at: str
    lines: tuple[ReleaseLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorEntry:
    """An indicator that has figures, or that an indicator set names without any."""

    slug: str
    """Its place in addresses."""
    code: str
    """What figures have as INDICATOR."""
    framework: str
    """Indicator set whose key the code is, as ID@VERSION; empty for codes of a source."""
    names: Mapping[str, str]
    group: str = ""
    datasets: tuple[str, ...] = ()
    """Keys of the datasets with figures."""
    rows: int = 0
    areas: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    units: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    """Dimensions by which some figure is broken down."""

    @property
    def has_figures(self) -> bool:
        """Whether there is any figure."""
        return self.rows > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEntry:
    """An area that has figures."""

    slug: str
    """Its place in addresses: the ISO code of a country in small letters, else its code."""
    code: str
    names: Mapping[str, str]
    parents: tuple[str, ...] = ()
    """Codes of the areas it is a part of, nearest first."""
    iso3: str = ""
    indicators: int = 0

    @property
    def is_country(self) -> bool:
        """Whether it is a country or territory of the UN's list."""
        return bool(self.iso3)
