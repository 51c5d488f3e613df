"""What answers look like: the schemas of the OpenAPI description."""

from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    """Why a request was not answered."""

    error: str
    status: int
    problems: list[dict[str, str]] | None = Field(
        None, description="Each thing that is wrong: where, found, expected"
    )


class About(Schema):
    """Where an answer is from, on what terms, and how to cite it."""

    edition: str = Field(
        description="Digest of the edition; it changes when something is published"
    )
    address: str
    licences: list[str]
    citation: str


class Answer(Schema):
    """What every answer has."""

    about: About


class Page(Answer):
    """One page of a list."""

    count: int = Field(description="Entries of the whole list")
    next: str | None = Field(
        description="What to give as `cursor` for the page after; null at the end"
    )


class Indicator(Schema):
    """An indicator. With `fields`, only those asked for are there."""

    id: str | None = Field(None, description="Its name in addresses")
    code: str | None = Field(None, description="What figures have as INDICATOR")
    framework: str | None = Field(None, description="Indicator set, as ID@VERSION")
    group: str | None = None
    name: str | None = None
    names: dict[str, str] | None = None
    datasets: list[str] | None = None
    figures: int | None = None
    areas: int | None = None
    first: str | None = None
    last: str | None = None
    units: list[str] | None = None
    breakdowns: list[str] | None = None
    page: str | None = None


class Indicators(Page):
    """A page of indicators."""

    entries: list[Indicator]


class IndicatorAnswer(Answer):
    """One indicator."""

    indicator: dict[str, Any]


class Area(Schema):
    """An area with figures. With `fields`, only those asked for are there."""

    id: str | None = None
    code: str | None = Field(None, description="What figures have as REF_AREA: M49 or own code")
    iso3: str | None = None
    name: str | None = None
    names: dict[str, str] | None = None
    parents: list[str] | None = None
    indicators: int | None = None
    page: str | None = None


class Areas(Page):
    """A page of areas."""

    entries: list[Area]


class AreaAnswer(Answer):
    """One area."""

    area: dict[str, Any]


class Entries(Page):
    """A page of a list of frameworks, datasets, releases, indices or policies."""

    entries: list[dict[str, Any]]


class FrameworkAnswer(Answer):
    """One indicator set."""

    framework: dict[str, Any]


class DatasetAnswer(Answer):
    """One dataset."""

    dataset: dict[str, Any]


class ReleaseAnswer(Answer):
    """One release."""

    release: dict[str, Any]


class IndexAnswer(Answer):
    """One index."""

    index: dict[str, Any]


class PolicyAnswer(Answer):
    """One policy review."""

    policy: dict[str, Any]


class Observations(Page):
    """Figures. Columns are concepts of SDMX; which there are depends on the datasets asked."""

    count: int | None = Field(None, description="Figures on this page")
    datasets: list[dict[str, Any]] = Field(description="Source, licence and citation of each")
    observations: list[dict[str, Any]]


class Limits(Schema):
    """What the API allows."""

    limits: list[dict[str, Any]]
    advice: str
