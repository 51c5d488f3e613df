"""Availability queries: which codes and periods there are figures of, and how many."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from everycount.errors import InputError, NotFound, Problem
from everycount.io.exporters.periods import sdmx_period
from everycount.io.exporters.text import escape_xml
from everycount.io.exporters.xml import annotations, element, wording
from everycount.io.words import quote
from everycount.model.observation import PERIOD
from everycount_hub.api import described
from everycount_hub.api.sdmx import media
from everycount_hub.api.sdmx.artefacts import (
    CONSTRAINT,
    FLOW,
    STRUCTURE,
    XML_VERSIONS,
    Artefact,
    artefacts,
    parsed,
)
from everycount_hub.api.sdmx.data import Reference, demand_parameters, flow_1, flow_2
from everycount_hub.api.sdmx.flows import Flow
from everycount_hub.api.sdmx.messages import FULL
from everycount_hub.api.sdmx.questions import Asked, read_question
from everycount_hub.api.sdmx.structures import answer
from everycount_hub.edition.read import DATASET, Edition
from everycount_hub.queries import observed

PARAMETERS = frozenset({"mode", "references", "format", "updatedAfter", "startPeriod", "endPeriod"})
MODES = ("exact", "available")


def availability_2(
    request: HttpRequest,
    *,
    edition: Edition,
    context: str = "*",
    agency: str = "*",
    id: str = "*",
    version: str = "*",
    key: str = "*",
    component: str = "*",
) -> HttpResponse:
    """Answer an availability query of REST 2.x."""
    flow = flow_2(edition, context, Reference(agency=agency, id=id, version=version))
    return _answer(request, edition, flow, key, component, is_2=True)


def availability_1(
    request: HttpRequest,
    *,
    edition: Edition,
    flow: str,
    key: str = "all",
    provider: str = "all",
    component: str = "all",
) -> HttpResponse:
    """Answer an availability query of REST 1.5."""
    found = flow_1(edition, flow)
    if provider not in {"all", "*", found.agency}:
        raise NotFound(f"{quote(provider)} provides no figures of {found.id}")
    return _answer(request, edition, found, key, component, is_2=False)


def _answer(
    request: HttpRequest, edition: Edition, flow: Flow, key: str, component: str, *, is_2: bool
) -> HttpResponse:
    format = media.structure_format(request, is_2=is_2)
    demand_parameters(request, PARAMETERS)
    names = _components(flow, component)
    mode = request.GET.get("mode", "exact").lower()
    if mode not in MODES:
        raise InputError("the query", [Problem("mode", quote(mode), " or ".join(MODES))])
    asked = read_question(request, edition, flow, key)
    left, rows = _left(edition, flow, asked, names, mode=mode)
    if not rows:
        raise NotFound("no figures fit the query")
    constraint = _constraint(flow, left, rows)
    return answer(edition, [(constraint, FULL), *_references(request, edition, flow)], format)


def _components(flow: Flow, text: str) -> tuple[str, ...]:
    """Return the dimensions whose codes are wanted."""
    key = flow.structure.key
    if text in {"*", "all", ""}:
        return key
    wanted = [each for each in text.replace(" ", "+").replace(",", "+").split("+") if each]
    problems = [
        Problem("component", quote(each), f"some of {', '.join(key)}")
        for each in wanted
        if each not in key
    ]
    observed.refuse("the query", problems)
    return tuple(name for name in key if name in wanted)


def _left(
    edition: Edition, flow: Flow, asked: Asked, names: tuple[str, ...], *, mode: str
) -> tuple[Mapping[str, list[str]], int]:
    """Return the codes of each dimension that figures fitting a query have, and their number.

    With the mode *available* a dimension that the query restricts itself counts as free, so that
    a reader sees what else could be chosen there.
    """
    rows, left = 0, {}
    table = observed.figures(edition, asked.wanted())
    if table is not None:
        wanted = [name for name in names if name != DATASET]
        picked = [pl.col(name).unique().drop_nulls().implode() for name in wanted]
        found = table.select(
            pl.len().alias(" rows"),
            pl.col(DATASET).unique().implode(),
            *picked,
        ).collect(engine="streaming")
        rows = found[" rows"][0]
        left = {name: sorted(found[name][0]) for name in wanted}
        if DATASET in names:
            left[DATASET] = sorted(map(described.dataset_code, found[DATASET][0]))
    if mode == "available":
        for name in asked.where:
            free = replace(asked, where={k: v for k, v in asked.where.items() if k != name})
            other = observed.figures(edition, free.wanted())
            if name in names and other is not None:
                codes = other.select(pl.col(name).unique()).collect(engine="streaming")[name]
                left[name] = sorted(codes.drop_nulls())
    return {name: left[name] for name in names if name in left}, rows


def _references(request: HttpRequest, edition: Edition, flow: Flow) -> list[tuple[Artefact, str]]:
    """Return what stands beside the constraint: its flow, structure, code lists and concepts."""
    asked = request.GET.get("references", "none").lower()
    known = artefacts(edition)
    own = known[FLOW, flow.agency, flow.id]
    structure = known[STRUCTURE, flow.structure.agency, flow.structure.id]
    parts = [known[name] for name in known if name in structure.refers]
    if asked == "none":
        return []
    whole = [own, structure, *parts]
    chosen = whole if asked in {"all", "descendants"} else [e for e in whole if e.kind == asked]
    if not chosen:
        expected = "none, all, dataflow, datastructure, codelist or conceptscheme"
        raise InputError("the query", [Problem("references", quote(asked), expected)])
    return [(each, FULL) for each in chosen]


def _constraint(flow: Flow, left: Mapping[str, list[str]], rows: int) -> Artefact:
    named = {"id": f"{flow.id}_AVAILABLE", "agencyID": flow.agency, "version": flow.version}
    elements = {v: _element(flow, named, left, rows, v) for v in XML_VERSIONS}
    return Artefact(
        kind=CONSTRAINT, agency=flow.agency, id=named["id"], version=flow.version, xml=elements,
        json=_object(flow, named, left, rows),
    )  # fmt: skip


def _title(flow: Flow) -> str:
    return f"Figures there are of {flow.title}"


def _element(
    flow: Flow, named: Mapping[str, str], left: Mapping[str, list[str]], rows: int, version: str
) -> Any:
    is_2 = version == "2.1"
    prefix = "com" if is_2 else "str"
    pointed = {
        "id": flow.id, "agencyID": flow.agency, "version": flow.version, "class": "Dataflow",
    }  # fmt: skip
    reference = element("Ref", pointed) if is_2 else flow.urn
    values = []
    for name, codes in left.items():
        if name == PERIOD:
            first, last = (sdmx_period(each) for each in _ends(codes))
            span = element(f"{prefix}:StartPeriod", {"isInclusive": "true"}, first)
            span += element(f"{prefix}:EndPeriod", {"isInclusive": "true"}, last)
            listed = element(f"{prefix}:TimeRange", content=span)
        else:
            listed = "".join(
                element(f"{prefix}:Value", content=code) for code in map(escape_xml, codes)
            )
        values.append(element(f"{prefix}:KeyValue", {"id": name}, listed))
    attached = element(
        "str:ConstraintAttachment", content=element("str:Dataflow", content=reference)
    )
    region = element("str:CubeRegion", {"include": "true"}, "".join(values))
    content = (
        annotations([("obs_count", str(rows))]) + wording("com:Name", {"en": _title(flow)})
        + attached + region
    )  # fmt: skip
    tag, role = ("ContentConstraint", "type") if is_2 else ("DataConstraint", "role")
    return parsed(element(f"str:{tag}", {**named, role: "Actual"}, content), version)


def _ends(periods: list[str]) -> tuple[str, str]:
    """Return the periods that begin first and end last."""
    return min(periods, key=observed.begins), max(periods, key=observed.ends)


def _object(
    flow: Flow, named: Mapping[str, str], left: Mapping[str, list[str]], rows: int
) -> dict[str, Any]:
    values = []
    for name, codes in left.items():
        if name == PERIOD:
            first, last = (sdmx_period(each) for each in _ends(codes))
            span = {
                "startPeriod": {"period": first, "isInclusive": True},
                "endPeriod": {"period": last, "isInclusive": True},
            }
            values.append({"id": name, "timeRange": span})
        else:
            values.append({"id": name, "include": True, "values": codes})
    title = _title(flow)
    return {
        **named,
        "name": title,
        "names": {"en": title},
        "annotations": [{"type": "obs_count", "title": str(rows), "text": str(rows)}],
        "role": "Actual",
        "constraintAttachment": {"dataflows": [flow.urn]},
        "cubeRegions": [{"include": True, "keyValues": values}],
    }
