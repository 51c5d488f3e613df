"""Drawings: charts as SVG, made once and kept by the digest of what they are made from.

A specification holds the figures, the words in the reader's language and the size, so its digest
with the version of the program names the drawing; the same drawing serves every edition.
"""

import hashlib
import json
import secrets
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from everycount.charts.render import svg
from everycount.charts.theme import Spec

IN_MEMORY = 512
"""Drawings that are kept in memory: some 10 kB each."""


def drawing_of(spec: Spec) -> str:
    """Return a chart as an SVG element for a page, drawn if nobody asked for it before.

    Parameters
    ----------
    spec : dict
        A specification from `everycount.charts`.
    """
    text = _text(spec)
    return _kept(_digest(text), text)


def digest_of(spec: Spec) -> str:
    """Return the name of a drawing."""
    return _digest(_text(spec))


def place_of(digest: str) -> Path:
    """Return where a drawing is, or would be."""
    return Path(settings.PORTAL_FOLDER) / "drawings" / digest[:2] / f"{digest}.svg"


@lru_cache(IN_MEMORY)
def _kept(digest: str, text: str) -> str:
    place = place_of(digest)
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        drawn = svg(json.loads(text))
    place.parent.mkdir(parents=True, exist_ok=True)
    # Two may draw the same at once; whoever is last replaces it by its like.
    temporary = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    temporary.write_text(drawn, encoding="utf-8")
    temporary.replace(place)
    return drawn


def _digest(text: str) -> str:
    return hashlib.sha256(f"{version('everycount')} {text}".encode()).hexdigest()


def _text(spec: Spec) -> str:
    return json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
