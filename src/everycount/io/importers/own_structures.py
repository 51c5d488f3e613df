"""Read a file with the structures of its producer: what codes mean, and in which lists they are."""

from collections.abc import Iterable
from inspect import signature
from itertools import chain
from typing import Any, cast

from everycount.io.importers.formats import Format
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.sdmx_structures import Structures, read_structures
from everycount.io.importers.source import Source
from everycount.model.codes import CodeList


def read_all_structures(places: Iterable[str]) -> Structures | None:
    """Return what several messages of structures hold together; None of none.

    Raises
    ------
    NotFound
        If one of the files is not there.
    InputError
        If one is no message of structures.
    """
    found = [read_structures(Source.at(place)) for place in places]
    if not found:
        return None
    return Structures(
        code_lists=tuple(chain.from_iterable(each.code_lists for each in found)),
        structures=tuple(chain.from_iterable(each.structures for each in found)),
        dataflows=tuple(chain.from_iterable(each.dataflows for each in found)),
    )


def parse_with(format: Format, source: Source, structures: Structures | None) -> Parsed:
    """Parse a file, with the names that structures give its codes.

    A format of SDMX looks its own structure up; for another, lists belong to the component of
    the same name, or to the one that has a list of the same name. What the file itself says of a
    code stays.

    Parameters
    ----------
    format : Format
        How the file is read.
    source : Source
        The file.
    structures : Structures or None
        What the user has beside it.

    Returns
    -------
    Parsed
    """
    if structures is None:
        return format.parse(source)
    if "structures" in signature(format.parse).parameters:
        return cast("Parsed", cast("Any", format).parse(source, structures))
    parsed = format.parse(source)
    for component, codes in _lists(parsed, structures):
        said = parsed.codes.get(component, {})
        parsed.codes[component] = {**codes.by_id, **said}
    return parsed


def _lists(parsed: Parsed, structures: Structures) -> Iterable[tuple[str, CodeList]]:
    """Yield the lists that belong to components of the structure."""
    ours = parsed.structure.components
    for structure in structures.structures:
        known = structures.lists_of(structure)
        yield from ((each.id, known[each.id]) for each in ours if each.id in known)
    if not structures.structures:
        lists = ((each.id, structures.code_list(each.codes)) for each in ours if each.codes)
        yield from ((name, codes) for name, codes in lists if codes is not None)
