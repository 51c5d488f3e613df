"""Read SDMX data by the producer's own structures."""

from everycount.errors import InputError, Problem
from everycount.io.importers import sdmx_csv, sdmx_json, sdmx_ml
from everycount.io.importers.read import Reading
from everycount.io.importers.sdmx_structures import Structures
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping


def open_sdmx(
    source: Source, structures: Structures, mapping: ColumnMapping | None = None
) -> Reading:
    r"""Open SDMX data whose data structures and code lists are at hand.

    Parameters
    ----------
    source : Source
        SDMX-CSV, SDMX-ML or SDMX-JSON.
    structures : Structures
        As `read_structures` returns them. They say which concepts are dimensions, and what codes
        mean; SDMX-CSV and structure-specific SDMX-ML do not.
    mapping : ColumnMapping, optional
        Where components stand, laid over what the format knows itself.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If it is no data message of SDMX.

    Examples
    --------
    >>> text = b"DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\nUN:POP(1.0),004,2019,38.0\n"
    >>> reading = open_sdmx(Source(name="figures.csv", content=text), Structures())
    >>> next(iter(reading)).select("INDICATOR", "OBS_VALUE").rows()
    [('POP', 38.0)]
    """
    head = source.head()
    for format in (sdmx_csv, sdmx_json, sdmx_ml):
        if format.recognises(head, source.stem):
            return Reading(format.parse(source, structures), mapping, subject=source.name)
    found = f"content that begins {head[:40]!r}"
    raise InputError(source.name, [Problem("file", found, "SDMX-CSV, SDMX-ML or SDMX-JSON")])
