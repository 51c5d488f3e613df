"""Where a figure comes from, and what it is for: from the clause of a policy to the release."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from everycount.figures.series import Series
from everycount.model.indicator import Indicator, wording
from everycount.model.origin import Origin
from everycount.model.review import IndicatorLink, Review

Kind = Literal[
    "clause", "issue", "link", "indicator", "series", "observation", "source", "version", "release"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The links of the chain, from the promise to what was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of the chain. A link that is not known is a gap, never left out."""

    kind: Kind
    id: str = ""
    """Name by which it is found; empty for a gap."""
    words: str = ""
    """What it says or is called."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What else is known, by its name."""

    @property
    def is_gap(self) -> bool:
        """Tell whether the link is missing."""
        return not self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All links from a clause to a release, in the order of `KINDS`."""

    steps: tuple[Step, ...]

    @property
    def gaps(self) -> tuple[Kind, ...]:
        """The links that are missing."""
        return tuple(step.kind for step in self.steps if step.is_gap)

    def step(self, kind: Kind) -> Step:
        """Return a link by its kind."""
        return self.steps[KINDS.index(kind)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure and where it lies."""

    series: Series
    observation: Mapping[str, object]
    """Row of `everycount.figures.latest.latest`, or of any table of figures."""
    origin: Origin | None = None
    version: str = ""
    """Digest of the version of the dataset."""
    release: str = ""
    """Name of the release."""


def chains(
    framework: str,
    indicator: Indicator,
    reviews: Sequence[Review] = (),
    *,
    figure: Figure | None = None,
    language: str = "en",
) -> tuple[Chain, ...]:
    """Return the chains that an indicator, and a figure of it, are part of.

    Parameters
    ----------
    framework : str
        Framework version as ``id@version``.
    indicator : Indicator
        One of it.
    reviews : sequence of Review
        Policy reviews; links and issues count that a person accepted.
    figure : Figure, optional
        A figure of the indicator.
    language : str
        Language of the indicator's title. Clauses keep their own.

    Returns
    -------
    tuple of Chain
        One for each accepted link, in the order of the reviews; one with gaps where there is none.

    Examples
    --------
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats"})
    >>> (found,) = chains("demo@1", seats)
    >>> found.gaps[:3], found.step("indicator").words
    (('clause', 'issue', 'link'), 'Seats')
    """
    names = {indicator.key, indicator.repeats} - {""}
    own = Step(
        kind="indicator",
        id=f"{framework} {indicator.key}",
        words=wording(indicator.title, language),
        about={"code": indicator.code, "unit": indicator.unit},
    )
    below = (own, *_below(figure))
    found = [
        Chain(steps=(*_above(review, link), *below))
        for review in reviews
        for link in review.accepted_links
        if link.framework == framework and link.key in names
    ]
    gaps = (Step(kind="clause"), Step(kind="issue"), Step(kind="link"))
    return tuple(found) or (Chain(steps=(*gaps, *below)),)


def _above(review: Review, link: IndicatorLink) -> Iterator[Step]:
    """Yield the links from the clause to the indicator."""
    issue = next(each for each in review.issues if each.id == link.issue)
    clause = review.policy.clause(issue.passage)
    policy = review.policy.title or review.policy.name
    if clause is None:
        # The document changed since; the words that were reviewed are kept with the issue.
        yield Step(kind="clause", words=issue.clause, about={"policy": policy})
    else:
        yield Step(
            kind="clause",
            id=clause.number,
            words=clause.text or issue.clause,
            about={
                "policy": policy,
                "label": clause.label,
                "heading": clause.heading,
                "page": str(clause.page),
                "language": review.policy.language,
            },
        )
    yield Step(
        kind="issue", id=issue.id, words=issue.action, about={"decided_by": issue.decision.by}
    )
    yield Step(
        kind="link",
        id=" ".join(link.ends),
        words=link.relation or "",
        about={
            "decided_by": link.decision.by,
            "decided_on": link.decision.on,
            "why": link.decision.why,
        },
    )


def _below(figure: Figure | None) -> Iterator[Step]:
    """Yield the links from the series to the release."""
    if figure is None:
        yield from (Step(kind=kind) for kind in KINDS[KINDS.index("series") :])
        return
    row = figure.observation
    place = (figure.series.indicator, row.get("REF_AREA"), row.get("TIME_PERIOD"))
    seen = {
        name: row.get(name)
        for name in ("value", "text", "UNIT_MEASURE", "state", "status", "nature")
    }
    yield Step(kind="series", id=figure.series.id, about=figure.series.breakdowns)
    yield Step(
        kind="observation",
        id=" ".join(str(part) for part in place),
        words=_text(row.get("text")) or _text(row.get("value")),
        about={name: _text(value) for name, value in seen.items() if value is not None},
    )
    yield _source(row, figure.origin)
    yield Step(kind="version", id=figure.version)
    yield Step(kind="release", id=figure.release)


def _source(row: Mapping[str, object], origin: Origin | None) -> Step:
    """Return who produced a figure: as it says itself, and the data it came with."""
    said = _text(row.get("source"))
    if origin is None:
        return Step(kind="source", id=said, words=said)
    known = {
        "title": origin.title,
        "licence": origin.licence,
        "citation": origin.citation,
        "url": origin.url,
        "published": _text(origin.published),
        "accessed": _text(origin.accessed),
        "detail": said,
    }
    about = {name: value for name, value in known.items() if value}
    return Step(kind="source", id=origin.producer, words=origin.title, about=about)


def _text(value: object) -> str:
    """Return a value in words; empty where there is none."""
    return "" if value is None else str(value)
