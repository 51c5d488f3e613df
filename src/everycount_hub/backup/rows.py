"""Tables as lines of JSON, the same from every database."""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.duration import duration_iso_string

from everycount.errors import InputError, Problem

LEFT_OUT = frozenset({"auth", "axes", "contenttypes", "sessions"})
"""Apps whose rows are made anew by every hub, or should not outlive a restore: who is signed in,
and whose sign-in is held up."""
BATCH = 2000  # rows fetched at a time: memory stays flat


def tables() -> list[type[models.Model]]:
    """Return the models whose rows a backup holds, by name."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def lines_of(model: type[models.Model], *, using: str) -> Iterator[bytes]:
    """Yield a table: a line with the names of its columns, then a line for each row by key."""
    names = [field.attname for field in _fields(model)]
    yield _line(names)
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield _line([_plain(value) for value in row])


def load(model: type[models.Model], lines: Iterable[bytes], *, using: str) -> int:
    """Add the rows of a table as they were; return how many.

    Raises
    ------
    InputError
        If the columns or a value are not those of the table.
    """
    subject = model._meta.label_lower
    numbered = enumerate(lines, start=1)
    header = json.loads(next(numbered, (1, b"[]"))[1])
    fields = {field.attname: field for field in _fields(model)}
    if header != list(fields):
        problem = Problem("line 1", f"the columns {header}", f"the columns {list(fields)}")
        raise InputError(subject, [problem])
    count = 0
    for number, line in numbered:
        row = _row(model, list(fields.values()), line, where=f"line {number}")
        row.save_base(raw=True, force_insert=True, using=using)
        count += 1
    return count


def _row(
    model: type[models.Model], fields: Sequence[models.Field], line: bytes, *, where: str
) -> models.Model:
    """Return a row from its line."""
    try:
        values = {
            field.attname: field.to_python(value)
            for field, value in zip(fields, json.loads(line), strict=True)
        }
    except (ValueError, ValidationError) as error:
        problem = Problem(where, line[:80].decode(errors="replace"), "a row of this table")
        raise InputError(model._meta.label_lower, [problem]) from error
    return model(**values)


def _fields(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that hold something of their own."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _line(values: Sequence[Any]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it, without losing a microsecond or a digit."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case UUID() | Decimal():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode("ascii")
    return value
