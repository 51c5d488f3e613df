"""Structures of SDMX-JSON 2.0 as version 1.0 has them."""

from collections.abc import Mapping
from typing import Any

from everycount.model.observation import VALUE
from everycount_hub.api.sdmx.artefacts import CONSTRAINT, STRUCTURE


def object_1(kind: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return something maintained in SDMX-JSON 1.0."""
    if kind == STRUCTURE and "dataStructureComponents" in given:
        components = given["dataStructureComponents"]
        return {**given, "dataStructureComponents": _components(components)}
    if kind == CONSTRAINT and "cubeRegions" in given:
        told = {name: value for name, value in given.items() if name != "role"}
        return {**told, "type": given["role"], "cubeRegions": [_region(given["cubeRegions"][0])]}
    return given


def _components(given: Mapping[str, Any]) -> dict[str, Any]:
    dimensions = given["dimensionList"]
    attributes = given["attributeList"]
    return {
        "dimensionList": {
            "id": dimensions["id"],
            "dimensions": [_typed(each) for each in dimensions["dimensions"]],
            "timeDimensions": [_typed(dimensions["timeDimension"])],
        },
        "measureList": {
            "id": given["measureList"]["id"],
            "primaryMeasure": _typed(given["measureList"]["measures"][0]),
        },
        "attributeList": {
            "id": attributes["id"],
            "attributes": [_attribute(each) for each in attributes["attributes"]],
        },
    }


def _attribute(given: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in _typed(given).items() if name != "usage"}
    return {
        **told,
        "assignmentStatus": "Conditional",
        "attributeRelationship": {"primaryMeasure": VALUE},
    }


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a component whose type of text has the name of version 1.0."""
    values = given["localRepresentation"]
    if "format" in values:
        values = {"textFormat": {"textType": values["format"]["dataType"]}}
    return {**given, "localRepresentation": values}


def _region(given: Mapping[str, Any]) -> dict[str, Any]:
    listed = [
        {name: value for name, value in each.items() if name != "include"}
        for each in given["keyValues"]
    ]
    return {"isIncluded": True, "keyValues": listed}
