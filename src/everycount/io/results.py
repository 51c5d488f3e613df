"""Write the result of a build as files: scores, normalised data, figures, averages and trace."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from everycount.index.result import IndexResult


def result_files(result: IndexResult, trace: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files that hold a result, by name.

    Parameters
    ----------
    result : IndexResult
        What a build found.
    trace : mapping
        `everycount` (version of the library) and `inputs` (role, name and digest of the files).

    Returns
    -------
    dict of str to bytes
        `scores.csv`, `data.csv`, `figures.csv`, `averages.csv`, `group_ranks.csv` and
        `result.json`, as docs/reference/formats.md describes them. The same result gives the
        same bytes.
    """
    files = {
        "scores.csv": csv_bytes(result.scores()),
        "data.csv": csv_bytes(result.data()),
        "figures.csv": csv_bytes(result.figures()),
        # Also without any, so that those of another build do not stay beside these scores.
        "averages.csv": csv_bytes(result.averages()),
        "group_ranks.csv": csv_bytes(result.group_ranks()),
    }
    facts = {**trace, **asdict(result.trace()), "files": sorted(files)}
    files["result.json"] = json_bytes(facts)
    return files


def csv_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8, numbers in full precision, missing cells empty."""
    return table.write_csv().encode()


def json_bytes(value: Any) -> bytes:
    """Return plain data as indented JSON; a number that is not finite becomes null."""
    text = json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode()


def _plain(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return None
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
