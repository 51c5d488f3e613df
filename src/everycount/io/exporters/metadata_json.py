"""Write a handbook as reference metadata of SDMX-JSON 2.0."""

import json
from collections.abc import Mapping
from typing import Any

from everycount.io.exporters.metadata_sets import Attribute, MetadataMessage, MetadataSet
from everycount.model.indicator import wording

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/metadata-message/tools/schemas/"
    "2.0.0/sdmx-json-metadata-schema.json"
)


def metadata_json(message: MetadataMessage) -> bytes:
    """Return a message of metadata sets.

    Parameters
    ----------
    message : MetadataMessage
        What it says, from `metadata_message`.

    Returns
    -------
    bytes
        SDMX-JSON 2.0. The same message gives the same bytes.

    References
    ----------
    SDMX-JSON metadata message 2.0.0.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> empty = MetadataMessage(id="H", version="1.0.0", agency="A", sender="A", name={"en": "H"},
    ...     flow="urn:sdmx:org.sdmx.infomodel.metadatastructure.Metadataflow=A:M(1.0)",
    ...     prepared=datetime(2026, 11, 22, tzinfo=UTC), sets=())
    >>> json.loads(metadata_json(empty))["data"]
    {'metadataSets': []}
    """
    languages = {key for each in message.sets for key in _languages(each.attributes)}
    meta = {
        "schema": SCHEMA,
        "id": message.id,
        "test": False,
        "prepared": message.prepared.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "contentLanguages": sorted({*languages, *message.name}),
        "names": dict(message.name),
        "sender": {"id": message.sender},
    }
    sets = [_set(each, message) for each in message.sets]
    content = {"meta": meta, "data": {"metadataSets": sets}}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _languages(attributes: tuple[Attribute, ...]) -> set[str]:
    """Return the languages of some concepts."""
    own = {language for each in attributes for language in each.texts}
    return own.union(*(_languages(each.parts) for each in attributes))


def _set(reported: MetadataSet, message: MetadataMessage) -> dict[str, Any]:
    """Return the set of one indicator."""
    return {
        "id": reported.id,
        "agencyID": message.agency,
        "version": message.version,
        "name": wording(reported.name),
        "names": dict(reported.name),
        "metadataflow": message.flow,
        "targets": [reported.target],
        "attributes": [_attribute(each) for each in reported.attributes],
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    """Return a concept with what is reported under it."""
    made: dict[str, Any] = {"id": attribute.id}
    if attribute.is_day:
        made["value"] = next(iter(attribute.texts.values())).strip()
    elif attribute.texts:
        made["value"] = _clean(attribute.texts)
    if attribute.states:
        made["annotations"] = [
            {"type": f"STATE_{language}", "texts": {"en": state}}
            for language, state in sorted(attribute.states.items())
        ]
    if attribute.parts:
        made["attributes"] = [_attribute(each) for each in attribute.parts]
    return made


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts that any reader of JSON takes: halves of characters are replaced."""
    return {
        key: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        for key, text in texts.items()
    }
