"""Write observations as SDMX-ML: structure-specific 2.1 and 3.0, and generic 2.1."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from everycount.io.exporters.description import provenance, source_words, stamp
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.periods import changed_periods, period_notes
from everycount.io.exporters.text import forbidden_notes, joined, xml_text
from everycount.io.exporters.xml import DECLARATION, annotations, element, start, wording
from everycount.model.observation import PERIOD

SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/"
FLAT = "AllDimensions"
"""Every observation with all its dimensions, so that none must wait for others of its series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What differs between versions of SDMX-ML."""

    folder: str
    """Part of the namespaces."""

    def namespaces(self) -> dict[str, str]:
        """Return the namespaces of data messages, by prefix."""
        kinds = {
            "mes": "message",
            "com": "common",
            "gen": "data/generic",
            "ss": "data/structurespecific",
        }
        named = {f"xmlns:{key}": f"{SCHEMAS}{self.folder}/{kind}" for key, kind in kinds.items()}
        return {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", **named}


V21, V30 = Version(folder="v2_1"), Version(folder="v3_0")


def write_sdmx_ml_21(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write structure-specific data of SDMX-ML 2.1, all observations flat.

    Origins, licences, appraisals and notes stand as annotations of the data set. Characters
    that XML forbids become U+FFFD, which is among the words returned.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words.
    """
    return _structure_specific(outgoing, file, V21)


def write_sdmx_ml_30(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write structure-specific data of SDMX-ML 3.0; else as `write_sdmx_ml_21`."""
    return _structure_specific(outgoing, file, V30)


def write_sdmx_ml_generic(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write generic data of SDMX-ML 2.1; else as `write_sdmx_ml_21`."""
    reference = {"structureRef": outgoing.structure.id, "action": "Replace"}
    dataset = start("mes:DataSet", reference), "</mes:DataSet></mes:GenericData>\n"
    return _write(outgoing, file, V21, "mes:GenericData", dataset, _generic)


def _structure_specific(outgoing: Outgoing, file: BinaryIO, version: Version) -> tuple[str, ...]:
    """Write an element for each observation with its components as attributes."""
    attributes = {
        "ss:structureRef": outgoing.structure.id,
        "xsi:type": "own:DataSetType",
        "ss:dataScope": "DataStructure" if version is V21 else "",
        "ss:action": "Replace",
    }
    dataset = start("mes:DataSet", attributes), "</mes:DataSet></mes:StructureSpecificData>\n"
    return _write(outgoing, file, version, "mes:StructureSpecificData", dataset, _flat)


def _write(
    outgoing: Outgoing,
    file: BinaryIO,
    version: Version,
    root: str,
    dataset: tuple[str, str],
    row: Callable[[Outgoing, dict[str, pl.Expr]], list[pl.Expr]],
) -> tuple[str, ...]:
    """Write a message of data: a header, the observations, and what closes the elements."""
    changed = changed_periods(outgoing.used(PERIOD))
    named = version.namespaces()
    if root != "mes:GenericData":
        named["xmlns:own"] = _own_namespace(outgoing)
    head = start(root, named) + "\n" + header(outgoing, version, has_own="xmlns:own" in named)
    about = annotations(provenance(outgoing))
    file.write(f"{DECLARATION}{head}\n{dataset[0]}{about}\n".encode())
    for batch in outgoing.batches():
        cells = xml_text(batch, outgoing.components)
        cells[PERIOD] = cells[PERIOD].replace(changed)
        file.write(joined(batch, row(outgoing, cells), ""))
    file.write(dataset[1].encode())
    return period_notes(changed) + forbidden_notes(outgoing.found.forbidden)


def _flat(outgoing: Outgoing, cells: dict[str, pl.Expr]) -> list[pl.Expr]:
    """Return the parts of an observation whose components are attributes."""
    parts = [
        pl.concat_str(pl.lit(f' {name}="'), cell, pl.lit('"')).fill_null("")
        for name, cell in cells.items()
    ]
    return [pl.lit("<Obs"), *parts, pl.lit("/>\n")]


def _generic(outgoing: Outgoing, cells: dict[str, pl.Expr]) -> list[pl.Expr]:
    """Return the parts of an observation whose components are elements."""

    def value(name: str) -> pl.Expr:
        before = pl.lit(f'<gen:Value id="{name}" value="')
        return pl.concat_str(before, cells[name], pl.lit('"/>')).fill_null("")

    measures = [each.id for each in outgoing.components if each.role == "measure"]
    attributes = [each.id for each in outgoing.attributes]
    observed = [
        pl.concat_str(pl.lit('<gen:ObsValue value="'), cells[name], pl.lit('"/>')).fill_null("")
        for name in measures
    ]
    described = pl.concat_str([pl.lit(""), *map(value, attributes)])
    wrapped = pl.concat_str(pl.lit("<gen:Attributes>"), described, pl.lit("</gen:Attributes>"))
    return [
        pl.lit("<gen:Obs><gen:ObsKey>"),
        *map(value, outgoing.structure.key),
        pl.lit("</gen:ObsKey>"),
        *observed,
        pl.when(described != "").then(wrapped).otherwise(pl.lit("")),
        pl.lit("</gen:Obs>\n"),
    ]


def _own_namespace(outgoing: Outgoing) -> str:
    """Return the namespace of elements that follow the structure.

    SDMX 2.1 section 3A, part on structure-specific schemas: the structure's name, then how
    observations are laid out.
    """
    return f"{outgoing.structure.urn}:ObsLevelDim:{FLAT}"


def header(outgoing: Outgoing, version: Version, *, has_own: bool) -> str:
    """Return the header of a data message."""
    structure = outgoing.structure
    named = {"agencyID": structure.agency, "id": structure.id, "version": structure.version}
    pointed = (
        element("Ref", {**named, "class": "DataStructure"}) if version is V21 else structure.urn
    )
    about = {
        "structureID": structure.id,
        "namespace": _own_namespace(outgoing) if has_own else "",
        "dimensionAtObservation": FLAT,
    }
    sources = "; ".join(source_words(each) for each in outgoing.origins)
    return "".join(
        (
            "<mes:Header>",
            preamble(outgoing),
            element("mes:Structure", about, element("com:Structure", content=pointed)),
            wording("mes:Source", {"en": sources} if sources else {}),
            "</mes:Header>",
        )
    )


def preamble(outgoing: Outgoing) -> str:
    """Return what headers of data and of structures begin with."""
    structure = outgoing.structure
    return "".join(
        (
            element("mes:ID", content=structure.id),
            element("mes:Test", content="false"),
            element("mes:Prepared", content=stamp(outgoing)),
            element("mes:Sender", {"id": structure.agency}),
            wording("com:Name", {"en": outgoing.title}),
        )
    )
