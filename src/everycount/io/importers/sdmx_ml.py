"""SDMX-ML data: 2.1 generic and structure-specific, 3.0 and 3.1 structure-specific."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import ROW
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.sdmx_concepts import Concepts, is_attribute
from everycount.io.importers.sdmx_flow import Flow, Outlet
from everycount.io.importers.sdmx_ml_target import DataReader, DataSet, Values
from everycount.io.importers.sdmx_structures import Structures
from everycount.io.importers.sdmx_xml import feed, root_of
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import MISSING
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import OBSERVATION, PERIOD, VALUE
from everycount.model.origin import Origin

NAME = "sdmx-ml"
TITLE = "SDMX-ML data, 2.1 or 3.0"
DATA = frozenset(
    {"GenericData", "GenericTimeSeriesData", "StructureSpecificData"}
    | {"StructureSpecificTimeSeriesData"}
)
"""Messages with observations (SDMXMessage.xsd of 2.1 and 3.0)."""
OLD = frozenset({"CompactData", "UtilityData", "CrossSectionalData", "MessageGroup"})
"""Messages of SDMX 2.0 that later versions do not have."""
ASK = (
    "SDMX-ML 2.1 or 3.0, SDMX-JSON or SDMX-CSV: ask the service for one of them, for example with "
    "Accept: application/vnd.sdmx.structurespecificdata+xml;version=2.1"
)


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file is XML; which messages can be read, `parse` says."""
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    begin = head.decode("utf-16", errors="ignore").encode() if wide else head
    return begin.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def parse(source: Source, structures: Structures | None = None) -> Parsed:
    """Read a data message, in batches of limited size.

    Parameters
    ----------
    source : Source
        The message.
    structures : Structures, optional
        Data structure definitions and code lists of the producer: which concepts are dimensions,
        and what codes mean. Structure-specific messages themselves do not tell dimensions from
        attributes of a series; without a structure, names tell.

    Returns
    -------
    Parsed

    Raises
    ------
    InputError
        If it is another message or an older version. What is not well-formed is met while
        reading.
    """
    root = root_of(source.head())
    if root is not None:
        _demand_data(*root, subject=source.name)
    parsed = Parsed(
        batches=iter(()),
        mapping=ColumnMapping(missing=MISSING),
        first_row=1,
        locate=name_observation,
    )
    parsed.batches = _Message(source, parsed, structures or Structures()).batches()
    return parsed


def name_observation(number: int, component: str) -> str:
    """Return the place of a value in words."""
    return f"observation {number}, {component}"


def _demand_data(name: str, version: tuple[int, int] | None, *, subject: str) -> None:
    """Refuse what is no data message that can be read."""
    if name in OLD or (version is not None and version < (2, 1)):
        number = ".".join(map(str, version)) if version else "2.0"
        raise InputError(subject, [Problem("file", f"{name} of SDMX-ML {number}", ASK)])
    if name not in DATA and name.lower() != "html":
        found = f"{name}, {KINDS.get(name, 'which is no message of SDMX')}"
        raise InputError(subject, [Problem("file", found, "a data message")])


KINDS: Mapping[str, str] = {
    "Structure": "a message of structures such as code lists",
    "GenericMetadata": "a message of reference metadata",
    "MetadataSet": "a message of reference metadata",
    "StructureSpecificMetadata": "a message of reference metadata",
    "RegistryInterface": "an answer of a registry",
    "Error": "an error of the service",
}
"""Other messages of SDMX (SDMXMessage.xsd)."""


class _Message:
    """A message that is being read."""

    def __init__(self, source: Source, parsed: Parsed, structures: Structures) -> None:
        self.source, self.parsed, self.structures = source, parsed, structures
        self.reader = DataReader()
        self.outlet = Outlet(parsed)
        self.flows: dict[str, Flow] = {}
        self.row, self.deleted = 1, 0

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the observations of all data sets."""
        for _ in feed(self.source, self.reader):
            yield from self._send(self.reader.take())
        yield from self._send(self.reader.take(is_all=True))
        sender = self.reader.sender
        flows = [flow.name.get("en") or str(flow.reference) for flow in self.flows.values()]
        producer = sender.get("name") or sender.get("id", "")
        if producer or flows:
            self.parsed.origin = Origin(producer=producer, title="; ".join(flows))
        if self.deleted:
            self.outlet.note(f"{self.deleted} observations of data sets to delete are left out")
        if self.row == 1:
            self.outlet.note("the message has no observations")

    def _send(self, sets: Iterable[DataSet]) -> Iterator[pl.DataFrame]:
        """Yield what was taken from the reader."""
        for data in sets:
            count = len(data.observations)
            if data.is_deleted:
                self.deleted += count
            else:
                flow = self._flow(data)
                yield self.outlet.send(_table(data, flow, self.row), flow)
            self.row += count

    def _flow(self, data: DataSet) -> Flow:
        """Return what a data set belongs to, with the concepts that came up so far."""
        reference = data.described.reference
        flow = self.flows.get(str(reference))
        if flow is None:
            flow = Flow(
                reference=reference, concepts=Concepts(dimensions=(), attributes=(), roles={})
            )
            self.structures.describe(flow)
            self.flows[str(reference)] = flow
        known = {*flow.concepts.dimensions, *flow.concepts.attributes}
        names = [name for name in _names(data) if name not in known]
        structure = self.structures.of(reference)
        if structure is not None:
            dimensions = [name for name in names if name in structure.key]
        else:
            dimensions = [name for name in _dimensions(data) if name in names]
        flow.concepts = Concepts(
            dimensions=(*flow.concepts.dimensions, *dimensions),
            attributes=(
                *flow.concepts.attributes,
                *(name for name in names if name not in dimensions),
            ),
            roles={},
        )
        return flow


def _is_concept(name: str) -> bool:
    """Tell whether an XML attribute is a concept, not one of the message."""
    return not name.startswith("{")


def _names(data: DataSet) -> list[str]:
    """Return all concepts of a data set, in the order in which they came up."""
    groups = chain.from_iterable(chain(key, values) for key, values in data.groups)
    found = dict.fromkeys(chain(*data.series, *data.observations, data.general, groups, (VALUE,)))
    return [name for name in found if _is_concept(name)]


def _dimensions(data: DataSet) -> list[str]:
    """Return the concepts that are dimensions, or seem to be."""
    if data.keys:
        return list(data.keys)
    holders = data.series if data.is_series else data.observations
    names = [name for name in dict.fromkeys(chain(*holders)) if _is_concept(name)]
    if not data.is_series and not {PERIOD, VALUE}.isdisjoint(names):
        # In the flat form writers put dimensions before the period and the value.
        begin = min(names.index(name) for name in (PERIOD, VALUE) if name in names)
        names = [name for i, name in enumerate(names) if i < begin or name in OBSERVATION.key]
    # No dimension of SDMX may be left out; what is not everywhere is an attribute.
    found = [
        name for name in names if not is_attribute(name) and all(name in each for each in holders)
    ]
    at = data.described.at_observation
    present = any(at in each for each in data.observations)
    return [*found, *([at] if present and at not in found else [])]


def _table(data: DataSet, flow: Flow, first: int) -> pl.DataFrame:
    """Return a data set's observations with what its series, groups and header say of them."""
    observations, series = _columns(data.observations), _columns(data.series)
    table = observations.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW) + first)
    above = series.select(pl.all().gather(data.rows)) if series.width else series
    table = table.with_columns(
        pl.coalesce(table[name], above[name]).alias(name) if name in table.columns else above[name]
        for name in above.columns
    )
    for key, values in _group_tables(data.groups, flow.concepts.dimensions):
        table = _spread(table, key, values)
    for name, text in data.general.items():
        known = pl.col(name) if name in table.columns else pl.lit(None, pl.String)
        table = table.with_columns(pl.coalesce(known, pl.lit(text)).alias(name))
    concepts = (*flow.concepts.dimensions, *flow.concepts.attributes)
    absent = [name for name in concepts if name not in table.columns]
    return table.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)


def _columns(rows: list[Values]) -> pl.DataFrame:
    """Return rows as a table of text."""
    names = [name for name in dict.fromkeys(chain(*rows)) if _is_concept(name)]
    columns = {
        name: pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in names
    }
    return pl.DataFrame(columns or {VALUE: pl.Series([None] * len(rows), dtype=pl.String)})


def _group_tables(
    groups: Iterable[tuple[Values, Values]], dimensions: tuple[str, ...]
) -> Iterator[tuple[list[str], pl.DataFrame]]:
    """Yield the attributes of groups with the same dimensions, as one table for each."""
    kinds: dict[tuple[str, ...], list[Values]] = {}
    for key, values in groups:
        joined = {**key, **values}
        names = tuple(sorted(key)) if key else tuple(n for n in dimensions if n in joined)
        kinds.setdefault(names, []).append(joined)
    for names, rows in kinds.items():
        table = _columns(rows)
        last = pl.exclude(names).drop_nulls().last() if names else pl.all().drop_nulls().last()
        by_key = table.group_by(names, maintain_order=True).agg(last) if names else None
        yield list(names), table.select(last) if by_key is None else by_key


def _spread(table: pl.DataFrame, key: list[str], values: pl.DataFrame) -> pl.DataFrame:
    """Return observations with the attributes of the group that each belongs to."""
    given = [name for name in values.columns if name not in key]
    if not set(key) <= set(table.columns):
        return table
    if not key:
        table = table.with_columns(
            pl.lit(values[name][0], pl.String).alias(f"{name}\0") for name in given
        )
    else:
        table = table.join(
            values.rename({name: f"{name}\0" for name in given}),
            on=key,
            how="left",
            maintain_order="left",
        )
    return table.with_columns(
        pl.coalesce(*([name] if name in table.columns else []), f"{name}\0").alias(name)
        for name in given
    ).drop(f"{name}\0" for name in given)
