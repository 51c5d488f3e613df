"""A crosswalk: which indicator of one framework answers to which of another, and who said so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from everycount.model.indicator import Fault, name_faults
from everycount.model.strict import Faults

Relation = Literal["exact", "close", "broader", "narrower", "related"]
RELATIONS: tuple[Relation, ...] = ("exact", "close", "broader", "narrower", "related")
OPPOSITE: dict[Relation, Relation] = {"broader": "narrower", "narrower": "broader"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link, read as a sentence: the first indicator is `relation` to (than) the second."""

    from_framework: str
    """Framework of the first indicator, as id@version."""
    from_key: str
    """Key of the first indicator."""
    to_framework: str
    """Framework of the second indicator, as id@version."""
    to_key: str
    """Key of the second indicator."""
    relation: Relation
    """exact: the same measure; close: nearly; broader or narrower: the first covers more or less
    than the second; related: connected, but no substitute."""
    by: str
    """Who said that the two belong together."""
    basis: str = ""
    """On what ground, and who graded the relation."""
    source: str = ""
    """Where the link was read."""

    def __post_init__(self) -> None:
        """Refuse a link without two different ends, a known relation and somebody who said so."""
        faults = [
            *name_faults(from_key=self.from_key, to_key=self.to_key, by=self.by),
            *_reference_faults(from_framework=self.from_framework, to_framework=self.to_framework),
        ]
        if self.relation not in RELATIONS:
            faults.append((("relation",), repr(self.relation), f"one of {', '.join(RELATIONS)}"))
        if self.ends[:2] == self.ends[2:]:
            faults.append((("to_key",), "the indicator itself", "another indicator"))
        if faults:
            raise Faults(faults)

    @property
    def ends(self) -> tuple[str, str, str, str]:
        """Framework and key of both ends."""
        return (self.from_framework, self.from_key, self.to_framework, self.to_key)

    def turned(self) -> "Link":
        """Return the same link told from its other end: broader becomes narrower."""
        return replace(
            self,
            from_framework=self.to_framework,
            from_key=self.to_key,
            to_framework=self.from_framework,
            to_key=self.from_key,
            relation=OPPOSITE.get(self.relation, self.relation),
        )


def _reference_faults(**references: str) -> Iterator[Fault]:
    """Yield the names that do not say a framework and its version."""
    for field, reference in references.items():
        if not all(reference.partition("@")):
            yield (field,), repr(reference), "a framework version as id@version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """Links between framework versions, each pair of indicators at most once."""

    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a pair that is linked twice."""
        ends = [link.ends for link in self.links]
        first = {pair: position for position, pair in reversed(list(enumerate(ends)))}
        faults = [
            (("links", position), f"{' '.join(pair)} again", "each pair linked once")
            for position, pair in enumerate(ends)
            if first[pair] < position
        ]
        if faults:
            raise Faults(faults)

    def seen_from(self, reference: str, key: str = "") -> tuple[Link, ...]:
        """Return the links of a framework version, or of one indicator, told from its side.

        Parameters
        ----------
        reference : str
            Framework version as ``id@version``.
        key : str, optional
            Only links of this indicator.

        Returns
        -------
        tuple of Link
            Links whose `from_framework` is `reference`, turned round where they were stated from
            the other side.
        """
        told = (
            side
            for link in self.links
            for side in (link, link.turned())
            if side.from_framework == reference
        )
        return tuple(link for link in told if not key or link.from_key == key)
