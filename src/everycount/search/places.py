"""The areas that a query names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everycount.search.folding import Word
from everycount.search.index import AREA, Index
from everycount.search.typos import near

MOST: Final = 7
"""Words in the name of an area at most, such as that of the Lao People's Democratic Republic."""
ENOUGH: Final = 5
"""Letters from which the name of an area is one with other marks or none; shorter ones, such as
Pháp (France), are other words without theirs (pháp luật, law)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An area that a query names."""

    entry: int
    start: int
    end: int
    """The words from `start` up to `end` name it."""


def places_in(index: Index, words: Sequence[Word]) -> list[Place]:
    """Return the areas that a query names, in its order; misspelt ones where nothing else fits.

    Parameters
    ----------
    index : Index
    words : sequence of Word
        Of the query.

    Returns
    -------
    list of Place
    """
    found, at = [], 0
    while at < len(words):
        place = _at(index, words, at)
        if place is None:
            at += 1
        else:
            found.append(place)
            at = place.end
    return found


def _at(index: Index, words: Sequence[Word], start: int) -> Place | None:
    """Return the area whose name begins at a word, the longest name first."""
    for end in range(min(len(words), start + MOST), start, -1):
        entry = _named(index, words[start:end])
        if entry is not None:
            return Place(entry=entry, start=start, end=end)
    for end in range(min(len(words), start + 2), start, -1):
        entry = _meant(index, words[start:end])
        if entry is not None:
            return Place(entry=entry, start=start, end=end)
    return None


def _named(index: Index, words: Sequence[Word]) -> int | None:
    key = "".join(each.stem for each in words)
    known = index.places.get(key)
    if known is None or (len(words) == 1 and key in index.common):
        return None
    number: int = known[0]
    if "".join(each.marked for each in words) in known[1:]:
        return number
    return number if len(key) >= ENOUGH or not _is_word(index, words) else None


def _is_word(index: Index, words: Sequence[Word]) -> bool:
    """Tell whether every word is one of something that is no area."""
    return all(_says_more(index, each.stem) for each in words)


def _says_more(index: Index, stem: str) -> bool:
    place = index.place_of.get(stem)
    if place is None:
        return False
    return any(index.entries[number].kind != AREA for number in index.posts[place][::2])


def _meant(index: Index, words: Sequence[Word]) -> int | None:
    """Return the area whose name is misspelt, unless another word is as near."""
    if all(each.stem in index.place_of or each.stem in index.common for each in words):
        return None
    key = "".join(each.stem for each in words)
    found = near(key, index.place_names, index.places_by_pair)
    if not found or any(each.stem in index.common for each in words):
        return None
    place, slips = found[0]
    others = near(key, index.terms, index.by_pair)
    if any(count <= slips and _says_more(index, index.terms[at]) for at, count in others):
        return None
    number: int = index.places[index.place_names[place]][0]
    return number
