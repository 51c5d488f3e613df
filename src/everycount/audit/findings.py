"""What an audit finds: a sentence, how serious it is, the figure and the limit behind it."""

from dataclasses import dataclass
from typing import Literal, get_args

from everycount.index.thresholds import Thresholds, source_of
from everycount.model.strict import STRICT

Light = Literal["good", "note", "watch", "problem"]
LIGHTS: dict[Light, str] = {
    "good": "In order",
    "note": "For information",
    "watch": "To be looked at",
    "problem": "A problem",
}
"""What a light is called, wherever it is shown: never by its colour alone."""
Part = Literal["data", "coherence", "importance", "uncertainty", "sensitivity", "concept"]
ORDER: tuple[Light, ...] = tuple(reversed(get_args(Light)))
"""The lights, the gravest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of an audit."""

    __pydantic_config__ = STRICT

    check: str
    """What was looked for, such as `redundant`."""
    part: Part
    """The part of the audit it belongs to."""
    light: Light
    """How serious it is: `good` in order, `note` for information, `watch` to be looked at,
    `problem` a problem."""
    words: str
    """A sentence in plain words, with the figures."""
    nodes: tuple[str, ...] = ()
    """Indicators and groups it is about."""
    heading: str = ""
    """The sentence without what it lists, where it lists several things."""
    items: tuple[str, ...] = ()
    """What it lists."""
    value: float | None = None
    """The figure that was judged, where it is one."""
    threshold: str | None = None
    """The name of the limit (Thresholds), where there is one."""
    limit: float | None = None
    """The limit."""
    source: str | None = None
    """Where the limit comes from."""


def judged(
    thresholds: Thresholds,
    threshold: str,
    *,
    check: str,
    part: Part,
    light: Light,
    words: str,
    nodes: tuple[str, ...] = (),
    listing: tuple[str, tuple[str, ...]] = ("", ()),
    value: float | None = None,
) -> Finding:
    """Return a finding with the limit it was judged by, and the source of that."""
    return Finding(
        check=check,
        part=part,
        light=light,
        words=words,
        nodes=nodes,
        heading=listing[0],
        items=listing[1],
        value=value,
        threshold=threshold,
        limit=float(getattr(thresholds, threshold)),
        source=source_of(thresholds, threshold),
    )
