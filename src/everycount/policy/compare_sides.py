"""What two definitions deny or leave out, held against one another."""

from collections.abc import Mapping
from typing import Final

from everycount.model.crosswalk import Relation
from everycount.policy.negation import Sides, contrary

ALIKE: Final = 0.5
"""Share of words two denials must have in common to count as the same: as for whole wordings, so
that "without an account" and "without a bank account" are."""


def opposites(parts: Mapping[str, tuple[Sides, Sides]]) -> dict[str, str]:
    """Return what one definition denies or leaves out and the other is about, by part.

    Parameters
    ----------
    parts : mapping
        What the first and the second say, by part; the population last, since it is looked at only
        where no other part holds the opposite words.

    Returns
    -------
    dict
        In words; empty when nothing is opposite.

    Examples
    --------
    >>> from everycount.policy.negation import sides_of
    >>> ours, theirs = (sides_of(text) for text in ("Women not in employment", "Employed women"))
    >>> opposites({"population": (ours, theirs)})
    {'population': 'the first says ‘not in employment’, the second the opposite'}
    """
    found: dict[str, str] = {}
    for name, (ours, theirs) in parts.items():
        words = _said(ours, theirs, "first") or _said(theirs, ours, "second")
        if words and not (found and name == "population"):
            found[name] = words
    return found


def _said(one: Sides, other: Sides, here: str) -> str:
    """Return in words what one side denies or leaves out and the other is about."""
    there = "second" if here == "first" else "first"
    said = (
        f"the {here} leaves out ‘{each.words}’, which the {there} is about"
        if each.is_left_out
        else f"the {here} says ‘{each.words}’, the {there} the opposite"
        for each in contrary(one, other)
    )
    return next(said, "")


def restriction(ours: Sides, theirs: Sides) -> Relation | None:
    """Return what follows from something only one side denies or leaves out.

    Parameters
    ----------
    ours, theirs : Sides
        What the first and the second title say.

    Returns
    -------
    str, optional
        narrower or broader where all else is the same, related where it is not; None where both
        deny the same.

    Examples
    --------
    >>> from everycount.policy.negation import sides_of
    >>> restriction(sides_of("Work other than farming"), sides_of("Work"))
    'narrower'
    """
    mine, yours = _lacking(ours, theirs), _lacking(theirs, ours)
    if not mine and not yours:
        return None
    is_plain = ours.affirmed == theirs.affirmed and not (mine | yours) & ours.affirmed
    if not is_plain or (mine and yours):
        return "related"
    return "narrower" if mine else "broader"


def _lacking(one: Sides, other: Sides) -> frozenset[str]:
    """Return the words of what one side denies and the other does not."""
    fresh = [
        stems
        for stems in one.denied
        if not any(len(stems & told) >= ALIKE * len(stems | told) for told in other.denied)
    ]
    return frozenset[str]().union(*fresh)
