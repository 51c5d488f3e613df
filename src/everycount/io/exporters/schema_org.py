"""Write the description of a dataset for search engines: schema.org Dataset as JSON-LD."""

from typing import Any, BinaryIO

from everycount.io.exporters.catalogue import Distribution, Entry, entry_of, licence_url
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.triples import embeddable


def write_schema_org(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write a schema.org Dataset.

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
    file.write((embeddable(schema_org(entry_of(outgoing))) + "\n").encode())
    return ()


def schema_org(entry: Entry) -> dict[str, Any]:
    """Return an entry of a catalogue as schema.org names its parts.

    Parameters
    ----------
    entry : Entry
        What is known of the dataset.

    Returns
    -------
    dict
        Plain values; what is not known is left out.
    """
    producers = dict.fromkeys(each.producer for each in entry.origins)
    licences = dict.fromkeys(each.licence for each in entry.origins if each.licence)
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": entry.address,
        "name": entry.title,
        "description": entry.description,
        "url": entry.address,
        "dateModified": entry.updated,
        "creator": [{"@type": "Organization", "name": each} for each in producers],
        "license": [licence_url(each) or each for each in licences],
        "citation": [each.citation for each in entry.origins if each.citation],
        "isBasedOn": [each.url for each in entry.origins if each.url],
        "temporalCoverage": "/".join(entry.years or ()),
        "spatialCoverage": [
            {"@type": "Place", "identifier": code, "name": name} for code, name in entry.areas
        ],
        "variableMeasured": [
            _known({"@type": "PropertyValue", "propertyID": code, "name": name, "unitText": unit})
            for code, name, unit in entry.indicators
        ],
        "distribution": [_download(each) for each in entry.distributions],
        "abstract": "; ".join([*(f"Appraisal: {each}" for each in entry.appraisals), *entry.notes]),
    }
    return _known(found)


def _download(file: Distribution) -> dict[str, Any]:
    """Return a file in which the dataset can be had."""
    return _known(
        {
            "@type": "DataDownload",
            "contentUrl": file.url,
            "encodingFormat": file.media_type,
            "name": file.title,
            "contentSize": "" if file.size is None else f"{file.size} B",
        }
    )


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is not empty."""
    return {name: value for name, value in values.items() if value}
