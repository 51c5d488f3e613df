"""Read observations of any known format: parse, map columns, fit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from everycount.io.area_ways import area_notes
from everycount.io.code_lists import code_lists, shipped_code_lists
from everycount.io.fit import ROW
from everycount.io.fit_observations import Fitter
from everycount.io.importers.foreign_codes import ForeignCodes
from everycount.io.importers.formats import find_format
from everycount.io.importers.json_text import demanding_shape, is_json
from everycount.io.importers.mapping import (
    CUSTOM,
    HiddenAreas,
    demand_key,
    demand_mapped,
    in_m49,
    map_columns,
    overlay,
)
from everycount.io.importers.own_structures import parse_with
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import frequencies
from everycount.io.importers.sdmx_structures import Structures
from everycount.io.importers.source import Source
from everycount.model.codes import LISTED, Code, CodeList
from everycount.model.column_mapping import ColumnMapping
from everycount.model.dataset import Dataset
from everycount.model.observation import AREA, PERIOD
from everycount.model.origin import Origin

FREQ = "FREQ"


class Reading:
    """A file that is read batch by batch. Iterate once; the rest is complete afterwards."""

    def __init__(self, parsed: Parsed, mapping: ColumnMapping | None, *, subject: str) -> None:
        self.parsed, self.subject = parsed, subject
        self.structure = parsed.structure
        self._declared = mapping

    @property
    def mapping(self) -> ColumnMapping:
        """Where components stand in the batch that is being read, with what the user declares."""
        return overlay(self.parsed.mapping, self._declared)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield tables of the structure's columns and types; raise at the end what was wrong."""
        parsed = self.parsed
        fitter = Fitter(
            self.structure, {}, subject=self.subject, mapping=self.mapping, locate=parsed.locate
        )
        row = parsed.first_row
        noted: set[str] = set()
        areas: set[str] = set()
        derived: Counter[str] = Counter()
        foreign = ForeignCodes(parsed.codes)
        hidden = HiddenAreas(self._declared, subject=self.subject)
        for batch in parsed.batches:
            mapping = self.mapping  # a parser may come to know columns while it reads
            unknown = demand_mapped(batch.columns, mapping, subject=self.subject)
            noted.update(name for name in unknown if batch[name].null_count() < batch.height)
            is_numbered = ROW in batch.columns
            numbered = batch if is_numbered else batch.with_row_index(ROW, offset=row)
            hidden.demand_none(batch, parsed.mapping)
            cells, made = map_columns(numbered, mapping, parsed.labels)
            demand_key(cells.columns, batch.columns, subject=self.subject)
            self.parsed.codes.setdefault(CUSTOM, {}).update({code.id: code for code in made})
            fitter.codes = code_lists(self.structure, self.codes)
            cells = foreign.set_apart(cells, fitter.codes)
            if FREQ not in cells.columns and FREQ in self.structure.by_id:
                cells = cells.with_columns(frequencies(cells[PERIOD].str.strip_chars()))
                derived.update(cells[FREQ].drop_nulls())
            fitted = fitter.fit(cells)
            areas.update(fitted[AREA].unique().drop_nulls())
            yield fitted
            row += batch.height
        parsed.notes.extend(foreign.notes())
        if derived:
            words = ", ".join(f"{code} {count}" for code, count in sorted(derived.items()))
            parsed.notes.append(f"FREQ, which the file does not have, from the periods: {words}")
        if self.mapping.areas is None:
            parsed.notes.extend(area_notes(areas))
        if noted:
            parsed.notes.append(f"columns left out: {', '.join(sorted(noted))}")
        fitter.finish()

    @property
    def codes(self) -> Mapping[str, CodeList]:
        """The labels that came with the data, by component."""
        return {
            component: CodeList(
                id=self.structure.by_id[component].codes or f"CL_{component}",
                # What is no code may have a label too; it is refused where it stands.
                codes=tuple(code for code in codes.values() if LISTED.fullmatch(code.id)),
                source=self.subject,
            )
            for component, codes in self._labels().items()
            if codes
        }

    def _labels(self) -> Mapping[str, Mapping[str, Code]]:
        """Return the labels that the file gives; areas that are in M49 have that list's."""
        given = self.parsed.codes
        if AREA not in given:
            return given
        areas = pl.Series(list(given[AREA]), dtype=pl.String)
        own = areas.filter(in_m49(areas, self.mapping) == areas)
        known = shipped_code_lists().get("CL_AREA", ())
        labels = {code: given[AREA][code] for code in own if code not in known}
        return {**given, AREA: labels}

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where the data are from, as far as the file says."""
        return (self.parsed.origin,) if self.parsed.origin else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out or changed."""
        return tuple(self.parsed.notes)


def open_dataset(
    source: Source | Path | str,
    *,
    format: str | None = None,
    mapping: ColumnMapping | None = None,
    structures: Structures | None = None,
) -> Reading:
    """Open a file of observations, to be read in batches of limited size.

    Parameters
    ----------
    source : Source, Path or str
        The file; ``-`` is standard input. It may be packed with gzip.
    format : str, optional
        Name of the format, as `formats` lists them. Recognised by the content if left out.
    mapping : ColumnMapping, optional
        Where components stand, laid over what the format knows itself.
    structures : Structures, optional
        Structures of the producer, which say what codes mean.

    Returns
    -------
    Reading

    Raises
    ------
    NotFound
        If there is no such file or format.
    InputError
        If no format fits, or the file cannot be read as the one that does.
    """
    opened = source if isinstance(source, Source) else Source.at(source)
    if mapping:
        opened = replace(
            opened,
            delimiter=mapping.delimiter,
            sheet=mapping.sheet,
            decimal=mapping.decimal,
            header_row=mapping.header_row,
            header_rows=mapping.header_rows,
        )
    found = find_format(opened, format)
    if is_json(opened):
        with demanding_shape(subject=opened.name):
            parsed = parse_with(found, opened, structures)
        parsed.batches = _shaped(parsed.batches, subject=opened.name)
    else:
        parsed = parse_with(found, opened, structures)
    return Reading(parsed, mapping, subject=opened.name)


def _shaped(batches: Iterator[pl.DataFrame], *, subject: str) -> Iterator[pl.DataFrame]:
    """Yield the batches of a JSON file."""
    with demanding_shape(subject=subject):
        yield from batches


def read_dataset(
    source: Source | Path | str,
    *,
    format: str | None = None,
    mapping: ColumnMapping | None = None,
) -> Dataset:
    r"""Read a file of observations whole.

    Parameters
    ----------
    source, format, mapping
        As for `open_dataset`.

    Returns
    -------
    Dataset

    Raises
    ------
    NotFound, InputError
        As `open_dataset`, and with every fault in the file.

    Examples
    --------
    >>> text = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE\n5a,NA,2019,F,1.5\n"
    >>> data = read_dataset(Source(name="figures.csv", content=text))
    >>> data.table.select("REF_AREA", "SEX", "AGE", "OBS_VALUE").rows()
    [('NA', 'F', '_T', 1.5)]
    """
    reading = open_dataset(source, format=format, mapping=mapping)
    batches = list(reading)
    empty = pl.DataFrame(schema=dict(reading.structure.schema))
    return Dataset(
        table=pl.concat([empty, *batches], rechunk=True),
        structure=reading.structure,
        codes=reading.codes,
        origins=reading.origins,
        notes=reading.notes,
    )
