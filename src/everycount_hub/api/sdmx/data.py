"""Data queries of SDMX REST 2.x and 1.5."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import BinaryIO

import polars as pl
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from everycount.errors import InputError, NotFound, Problem
from everycount.io.exporters.formats import Exporter, Write
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.words import quote
from everycount.model.observation import OBSERVATION
from everycount_hub.api import described
from everycount_hub.api.limits import ROWS_OF_SERIES, TooMuch
from everycount_hub.api.public import Refused
from everycount_hub.api.sdmx import media
from everycount_hub.api.sdmx.flows import ALL, Flow, find_flows
from everycount_hub.api.sdmx.heads import plain
from everycount_hub.api.sdmx.questions import FILTER, read_question, whole_number
from everycount_hub.api.written import Rows, Told, file_answer
from everycount_hub.edition.read import DATASET, Edition
from everycount_hub.queries import observed
from everycount_hub.queries.observed import Wanted

ENDS = ("firstNObservations", "lastNObservations")
SHARED = frozenset({"format", "updatedAfter", "dimensionAtObservation", "includeHistory", *ENDS})
PARAMETERS = {
    True: SHARED | {"attributes", "measures", "startPeriod", "endPeriod", "limit", "offset"},
    False: SHARED | {"startPeriod", "endPeriod", "detail"},
}
"""Parameters of data queries in REST 2.x and in 1.5."""
FLAT = "AllDimensions"
NAMED_BY_FLOW = frozenset({"sdmx-csv", "sdmx-csv-1.0"})
"""Formats that name the data flow; the others name its structure."""
CONTEXTS = ("dataflow", "datastructure", "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The data flow that a query names."""

    agency: str = "*"
    id: str = "*"
    version: str = "*"


def data_2(
    request: HttpRequest,
    *,
    edition: Edition,
    context: str = "*",
    agency: str = "*",
    id: str = "*",
    version: str = "*",
    key: str = "*",
) -> HttpResponseBase:
    """Answer a data query of REST 2.x."""
    flow = flow_2(edition, context, Reference(agency=agency, id=id, version=version))
    return _data(request, edition, flow, key, is_2=True)


def data_1(
    request: HttpRequest,
    *,
    edition: Edition,
    flow: str,
    key: str = "all",
    provider: str = "all",
) -> HttpResponseBase:
    """Answer a data query of REST 1.5."""
    found = flow_1(edition, flow)
    if provider not in {"all", "*", found.agency}:
        raise NotFound(f"{quote(provider)} provides no figures of {found.id}")
    return _data(request, edition, found, key, is_2=False)


def flow_2(edition: Edition, context: str, reference: Reference) -> Flow:
    """Return the flow that a query of REST 2.x names.

    Raises
    ------
    NotFound
        If there is none.
    Refused
        If it names several, or something else than flows.
    """
    if context not in CONTEXTS:
        raise Refused(501, f"{quote(context)}: data are had by dataflow or datastructure.")
    if context == "datastructure":
        structures = {each.id: each for each in (OBSERVATION, described.BY_DATASET)}
        if reference.id in structures:
            return _one(find_flows(edition, described.AGENCY, ALL, "*"))
    return _one(find_flows(edition, reference.agency, reference.id, reference.version))


def flow_1(edition: Edition, text: str) -> Flow:
    """Return the flow that a query of REST 1.5 names: ``ID``, ``AGENCY,ID`` or with the version.

    Raises
    ------
    InputError
        If the text is none of these.
    """
    parts = text.split(",")
    if not 1 <= len(parts) <= 3 or not all(parts):
        expected = "FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION"
        raise InputError("the query", [Problem("flow", quote(text), expected)])
    if len(parts) == 1:
        return _one(find_flows(edition, "all", parts[0], "latest"))
    version = parts[2] if len(parts) == 3 else "latest"
    return _one(find_flows(edition, parts[0], parts[1], version))


def _one(found: tuple[Flow, ...]) -> Flow:
    if len(found) > 1:
        names = ", ".join(f"{each.agency}:{each.id}" for each in found[:5])
        raise Refused(
            501,
            f"The query means {len(found)} data flows ({names} …). Ask for one at a time; "
            f"{described.AGENCY}:{ALL} has the figures of all.",
        )
    return found[0]


def _data(
    request: HttpRequest, edition: Edition, flow: Flow, key: str, *, is_2: bool
) -> HttpResponseBase:
    exporter = media.data_format(request, is_2=is_2)
    demand_parameters(request, PARAMETERS[is_2])
    _demand_supported(request)
    asked = read_question(request, edition, flow, key)
    datasets = _changed_after(request, flow, asked.datasets)
    wanted = replace(asked, datasets=datasets).wanted()
    left_out = _left_out(request, is_2=is_2)
    rows = Rows(
        structure=flow.structure,
        tables=(_told(flow, each, left_out) for each in _tables(request, edition, wanted)),
        codes=described.own_codes(edition, flow.datasets, flow.structure),
        origins=described.origins(edition, flow.datasets),
    )
    about = Told(
        title=flow.title,
        name=f"{flow.agency}-{flow.id}{exporter.ending}",
        media_type=exporter.media_type,
        published=flow.published,
    )  # fmt: skip
    return file_answer(
        request, rows, exporter, about, write=_writer(flow, exporter), demand=_demand_any
    )


def _demand_any(outgoing: Outgoing) -> None:
    if not outgoing.rows:
        raise NotFound("no figures fit the query")


def _writer(flow: Flow, exporter: Exporter) -> Write:
    """Return what writes a format: CSV names the flow, and XML is as every reader takes it."""
    if exporter.ending == ".xml":
        return plain(exporter.write)
    if exporter.name not in NAMED_BY_FLOW:
        return exporter.write

    def write(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
        named = replace(flow.structure, id=flow.id, agency=flow.agency, version=flow.version)
        return exporter.write(replace(outgoing, structure=named), file)

    return write


def demand_parameters(request: HttpRequest, known: Collection[str]) -> None:
    """Refuse parameters that there are not: a slip would silently ask for everything.

    Raises
    ------
    InputError
        With each of them.
    """
    problems = [
        Problem("parameter", quote(each), f"c[…] or one of {', '.join(sorted(known))}")
        for each in request.GET
        if each not in known and not FILTER.fullmatch(each)
    ]
    observed.refuse("the query", problems)


def _demand_supported(request: HttpRequest) -> None:
    """Refuse what the standard has and this service has not."""
    level = request.GET.get("dimensionAtObservation", FLAT)
    if level != FLAT:
        raise Refused(501, f"dimensionAtObservation: figures come flat ({FLAT}) only.")
    if request.GET.get("includeHistory", "false").lower() != "false":
        raise Refused(501, "includeHistory: only the newest version of each dataset is shown.")


def _changed_after(request: HttpRequest, flow: Flow, datasets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the datasets that were published after a time, if one is given."""
    text = request.GET.get("updatedAfter")
    if not text:
        return datasets
    try:
        # A plus of the zone arrives as a blank where the address did not escape it.
        after = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        expected = "a time such as 2026-01-31T12:00:00Z"
        raise InputError("the query", [Problem("updatedAfter", quote(text), expected)]) from error
    after = after.replace(tzinfo=UTC) if after.tzinfo is None else after
    newer = {e.key for e in flow.datasets if datetime.fromisoformat(e.released_at) > after}
    return tuple(key for key in datasets if key in newer)


def _tables(request: HttpRequest, edition: Edition, wanted: Wanted) -> Iterable[pl.LazyFrame]:
    """Return the figures; the first or last of each series, or a slice, where that is asked for."""
    first, last = (whole_number(request, name) for name in ENDS)
    limit = whole_number(request, "limit")
    start = 0 if request.GET.get("offset") in {None, "0"} else whole_number(request, "offset")
    if first is None and last is None and limit is None and not start:
        return observed.windows(edition, wanted)
    table = observed.figures(edition, wanted)
    if table is None:
        return ()
    if first is not None or last is not None:
        count = table.select(pl.len()).collect(engine="streaming").item()
        if count > ROWS_OF_SERIES:
            raise TooMuch(f"the first and last of series are looked for among {count:,} figures")
        table = observed.ends_of_series(table, first, last)
    return (table.slice(start or 0, limit),)


def _left_out(request: HttpRequest, *, is_2: bool) -> frozenset[str]:
    """Return the attributes and measures that are not wanted."""
    attributes = frozenset(OBSERVATION.attributes)
    measures = frozenset(e.id for e in OBSERVATION.components if e.role == "measure")
    if not is_2:
        detail = request.GET.get("detail", "full")
        if detail in {"serieskeysonly", "nodata"}:
            raise Refused(501, f"detail={detail}: ask /sdmx/availableconstraint which keys are.")
        if detail not in {"full", "dataonly"}:
            expected = "full or dataonly"
            raise InputError("the query", [Problem("detail", quote(detail), expected)])
        return attributes if detail == "dataonly" else frozenset()
    usual = {"attributes": "dsd", "measures": "all"}
    groups = {"attributes": attributes, "measures": measures}
    left: frozenset[str] = frozenset()
    for name, group in groups.items():
        left |= _unwanted(name, request.GET.get(name, usual[name]), group)
    return left


def _unwanted(name: str, text: str, group: frozenset[str]) -> frozenset[str]:
    if text in {"all", "dsd"}:
        return frozenset()
    if text in {"none", "msd"}:
        return group
    wanted = [each for each in text.split(",") if each not in {"dataset", "series", "obs"}]
    problems = [
        Problem(name, quote(each), f"all, none, or some of {', '.join(sorted(group))}")
        for each in wanted
        if each not in group
    ]
    observed.refuse("the query", problems)
    if len(wanted) < len(text.split(",")):  # levels: all attributes are those of observations
        return frozenset() if "obs" in text.split(",") else group - set(wanted)
    return group - set(wanted)


def _told(flow: Flow, table: pl.LazyFrame, left_out: Collection[str]) -> pl.LazyFrame:
    """Return figures as the structure of the flow has them, without what is not wanted."""
    types: Mapping[str, type[pl.DataType]] = flow.structure.schema
    table = table.with_columns(pl.lit(None, types[name]).alias(name) for name in left_out)
    codes = {key: described.dataset_code(key) for key in flow.keys}
    return table.with_columns(pl.col(DATASET).replace(codes))
