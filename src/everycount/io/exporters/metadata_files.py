"""Write a handbook as a file of metadata: SDMX-ML, SDMX-JSON or a workbook."""

from collections.abc import Sequence
from datetime import datetime

from everycount.io.exporters.metadata_json import metadata_json
from everycount.io.exporters.metadata_ml import metadata_ml
from everycount.io.exporters.metadata_sets import metadata_message
from everycount.io.handbook_workbook import handbook_workbook
from everycount.io.handbooks import shipped_fields
from everycount.model.handbook import Handbook, Preset
from everycount.repository.handbook import published

FORMATS = {".xml": "sdmx-ml", ".json": "sdmx-json", ".xlsx": "excel"}
"""Formats by the endings of files."""


def metadata_bytes(
    handbook: Handbook,
    preset: Preset,
    *,
    format: str,
    prepared: datetime,
    languages: Sequence[str] = (),
    with_persons: bool = False,
) -> bytes:
    """Return a handbook in one of the formats.

    Parameters
    ----------
    handbook : Handbook
        What is known.
    preset : Preset
        Template by which it is written.
    format : {"sdmx-ml", "sdmx-json", "excel"}
        SDMX-ML 3.0, SDMX-JSON 2.0, or a workbook to write in.
    prepared : datetime
        When a message says that it was made.
    languages : sequence of str, optional
        Languages that a workbook has columns for; those of the handbook if left out.
    with_persons : bool
        Whether names of persons and how to reach them are in it. A workbook always has them: it
        is for those who keep the handbook.

    Returns
    -------
    bytes
    """
    if format == "excel":
        return handbook_workbook(handbook, preset, languages=languages)
    fields = shipped_fields()
    shown = handbook if with_persons else published(handbook, fields)
    message = metadata_message(shown, preset, fields, prepared=prepared)
    return metadata_ml(message) if format == "sdmx-ml" else metadata_json(message)
