"""Carry what people decided over to a document that was read again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from everycount.model.document import Document
from everycount.model.issue import Cause, Issue, Tag
from everycount.model.review import Clause, Event, PolicyText, Review
from everycount.policy.edit_parts import free_name
from everycount.policy.follow_clauses import alike_words, find_clauses, same_places, similarity
from everycount.policy.follow_proposals import by_passage, take, with_free_targets
from everycount.policy.same_clause import GONE

CHANGED = "the clause changed"
REPLACED = 0.2
"""Share of pairs of neighbouring words from which other words under the same number, in the same
article, are taken to be the clause, heavily reworded: its issues go on there, to be looked at.
Clauses that share but a turn of phrase ("The State shall ensure that") stay below."""
WORDS_SHOWN = 20
"""Words of a changed clause that a message quotes before it cuts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Which issues people had worked on, and what became of them; which proposals are new."""

    kept: tuple[str, ...]
    """Ids of issues whose clause is as it was."""
    moved: tuple[str, ...]
    """Ids of issues whose clause has the same words under another number."""
    changed: tuple[str, ...]
    """Ids of issues whose clause has nearly the same words; to be looked at."""
    gone: tuple[str, ...]
    """Ids of issues whose clause was not found; they stay, to be looked at."""
    new: tuple[str, ...]
    """Ids of proposals that were not there before."""
    replaced: tuple[str, ...]
    """Ids of proposals nobody had decided on, as they are read now."""
    dropped: tuple[str, ...]
    """Ids of proposals nobody had decided on, and that are not made any more."""

    @property
    def words(self) -> str:
        """The counts in a line."""
        return ", ".join(f"{len(getattr(self, name))} {name}" for name in self.__slots__)


def policy_text(document: Document) -> PolicyText:
    """Return a document as a review keeps it.

    Parameters
    ----------
    document : Document
        The document as it was read.

    Returns
    -------
    PolicyText
        Its name, digest and passages.

    Examples
    --------
    >>> law = Document(name="law.txt", digest="ab", language="en", pages=("",), passages=())
    >>> policy_text(law).digest
    'ab'
    """
    clauses = tuple(
        Clause(
            number=each.number,
            kind=each.kind,
            label=each.label,
            text=each.text,
            heading=each.heading,
            parent=each.parent,
            page=each.page,
        )
        for each in document.passages
    )
    return PolicyText(
        name=document.name,
        digest=document.digest,
        language=document.language,
        title=document.title,
        clauses=clauses,
        recognised=document.recognised,
    )


def follow(
    review: Review, document: Document, proposals: Sequence[Issue], *, by: str, on: str
) -> tuple[Review, Followed]:
    """Return the review of a document that was read again: a new version, or a better reading.

    Issues that somebody decided on, changed, added or linked follow their clause by its words.
    Proposals that nobody touched give place to the new ones.

    Parameters
    ----------
    review : Review
        The review so far.
    document : Document
        The document as it was read now.
    proposals : sequence of Issue
        What the reader proposes for it.
    by : str
        Who had it read again.
    on : str
        Date.

    Returns
    -------
    review : Review
        The review of the new reading. Where a clause changed or is gone, `stale` of its issues
        says so. No decision, link or issue of a person is left out.
    followed : Followed
        What became of which issue.

    Notes
    -----
    Two clauses are nearly the same from a share of `SIMILAR` of pairs of neighbouring words, of
    `REPLACED` under the same number in the same article; of all such pairs of clauses those are
    taken that are nearest on the whole. A review that holds
    no words of its clauses follows them by the words its issues hold, else by number.

    Examples
    --------
    >>> from everycount.model.issue import Decision
    >>> from everycount.model.review import Vocabulary
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> issue = Issue(id="1", passage="1", action="Report", clause="The council reports.",
    ...     decision=Decision(status="accepted", by="Hoa"))
    >>> old = PolicyText(name="law.txt", digest="ab", language="en")
    >>> review = Review(title="Law", policy=old, vocabulary=words, issues=(issue,))
    >>> law = Document(name="law.txt", digest="cd", language="en", pages=("",), passages=())
    >>> after, followed = follow(review, law, (), by="Hoa", on="2026-11-22")
    >>> after.issues[0].stale, followed.gone
    ('the clause is no longer in the document (it was 1)', ('1',))
    """
    following = _Following(review, policy_text(document))
    issues = following.run(proposals)
    kept = {issue.id for issue in issues}
    after = replace(
        review,
        policy=following.policy,
        issues=tuple(issues),
        links=tuple(link for link in review.links if link.issue in kept),
        log=(*review.log, *following.events(issues, by=by, on=on)),
    )
    return after, following.followed()


class _Following:
    """Where the clauses of a review went, and what became of its issues."""

    def __init__(self, review: Review, policy: PolicyText) -> None:
        self.before = review
        has_words = not review.policy.clauses or any(c.text for c in review.policy.clauses)
        bare = tuple(replace(clause, text="") for clause in policy.clauses)
        self.policy = replace(
            policy,
            title=policy.title or review.policy.title,
            clauses=policy.clauses if has_words else bare,
            note=review.policy.note,
        )
        self.was = {clause.number: clause for clause in review.policy.clauses}
        self.now = {clause.number: clause for clause in self.policy.clauses}
        self.new = {clause.number: _words(clause) for clause in policy.clauses}
        self.old = _old_clauses(review)
        self.found = find_clauses(self.old, self.new)
        # What has other words at its place: (how much alike) by its number.
        self.other = {
            number: similarity(self.old[number], self.new[number])
            for number in same_places(
                self.found,
                {number: clause.parent for number, clause in self.was.items()},
                {number: clause.parent for number, clause in self.now.items()},
            )
        }
        self.found |= {
            number: (number, False) for number, alike in self.other.items() if alike >= REPLACED
        }
        self.worked = frozenset(_worked(review))
        self.fates: dict[str, list[str]] = {name: [] for name in Followed.__slots__}

    def run(self, proposals: Iterable[Issue]) -> list[Issue]:
        """Return the issues of the new reading, in its order; what is gone comes last."""
        issues = [self.carried(each) for each in self.before.issues if each.id in self.worked]
        issues += self.proposed(list(proposals), issues)
        order = {number: at for at, number in enumerate(self.new)}
        return sorted(issues, key=lambda issue: order.get(issue.passage, len(order)))

    def place(self, issue: Issue) -> tuple[str, bool]:
        """Return the new number of an issue's clause, and whether it has the same words."""
        return self.found.get(_clause_of(issue), ("", False))

    def carried(self, issue: Issue) -> Issue:
        """Return an issue that people worked on, at the new place of its clause."""
        number, is_same = self.place(issue)
        if not issue.passage and not issue.clause:  # added by a person, about no clause
            self.fates["kept"].append(issue.id)
            return issue
        moved = self.moved(issue, number)
        if not number:
            self.fates["gone"].append(issue.id)
            words = self.gone(issue.passage) if issue.passage else issue.stale
            return replace(moved, clause=issue.clause, stale=_joined(issue.stale, words))
        if is_same:
            self.fates["kept" if number == issue.passage else "moved"].append(issue.id)
            return replace(moved, stale="" if issue.stale.startswith(GONE) else issue.stale)
        self.fates["changed"].append(issue.id)
        words = _said_change(self.old[_clause_of(issue)], self.new[number])
        if number in self.other:
            words += f" ({alike_words(self.other[number])})"
        return replace(moved, stale=_joined(issue.stale, words))

    def gone(self, number: str) -> str:
        """Return that a clause is gone, and what its number says now."""
        if number not in self.other:
            return f"{GONE} (it was {number})"
        now = _cut(self.new[number].split())
        return f"{GONE} (it was {number}, which now says “{now}”)"

    def moved(self, issue: Issue, number: str) -> Issue:
        """Return an issue with its passage and all it points at under new numbers."""
        home = _clause_of(issue)
        return replace(
            issue,
            passage=number,
            clause=self.new.get(number, "") if issue.clause else "",
            causes=self.causes(issue.causes, home),
            groups=self.tags(issue.groups, home),
            concepts=self.tags(issue.concepts, home),
            targets=tuple(
                replace(target, words=self.cause(target.words, home)) for target in issue.targets
            ),
        )

    def tags(self, tags: tuple[Tag, ...], home: str) -> tuple[Tag, ...]:
        """Return tags whose causes point at the new reading."""
        return tuple(replace(tag, causes=self.causes(tag.causes, home)) for tag in tags)

    def causes(self, causes: tuple[Cause, ...], home: str) -> tuple[Cause, ...]:
        """Return causes that point at the new reading."""
        return tuple(self.cause(cause, home) for cause in causes)

    def cause(self, cause: Cause, home: str) -> Cause:
        """Return a cause that points at the new reading; at no character if its words went.

        One whose clause was gone is looked for in the clause of its issue.
        """
        number, _ = self.found.get(cause.passage or home, ("", False))
        was, now = self.was.get(cause.passage), self.now.get(number)
        if was and now and getattr(was, cause.part) == getattr(now, cause.part):
            return replace(cause, passage=number)
        start = getattr(now, cause.part).find(cause.words) if now else -1
        end = start + len(cause.words) if start >= 0 else 0
        return replace(cause, passage=number, start=max(start, 0), end=end)

    def proposed(self, proposals: list[Issue], carried: list[Issue]) -> Iterator[Issue]:
        """Yield the proposals that no issue of a person stands for already."""
        untouched = [each for each in self.before.issues if each.id not in self.worked]
        by_place = by_passage(proposals)
        for issue in carried:
            take(issue, by_place.get(issue.passage, []))
        taken = {each.id for each in self.before.issues}
        targets = {target.id for issue in carried for target in issue.targets}
        for issue in untouched:
            number, _ = self.place(issue)
            again = take(issue, by_place.get(number, []))
            self.fates["replaced" if again else "dropped"].append(issue.id)
            if again:
                yield with_free_targets(replace(again, id=issue.id), targets)
        for proposal in (each for some in by_place.values() for each in some):
            name = free_name(proposal.id, taken)
            taken.add(name)
            self.fates["new"].append(name)
            yield with_free_targets(replace(proposal, id=name), targets)

    def events(self, issues: Sequence[Issue], *, by: str, on: str) -> Iterator[Event]:
        """Yield what changed in issues that people worked on, and the document itself."""
        old, new = self.before.policy, self.policy
        if (old.digest, old.clauses) != (new.digest, new.clauses):
            yield Event(
                on=on,
                by=by,
                what="policy",
                field="document",
                before=f"{old.name} {old.digest[:12]}".strip(),
                after=f"{new.name} {new.digest[:12]}".strip(),
                why="read again",
            )
        was = {issue.id: issue for issue in self.before.issues}
        for issue in issues:
            for field in ("passage", "stale") if issue.id in self.worked else ():
                before, after = getattr(was[issue.id], field), getattr(issue, field)
                if before != after:
                    yield Event(
                        on=on,
                        by=by,
                        what=issue.id,
                        field=field,
                        before=before,
                        after=after,
                        why="the document was read again",
                    )

    def followed(self) -> Followed:
        """Return what became of the issues."""
        return Followed(**{name: tuple(ids) for name, ids in self.fates.items()})


def _words(clause: Clause) -> str:
    """Return the words of a clause, of a bare heading the heading."""
    return clause.text or clause.heading


def _old_clauses(review: Review) -> dict[str, str]:
    """Return the words of each clause, also of those that only issues remember."""
    told: dict[str, str] = {}
    for issue in review.issues:
        told.setdefault(issue.passage, issue.clause)
    clauses = {
        clause.number: clause.text or told.get(clause.number) or clause.heading
        for clause in review.policy.clauses
    }
    for issue in review.issues:
        clauses.setdefault(_clause_of(issue), issue.clause)
    return clauses


def _clause_of(issue: Issue) -> str:
    """Return what the clause of an issue is known by; words where it has no number any more."""
    return issue.passage or f" {issue.clause}"


def _worked(review: Review) -> Iterator[str]:
    """Yield the ids of issues that a person decided on, changed, added, linked or spoke of."""
    for issue in review.issues:
        decisions = [issue.decision, *(target.decision for target in issue.targets)]
        if not issue.causes or any(each.status != "proposed" for each in decisions):
            yield issue.id
    for link in review.links:
        if link.decision.status != "proposed" or link.band == "added" or link.relation:
            yield link.issue
    known = {issue.id for issue in review.issues}
    for name in (*(each.about for each in review.sign_offs), *(each.what for each in review.log)):
        yield from (found for found in (name, name.partition(" ")[0]) if found in known)


def _joined(stale: str, words: str) -> str:
    """Return why an issue is to be looked at, with one more reason."""
    return stale if words in stale else "; ".join(filter(None, (stale, words)))


def _said_change(old: str, new: str) -> str:
    """Return in words what changed between two texts, without their common ends."""
    was, is_now = old.split(), new.split()
    while was and is_now and was[0] == is_now[0]:
        del was[0], is_now[0]
    while was and is_now and was[-1] == is_now[-1]:
        del was[-1], is_now[-1]
    return f"{CHANGED}: it said “{_cut(was)}”, it says “{_cut(is_now)}”"


def _cut(words: Sequence[str]) -> str:
    """Return the first words of a text."""
    return " ".join(words[:WORDS_SHOWN]) + (" …" if len(words) > WORDS_SHOWN else "")
