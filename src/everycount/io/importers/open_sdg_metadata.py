"""The metadata of an indicator in an Open SDG repository: YAML above text, or YAML alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from everycount.errors import InputError, Problem
from everycount.io.files import read_bytes
from everycount.io.text import utf8
from everycount.io.words import quote

FENCE = "---"
"""Line before and after the YAML of a page. Jekyll, front matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSdgMetadata:
    """What a page says of an indicator."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """Text by the repository's own key, in the order of the page; empty ones are left out."""
    body: str = ""
    """Markdown below the fields."""


def parse(source: bytes, *, subject: str) -> OpenSdgMetadata:
    r"""Read the metadata of one indicator.

    Parameters
    ----------
    source : bytes
        UTF-8. YAML between two lines ``---`` with Markdown below, or YAML alone.
    subject : str
        What messages call the file.

    Returns
    -------
    OpenSdgMetadata
        Values are text as they are written: ``1.10`` stays so, and ``no`` is not turned into
        false. Lists and tables become lines.

    Raises
    ------
    InputError
        If the YAML cannot be read, with its line, or is no table of keys.

    Examples
    --------
    >>> page = parse(b"---\nreporting_status: complete\n---\nText.\n", subject="5-1-1.md")
    >>> page.fields, page.body
    ({'reporting_status': 'complete'}, 'Text.')
    """
    text = utf8(source, subject=subject).decode().replace("\r\n", "\n")
    head, offset, body = text, 0, ""
    if text.startswith(FENCE):
        lines = text.split("\n")
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
        if end is None:
            expected = f"a second line {FENCE!r} where the fields end"
            raise InputError(subject, [Problem("file", f"one line {FENCE!r}", expected)])
        head, offset, body = "\n".join(lines[1:end]), 1, "\n".join(lines[end + 1 :]).strip()
    try:
        # The loader that reads all as text: nothing is guessed.
        said = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1 + offset}" if mark else "file"
        found = error.problem or "text that cannot be read"
        raise InputError(subject, [Problem(line, found, "YAML, such as key: text")]) from error
    except yaml.YAMLError as error:
        raise InputError(
            subject, [Problem("file", str(error), "YAML, such as key: text")]
        ) from error
    if said is None or said == "":
        return OpenSdgMetadata(body=body)
    if not isinstance(said, dict):
        raise InputError(subject, [Problem("file", quote(said), "keys and texts")])
    fields = {str(key): _text(value) for key, value in said.items()}
    return OpenSdgMetadata(fields={key: each for key, each in fields.items() if each}, body=body)


def read(path: Path | str) -> OpenSdgMetadata:
    """Read the metadata of one indicator from a file; see `parse`."""
    return parse(read_bytes(path), subject=Path(path).name)


def _text(value: Any) -> str:
    """Return a value of YAML as text: lists and tables line by line."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "\n".join(_text(each) for each in value)
    return str(value).strip()
