"""Fetch observations from a service and read them as one dataset."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import cast

import polars as pl

from everycount.errors import InputError, NotFound, Problem
from everycount.io.fetching.cache import Cache
from everycount.io.fetching.client import RESUME, Client
from everycount.io.fetching.query import Query, Service
from everycount.io.files import digest
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.io.words import nearest
from everycount.model.codes import CodeList
from everycount.model.column_mapping import ColumnMapping
from everycount.model.dataset import Dataset
from everycount.model.origin import Origin

MODULES = ("world_bank", "un_sdg", "unsd", "who", "sdmx_rest")


def services() -> Iterator[Service]:
    """Yield the services that can be asked."""
    for name in MODULES:
        yield cast("Service", import_module(f"everycount.io.fetching.{name}"))


def find_service(name: str) -> Service:
    """Return a service by its name.

    Raises
    ------
    NotFound
        If there is none.
    """
    known = {service.NAME: service for service in services()}
    if name not in known:
        near = nearest(name, list(known))
        hint = f"; perhaps {near!r}" if near else ""
        raise NotFound(f"there is no service {name!r}{hint}. Services: {', '.join(known)}")
    return known[name]


def fetch_pages(
    service: Service,
    query: Query,
    *,
    client: Client,
) -> Iterator[Source]:
    """Yield the answer of a service page by page, and close the client.

    Parameters
    ----------
    service : Service
        As `find_service` returns it.
    query : Query
        What to ask for.
    client : Client
        What asks.

    Yields
    ------
    Source

    Raises
    ------
    InputError
        If nothing is asked for, or the service refuses it.
    NotFound, Unavailable
        As `Client.get`.
    """
    if not query.codes:
        problem = Problem("codes", "nothing", "at least one code of a series")
        raise InputError(service.TITLE, [problem])
    with client:
        for name, content in service.pages(query, client):
            yield Source(name=name, content=content)


def fetch_dataset(
    name: str,
    query: Query,
    *,
    cache: Path | None = None,
    resume: timedelta = RESUME,
    mapping: ColumnMapping | None = None,
    client: Client | None = None,
) -> Dataset:
    """Return the observations that a service has.

    Parameters
    ----------
    name : str
        Name of the service.
    query : Query
        What to ask for.
    cache : Path, optional
        Folder in which answers are kept; nowhere if left out.
    resume : timedelta
        Age up to which a kept answer is taken without asking again.
    client : Client, optional
        What asks; one of its own if left out.
    mapping : ColumnMapping, optional
        Laid over what the format of the answer knows itself.

    Returns
    -------
    Dataset
        With the service as its origin.

    Raises
    ------
    InputError
        If the answer cannot be read, or says different things of one observation.
    NotFound, Unavailable
        As `Client.get`.
    """
    service = find_service(name)
    asking = client or Client(Cache(cache) if cache else None, pause=service.PAUSE, resume=resume)
    pages = list(fetch_pages(service, query, client=asking))
    parts = [read_dataset(page, format=service.FORMAT or None, mapping=mapping) for page in pages]
    origin = Origin(
        producer=service.PRODUCER,
        title=f"{service.TITLE}: {', '.join(query.codes)}",
        licence=service.LICENCE,
        url=query.address or service.ADDRESS,
        accessed=asking.now().date(),
        sha256=digest(b"".join(bytes.fromhex(digest(page.content)) for page in pages)),
    )
    return _join(parts, origin, subject=service.TITLE)


def _join(parts: list[Dataset], origin: Origin, *, subject: str) -> Dataset:
    """Return the observations of several pages as one dataset."""
    first = parts[0]
    table = pl.concat([part.table for part in parts])
    key = list(first.structure.key)
    # A page that shifted while it was fetched repeats rows; they are the same or it is a fault.
    table = table.unique(maintain_order=True)
    repeated = table.filter(pl.struct(key).is_duplicated())
    if repeated.height:
        words = ", ".join(str(value) for value in repeated.select(key).row(0))
        raise InputError(subject, [Problem(words, "different figures on two pages", "one figure")])
    codes: dict[str, CodeList] = {}
    for part in parts:
        for component, listed in part.codes.items():
            codes[component] = (
                codes[component].extended(listed.codes) if component in codes else listed
            )
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    return replace(first, table=table, codes=codes, origins=(origin,), notes=notes)
