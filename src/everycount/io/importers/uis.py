"""Data of the UNESCO Institute for Statistics, as its bulk files have them."""

from collections.abc import Iterator

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.model.codes import CODE, Code
from everycount.model.column_mapping import ColumnMapping
from everycount.model.origin import Origin
from everycount.repository.custom_codes import part_code

NAME = "uis"
TITLE = "bulk CSV of the UNESCO Institute for Statistics"
STARTS = (b"indicator_id,country_id,year,value", b"indicator_id,region_id,year,value")
BESIDE = {
    b"indicator_id,indicator_label_en": "a list of indicators",
    b"region_id,country_id": "a list of regions and their countries",
    b"country_id,country_name_en": "a list of countries",
    b"indicator_id,country_id,year,type,metadata": "metadata of single observations",
}
"""What the files beside the figures begin with. Readme of the release of September 2020."""
STATUS = {
    "NIL": "",
    "NA": "M",
    "SUPP": "Q",
    "LOWREL": "U",
    "INCLUDED": "K",
    "INCLUDES": "W",
    "NAT_EST": "E",
    "UIS_EST": "E",
}
"""Observation status by magnitude or qualifier: not applicable is M (cannot exist), suppressed Q,
low reliability U, included elsewhere K, with other data W. Same readme; SDMX, CL_OBS_STATUS 2.2."""
NATURES = {"NAT_EST": "C", "UIS_EST": "E"}
"""Nature by qualifier: an estimate of the country, an estimate of the institute."""
NO_VALUE = ("NA", "SUPP", "INCLUDED")
"""Magnitudes whose value, if one is written, is none. Same readme."""
ORIGIN = Origin(
    producer="UNESCO Institute for Statistics",
    title="UIS bulk data",
    url="https://uis.unesco.org",
    licence="CC-BY-SA-3.0-IGO",
)


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file begins as those of the institute do."""
    return _header(head).startswith((*STARTS, *BESIDE))


def parse(source: Source) -> Parsed:
    """Read a file of national or regional figures; labels are read from the files beside it.

    Raises
    ------
    InputError
        If it is one of the files that lie beside the figures.
    """
    header = _header(source.head())
    if not header.startswith(STARTS):
        what = next((what for start, what in BESIDE.items() if header.startswith(start)), "no data")
        found = f"{what} of the UNESCO Institute for Statistics, without figures"
        expected = "the file of figures beside it, whose name ends in DATA_NATIONAL or _REGIONAL"
        raise InputError(source.name, [Problem("file", found, expected)])
    area = "REGION_ID" if header.startswith(STARTS[1]) else "COUNTRY_ID"
    parsed = Parsed(batches=iter(()), origin=ORIGIN)
    parsed.mapping = ColumnMapping(
        columns={
            "INDICATOR_ID": "INDICATOR",
            area: "REF_AREA",
            "YEAR": "TIME_PERIOD",
            "VALUE": "OBS_VALUE",
        },
        ignored=("MAGNITUDE", "QUALIFIER"),
        areas="iso3",
    )
    _read_labels(source, parsed)
    parsed.batches = _batches(source, area, parsed)
    return parsed


def _header(head: bytes) -> bytes:
    """Return the first line in small letters, without quotation marks."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return line.strip().lower().replace(b'"', b"")


def _read_labels(source: Source, parsed: Parsed) -> None:
    """Note the labels in the files that lie beside the figures."""
    prefix = source.name.split("_DATA", 1)[0].split(".", 1)[0]
    for ending, code, name, component in (
        ("LABEL", "INDICATOR_ID", "INDICATOR_LABEL_EN", "INDICATOR"),
        ("COUNTRY", "COUNTRY_ID", "COUNTRY_NAME_EN", "REF_AREA"),
    ):
        found = source.beside(f"{prefix}_{ending}.csv")
        for table in csv_batches(found) if found else ():
            plain = table.rename(str.upper)
            if {code, name} <= set(plain.columns):
                note_labels(parsed.codes, component, plain[code], plain[name])


def _batches(source: Source, area: str, parsed: Parsed) -> Iterator[pl.DataFrame]:
    """Yield the figures with observation status and nature."""
    for raw in csv_batches(source):
        batch = raw.rename(str.upper)
        absent = [name for name in ("MAGNITUDE", "QUALIFIER") if name not in batch.columns]
        batch = batch.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
        yield _with_status(_name_regions(batch, area, parsed))


def _name_regions(batch: pl.DataFrame, area: str, parsed: Parsed) -> pl.DataFrame:
    """Return a batch whose regions, which have names only, have codes made from them."""
    names = [each for each in batch[area].unique().drop_nulls() if not CODE.fullmatch(each)]
    codes = {name: part_code(name) for name in names}
    labels = parsed.codes.setdefault("REF_AREA", {})
    labels.update({code: Code(id=code, name={"en": name}) for name, code in codes.items()})
    return batch.with_columns(pl.col(area).replace(codes))


def _with_status(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch with codes for magnitude and qualifier; unknown ones stay, to be refused."""
    size, kind = (pl.col(name).str.strip_chars() for name in ("MAGNITUDE", "QUALIFIER"))
    by_size, by_kind = size.replace(STATUS), kind.replace(STATUS)
    return batch.with_columns(
        pl.when(by_size != "").then(by_size).otherwise(by_kind).alias("OBS_STATUS"),
        kind.replace_strict(NATURES, default=None, return_dtype=pl.String).alias("NATURE"),
        pl.when(~size.is_in(NO_VALUE).fill_null(value=False)).then(pl.col("VALUE")).alias("VALUE"),
    )
