"""A policy review: clauses, what they ask for, the indicators that would show it, who agreed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from everycount.model.crosswalk import RELATIONS, Relation
from everycount.model.dates import EXPECTED, is_date
from everycount.model.document import Kind
from everycount.model.framework import Level
from everycount.model.indicator import Fault, name_faults
from everycount.model.issue import UNDECIDED, Decision, Issue
from everycount.model.letters import named, person_faults
from everycount.model.plan import PlanLine, Rating
from everycount.model.strict import STRICT, Faults
from everycount.model.supply import DataSource, Supply, source_faults
from everycount.model.vocabulary import Vocabulary

Band = Literal["likely", "possible", "nearest", "added"]
"""likely and possible as the matcher says; nearest where it found none; added by a person."""
Verdict = Literal["agrees", "agrees with remarks", "dissents"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A passage of the document, as a review keeps it."""

    __pydantic_config__ = STRICT

    number: str
    """Where it is, such as 11.2.a."""
    kind: Kind
    """part, chapter, section, article, clause, point, paragraph or row."""
    label: str
    """As the document calls it, such as Article 11."""
    text: str
    """Its own words; empty where a review must not carry them."""
    heading: str = ""
    """Its heading."""
    parent: str = ""
    """Number of the passage it is in; empty at the top."""
    page: int = 1
    """Page on which it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """The document that a review is about."""

    __pydantic_config__ = STRICT

    name: str
    """Name of the file that was read."""
    digest: str
    """SHA-256 of the file; empty for clauses told in a reviewer's own words."""
    language: str
    """ISO 639-1 code."""
    title: str = ""
    """Title of the law or strategy."""
    clauses: tuple[Clause, ...] = ()
    """Its passages, in order."""
    note: str = ""
    """What a reader must know, such as words that are not the document's own."""
    recognised: tuple[int, ...] = ()
    """Pages whose text was recognised in pictures, and may have misread letters."""

    def __post_init__(self) -> None:
        """Refuse clauses of one number, and parents that do not stand before their parts."""
        before: set[str] = set()
        faults: list[Fault] = []
        for position, clause in enumerate(self.clauses):
            if clause.number in before:
                where = ("clauses", position, "number")
                faults.append((where, f"{clause.number!r} again", "each number once"))
            if clause.parent and clause.parent not in before:
                where = ("clauses", position, "parent")
                faults.append((where, repr(clause.parent), "the number of a clause before it"))
            before.add(clause.number)
        if faults:
            raise Faults(faults)

    def clause(self, number: str) -> Clause | None:
        """Return a clause by its number, or None."""
        return next((each for each in self.clauses if each.number == number), None)

    def objective(self, number: str) -> str:
        """Return the number of the article or objective that a clause is in, or is itself."""
        parents = {each.number: each for each in self.clauses}
        found = number
        while (clause := parents.get(found)) and clause.kind not in OUTERMOST and clause.parent:
            found = clause.parent
        return found


OUTERMOST = frozenset({"article", "section", "chapter", "part"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkUse:
    """A framework that issues are matched with, and in which round."""

    __pydantic_config__ = STRICT

    reference: str
    """Framework version as id@version."""
    title: str
    """What it is called."""
    level: Level
    """national sets are matched first, then regional and global ones."""
    is_loaded: bool = True
    """Whether its indicators were at hand. A set that was not is never a gap."""
    note: str = ""
    """What limits the search in it, such as titles that it lacks in the language of the policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorLink:
    """An indicator that would show whether an issue is acted on; it counts once accepted."""

    __pydantic_config__ = STRICT

    issue: str
    """Id of the issue."""
    framework: str
    """Framework version as id@version."""
    key: str
    """Key of the indicator."""
    band: Band
    """likely, possible, nearest (none found), or added by a person."""
    score: float | None = None
    """How well the words agree, 0 to 1; None where a person added the link."""
    reasons: tuple[str, ...] = ()
    """Why it was proposed, in words."""
    warnings: tuple[str, ...] = ()
    """What speaks against it, such as an opposite population."""
    relation: Relation | None = None
    """exact, close, broader, narrower or related, once a person has said so."""
    decision: Decision = UNDECIDED
    """What was decided on it."""
    stale: str = ""
    """Why a person should look at it again; empty if nothing is."""

    def __post_init__(self) -> None:
        """Refuse a link that names no indicator, or with a score that is none."""
        faults: list[Fault] = list(
            name_faults(issue=self.issue, framework=self.framework, key=self.key)
        )
        if self.score is not None and not 0 <= self.score <= 1:
            faults.append((("score",), f"{self.score:g}", "a number from 0 to 1"))
        if self.relation is not None and self.relation not in RELATIONS:
            faults.append((("relation",), repr(self.relation), f"one of {', '.join(RELATIONS)}"))
        if faults:
            raise Faults(faults)

    @property
    def ends(self) -> tuple[str, str, str]:
        """Issue, framework and key."""
        return (self.issue, self.framework, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """What a participant of the validation session says of the review, or of one part of it."""

    __pydantic_config__ = STRICT

    by: str
    """Who says so."""
    organisation: str
    """For whom."""
    verdict: Verdict
    """agrees, agrees with remarks, or dissents."""
    on: str
    """Date, such as 2026-11-22."""
    about: str = ""
    """Id of an issue, or ISSUE FRAMEWORK KEY of a link; empty for the review as a whole."""
    words: str = ""
    """Remark or ground of the dissent."""
    of: str = ""
    """Digest of the review that was signed; what changed later was not agreed to."""

    def __post_init__(self) -> None:
        """Refuse a dissent without ground, and a sign-off without somebody or a date."""
        faults: list[Fault] = list(name_faults(by=self.by, organisation=self.organisation))
        if self.verdict not in VERDICTS:
            faults.append((("verdict",), repr(self.verdict), f"one of {', '.join(VERDICTS)}"))
        faults += person_faults(by=self.by, organisation=self.organisation)
        if self.verdict != "agrees" and not named(self.words):
            faults.append((("words",), "nothing", "the remark or the ground of the dissent"))
        faults += date_faults("on", self.on)
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a person changed, as it was before and is now."""

    __pydantic_config__ = STRICT

    on: str
    """Date, such as 2026-11-22."""
    by: str
    """Who changed it."""
    what: str
    """Id of an issue, or ISSUE FRAMEWORK KEY of a link, or the part of the review."""
    field: str
    """What of it, such as decision."""
    before: str = ""
    """As it was; empty if it is new."""
    after: str = ""
    """As it is now; empty if it was removed."""
    why: str = ""
    """On what ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything about the review of one policy, so that one file carries it.

    Raises
    ------
    Faults
        If ids repeat or a part names another that is not there: every fault at once.
    """

    __pydantic_config__ = STRICT

    title: str
    """What the review is called."""
    policy: PolicyText
    """The document."""
    vocabulary: Vocabulary
    """Target groups and core concepts it works with."""
    reviewers: str = ""
    """Who reviewed: the name of the group."""
    frameworks: tuple[FrameworkUse, ...] = ()
    """Sets of indicators, in the order of the rounds."""
    issues: tuple[Issue, ...] = ()
    """Issues for action."""
    links: tuple[IndicatorLink, ...] = ()
    """Links from issues to indicators."""
    sources: tuple[DataSource, ...] = ()
    """Censuses, surveys, registers."""
    supplies: tuple[Supply, ...] = ()
    """What is known of the figures of indicators."""
    sign_offs: tuple[SignOff, ...] = ()
    """What participants of the validation session said."""
    ratings: tuple[Rating, ...] = ()
    """How users and producers rate indicators."""
    plan: tuple[PlanLine, ...] = ()
    """What is to be done until when, by whom, at what cost."""
    log: tuple[Event, ...] = ()
    """What people changed, in order. Nothing is taken out of it."""

    def __post_init__(self) -> None:
        """Refuse a review whose parts do not hang together."""
        faults = [
            *name_faults(title=self.title),
            *_once("issues", "id", [issue.id for issue in self.issues]),
            *_once("frameworks", "reference", [each.reference for each in self.frameworks]),
            *_once("links", "key", [" ".join(link.ends) for link in self.links]),
            *_once("plan", "id", [line.id for line in self.plan]),
            *_once("ratings", "criterion", [" ".join(each.subject) for each in self.ratings]),
            *_tag_faults(self.issues, self.vocabulary),
            *_link_faults(self),
            *source_faults(self.sources, self.supplies),
        ]
        if faults:
            raise Faults(faults)

    def issue(self, name: str) -> Issue | None:
        """Return an issue by its id, or None."""
        return next((each for each in self.issues if each.id == name), None)

    @property
    def accepted(self) -> tuple[Issue, ...]:
        """Issues that a person accepted."""
        return tuple(each for each in self.issues if each.decision.is_accepted)

    @property
    def accepted_links(self) -> tuple[IndicatorLink, ...]:
        """Links that a person accepted, of issues that were accepted."""
        kept = {each.id for each in self.accepted}
        return tuple(
            each for each in self.links if each.decision.is_accepted and each.issue in kept
        )


def date_faults(field: str, value: str) -> Iterator[Fault]:
    """Yield that a date is none."""
    if not is_date(value):
        yield (field,), repr(value), EXPECTED


def _once(table: str, field: str, names: Sequence[str]) -> Iterator[Fault]:
    """Yield names that stand a second time."""
    first: dict[str, int] = {}
    for position, name in enumerate(names):
        if first.setdefault(name, position) < position:
            found = f"{name!r} again, first in entry {first[name] + 1}"
            yield (table, position, field), found, f"each {field} once"


def _tag_faults(issues: Sequence[Issue], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield groups and concepts that the vocabulary does not have."""
    known = {
        "groups": {each.code for each in vocabulary.groups},
        "concepts": {each.code for each in vocabulary.concepts},
    }
    for position, issue in enumerate(issues):
        for table, tags in (("groups", issue.groups), ("concepts", issue.concepts)):
            for at, tag in enumerate(tags):
                if tag.code not in known[table]:
                    expected = f"one of the {table} of the vocabulary"
                    yield ("issues", position, table, at, "code"), repr(tag.code), expected


def _link_faults(review: Review) -> Iterator[Fault]:
    """Yield links from issues and to frameworks that the review does not have."""
    issues = {each.id for each in review.issues}
    frameworks = {each.reference for each in review.frameworks}
    for position, link in enumerate(review.links):
        if link.issue not in issues:
            yield ("links", position, "issue"), repr(link.issue), "the id of an issue"
        if link.framework not in frameworks:
            expected = "one of the frameworks of the review"
            yield ("links", position, "framework"), repr(link.framework), expected
