"""Write a handbook as reference metadata of SDMX-ML 3.0."""

from everycount.io.exporters.metadata_sets import Attribute, MetadataMessage, MetadataSet
from everycount.io.exporters.text import escape_xml
from everycount.io.exporters.xml import DECLARATION, annotations, element, start, wording

SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
NAMESPACES = {
    "xmlns:mes": f"{SCHEMAS}message",
    "xmlns:com": f"{SCHEMAS}common",
    "xmlns:md": f"{SCHEMAS}metadata/generic",
}


def metadata_ml(message: MetadataMessage) -> bytes:
    """Return a message of generic metadata.

    Parameters
    ----------
    message : MetadataMessage
        What it says, from `metadata_message`.

    Returns
    -------
    bytes
        SDMX-ML 3.0. Characters that XML forbids become U+FFFD. The same message gives the same
        bytes.

    References
    ----------
    SDMX 3.0, section 3, SDMX-ML: SDMXMessage.xsd, SDMXMetadataGeneric.xsd.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> empty = MetadataMessage(id="H", version="1.0.0", agency="A", sender="A", name={"en": "H"},
    ...     flow="urn:sdmx:org.sdmx.infomodel.metadatastructure.Metadataflow=A:M(1.0)",
    ...     prepared=datetime(2026, 11, 22, tzinfo=UTC), sets=())
    >>> metadata_ml(empty).decode().splitlines()[1][:30]
    '<mes:GenericMetadata xmlns:mes'
    """
    structure = element(
        "mes:Structure",
        {"structureID": "METADATA"},
        element("com:StructureUsage", content=escape_xml(message.flow)),
    )
    head = "".join(
        (
            element("mes:ID", content=message.id),
            element("mes:Test", content="false"),
            element("mes:Prepared", content=message.prepared.strftime("%Y-%m-%dT%H:%M:%SZ")),
            element("mes:Sender", {"id": message.sender}),
            wording("com:Name", message.name),
            structure,
        )
    )
    lines = [
        DECLARATION + start("mes:GenericMetadata", NAMESPACES),
        element("mes:Header", content=head),
        *(_set(each, message) for each in message.sets),
        "</mes:GenericMetadata>\n",
    ]
    return "\n".join(lines).encode()


def _set(reported: MetadataSet, message: MetadataMessage) -> str:
    """Return the set of one indicator."""
    content = "".join(
        (
            wording("com:Name", reported.name),
            element("md:Metadataflow", content=escape_xml(message.flow)),
            element("md:Target", content=escape_xml(reported.target)),
            *map(_attribute, reported.attributes),
        )
    )
    names = {"id": reported.id, "agencyID": message.agency, "version": message.version}
    return element("mes:MetadataSet", names, content)


def _attribute(attribute: Attribute) -> str:
    """Return a concept with what is reported under it."""
    told = annotations(
        (f"STATE_{language}", state) for language, state in sorted(attribute.states.items())
    )
    if attribute.is_day:
        values = dict.fromkeys(text.strip() for text in attribute.texts.values())
        said = "".join(element("md:Value", content=value) for value in values)
    else:
        said = wording("com:Text", attribute.texts)
    parts = "".join(map(_attribute, attribute.parts))
    return element("md:Attribute", {"id": attribute.id}, told + said + parts)
