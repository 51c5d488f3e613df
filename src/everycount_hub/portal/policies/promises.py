"""What a law promises, by clause: issues for action, indicators that show them, figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import polars as pl
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from everycount.language.language import Language, language
from everycount.model.issue import Issue, Target
from everycount.model.observation import AREA, PERIOD
from everycount.model.review import Clause, IndicatorLink, Review
from everycount.policy.characteristics import characteristic
from everycount_hub.edition.nouns import AreaEntry, IndicatorEntry, PublishedDataset
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.edition.summaries import summaries_of
from everycount_hub.portal.bundles import workspace_name
from everycount_hub.portal.indicators.choice import find_area
from everycount_hub.portal.indicators.proof import reviews_of
from everycount_hub.portal.matches import RELATIONS, declared_in, entry_of, framework_of
from everycount_hub.portal.naming import (
    VERDICTS,
    Named,
    Tag,
    area_name,
    named,
    sayer,
    tag,
    told,
    unit_sign,
)

GRADES = {
    1: gettext_lazy("mentioned"),
    2: gettext_lazy("explained"),
    3: gettext_lazy("action named"),
    4: gettext_lazy("monitoring intended"),
}
"""How far a clause goes with a concept: EquiFrame's marks, in our words."""
COMPARED = {
    "equal to": pgettext_lazy("target", "{value}"),
    "at least": pgettext_lazy("target", "at least {value}"),
    "more than": pgettext_lazy("target", "more than {value}"),
    "at most": pgettext_lazy("target", "at most {value}"),
    "less than": pgettext_lazy("target", "less than {value}"),
    "about": pgettext_lazy("target", "about {value}"),
    "between": pgettext_lazy("target", "{value} to {upper}"),
    "change by": pgettext_lazy("target", "a change by {value}"),
}
BREAKDOWNS = {
    "sex": gettext_lazy("sex"),
    "age": gettext_lazy("age"),
    "urbanisation": gettext_lazy("urban or rural place"),
    "wealth": gettext_lazy("income or wealth"),
    "education": gettext_lazy("education"),
    "disability": gettext_lazy("disability"),
    "ethnicity": gettext_lazy("ethnicity"),
    "migration": gettext_lazy("migration"),
    "occupation": gettext_lazy("occupation"),
    "location": gettext_lazy("place"),
    "marital status": gettext_lazy("marital status"),
}
"""Characteristics in words; others stand as the review has them."""
SHORT = 5
"""Letters of a label that stands beside the text of its clause, such as (iii)."""
LINKED = {
    "exact": gettext_lazy("shows the promise"),
    "close": gettext_lazy("nearly shows the promise"),
    "narrower": gettext_lazy("covers less than the promise"),
    "broader": gettext_lazy("covers more than the promise"),
    "related": gettext_lazy("related, does not show the promise"),
}
"""What an indicator is to an issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The newest figure of an area, as a reader gets it."""

    value: str
    unit: str
    year: str
    flags: str
    verdict: Tag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An indicator that a promise is linked to, with its figure."""

    issue: str
    framework: str
    """ID@VERSION."""
    set_title: Named
    key: str
    title: Named
    relation: str
    """What it is to the issue, in words; empty where nobody has said."""
    is_substitute: bool
    """Whether it is only related: it does not show the promise."""
    is_loaded: bool
    """Whether the indicator set is at hand here."""
    entry: IndicatorEntry | None
    via: str
    """What the indicator with the figure is to this one; empty if it is itself."""
    figure: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An issue for action that the group accepted."""

    id: str
    action: str
    groups: tuple[Named, ...]
    concepts: tuple[tuple[Named, str], ...]
    bodies: tuple[str, ...]
    targets: tuple[str, ...]
    breakdowns: tuple[str, ...]
    population: str
    shown: tuple[Shown, ...]

    @property
    def is_measured(self) -> bool:
        """Whether some indicator shows it."""
        return any(not each.is_substitute for each in self.shown)

    @property
    def is_seen(self) -> bool:
        """Whether some indicator that shows it has a figure."""
        return any(each.figure and not each.is_substitute for each in self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseShown:
    """A clause with what it promises."""

    number: str
    label: str
    heading: str
    is_heading: bool
    text: SafeString
    plain: str
    page: str
    promises: tuple[Promise, ...] = field(default=())

    @property
    def has_long_label(self) -> bool:
        """Whether its label does not fit beside the text."""
        return len(self.label) > SHORT


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenPolicy:
    """A published review in the language of its reader."""

    edition: Edition
    dataset: PublishedDataset
    words: Language
    today: date

    @cached_property
    def review(self) -> Review:
        """The review."""
        return reviews_of(self.edition)[self.dataset.key]

    @cached_property
    def lang(self) -> str:
        """Language of the text, where it is not the reader's."""
        code = self.review.policy.language
        return "" if code == self.words.code else code

    @property
    def title(self) -> str:
        """What the policy is called, in its own language."""
        policy = self.review.policy
        return policy.title or policy.name

    @property
    def address(self) -> str:
        """Where its page is."""
        return reverse("portal:policy", args=[self.dataset.workspace, self.dataset.slug])

    @cached_property
    def area(self) -> AreaEntry | None:
        """The country of the workspace, where there are figures of it."""
        workspace = self.edition.workspaces.get(self.dataset.workspace)
        return find_area(self.edition, workspace.area) if workspace and workspace.area else None

    @cached_property
    def place(self) -> str:
        """The country in words, else the workspace."""
        if self.area is not None:
            return area_name(self.edition, self.area.code, self.words)
        return workspace_name(self.edition, self.dataset.workspace, self.words)

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """All issues for action that were accepted, in the order of the review."""
        links: dict[str, list[IndicatorLink]] = {}
        for link in self.review.accepted_links:
            links.setdefault(link.issue, []).append(link)
        return tuple(self._promise(each, links.get(each.id, ())) for each in self.review.accepted)

    @cached_property
    def clauses(self) -> tuple[ClauseShown, ...]:
        """The text, clause by clause, each with what it promises."""
        issues = {each.id: each for each in self.review.accepted}
        by_clause: dict[str, list[Promise]] = {}
        for promise in self.promises:
            by_clause.setdefault(issues[promise.id].passage, []).append(promise)
        return tuple(
            self._clause(each, by_clause.get(each.number, ()))
            for each in self.review.policy.clauses
        )

    @cached_property
    def astray(self) -> tuple[Promise, ...]:
        """Promises whose clause is no longer in the text."""
        known = {each.number for each in self.review.policy.clauses}
        lost = {each.id for each in self.review.accepted if each.passage not in known}
        return tuple(each for each in self.promises if each.id in lost)

    def with_headings(self) -> Iterator[ClauseShown]:
        """Yield clauses that promise something, each under the headings it stands below."""
        parents = {each.number: each.parent for each in self.review.policy.clauses}
        wanted: set[str] = set()
        for clause in self.clauses:
            number = clause.number if clause.promises else ""
            while number and number not in wanted:
                wanted.add(number)
                number = parents.get(number, "")
        return (each for each in self.clauses if each.number in wanted)

    def _clause(self, clause: Clause, promises: Sequence[Promise]) -> ClauseShown:
        issues = [each for each in self.review.accepted if each.passage == clause.number]
        return ClauseShown(
            number=clause.number,
            label=label_of(clause),
            heading=clause.heading,
            is_heading=clause.kind in ("part", "chapter", "section", "article") and not promises,
            text=marked(clause, issues),
            plain=clause.text,
            page=self.words.number(clause.page, 0),
            promises=tuple(promises),
        )

    def _promise(self, issue: Issue, links: Sequence[IndicatorLink]) -> Promise:
        vocabulary = self.review.vocabulary
        return Promise(
            id=issue.id,
            action=issue.action,
            groups=tuple(
                named(vocabulary.group(each.code).title, self.words) for each in issue.groups
            ),
            concepts=tuple(
                (
                    named(vocabulary.concept(each.code).title, self.words),
                    str(GRADES.get(each.grade, "")),
                )
                for each in issue.concepts
            ),
            bodies=issue.bodies,
            targets=tuple(target_words(each, self.words) for each in issue.targets),
            breakdowns=tuple(breakdown_words(each) for each in issue.breakdowns),
            population=issue.reference_population,
            shown=tuple(self._shown(each) for each in links),
        )

    def _shown(self, link: IndicatorLink) -> Shown:
        framework = framework_of(self.edition, link.framework)
        indicator = declared_in(framework, link.key)
        use = next(each for each in self.review.frameworks if each.reference == link.framework)
        code = "" if self.area is None else self.area.code
        entry, relation = entry_of(self.edition, link.framework, link.key, code)
        is_itself = entry is not None and (entry.framework, entry.code) == (
            link.framework,
            link.key,
        )
        return Shown(
            issue=link.issue,
            framework=link.framework,
            set_title=named(framework.title, self.words) if framework else Named(text=use.title),
            key=indicator.code if indicator else link.key,
            title=named(indicator.title, self.words) if indicator else Named(text=""),
            relation=str(LINKED.get(link.relation or "", "")),
            is_substitute=link.relation == "related",
            is_loaded=framework is not None,
            entry=entry,
            via="" if is_itself or entry is None else str(RELATIONS[relation]),
            figure=None if entry is None or not code else self._figure(entry, code),
        )

    def _figure(self, entry: IndicatorEntry, area: str) -> Figure | None:
        if area not in entry.areas:
            return None
        known = summaries_of(self.edition, self.today).of(entry.slug)
        rows = None if known is None else known.summary.latest.filter(pl.col(AREA) == area)
        if known is None or rows is None or not rows.height:
            return None
        row = rows.row(0, named=True)
        if row["value"] is None and not row["text"]:
            return None
        says = sayer(self.edition, entry, known.summary.headline.series, self.words)
        return Figure(
            value=told(row, says),
            unit=unit_sign(says),
            year=self.words.period(str(row[PERIOD])),
            flags=row["flags"] or "",
            verdict=tag(VERDICTS, row["verdict"]),
        )


def opened(edition: Edition, dataset: PublishedDataset, words: Language, today: date) -> OpenPolicy:
    """Return a published review as a reader of a language meets it, worked out once."""
    return _opened(edition.digest, dataset.key, words.code, today.year)


@lru_cache(64)
def _opened(digest: str, key: str, code: str, year: int) -> OpenPolicy:
    edition = open_edition(digest)
    return OpenPolicy(
        edition=edition,
        dataset=edition.datasets[key],
        words=language(code),
        today=date(year, 1, 1),
    )


def label_of(clause: Clause) -> str:
    """Return how a clause is called: as the document does, else by its number."""
    if clause.kind == "row" and not clause.label:
        return _("row {number}").format(number=clause.number.rpartition("-")[2])
    return clause.label or clause.number


def marked(clause: Clause, issues: Sequence[Issue]) -> SafeString:
    """Return the text of a clause, exactly as printed, with the words marked that make a promise.

    Parameters
    ----------
    clause : Clause
    issues : sequence of Issue
        Those of the clause that were accepted.
    """
    text = clause.text
    spans = sorted(
        {
            (each.start, each.end)
            for issue in issues
            for each in issue.causes
            if each.passage == clause.number
            and each.part == "text"
            and each.words
            and text[each.start : each.end] == each.words
        }
    )
    made: list[SafeString] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        made.append(format_html('{}<mark class="is-ok">{}</mark>', text[at:start], text[start:end]))
        at = end
    before = format_html_join("", "{}", ((each,) for each in made))
    return format_html("{}{}", before, text[at:])


def target_words(target: Target, words: Language) -> str:
    """Return a target in words: what, how much, by when."""
    if target.value is None:
        amount = target.words.words
    else:
        amount = str(COMPARED[target.comparator]).format(
            value=_amount(target.value, target.unit, words),
            upper="" if target.upper is None else _amount(target.upper, target.unit, words),
        )
    if target.year is None:
        return amount
    return _("{amount} by {year}").format(amount=amount, year=target.year)


def _amount(value: float, unit: str, words: Language) -> str:
    decimals = 0 if value == int(value) else 1
    if unit == "%":
        return words.percent(value, decimals)
    number = words.number(value, decimals)
    return _("{number} {unit}").format(number=number, unit=unit) if unit else number


def breakdown_words(names: Sequence[str]) -> str:
    """Return by what figures are needed, several characteristics at once with a cross between."""
    return " × ".join(str(BREAKDOWNS.get(characteristic(each), each)) for each in names)
