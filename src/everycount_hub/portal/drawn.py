"""Charts on public pages: made once for an edition, then found by what they are of.

Working out where each mark of a chart stands takes longer than to serve the page it is on. What a
chart is of names it, so that neither the marks nor the drawing are made a second time.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

from everycount.charts.render import svg
from everycount.charts.theme import Spec
from everycount_hub.edition.drawings import digest_of, drawing_of, place_of
from everycount_hub.edition.read import Edition

WIDE, NARROW = 720, 340
"""CSS pixels of the two drawings of a chart, as in the design brief."""
FOLDER = "drawn"
IN_MEMORY = 256
"""Charts at hand: some 20 kB each, a map 100 kB."""
Make = Callable[[int], Spec]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart as SVG, for wide and for narrow places."""

    wide: str
    narrow: str = ""
    """Empty where one drawing serves both, as of a map."""


def drawn(
    edition: Edition,
    key: tuple[str, ...],
    make: Make,
    *,
    has_narrow: bool = True,
    kept: bool = True,
) -> Drawn:
    """Return the drawings of a chart.

    Parameters
    ----------
    edition : Edition
    key : tuple of str
        What the chart is of: the part of the page, the indicator, the language, what was chosen.
    make : callable
        Makes the specification for a width.
    has_narrow : bool
        Whether narrow places have a drawing of their own.
    kept : bool
        Whether it is kept on disk. Charts of what readers combine freely are not: there is no end
        to them.
    """
    recipe = _Recipe(edition=edition, key=key, make=make, widths=2 if has_narrow else 1, kept=kept)
    return _drawn(edition.digest, key, recipe)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Recipe:
    edition: Edition
    key: tuple[str, ...]
    make: Make
    widths: int
    kept: bool

    # Recipes of one key make the same: the cache below is to tell charts apart by their keys alone.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Recipe)

    def __hash__(self) -> int:
        return 0

    def drawings(self) -> tuple[str, ...]:
        widths = (WIDE, NARROW)[: self.widths]
        if not self.kept:
            return tuple(svg(self.make(width)) for width in widths)
        text = json.dumps([version("everycount"), *self.key], ensure_ascii=False)
        name = hashlib.sha256(text.encode()).hexdigest()
        place = self.edition.folder / FOLDER / f"{name}.json"
        try:
            digests = json.loads(place.read_bytes())
            return tuple(place_of(digest).read_text(encoding="utf-8") for digest in digests)
        except FileNotFoundError:
            specs = [self.make(width) for width in widths]
        made = tuple(drawing_of(spec) for spec in specs)
        place.parent.mkdir(exist_ok=True)
        temporary = place.with_name(f".{name}-{secrets.token_hex(4)}")
        temporary.write_text(json.dumps([digest_of(spec) for spec in specs]), encoding="utf-8")
        temporary.replace(place)
        return made


@lru_cache(IN_MEMORY)
def _drawn(digest: str, key: tuple[str, ...], recipe: _Recipe) -> Drawn:
    wide, *narrow = recipe.drawings()
    return Drawn(wide=wide, narrow=narrow[0] if narrow else "")
