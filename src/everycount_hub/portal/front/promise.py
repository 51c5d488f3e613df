"""One promise of a policy, followed to its number: chosen by rule from the published reviews.

The rule: the figure is of the area the policy is of; a confirmed target in per cent that the
figure can be held against comes first, then how near the indicator is to what the clause says,
then the newest figure, then the order of the reviews and of their links.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from everycount.figures.aim import Aim, aim_of_target
from everycount.figures.chain import Chain, Figure, chains
from everycount.figures.distance import distances
from everycount.figures.reading import FIGURES
from everycount.figures.wording import PERCENT, Row, Words
from everycount.language.language import Language
from everycount.model.issue import Issue, Target
from everycount.model.observation import AREA, PERIOD
from everycount.model.review import IndicatorLink, Review
from everycount_hub.edition.nouns import AreaEntry, PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Known, declared, summaries_of
from everycount_hub.portal.indicators.choice import find_area
from everycount_hub.portal.indicators.proof import reviews_of
from everycount_hub.portal.naming import area_name, named, sayer
from everycount_hub.portal.places import dataset_address

RELATIONS = ("exact", "close", "narrower", "broader", "related")
"""How an indicator may stand to a clause, the nearest first."""
MEASURED = RELATIONS[:2]
"""Only a figure of what the clause asks for can say whether its target was met."""
LETTERS = 150
"""Letters of a clause on this page; its own page has the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of the chain as it is shown."""

    kicker: str
    title: str
    text: str = ""
    lang: str = ""
    """Language of the title, where it is not the reader's."""
    text_lang: str = ""
    address: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidate:
    """A link of a review down to a figure of the review's own area."""

    key: str
    review: Review
    link: IndicatorLink
    issue: Issue
    known: Known
    area: AreaEntry
    row: Row
    target: Target | None
    place: int

    @property
    def order(self) -> tuple[object, ...]:
        """The best first."""
        relation = self.link.relation or RELATIONS[-1]
        return (
            self.target is None,
            RELATIONS.index(relation) if relation in RELATIONS else len(RELATIONS),
            -self.row["end"],
            self.key,
            self.place,
        )


def promise_of(edition: Edition, words: Language, today: date) -> tuple[Step, ...]:
    """Return the links from a clause to whether it was kept; none without such a chain."""
    found = min(_candidates(edition, today), key=lambda each: each.order, default=None)
    if found is None:
        return ()
    entry = found.known.entry
    indicator = declared(edition, entry)
    if indicator is None:
        return ()
    dataset = edition.datasets[found.known.sources[found.area.code]]
    figure = Figure(
        series=found.known.summary.headline.series, observation=found.row, version=dataset.digest
    )
    own = chains(entry.framework, indicator, [found.review], figure=figure, language=words.code)
    chain = next(each for each in own if each.step("link").id == " ".join(found.link.ends))
    says = sayer(edition, entry, figure.series, words)
    return tuple(_steps(edition, found, chain, dataset=dataset, says=says))


def _candidates(edition: Edition, today: date) -> Iterator[_Candidate]:
    summaries = summaries_of(edition, today)
    for key, review in reviews_of(edition).items():
        area = _area_of(edition, key)
        issues = {each.id: each for each in review.accepted}
        if area is None:
            continue
        for place, link in enumerate(review.accepted_links):
            entry = edition.indicator_by_key.get((link.framework, link.key))
            known = summaries.of(entry.slug) if entry else None
            row = _row(known, area) if known else None
            issue = issues.get(link.issue)
            if known is None or row is None or issue is None:
                continue
            yield _Candidate(
                key=key, review=review, link=link, issue=issue, known=known, area=area, row=row,
                target=_target(link, issue, known), place=place,
            )  # fmt: skip


def _area_of(edition: Edition, key: str) -> AreaEntry | None:
    workspace = edition.workspaces.get(edition.datasets[key].workspace)
    return find_area(edition, workspace.area) if workspace and workspace.area else None


def _row(known: Known, area: AreaEntry) -> Row | None:
    own = known.summary.latest.filter(known.summary.latest[AREA] == area.code)
    row: Mapping[str, Any] | None = own.row(0, named=True) if own.height else None
    seen = row is not None and row["state"] in FIGURES and row["value"] is not None
    return row if seen else None


def _target(link: IndicatorLink, issue: Issue, known: Known) -> Target | None:
    """Return the target that the figure can be held against, if a person confirmed one."""
    series = known.summary.headline.series
    if link.relation not in MEASURED or series.unit not in PERCENT or series.unit_mult:
        return None
    fits = (
        each
        for each in issue.targets
        if each.decision.status == "accepted"
        and each.unit == "%"
        and aim_of_target(each).has_target
    )
    return next(fits, None)


def _steps(
    edition: Edition, found: _Candidate, chain: Chain, *, dataset: PublishedDataset, says: Words
) -> Iterator[Step]:
    words, entry = says.language, found.known.entry
    clause, issue = chain.step("clause"), chain.step("issue")
    lang = clause.about.get("language", "")
    foreign = "" if lang == words.code else lang
    yield Step(
        kicker=_("Policy"),
        title=clause.about.get("policy", ""),
        lang=foreign,
        text=_shortened(clause.words),
        text_lang=foreign,
        address=dataset_address(edition.datasets[found.key]),
    )
    tags = [
        _term(found.review, code, words)
        for code in dict.fromkeys(
            each.code for each in (*found.issue.groups, *found.issue.concepts)
        )
    ]
    yield Step(
        kicker=_("Issue for action"),
        title=_shortened(issue.words),
        lang=foreign,
        text=words.listed([words.isolate(each) for each in tags if each]),
    )
    address = reverse("portal:indicator", args=[entry.slug])
    title = named(entry.names, words)
    yield Step(kicker=_("Indicator"), title=title.text, lang=title.lang, address=address,
               text=_relation(found.link.relation))  # fmt: skip
    producer = named(dataset.producer, words).text or named(dataset.titles, words).text
    yield Step(
        kicker=_("Figure"),
        title=_("{area}, {period}: {value}").format(
            area=words.isolate(area_name(edition, found.area.code, words)),
            period=words.period(found.row[PERIOD]),
            value=says.value(found.row["value"]),
        ),
        text=producer,
        address=f"{address}?area={found.area.slug}",
    )
    has_target = found.target is not None or found.row["distance"] is not None
    place = "#target" if has_target else ""
    yield _kept(edition, found, says, f"{address}?area={found.area.slug}{place}")


def _kept(edition: Edition, found: _Candidate, says: Words, address: str) -> Step:
    """Return the last link: whether the target of the policy, else of the indicator, is met."""
    if found.target is None:
        verdict = _verdict(found.row["verdict"], found.row["distance"], says)
        return Step(
            kicker=_("Where it stands"),
            title=verdict,
            text=_("The clause sets no target that this figure could be held against."),
            address=address,
            is_here=True,
        )
    own = found.known.summary.latest.filter(found.known.summary.latest[AREA] == found.area.code)
    row = distances(own, _aim(found.target, found.known.summary.aim)).row(0, named=True)
    target = found.target
    goal = says.value(float(target.value or 0))
    text = (
        _("Target: {value}").format(value=goal)
        if target.year is None
        else _("Target: {value} by {year}").format(value=goal, year=target.year)
    )
    return Step(
        kicker=_("Kept?"),
        title=_verdict("on target" if row["distance"] == 0 else "short", row["distance"], says),
        text=text,
        address=address,
        is_here=True,
    )


def _aim(target: Target, own: Aim) -> Aim:
    """Return what a figure has to reach; one beyond a value that was to be reached did."""
    if target.comparator == "equal to" and target.value is not None:
        if own.better == "up":
            return Aim(better="up", low=float(target.value))
        if own.better == "down":
            return Aim(better="down", high=float(target.value))
    return aim_of_target(target)


def _verdict(verdict: str | None, distance: float | None, says: Words) -> str:
    if verdict == "on target":
        return _("On target")
    if distance is None:
        return _("No target is set")
    gap = says.points(distance) if says.is_percent else says.value(distance)
    if says.is_percent:
        return _("Not on target: {points} points away").format(points=gap)
    return _("Not on target: {amount} away").format(amount=gap)


def _relation(relation: str | None) -> str:
    told = {
        "exact": _("Measures just what the clause asks for."),
        "close": _("Measures nearly what the clause asks for."),
        "narrower": _("Measures a part of what the clause asks for."),
        "broader": _("Measures more than the clause asks for."),
        "related": _("Measures something related to the clause."),
    }
    return told.get(relation or "", "")


def _term(review: Review, code: str, words: Language) -> str:
    every = (*review.vocabulary.groups, *review.vocabulary.concepts)
    term = next((each for each in every if each.code == code), None)
    return named(term.title, words).text if term else code


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LETTERS else f"{plain[:LETTERS].rsplit(' ', 1)[0]} …"
