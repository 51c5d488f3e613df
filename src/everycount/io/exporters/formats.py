"""The formats that observations can be written in, and which one a file's name asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO, cast

from everycount.errors import NotFound
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.words import nearest

Write = Callable[[Outgoing, BinaryIO], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format. What writes it is loaded when it is used."""

    name: str
    """What ``--to`` calls it."""
    title: str
    """What people call it."""
    ending: str
    """How the names of its files end."""
    media_type: str
    """What services call it (IANA, and SDMX REST 2.2 for SDMX)."""
    target: str
    """Module and function that write it."""
    usual: bool = False
    """Chosen for a file by its ending alone, where several formats share one."""
    holds: str = "data"
    """``data``, ``structure``, or ``description`` of a dataset."""

    @property
    def write(self) -> Write:
        """The function that writes it."""
        module, _, function = self.target.partition(":")
        return cast("Write", getattr(import_module(f"everycount.io.exporters.{module}"), function))


EXPORTERS = (
    Exporter(
        name="csv",
        title="plain CSV with the components that say something",
        ending=".csv",
        media_type="text/csv",
        target="plain_csv:write_csv",
        usual=True,
    ),
    Exporter(
        name="sdmx-csv",
        title="SDMX-CSV 2.0",
        ending=".csv",
        media_type="application/vnd.sdmx.data+csv;version=2.0.0",
        target="sdmx_csv:write_sdmx_csv",
    ),
    Exporter(
        name="sdmx-csv-1.0",
        title="SDMX-CSV 1.0",
        ending=".csv",
        media_type="application/vnd.sdmx.data+csv;version=1.0.0",
        target="sdmx_csv:write_sdmx_csv_1",
    ),
    Exporter(
        name="sdmx-ml-3.0",
        title="SDMX-ML 3.0, structure-specific data",
        ending=".xml",
        media_type="application/vnd.sdmx.data+xml;version=3.0.0",
        target="sdmx_ml:write_sdmx_ml_30",
    ),
    Exporter(
        name="sdmx-ml-2.1",
        title="SDMX-ML 2.1, structure-specific data",
        ending=".xml",
        media_type="application/vnd.sdmx.structurespecificdata+xml;version=2.1",
        target="sdmx_ml:write_sdmx_ml_21",
    ),
    Exporter(
        name="sdmx-ml-2.1-generic",
        title="SDMX-ML 2.1, generic data",
        ending=".xml",
        media_type="application/vnd.sdmx.genericdata+xml;version=2.1",
        target="sdmx_ml:write_sdmx_ml_generic",
    ),
    Exporter(
        name="sdmx-json",
        title="SDMX-JSON 2.0 data",
        ending=".json",
        media_type="application/vnd.sdmx.data+json;version=2.0.0",
        target="sdmx_json:write_sdmx_json",
    ),
    Exporter(
        name="sdmx-json-1.0",
        title="SDMX-JSON 1.0 data",
        ending=".json",
        media_type="application/vnd.sdmx.data+json;version=1.0.0",
        target="sdmx_json_1:write_sdmx_json_1",
    ),
    Exporter(
        name="json-stat",
        title="JSON-stat 2.0",
        ending=".json",
        media_type="application/json",
        target="json_stat:write_json_stat",
    ),
    Exporter(
        name="excel",
        title="an Excel workbook: About, Metadata, Data, Codelists",
        ending=".xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        target="excel:write_excel",
        usual=True,
    ),
    Exporter(
        name="parquet",
        title="Parquet with every component in its type",
        ending=".parquet",
        media_type="application/vnd.apache.parquet",
        target="parquet:write_parquet",
        usual=True,
    ),
    Exporter(
        name="structure-ml-3.0",
        title="the structure and code lists in use as SDMX-ML 3.0",
        ending=".xml",
        media_type="application/vnd.sdmx.structure+xml;version=3.0.0",
        target="structure_ml:write_structure_ml_30",
        holds="structure",
    ),
    Exporter(
        name="structure-ml-2.1",
        title="the structure and code lists in use as SDMX-ML 2.1",
        ending=".xml",
        media_type="application/vnd.sdmx.structure+xml;version=2.1",
        target="structure_ml:write_structure_ml_21",
        holds="structure",
    ),
    Exporter(
        name="structure-json",
        title="the structure and code lists in use as SDMX-JSON 2.0",
        ending=".json",
        media_type="application/vnd.sdmx.structure+json;version=2.0.0",
        target="structure_json:write_structure_json",
        holds="structure",
    ),
    Exporter(
        name="dcat-json",
        title="a description in DCAT-AP 3 as JSON-LD",
        ending=".jsonld",
        media_type="application/ld+json",
        target="dcat:write_dcat_json",
        usual=True,
        holds="description",
    ),
    Exporter(
        name="dcat-turtle",
        title="a description in DCAT-AP 3 as Turtle",
        ending=".ttl",
        media_type="text/turtle",
        target="dcat:write_dcat_turtle",
        usual=True,
        holds="description",
    ),
    Exporter(
        name="schema.org",
        title="a description for search engines, schema.org Dataset as JSON-LD",
        ending=".jsonld",
        media_type="application/ld+json",
        target="schema_org:write_schema_org",
        holds="description",
    ),
)
"""Every format, data first."""


def find_exporter(name: str) -> Exporter:
    """Return the format of a name.

    Raises
    ------
    NotFound
        If there is none.

    Examples
    --------
    >>> find_exporter("sdmx-csv").title
    'SDMX-CSV 2.0'
    """
    for each in EXPORTERS:
        if each.name == name:
            return each
    names = [each.name for each in EXPORTERS]
    near = nearest(name, names)
    hint = f"; perhaps {near!r}" if near else ""
    raise NotFound(f"no format {name!r} can be written{hint}. Formats: {', '.join(names)}")


def exporters_for(file: str) -> Sequence[Exporter]:
    """Return the formats that the name of a file may mean; one where the ending tells.

    Examples
    --------
    >>> [each.name for each in exporters_for("a.xlsx")], [each.name for each in exporters_for("-")]
    (['excel'], [])
    """
    fitting = [each for each in EXPORTERS if file.lower().endswith(each.ending)]
    usual = [each for each in fitting if each.usual]
    return usual or fitting
