"""What a query finds, the best first."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everycount.search.folding import Word, words_of
from everycount.search.index import LONGEST, Index
from everycount.search.places import Place, places_in
from everycount.search.typos import near

EXACT, PREFIX, ONE_SLIP, TWO_SLIPS = 10, 6, 5, 3
"""What a word of the query counts by how near it is to one of an entry. Ours."""
KINDS: Final = {
    "indicator": 12, "area": 12, "index": 11, "group": 10, "policy": 10, "survey": 9,
    "framework": 8, "page": 8, "dataset": 6, "issue": 6,
}  # fmt: skip
"""What a hit counts by its kind: most readers look for indicators and areas. Ours."""
NAMED: Final = 3
"""How many times more an area counts that the query names."""
FAINT: Final = 25
"""What has less than this part of the score of the best is not shown."""
PAIRS: Final = 3
"""Indicators that are shown for the area of a query before all else."""
HALF: Final = 2
"""Part of the best score that an indicator of a pair has at least."""
BEGINNING: Final = 2
"""Letters from which words that begin with them are looked for."""
WORDS: Final = 12
"""Words of a query that are read."""
PAIR: Final = "pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result."""

    kind: str
    """That of the entry, or pair: the view of an indicator for the areas of the query."""
    entry: int
    areas: tuple[int, ...] = ()
    """Entries of the areas of a pair."""


def find(index: Index, text: str, *, typing: bool = False) -> list[Hit]:
    """Return what a query finds, the best first.

    An indicator is shown for the areas that the query names, before all else, if it has figures
    of them. What has more words of the query goes first, then what has rarer ones in better
    places.

    Parameters
    ----------
    index : Index
    text : str
        The query.
    typing : bool
        Whether the last word may be the beginning of one.

    Returns
    -------
    list of Hit

    Examples
    --------
    >>> from everycount.search.index import Entry, build
    >>> seats = Entry(kind="indicator", title="Seats held by women", address="indicators/5d/",
    ...     areas=("VNM",))
    >>> area = Entry(kind="area", title="Viet Nam", address="areas/vnm/", parameter="VNM")
    >>> [hit.kind for hit in find(build([seats, area]), "women seats vietnam")]
    ['pair', 'area']
    """
    words = words_of(text)[:WORDS]
    places = places_in(index, words)
    named = {place.entry for place in places}
    kept = [at for at, word in enumerate(words) if word.stem not in index.common] or [
        *range(len(words))
    ]
    last = len(words) - 1 if typing else -1
    matches = {at: _matches(index, words[at].stem, typing=at == last) for at in kept}
    pairs = _pairs(index, places, [matches[at] for at in kept if not _is_in(at, places)])
    score = _scores(index, _whole(index, words, places, matches))
    for number in named & set(score):
        score[number] *= NAMED
    shown = {pair.entry for pair in pairs}
    best = max(score.values(), default=0)
    rest = sorted(
        (number for number, value in score.items() if value * FAINT >= best),
        key=lambda number: (-score[number], number),
    )
    hits = [Hit(kind=index.entries[each].kind, entry=each) for each in rest if each not in shown]
    return [*pairs, *hits]


def _whole(
    index: Index, words: Sequence[Word], places: Sequence[Place], matches: dict[int, dict[int, int]]
) -> list[dict[int, int]]:
    """Return the matches with one in place of all words of the name of an area."""
    found = [each for at, each in matches.items() if not _is_in(at, places)]
    for place in places:
        stems = [each.stem for each in words[place.start : place.end]]
        named = _matches(index, "".join(stems), typing=False)
        parts = [_matches(index, stem, typing=False) for stem in stems]
        common = set(parts[0]).intersection(*parts[1:])
        whole = {number: min(part[number] for part in parts) for number in common}
        found.append({**whole, **{each: max(named[each], whole.get(each, 0)) for each in named}})
    return found


def _is_in(at: int, places: Sequence[Place]) -> bool:
    return any(place.start <= at < place.end for place in places)


def _matches(index: Index, stem: str, *, typing: bool) -> dict[int, int]:
    """Return what a word of the query gives each entry."""
    found: dict[int, int] = {}
    for term, closeness in _terms(index, stem, typing=typing):
        posts, factor = index.posts[term], index.rarity[term] * closeness
        for at in range(0, len(posts), 2):
            value = posts[at + 1] * factor
            if value > found.get(posts[at], 0):
                found[posts[at]] = value
    return found


def _terms(index: Index, stem: str, *, typing: bool) -> list[tuple[int, int]]:
    """Return the words that a word of the query may be, with how near each is."""
    place = index.place_of.get(stem)
    found = [] if place is None else [(place, EXACT)]
    if (found and not typing) or len(stem) < BEGINNING:
        return found
    start = bisect_left(index.terms, stem)
    end = start
    while end < len(index.terms) and index.terms[end].startswith(stem):
        end += 1
    found += [(at, PREFIX) for at in range(start, end) if at != place]
    if found:
        return found
    slips = {1: ONE_SLIP, 2: TWO_SLIPS}
    return [(at, slips[count]) for at, count in near(stem, index.terms, index.by_pair)]


def _scores(index: Index, matches: Sequence[dict[int, int]]) -> dict[int, int]:
    """Return the score of each entry: what its words give, times how many there are, squared."""
    total: dict[int, int] = {}
    count: dict[int, int] = {}
    for found in matches:
        for number, value in found.items():
            total[number] = total.get(number, 0) + value
            count[number] = count.get(number, 0) + 1
    return {
        number: value
        * count[number] ** 2
        * KINDS.get(index.entries[number].kind, 1)
        // (LONGEST + index.lengths[number])
        for number, value in total.items()
    }


def _pairs(index: Index, places: Sequence[Place], matches: Sequence[dict[int, int]]) -> list[Hit]:
    """Return the indicators that the rest of a query means, for the areas it names."""
    areas = list(dict.fromkeys(place.entry for place in places))
    if not areas or not matches:
        return []
    only = [
        {number: value for number, value in found.items() if number in index.with_figures}
        for found in matches
    ]
    score = _scores(index, only)
    best = max(score.values(), default=0)
    hits: list[Hit] = []
    for number in sorted(score, key=lambda each: (-score[each], each)):
        own = index.with_figures[number]
        there = tuple(each for each in areas if index.entries[each].parameter in own)
        if there and score[number] * HALF >= best and len(hits) < PAIRS:
            hits.append(Hit(kind=PAIR, entry=number, areas=there))
    return hits


def address_of(index: Index, hit: Hit) -> str:
    """Return where a hit leads, below the first page of a language.

    Examples
    --------
    >>> from everycount.search.index import Entry, build
    >>> area = Entry(kind="area", title="Viet Nam", address="areas/vnm/", parameter="VNM")
    >>> address_of(build([area]), Hit(kind="area", entry=0))
    'areas/vnm/'
    """
    address = index.entries[hit.entry].address
    if not hit.areas:
        return address
    return address + "?" + "&".join(f"area={index.entries[each].parameter}" for each in hit.areas)
