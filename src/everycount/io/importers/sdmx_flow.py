"""Hand over the observations of a dataflow with the mapping that they need."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from everycount.io.areas import AreaCode, m49_of
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.sdmx_concepts import OWN_AREAS, Concepts, areas_of, map_concepts
from everycount.io.sdmx_names import MISSING, Reference
from everycount.model.codes import LISTED, Code
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import AREA, INDICATOR, OBSERVATION

FLOW = "DATAFLOW"
"""Column with the identifier of the dataflow, as SDMX-CSV 1.0 calls it."""
SHOWN: tuple[AreaCode, ...] = ("iso3", "iso2")
"""Kinds of codes that names can prove; M49 needs no translation."""
OFTEN_DIMENSIONS = frozenset({"UNIT_MEASURE", "UNIT_MULT", "BASE_PER"})
"""Attributes of ours that are dimensions elsewhere (OECD, World Bank Data360, Eurostat), where
SDMX-CSV and structure-specific SDMX-ML do not tell."""
APART = " "
"""Ends the name of a copy of a column that is both an attribute of ours and a dimension. Codes are
made from names without spaces at their ends, so the code is that of the concept."""


@dataclass(kw_only=True)
class Flow:
    """What a message says of the data that follow; parsers let it grow while they read."""

    reference: Reference
    concepts: Concepts
    name: Mapping[str, str] = field(default_factory=dict)
    """By language."""
    names: dict[str, str] = field(default_factory=dict)
    """What people call a concept, by column."""
    labels: dict[str, dict[str, Code]] = field(default_factory=dict)
    """Codes with their names, by column."""


class Outlet:
    """Gives a parser's batches the columns they lack, and the file its mapping, labels and notes.

    Parameters
    ----------
    parsed : Parsed
        The file; its mapping is that of the batch that was sent last.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self._noted: set[str] = set()
        self._apart: dict[str, set[str]] = {}

    def send(self, batch: pl.DataFrame, flow: Flow) -> pl.DataFrame:
        """Return a batch that the file's mapping, as it now stands, fits.

        Parameters
        ----------
        batch : DataFrame
            Text, by concept.
        flow : Flow
            What the batch belongs to.
        """
        mapping = map_concepts(flow.concepts)
        mapping = replace(
            mapping,
            values=mapping.values | _own_areas(flow),
            missing=MISSING,
            areas=_areas(flow, mapping),
            ignored=(FLOW,),
            decimal=self.parsed.mapping.decimal,
        )
        if INDICATOR not in {*mapping.columns.values(), *batch.columns}:
            batch, mapping = self._name_indicator(batch, mapping, flow)
        batch, mapping = self._keep_apart(batch, mapping, flow)
        if mapping.breakdown:
            names = ", ".join(name.removesuffix(APART) for name in mapping.breakdown)
            self.note(
                f"{flow.reference}: no component is for {names}; kept as CUST_BREAKDOWN "
                "(a column mapping may say otherwise)"
            )
        self._label(flow, mapping)
        self.parsed.mapping = mapping
        return batch

    def note(self, words: str) -> None:
        """Note something once."""
        if words not in self._noted:
            self._noted.add(words)
            self.parsed.notes.append(words)

    def _name_indicator(
        self, batch: pl.DataFrame, mapping: ColumnMapping, flow: Flow
    ) -> tuple[pl.DataFrame, ColumnMapping]:
        """Return a batch with the dataflow as indicator."""
        name = flow.reference.id
        if FLOW not in batch.columns:
            batch = batch.with_columns(pl.lit(name, pl.String).alias(FLOW))
        self.note(f"{flow.reference}: no dimension is the indicator; the dataflow stands for it")
        if flow.name and LISTED.fullmatch(name):
            self.parsed.codes.setdefault(INDICATOR, {})[name] = Code(id=name, name=flow.name)
        return batch, replace(mapping, columns={**mapping.columns, FLOW: INDICATOR})

    def _keep_apart(
        self, batch: pl.DataFrame, mapping: ColumnMapping, flow: Flow
    ) -> tuple[pl.DataFrame, ColumnMapping]:
        """Return a batch with dimensions such as UNIT_MEASURE twice where they are needed.

        For us they describe a figure. Where figures differ in nothing else, each unit is a
        breakdown too, so that no two observations are the same.
        """
        dimensions = flow.concepts.dimensions
        described = [
            name
            for name in (*dimensions, *flow.concepts.attributes)
            if _is_described(name, mapping, is_dimension=name in dimensions)
        ]
        known = self._apart.setdefault(str(flow.reference), set())
        key = [name for name in dimensions if name not in described]
        if key and described and batch.select(key).is_duplicated().any():
            known.update(name for name in described if batch[name].n_unique() > 1)
        for name in described:
            if name in known:
                copy = f"{name}{APART}"
                batch = batch.with_columns(pl.col(name).alias(copy))
                mapping = replace(mapping, breakdown=(*mapping.breakdown, copy))
                flow.names.setdefault(copy, flow.names.get(name, name))
                flow.labels.setdefault(copy, flow.labels.get(name, {}))
        return batch, mapping

    def _label(self, flow: Flow, mapping: ColumnMapping) -> None:
        """Take the labels of a flow over, under the codes that we write."""
        for column, codes in flow.labels.items():
            component = mapping.columns.get(column, column)
            if column in mapping.breakdown:
                words = {code: _say(label, code) for code, label in codes.items()}
                known = self.parsed.labels.setdefault(column, {})
                known |= {**words, "": flow.names.get(column, column)}
            elif component in OBSERVATION.by_id and OBSERVATION.by_id[component].kind == "code":
                known_codes = self.parsed.codes.setdefault(component, {})
                translated = mapping.values.get(component, {})
                for code, label in codes.items():
                    ours = translated.get(code, code)
                    if LISTED.fullmatch(ours):
                        known_codes.setdefault(ours, replace(label, id=ours))


def _own_areas(flow: Flow) -> dict[str, dict[str, str]]:
    """Return the codes of ISO 3166-1 for those that the agency writes in its own way."""
    known = OWN_AREAS.get(flow.reference.agency)
    return {AREA: dict(known)} if known else {}


def _areas(flow: Flow, mapping: ColumnMapping) -> AreaCode | None:
    """Return how areas are written: as the agency is known to, else as codes and names show.

    They show it where every code is a country's and most names beside them are that country's.
    """
    known = areas_of(flow.reference.agency)
    column = next((name for name, to in mapping.columns.items() if to == AREA), AREA)
    labels = flow.labels.get(column, {})
    if known or not labels:
        return known
    codes = pl.Series(list(labels), dtype=pl.String)
    meant = m49_of(pl.Series([_say(each, code) for code, each in labels.items()]), "name")
    for kind in SHOWN:
        found = m49_of(codes, kind)
        if found.null_count() == 0 and 2 * (found == meant).sum() > len(found):
            return kind
    return None


def _is_described(column: str, mapping: ColumnMapping, *, is_dimension: bool) -> bool:
    """Tell whether a column is an attribute for us and may be a dimension for the producer."""
    component = OBSERVATION.by_id.get(mapping.columns.get(column, column))
    if component is None or component.role != "attribute":
        return False
    return is_dimension or component.id in OFTEN_DIMENSIONS


def _say(label: Code, code: str) -> str:
    """Return a code in words: English if there is any, else the first language."""
    return label.name.get("en") or next(iter(label.name.values()), code)
