"""Two published versions of one review: what became of clauses, promises and indicators."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy

from everycount.errors import NotFound
from everycount.io.review_file import parse_review
from everycount.model.review import Clause, Review
from everycount.policy.clause_changes import clause_changes
from everycount_hub import store
from everycount_hub.contents.archive import unpack
from everycount_hub.contents.policy import FILE
from everycount_hub.edition.nouns import PublishedDataset, PublishedVersion

KINDS = {
    "renumbered": (gettext_lazy("Renumbered"), "line"),
    "reworded": (gettext_lazy("Reworded"), "info"),
    "split": (gettext_lazy("Split"), "info"),
    "merged": (gettext_lazy("Merged"), "info"),
    "changed": (gettext_lazy("Changed"), "warn"),
    "new": (gettext_lazy("New"), "good"),
    "dropped": (gettext_lazy("Dropped"), "bad"),
    "linked anew": (gettext_lazy("Other indicators"), "info"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """A clause that is not as it was."""

    kind: str
    before: str
    after: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise that is new, was dropped, or says or links something else."""

    kind: str
    id: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What differs between two versions."""

    before: int
    after: int
    clauses: tuple[ClauseLine, ...]
    promises: tuple[PromiseLine, ...]


def comparable(dataset: PublishedDataset) -> tuple[PublishedVersion, ...]:
    """Return the versions that can be compared: published, not withdrawn, their file kept."""
    return tuple(each for each in dataset.versions if each.digest and not each.is_withdrawn)


def compared_of(dataset: PublishedDataset, before: str, after: str) -> Compared:
    """Return what differs between two versions.

    Parameters
    ----------
    dataset : PublishedDataset
    before, after : str
        Numbers as a reader gave them; anything else stands for the two newest.

    Raises
    ------
    NotFound
        If fewer than two versions can be compared.
    """
    known = {str(each.number): each for each in comparable(dataset)}
    if len(known) < 2:
        raise NotFound(f"{dataset.key} has no two versions to compare")
    numbers = list(known)
    one, other = known.get(before), known.get(after)
    if one is None or other is None or one == other:
        one, other = known[numbers[-2]], known[numbers[-1]]
    return _compared((one.number, one.digest), (other.number, other.digest))


@lru_cache(16)
def _compared(before: tuple[int, str], after: tuple[int, str]) -> Compared:
    was, now = (_review(digest) for _number, digest in (before, after))
    return Compared(
        before=before[0],
        after=after[0],
        clauses=tuple(_clauses(was, now)),
        promises=tuple(_promises(was, now)),
    )


def _review(digest: str) -> Review:
    return parse_review(unpack(store.bundle_path(digest))[FILE], subject=FILE)


def _clauses(was: Review, now: Review) -> Iterator[ClauseLine]:
    for each in clause_changes(was.policy, now.policy):
        if each.kind != "same" and not each.is_along:
            yield ClauseLine(
                kind=each.kind,
                before=_number(each.before),
                after=_number(each.after),
                was=each.before.text if each.before else "",
                now=each.after.text if each.after else "",
            )


def _number(clause: Clause | None) -> str:
    return clause.number if clause else ""


def _promises(was: Review, now: Review) -> Iterator[PromiseLine]:
    before, after = ({each.id: each.action for each in one.accepted} for one in (was, now))
    links, linked = _links(was), _links(now)
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            kind = "changed" if old and new else "new" if new else "dropped"
            yield PromiseLine(kind=kind, id=name, was=old, now=new)
        elif links.get(name) != linked.get(name):
            yield PromiseLine(
                kind="linked anew",
                id=name,
                was="; ".join(links.get(name, ())),
                now="; ".join(linked.get(name, ())),
            )


def _links(review: Review) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for link in review.accepted_links:
        found.setdefault(link.issue, []).append(f"{link.framework} {link.key}")
    return {issue: tuple(sorted(each)) for issue, each in found.items()}
