"""Published indices: scores, ranks with the interval an audit gives them, and its verdict."""

import io
import json
from functools import lru_cache
from typing import Any

import polars as pl

from everycount.errors import NotFound
from everycount.io.words import quote
from everycount_hub.api import described
from everycount_hub.api.rest.pages import codes_of
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition, open_edition

CONTENT = "index"
VERDICT, RANKS, SCORES = "audit/verdict.json", "audit/ranks.csv", "scores.csv"
TEXTS = frozenset({"unit", "period", "node", "status", "band", "missing", "note"})
"""Columns of codes and words; all others are numbers. docs/reference/formats.md."""
QUESTIONS = frozenset({"outside"})
"""Columns of true and false."""
FILES = {"scores": SCORES, "ranks": RANKS}
"""The tables that are shown, and the file of each."""


def find(edition: Edition, content: str, asked: str) -> PublishedDataset:
    """Return what is published under a name: its key, or its short name where that is one only.

    Raises
    ------
    NotFound
        If there is none.
    """
    known = edition.of_content(content)
    found = [each for each in known if asked in {each.key, each.slug}]
    if len(found) != 1:
        names = ", ".join(each.key for each in known[:12]) or "none yet"
        raise NotFound(f"there is no {content} {quote(asked)}; there are: {names}")
    return found[0]


def told(edition: Edition, dataset: PublishedDataset, language: str) -> dict[str, Any]:
    """Return what lists say of an index."""
    verdict = _verdict(edition, dataset)
    return {
        **described.told(edition, dataset, language),
        "id": dataset.key,
        "units": dataset.metadata.get("units"),
        "method": verdict.get("method"),
        "headline": verdict.get("headline"),
        "light": verdict.get("light"),
    }


def whole(
    edition: Edition,
    dataset: PublishedDataset,
    language: str,
    *,
    node: str | None = None,
    units: str | None = None,
) -> dict[str, Any]:
    """Return an index with its verdict, scores and ranks, of one node or some units if asked."""
    tables = {
        name: table(edition.digest, dataset.key, file)
        for name, file in FILES.items()
        if file in edition.bundle(dataset)
    }
    if node:
        tables = {name: rows.filter(pl.col("node") == node) for name, rows in tables.items()}
    if units:
        asked = codes_of("unit", units)
        tables = {name: rows.filter(pl.col("unit").is_in(asked)) for name, rows in tables.items()}
    return {
        **told(edition, dataset, language),
        "verdict": _verdict(edition, dataset),
        **{name: rows.to_dicts() for name, rows in tables.items()},
    }


@lru_cache(32)
def table(digest: str, key: str, file: str) -> pl.DataFrame:
    """Return a table of a bundle; columns of numbers are numbers."""
    edition = open_edition(digest)
    content = edition.bundle(edition.datasets[key])[file]
    rows = pl.read_csv(io.BytesIO(content), infer_schema=False)
    numbers = [name for name in rows.columns if name not in TEXTS]
    return rows.with_columns(
        _truth(name) if name in QUESTIONS else pl.col(name).cast(pl.Float64).fill_nan(None)
        for name in numbers
    )


def _truth(name: str) -> pl.Expr:
    return pl.col(name).replace_strict({"true": True, "false": False}, default=None)


def _verdict(edition: Edition, dataset: PublishedDataset) -> dict[str, Any]:
    files = edition.bundle(dataset)
    return dict(json.loads(files[VERDICT])) if VERDICT in files else {}
