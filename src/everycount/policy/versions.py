"""Two versions of an indicator set: what changed, and which links of a review are stale by it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from everycount.model.framework import Framework
from everycount.model.indicator import Indicator, wording
from everycount.model.review import Event, FrameworkUse, IndicatorLink, Review
from everycount.policy.same_clause import fold

Kind = Literal["same", "reworded", "renumbered", "changed", "gone", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one indicator from one version to the next."""

    kind: Kind
    """same; reworded: same key, other title; renumbered: same title, other key; changed: unit,
    breakdowns, stage or kind; gone; new."""
    before: str
    """Key in the older version; empty if new."""
    after: str
    """Key in the newer version; empty if gone."""
    words: str
    """What is different, in words; empty if nothing is."""


def framework_changes(before: Framework, after: Framework) -> tuple[Change, ...]:
    """Return what became of each indicator, in the order of the older version, new ones last.

    Parameters
    ----------
    before, after : Framework
        Two versions, usually of one set.

    Returns
    -------
    tuple of Change
        An indicator under the same key with a wholly different title is still `reworded`: whether
        it is the same measure, people decide.
    """
    old, new = before.unique, after.unique
    by_key = {each.key: each for each in new}
    by_title = {_folded(each): each for each in new}
    titles = {_folded(each) for each in old}
    found = []
    met = set()
    for indicator in old:
        same_key = by_key.get(indicator.key)
        heir = by_title.get(_folded(indicator))
        if heir is None and same_key is not None and _folded(same_key) not in titles:
            heir = same_key  # else its number went to another indicator of the older version
        if heir is None:
            found.append(_gone(indicator, same_key))
            continue
        met.add(heir.key)
        found.append(_change(indicator, heir))
    return (*found, *(_new(each) for each in new if each.key not in met))


def _folded(indicator: Indicator) -> str:
    return fold(wording(indicator.title))


def _gone(indicator: Indicator, other: Indicator | None) -> Change:
    """Return that an indicator is no longer there; its number may now be another's."""
    words = f"its number now belongs to “{wording(other.title)}”" if other else ""
    return Change(kind="gone", before=indicator.key, after="", words=words)


def _new(indicator: Indicator) -> Change:
    return Change(kind="new", before="", after=indicator.key, words=wording(indicator.title))


def _change(before: Indicator, after: Indicator) -> Change:
    """Return how an indicator differs from what it was."""
    words = []
    kind: Kind = "same"
    if _folded(before) != _folded(after):
        kind = "reworded"
        words.append(f"“{wording(before.title)}” is now “{wording(after.title)}”")
    elif before.key != after.key:
        kind = "renumbered"
        words.append(f"{before.key} is now {after.key}")
    for name in ("unit", "kind", "stage", "disaggregations", "combined"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            kind = "changed" if kind == "same" else kind
            words.append(f"{name}: {_say(was)} is now {_say(now)}")
    return Change(kind=kind, before=before.key, after=after.key, words="; ".join(words))


def _say(value: object) -> str:
    """Return a field of an indicator in words."""
    if isinstance(value, tuple):
        return ", ".join(_say(each) for each in value) or "none"
    return str(value) if value else "none"


def move_links(
    review: Review, before: Framework, after: Framework, *, by: str, on: str
) -> tuple[Review, tuple[IndicatorLink, ...]]:
    """Return the review with its links moved from one version of a set to the next.

    Links to indicators that are the same, or only have another number, move with their decisions.
    The others stay with the older version and are marked stale, with what changed: nothing is
    matched across versions silently.

    Parameters
    ----------
    review : Review
    before, after : Framework
        The version that links name, and the one they shall name.
    by, on : str
        Who asked for it, and when.

    Returns
    -------
    review : Review
    stale : tuple of IndicatorLink
        Links that people must look at.
    """
    changes = {change.before: change for change in framework_changes(before, after)}
    links, events = [], []
    taken = {link.ends for link in review.links}
    for link in review.links:
        change = changes.get(link.key) if link.framework == before.reference else None
        if change is None:
            links.append(link)
            continue
        moved = replace(link, framework=after.reference, key=change.after or link.key)
        if change.kind in {"same", "renumbered"} and moved.ends not in taken:
            links.append(moved)
            events.append(_event(link, moved, by=by, on=on))
        else:
            words = "linked there already" if moved.ends in taken else _told(change)
            links.append(replace(link, stale=f"{after.reference}: {words}"))
    made = replace(
        review,
        frameworks=_uses(review.frameworks, before, after),
        links=tuple(links),
        log=(*review.log, *events),
    )
    return made, tuple(link for link in links if link.stale)


def _told(change: Change) -> str:
    """Return a change in words."""
    return f"{change.kind}: {change.words}" if change.words else change.kind


def _event(link: IndicatorLink, moved: IndicatorLink, *, by: str, on: str) -> Event:
    """Return the note that a link moved."""
    return Event(
        on=on,
        by=by,
        what=f"link {' '.join(link.ends)}",
        field="framework",
        before=f"{link.framework} {link.key}",
        after=f"{moved.framework} {moved.key}",
    )


def _uses(
    uses: Sequence[FrameworkUse], before: Framework, after: Framework
) -> tuple[FrameworkUse, ...]:
    """Return the frameworks of a review with the newer version behind the older one."""
    if any(use.reference == after.reference for use in uses):
        return tuple(uses)
    new = FrameworkUse(reference=after.reference, title=wording(after.title), level=after.level)
    return tuple(
        each
        for use in uses
        for each in ((use, new) if use.reference == before.reference else (use,))
    )
