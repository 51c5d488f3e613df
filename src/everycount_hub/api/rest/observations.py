"""Figures: which are asked for, as pages of JSON or CSV, or as a whole file of any format."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import polars.selectors as cs
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from everycount.errors import InputError, NotFound, Problem
from everycount.io.code_lists import shipped_code_lists
from everycount.io.exporters.formats import Exporter, find_exporter
from everycount.io.exporters.found import Found
from everycount.io.words import quote
from everycount.model.observation import AREA, INDICATOR, OBSERVATION, PERIOD, VALUE
from everycount.model.period import read_period
from everycount_hub.api import described
from everycount_hub.api.limits import ROWS_OF_SERIES, TooMuch
from everycount_hub.api.rest import pages
from everycount_hub.api.rest.asked import FORMATS
from everycount_hub.api.rest.asked import Observations as Asked
from everycount_hub.api.rest.catalogue import find_area, find_indicators, language_of
from everycount_hub.api.written import Rows, Told, csv_answer, file_answer
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import DATASET, Edition
from everycount_hub.queries import observed
from everycount_hub.queries.observed import Wanted

ALWAYS = (INDICATOR, AREA, PERIOD, VALUE)
NAMES = {"INDICATOR_NAME": INDICATOR, "REF_AREA_NAME": AREA}
"""Columns with names, for which `fields` has to ask, and whose names they are."""
ISO3, PRODUCER, LICENCE = "ISO3", "PRODUCER", "LICENCE"
EXTRA = (DATASET, PRODUCER, LICENCE, ISO3, *NAMES)
"""What a figure may have besides the components of an observation."""
FILTERS = tuple(
    each.id
    for each in OBSERVATION.components
    if each.kind == "code" and each.id not in {INDICATOR, AREA}
)
"""Dimensions and coded attributes; the parameter of each has its name in small letters."""
PERIODS = re.compile(r"(?P<first>[^.]*)\.\.(?P<last>[^.]*)")
OWN = frozenset(Asked.model_fields)
PARAMETERS = OWN | {each.lower() for each in FILTERS}


def observations(request: HttpRequest, edition: Edition, asked: Asked) -> HttpResponseBase:
    """Return the figures that are asked for, in the format asked for.

    Raises
    ------
    InputError
        With everything that is wrong with the parameters.
    NotFound
        If there is no such indicator, area or dataset.
    TooMuch
        If there are more figures than one answer may have.
    """
    pages.demand_parameters(request, PARAMETERS)
    wanted = _wanted(request, edition, asked)
    datasets = [edition.datasets[key] for key in wanted.datasets]
    if asked.format not in {"json", "csv"}:
        return _file(request, edition, wanted, asked)
    columns = _columns(edition, wanted, asked)
    if asked.format == "csv" and asked.limit is None and asked.cursor is None:
        told = Told(title="", name="observations.csv", media_type="text/csv; charset=utf-8")
        return csv_answer(
            request,
            _tables(edition, wanted, asked),
            lambda rows: _shown(edition, rows, columns, asked),
            told,
        )
    table = _table(edition, wanted, asked)
    size = pages.page_size(asked.limit)
    offset = pages.offset_of(request, edition, asked.cursor)
    rows = _first(table, offset, size + 1)
    after = pages.cursor_of(request, edition, offset + size) if rows.height > size else None
    shown = _shown(edition, rows.head(size), columns, asked)
    if asked.format == "json":
        return _json(request, edition, shown, datasets, after=after, asked=asked)
    response = _csv(shown)
    if after:
        response["Link"] = f'<{pages.next_address(request, after)}>; rel="next"'
    return response


def _wanted(request: HttpRequest, edition: Edition, asked: Asked) -> Wanted:
    problems: list[Problem] = []
    indicators: dict[str, set[str]] = {}
    for name in pages.codes_of("indicator", asked.indicator):
        for entry in find_indicators(edition, name):
            for key in entry.datasets:
                indicators.setdefault(key, set()).add(entry.code)
    keys = [each.key for each in edition.datasets.values() if each.has_figures]
    if asked.indicator:
        keys = [key for key in keys if key in indicators]
    if asked.dataset:
        given = [_dataset(edition, each).key for each in pages.codes_of("dataset", asked.dataset)]
        keys = [key for key in keys if key in given]
    where: dict[str, Sequence[str]] = {}
    if asked.area:
        given = pages.codes_of("area", asked.area)
        where[AREA] = [find_area(edition, each).code for each in given]
    for name in FILTERS:
        codes = pages.codes_of(name.lower(), request.GET.get(name.lower()))
        if codes:
            problems += _code_problems(edition, name, codes)
            where[name] = codes
    first, last, wrong = _periods(asked.period)
    problems += wrong
    observed.refuse("the request", problems)
    return Wanted(datasets=tuple(keys), indicators=indicators, where=where, first=first, last=last)


def _code_problems(edition: Edition, name: str, codes: Sequence[str]) -> list[Problem]:
    general = shipped_code_lists().get(OBSERVATION.by_id[name].codes)
    known: set[str] = set(general.by_id) if general else set()
    if not all(each in known for each in codes):
        known |= _published_codes(edition, name)
    return observed.demand_known(
        name.lower(), codes, known, is_code=lambda code: general is not None and code in general
    )


def _published_codes(edition: Edition, name: str) -> set[str]:
    keys = [each.key for each in edition.datasets.values() if each.has_figures]
    return observed.together(edition, keys).values.get(name, set())


def _dataset(edition: Edition, asked: str) -> PublishedDataset:
    found = edition.datasets.get(asked)
    if found is None:
        raise NotFound(f"there is no dataset {quote(asked)}: see /api/v1/datasets")
    if found.withdrawn_at:
        raise NotFound(f"the dataset {quote(asked)} was withdrawn: {found.withdrawn_reason}")
    if not found.has_figures:
        raise NotFound(f"the dataset {quote(asked)} holds no figures but {found.content}")
    return found


def _periods(text: str | None) -> tuple[str, str, list[Problem]]:
    """Return the days from and to which periods may begin, and what is wrong with the text."""
    if not text:
        return "", "", []
    found = PERIODS.fullmatch(text)
    given = (found["first"], found["last"]) if found else (text, text)
    try:
        known = [read_period(each) if each else "" for each in given]
    except ValueError as error:
        expected = f"{error}; or from a first to a last, such as 2000..2020"
        return "", "", [Problem("period", quote(text), expected)]
    first = observed.begins(known[0]) if known[0] else ""
    last = observed.ends(known[1]) if known[1] else ""
    if first and last and first > last:
        return "", "", [Problem("period", quote(text), "a first that is not after the last")]
    return first, last, []


def _table(edition: Edition, wanted: Wanted, asked: Asked) -> pl.LazyFrame | None:
    if asked.tolerance is None:
        return observed.figures(edition, wanted)
    year = asked.period or ""
    if not re.fullmatch(r"\d{4}", year):
        problem = Problem("period", quote(asked.period), "one year, to which the nearest is found")
        raise InputError("the request", [problem])
    if not 0 <= asked.tolerance <= 100:
        problem = Problem("tolerance", str(asked.tolerance), "a number of years from 0 to 100")
        raise InputError("the request", [problem])
    span = Wanted(
        datasets=wanted.datasets,
        where=wanted.where,
        indicators=wanted.indicators,
        first=f"{max(1, int(year) - asked.tolerance):04}-01-01",
        last=f"{min(9999, int(year) + asked.tolerance):04}-12-31",
    )
    table = observed.figures(edition, span)
    if table is None:
        return None
    count = table.select(pl.len()).collect(engine="streaming").item()
    if count > ROWS_OF_SERIES:
        raise TooMuch(f"the nearest periods are looked for among {count:,} figures")
    return observed.nearest_period(table, int(year), asked.tolerance)


def _columns(edition: Edition, wanted: Wanted, asked: Asked) -> list[str]:
    """Return the columns of an answer: those asked for, or those that say something.

    They depend on the datasets alone, so that all pages of an answer have the same.
    """
    if asked.fields:
        return _fields(asked.fields)
    found = observed.together(edition, wanted.datasets)
    return [each.id for each in OBSERVATION.components if _tells(each.id, found)] + [
        DATASET,
        PRODUCER,
        LICENCE,
    ]


def _tells(name: str, found: Found) -> bool:
    component = OBSERVATION.by_id[name]
    if name in ALWAYS:
        return True
    if component.role == "attribute":
        return name in found.filled
    return bool(found.values[name] - {component.default})


def _fields(text: str) -> list[str]:
    wanted = list(dict.fromkeys(pages.codes_of("fields", text)))
    known = {*OBSERVATION.ids, *EXTRA}
    problems = [
        Problem("fields", quote(each), f"some of {', '.join([*OBSERVATION.ids, *EXTRA])}")
        for each in wanted
        if each not in known
    ]
    observed.refuse("the request", problems)
    return wanted


def _first(table: pl.LazyFrame | None, offset: int, count: int) -> pl.DataFrame:
    if table is None:
        return pl.DataFrame(schema={**OBSERVATION.schema, DATASET: pl.String})
    return table.slice(offset, count).collect(engine="streaming")


def _shown(
    edition: Edition, rows: pl.DataFrame, columns: Sequence[str], asked: Asked
) -> pl.DataFrame:
    """Return rows with the columns of the answer."""
    language = language_of(asked.lang)
    added = {
        PRODUCER: (DATASET, _of_datasets(edition, rows, "producer", language)),
        LICENCE: (DATASET, _of_datasets(edition, rows, "licence", language)),
        ISO3: (AREA, {code: each.iso3 for code, each in edition.area_by_code.items()}),
        "REF_AREA_NAME": (AREA, _names(edition.area_by_code, language)),
        "INDICATOR_NAME": (
            INDICATOR,
            _names({each.code: each for each in edition.indicators.values()}, language),
        ),
    }
    made = [
        pl.col(added[name][0])
        .replace_strict(added[name][1], default=None, return_dtype=pl.String)
        .alias(name)
        for name in columns
        if name in added
    ]
    return rows.with_columns(made).select(columns).with_columns(cs.float().fill_nan(None))


def _of_datasets(edition: Edition, rows: pl.DataFrame, name: str, language: str) -> dict[str, str]:
    keys = rows[DATASET].unique().to_list()
    return {key: described.told(edition, edition.datasets[key], language)[name] for key in keys}


def _names(entries: Mapping[str, Any], language: str) -> dict[str, str]:
    return {code: described.text(each.names, language) or code for code, each in entries.items()}


def _csv(rows: pl.DataFrame) -> HttpResponse:
    response = HttpResponse(rows.write_csv().encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="observations.csv"'
    return response


def _json(
    request: HttpRequest,
    edition: Edition,
    rows: pl.DataFrame,
    datasets: Sequence[PublishedDataset],
    *,
    after: str | None,
    asked: Asked,
) -> HttpResponse:
    language = language_of(asked.lang)
    told = [described.told(edition, each, language) for each in datasets]
    content = {"count": rows.height, "next": after, "datasets": told, "observations": []}
    response = pages.answer(request, edition, content, datasets=datasets, after=after)
    # Polars writes rows much faster than a loop would.
    before, after_rows = response.content[: -len(b"[]}")], b"}"
    response.content = before + rows.write_json().encode() + after_rows
    return response


def _tables(edition: Edition, wanted: Wanted, asked: Asked) -> Iterator[pl.LazyFrame]:
    """Yield all figures that are asked for, in tables that each fit into the memory."""
    if asked.tolerance is None:
        yield from observed.windows(edition, wanted)
        return
    table = _table(edition, wanted, asked)
    if table is not None:
        yield table


def _file(request: HttpRequest, edition: Edition, wanted: Wanted, asked: Asked) -> HttpResponseBase:
    exporter = _exporter(asked.format)
    if asked.limit is not None or asked.cursor or asked.fields:
        problem = Problem("format", quote(asked.format), "json or csv with limit, cursor or fields")
        raise InputError("the request", [problem])
    datasets = [edition.datasets[key] for key in wanted.datasets]
    structure = OBSERVATION if len(datasets) == 1 else described.BY_DATASET
    codes = {each.key: described.dataset_code(each.key) for each in datasets}
    rows = Rows(
        structure=structure,
        tables=(
            each.with_columns(pl.col(DATASET).replace(codes))
            for each in _tables(edition, wanted, asked)
        ),
        codes=described.own_codes(edition, datasets, structure),
        origins=described.origins(edition, datasets),
    )
    told = Told(
        title="; ".join(described.title(each) for each in datasets[:5]) or "No figures",
        name=f"observations{exporter.ending}",
        media_type=exporter.media_type,
        published=max((each.released_at for each in datasets), default=""),
    )
    return file_answer(request, rows, exporter, told)


def _exporter(name: str) -> Exporter:
    if name not in FORMATS:
        problem = Problem("format", quote(name), f"one of json, {', '.join(FORMATS)}")
        raise InputError("the request", [problem])
    return find_exporter(name)
