"""Names that all SDMX formats share: namespaces, references to structures, actions."""

import re
from dataclasses import dataclass

NAMESPACE = re.compile(r"http://www\.[sS][dD][mM][xX]\.org/resources/sdmxml/schemas/v(\d)_(\d)/")
"""Begins the namespaces of a version of SDMX-ML. SDMX 2.0 wrote SDMX in capitals."""
REFERENCE = re.compile(
    r"(?:urn:sdmx:[\w.]+=)?(?P<agency>[\w.\-]+):(?P<id>[\w@$\-]+)"
    r"(?:\((?P<version>[\w.+*\-]*)\))?(?:\.(?P<item>[\w@$.\-]+))?"
)
"""A URN or a short reference, as ``IAEG-SDGs:SDG(1.8)``. SDMX 3.0, section 6, identification."""
DELETE = frozenset({"D", "DELETE"})
"""Actions that take data away: a letter in SDMX-CSV 2, a word in SDMX-ML and SDMX-JSON."""
MISSING = ("NaN", "#N/A")
"""How SDMX 3.0 writes values that are missing (section 6, missing observation values)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Which structure something refers to."""

    id: str
    agency: str = ""
    version: str = ""
    item: str = ""
    """Code or concept in the list that is named."""

    def __str__(self) -> str:
        agency = f"{self.agency}:" if self.agency else ""
        version = f"({self.version})" if self.version else ""
        return f"{agency}{self.id}{version}"


def read_reference(text: str) -> Reference:
    """Read a URN, a short reference or a bare identifier.

    Parameters
    ----------
    text : str
        What stands in the file.

    Returns
    -------
    Reference

    Examples
    --------
    >>> read_reference("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_SEX(2.1)")
    Reference(id='CL_SEX', agency='SDMX', version='2.1', item='')
    >>> read_reference("SDG").id
    'SDG'
    """
    plain = text.strip()
    found = REFERENCE.fullmatch(plain)
    if found is None:
        return Reference(id=plain)
    parts = {name: part or "" for name, part in found.groupdict().items()}
    return Reference(**parts)
