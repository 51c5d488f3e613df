"""What requests may ask: the parameters of the OpenAPI description."""

from django.conf import settings
from ninja import Field, Schema

from everycount.io.exporters.formats import EXPORTERS
from everycount_hub.api.limits import LARGEST_PAGE

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
FORMATS = tuple(each.name for each in EXPORTERS if each.holds == "data")


class Worded(Schema):
    """Parameters of what has names."""

    lang: str | None = Field(
        None, description="Language of names", json_schema_extra={"enum": list(LANGUAGES)}
    )


class Listed(Worded):
    """Parameters of every list."""

    limit: int | None = Field(None, description="Entries of a page", ge=1, le=LARGEST_PAGE)
    cursor: str | None = Field(None, description="`next` of the page before")
    fields: str | None = Field(None, description="Only these, separated by commas")


class Areas(Listed):
    """Parameters of the list of areas."""

    q: str | None = Field(None, description="Words of a name, or a code")


class Indicators(Listed):
    """Parameters of the list of indicators."""

    q: str | None = Field(None, description="Words of a name or code, in any language")
    framework: str | None = Field(None, description="Indicator set, as ID or ID@VERSION")
    group: str | None = Field(None, description="Code of a goal or domain")
    area: str | None = Field(None, description="Only those with figures of an area")


class Index(Worded):
    """Parameters of an index."""

    node: str | None = Field(None, description="Scores and ranks of one node, such as index")
    unit: str | None = Field(None, description="Those of some units, separated by commas")


class Observations(Listed):
    """Parameters of figures, besides one for each dimension and coded attribute."""

    indicator: str | None = Field(None, description="Ids or codes, separated by commas")
    area: str | None = Field(None, description="ISO3, M49 or own codes, separated by commas")
    period: str | None = Field(
        None, description="2020, 2020-Q1, or 2000..2020: when a period begins"
    )
    tolerance: int | None = Field(
        None,
        ge=0,
        le=100,
        description="Of each series the figure nearest to the year, so many years off at most",
    )
    dataset: str | None = Field(None, description="workspace/name of datasets, separated by commas")
    format: str = Field(
        "json",
        description="json or a file",
        json_schema_extra={"enum": ["json", *FORMATS]},
    )
