"""A composite index: it is built and audited here from its method and figures, never believed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from everycount.errors import InputError, MethodError, Problem
from everycount.io.audit_run import audit_files, audit_run
from everycount.io.index_run import IndexRun, build_index
from everycount.io.results import result_files
from everycount_hub.contents import Bundle, Expected
from everycount_hub.contents.archive import read_archive

if TYPE_CHECKING:
    from collections.abc import Mapping

METHOD, FIGURES, UNITS, SOURCES = "method.toml", "observations.csv", "units.csv", "sources.csv"
EXPECTED = Expected(required=(METHOD, FIGURES), optional=(UNITS, SOURCES))
AUDIT = "audit/"
"""What the names of the audit's files begin with."""


def make(place: Path, name: str) -> Bundle:
    """Build and audit an index from the files in an archive.

    Raises
    ------
    InputError
        With every fault of a file, or why the method cannot be applied to the figures.
    """
    given = read_archive(place, name, EXPECTED)
    try:
        run = rebuild(given)
        audited = audit_run(run.inputs)
    except MethodError as error:
        raise InputError(name, [Problem(METHOD, str(error), "a method that fits")]) from error
    files = {f"{AUDIT}{each}": content for each, content in audit_files(audited).items()}
    files |= result_files(run.result, run.trace)
    method = run.result.methodology
    return Bundle(
        files=files | given,
        facts={"title": method.title, "units": len(run.result.state.row_units)},
    )


def rebuild(files: "Mapping[str, bytes]") -> IndexRun:
    """Return the index that method, figures and units of a bundle give.

    Raises
    ------
    InputError
        With every fault of a file.
    MethodError
        If the method cannot be applied to the figures.
    """
    with TemporaryDirectory(prefix="everycount-index-") as folder:
        places = {name: Path(folder) / name for name in (METHOD, FIGURES, UNITS)}
        for name, place in places.items():
            if name in files:
                place.write_bytes(files[name])
        units = places[UNITS] if UNITS in files else None
        return build_index(places[METHOD], places[FIGURES], units=units)
