"""Write the description of a dataset in DCAT-AP 3, as JSON-LD or Turtle."""

from collections.abc import Iterator
from typing import BinaryIO

from everycount.io.exporters.catalogue import Distribution, Entry, entry_of, licence_url
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.triples import Address, Node, Text, json_ld, turtle
from everycount.model.origin import Origin

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
THEME = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
"""Population and society. Publications Office of the EU, authority table Data theme."""
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
Statement = tuple[str, Address | Text | Node]


def write_dcat_json(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write a DCAT-AP 3 description as JSON-LD.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words: nothing.
    """
    file.write((json_ld(dcat(entry_of(outgoing)), PREFIXES) + "\n").encode())
    return ()


def write_dcat_turtle(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write a DCAT-AP 3 description as Turtle; else as `write_dcat_json`."""
    file.write(turtle(dcat(entry_of(outgoing)), PREFIXES).encode())
    return ()


def dcat(entry: Entry) -> Node:
    """Return an entry of a catalogue as DCAT-AP 3 names its parts.

    Parameters
    ----------
    entry : Entry
        What is known of the dataset.

    Returns
    -------
    Node
        A ``dcat:Dataset``. Licences stand with the distributions, as DCAT-AP asks, and as
        rights of the dataset, so that they are not lost where there is no distribution.
    """
    statements = [*_about(entry), *_covered(entry)]
    statements += [
        ("dcat:distribution", _distribution(each, entry)) for each in entry.distributions
    ]
    return Node(kind="dcat:Dataset", statements=statements, address=entry.address)


def _about(entry: Entry) -> Iterator[Statement]:
    """Yield what the dataset is and who made it."""
    yield "dct:title", _english(entry.title)
    yield "dct:description", _english(entry.description)
    if entry.updated:
        yield "dct:modified", Text(value=entry.updated, kind="xsd:dateTime")
    yield "dcat:theme", Address(url=THEME)
    if entry.address:
        yield "dct:identifier", Text(value=entry.address)
        yield "dcat:landingPage", Address(url=entry.address)
    for number, origin in enumerate(entry.origins):
        # DCAT-AP allows one publisher; the others are creators.
        yield "dct:creator" if number else "dct:publisher", _agent(origin)
    yield from _sources(entry)
    for note in entry.notes:
        yield "dct:provenance", _worded("dct:ProvenanceStatement", note)
    for words in entry.appraisals:
        yield "adms:versionNotes", _english(f"Appraisal: {words}")


def _sources(entry: Entry) -> Iterator[Statement]:
    """Yield what the dataset is made from, and on what terms."""
    for origin in entry.origins:
        if origin.url:
            yield "dct:source", Address(url=origin.url)
        if origin.citation:
            yield "dct:bibliographicCitation", Text(value=origin.citation)
    for licence in dict.fromkeys(each.licence for each in entry.origins if each.licence):
        yield "dct:rights", _worded("dct:RightsStatement", licence)


def _covered(entry: Entry) -> Iterator[Statement]:
    """Yield what the data cover."""
    if entry.years:
        first, last = (Text(value=year, kind="xsd:gYear") for year in entry.years)
        period = [("dcat:startDate", first), ("dcat:endDate", last)]
        yield "dct:temporal", Node(kind="dct:PeriodOfTime", statements=period)
    for code, name in entry.areas:
        named = [("dct:identifier", Text(value=code)), ("skos:prefLabel", _english(name))]
        yield "dct:spatial", Node(kind="dct:Location", statements=named)
    for _, name, _ in entry.indicators:
        yield "dcat:keyword", _english(name)


def _distribution(file: Distribution, entry: Entry) -> Node:
    """Return a file in which the dataset can be had."""
    media_type = file.media_type.partition(";")[0]
    statements: list[Statement] = [
        ("dcat:accessURL", Address(url=file.url)),
        ("dcat:downloadURL", Address(url=file.url)),
        ("dcat:mediaType", Address(url=f"{MEDIA_TYPES}{media_type}")),
    ]
    if file.title:
        statements.append(("dct:title", _english(file.title)))
    if file.size is not None:
        size = Text(value=str(file.size), kind="xsd:nonNegativeInteger")
        statements.append(("dcat:byteSize", size))
    for licence in dict.fromkeys(each.licence for each in entry.origins if each.licence):
        url = licence_url(licence)
        named = Address(url=url) if url else _worded("dct:LicenseDocument", licence)
        statements.append(("dct:license", named))
    return Node(kind="dcat:Distribution", statements=statements)


def _agent(origin: Origin) -> Node:
    return Node(kind="foaf:Agent", statements=[("foaf:name", _english(origin.producer))])


def _worded(kind: str, words: str) -> Node:
    return Node(kind=kind, statements=[("rdfs:label", _english(words))])


def _english(text: str) -> Text:
    return Text(value=text, language="en")
