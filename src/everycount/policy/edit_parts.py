"""Take a review apart into things with fields, and put it together again."""

import dataclasses
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import Event, FrameworkUse, IndicatorLink, PolicyText, Review, SignOff
from everycount.model.supply import DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

Thing = tuple[str, ...]
"""Kind of a part of a review and what identifies it, such as ("link", "11.2", "core@1", "5")."""
Things = dict[Thing, Any]
Fields = dict[str, Any]
WHOLE = 1e15
"""From here on a number is told with its power of ten."""
TAGS = {"groups": "group", "concepts": "concept"}
"""Tags are fields of an issue one by one, so that two people may each add one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a review says of itself."""

    title: str
    reviewers: str


KINDS: dict[str, tuple[type, tuple[str, ...]]] = {
    "review": (Heading, ()),
    "policy": (PolicyText, ()),
    "vocabulary": (Vocabulary, ()),
    "group": (TargetGroup, ("code",)),
    "concept": (Concept, ("code",)),
    "framework": (FrameworkUse, ("reference",)),
    "issue": (Issue, ("id",)),
    "target": (Target, ("id",)),
    "link": (IndicatorLink, ("issue", "framework", "key")),
    "source": (DataSource, ("code",)),
    "supply": (Supply, ("framework", "key")),
    "sign-off": (SignOff, ("by", "about", "on")),
    "rating": (Rating, ("framework", "key", "by", "side", "criterion")),
    "plan": (PlanLine, ("id",)),
}
"""Each kind of thing with the fields that identify it."""
DOCUMENT = ("name", "digest", "language", "clauses")
"""Fields of the policy that change together, when the document is read again."""
LEFT_OUT = {
    "policy": DOCUMENT,
    "vocabulary": ("groups", "concepts"),
    "issue": (*TAGS, "targets"),
}
"""Fields that are told in another way: together, or as things of their own."""


def take_apart(review: Review) -> Things:
    """Return the things that a review is made of, each issue followed by its targets.

    Examples
    --------
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> list(take_apart(Review(title="Law", policy=law, vocabulary=words)))
    [('review',), ('policy',), ('vocabulary',)]
    """
    things: Things = {
        ("review",): Heading(title=review.title, reviewers=review.reviewers),
        ("policy",): review.policy,
        ("vocabulary",): replace(review.vocabulary, groups=(), concepts=()),
    }
    add = _Adding(things)
    add.all("group", review.vocabulary.groups)
    add.all("concept", review.vocabulary.concepts)
    add.all("framework", review.frameworks)
    for issue in review.issues:
        things["issue", issue.id] = issue
        for target in issue.targets:
            things["target", issue.id, target.id] = target
    add.all("link", review.links)
    add.all("source", review.sources)
    add.all("supply", review.supplies)
    add.all("sign-off", review.sign_offs)
    add.all("rating", review.ratings)
    add.all("plan", review.plan)
    return things


class _Adding:
    """Names things as they are added; what stands twice under one name gets a number."""

    def __init__(self, things: Things) -> None:
        self.things = things
        self.counts: Counter[Thing] = Counter()

    def all(self, kind: str, entities: Iterable[Any]) -> None:
        """Add the things of one kind."""
        names = KINDS[kind][1]
        for entity in entities:
            thing = (kind, *(getattr(entity, name) for name in names))
            self.counts[thing] += 1
            again = self.counts[thing]
            self.things[thing if again == 1 else (*thing, str(again))] = entity


def put_together(things: Things, log: tuple[Event, ...]) -> Review:
    """Return the review that things are parts of.

    Parameters
    ----------
    things : dict
        As `take_apart` gives them, changed or in another order.
    log : tuple of Event
        The log of the review.

    Returns
    -------
    Review
        The review, which checks itself.

    Raises
    ------
    Faults
        If the things do not hang together.

    Examples
    --------
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> put_together(take_apart(review), ()) == review
    True
    """
    sorted_: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    targets: dict[str, list[Target]] = {}
    for thing, entity in things.items():
        sorted_[thing[0]].append(entity)
        if thing[0] == "target":
            targets.setdefault(thing[1], []).append(entity)
    heading = things["review",]
    issues = [
        replace(issue, targets=tuple(targets.get(issue.id, ()))) for issue in sorted_["issue"]
    ]
    return Review(
        title=heading.title,
        policy=things["policy",],
        vocabulary=replace(
            things["vocabulary",],
            groups=tuple(sorted_["group"]),
            concepts=tuple(sorted_["concept"]),
        ),
        reviewers=heading.reviewers,
        frameworks=tuple(sorted_["framework"]),
        issues=tuple(issues),
        links=tuple(sorted_["link"]),
        sources=tuple(sorted_["source"]),
        supplies=tuple(sorted_["supply"]),
        sign_offs=tuple(sorted_["sign-off"]),
        ratings=tuple(sorted_["rating"]),
        plan=tuple(sorted_["plan"]),
        log=log,
    )


def fields_of(thing: Thing, entity: Any) -> Fields:
    """Return the fields of a thing without those that identify it.

    Examples
    --------
    >>> issue = Issue(id="1", passage="1", action="Do", groups=(Tag(code="women"),))
    >>> fields_of(("issue", "1"), issue)["group women"].grade
    0
    """
    fields = {name: getattr(entity, name) for name, _ in _plain_fields(thing[0])}
    if thing[0] == "policy":
        fields["document"] = tuple(getattr(entity, name) for name in DOCUMENT)
    if thing[0] == "issue":
        for name, noun in TAGS.items():
            fields |= {f"{noun} {tag.code}": tag for tag in getattr(entity, name)}
    return fields


def made_of(thing: Thing, fields: Mapping[str, Any]) -> Any:
    """Return the thing that has these fields; an issue without its targets.

    Raises
    ------
    Faults
        If the fields do not go together.

    Examples
    --------
    >>> issue = Issue(id="1", passage="1", action="Do", groups=(Tag(code="women"),))
    >>> made_of(("issue", "1"), fields_of(("issue", "1"), issue)) == issue
    True
    """
    kind, names = KINDS[thing[0]]
    own = thing[2:] if thing[0] == "target" else thing[1:]
    given: Fields = dict(zip(names, own, strict=False))  # a number of what stands twice is left
    given |= {name: fields[name] for name, _ in _plain_fields(thing[0])}
    if thing[0] == "policy":
        given |= dict(zip(DOCUMENT, fields["document"], strict=True))
    if thing[0] == "issue":
        for name, noun in TAGS.items():
            tags = [value for field, value in fields.items() if field.startswith(f"{noun} ")]
            given[name] = tuple(tags)
    return kind(**given)


def default_of(thing: Thing, field: str) -> Any:
    """Return what a field of a thing holds before anybody fills it; None if it must be given.

    Examples
    --------
    >>> default_of(("issue", "1"), "frequency"), default_of(("issue", "1"), "action")
    ('', None)
    """
    return dict(_plain_fields(thing[0])).get(field)


@cache
def _plain_fields(kind: str) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a kind with their defaults, without those told in another way."""
    dataclass_, names = KINDS[kind]
    apart = {*names, *LEFT_OUT.get(kind, ())}
    return tuple(
        (field.name, None if field.default is dataclasses.MISSING else field.default)
        for field in dataclasses.fields(dataclass_)
        if field.name not in apart
    )


def name_thing(thing: Thing) -> str:
    """Return in words which thing it is; a target goes by its issue.

    Examples
    --------
    >>> name_thing(("link", "11.2", "core@1", "5")), name_thing(("target", "11.2", "T1"))
    ('link 11.2 core@1 5', 'issue 11.2')
    """
    if thing[0] == "target":
        return f"issue {thing[1]}"
    return " ".join(part for part in thing if part)


def name_field(thing: Thing, field: str) -> str:
    """Return in words which field of `name_thing` it is.

    Examples
    --------
    >>> name_field(("target", "11.2", "T1"), "baseline_year")
    'target T1, baseline year'
    """
    words = field.replace("_", " ") if field in dict(_plain_fields(thing[0])) else field
    if thing[0] == "target":
        return f"target {thing[2]}, {words}" if field else f"target {thing[2]}"
    return words or thing[0]


def say(value: Any, field: str = "") -> str:
    """Return what a field holds in words.

    Examples
    --------
    >>> say((("sex",), ("sex", "age"))), say(30.0), say(None)
    ('sex; sex x age', '30', '')
    >>> say(Decision(status="accepted", by="Hoa", on="2026-11-22", why="in the set"))
    'accepted by Hoa on 2026-11-22: in the set'
    """
    if field == "document":
        name, digest, language, clauses = value
        return f"{name} ({language}), {len(clauses)} passages, digest {digest[:12] or 'none'}"
    words = None
    match value:
        case bool():
            words = "yes" if value else "no"
        case None:
            words = ""
        case float():
            is_whole = value.is_integer() and abs(value) < WHOLE
            words = str(int(value)) if is_whole else repr(value)
        case tuple():
            words = "; ".join(_say_item(each) for each in value)
        case dict():
            words = "; ".join(f"{key}: {say(each)}" for key, each in value.items())
        case Decision():
            words = _say_decision(value)
        case Tag():
            words = f"grade {value.grade}" if value.grade else "yes"
        case Cause():
            words = value.words
    return str(value) if words is None else words


def _say_item(value: Any) -> str:
    """Return one item of a list in words; a list in it is a crossing."""
    return " x ".join(value) if isinstance(value, tuple) else say(value)


def _say_decision(decision: Decision) -> str:
    """Return a decision in words."""
    by = f" by {decision.by}" if decision.by else ""
    on = f" on {decision.on}" if decision.on else ""
    why = f": {decision.why}" if decision.why else ""
    return f"{decision.status}{by}{on}{why}"


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, or the next one with a number that is not taken.

    Examples
    --------
    >>> free_name("11.2", {"11.2", "11.2-2"}), free_name("12", set())
    ('11.2-3', '12')
    """
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
