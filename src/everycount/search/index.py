"""What is searched: entries with their words, and the index that finds them by these."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from everycount.search.folding import stems_of, words_of
from everycount.search.typos import by_pair

CODE, TITLE, NAME, MEANING, ABOUT = 12, 8, 6, 3, 2
"""What a word counts by where it stands: a code, the title a reader sees, a name in another
language, a word of the same meaning, what the thing is about. Ours; the list of queries with the
tests shows what comes of them."""
FACTOR: Final = 4
"""How many steps a word gains that is in half as many entries."""
LONGEST: Final = 20
"""Words of a title beyond which it does not count as longer."""
AREA, INDICATOR = "area", "indicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found."""

    kind: str
    """Such as indicator, area, policy, page."""
    title: str
    """As a reader sees it."""
    lang: str = ""
    """Language of the title, where it is not that of the reader."""
    address: str
    """Below the first page of a language, such as ``indicators/5d/``."""
    parameter: str = ""
    """Of an area: what stands for it in addresses of other pages."""
    names: tuple[str, ...] = ()
    """What else it is called, in any language. Of an area, each is enough to mean it."""
    codes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """Words and phrases that concern it."""
    goal: str = ""
    """Code of its goal or group."""
    area: str = ""
    """Parameter of the area it belongs to."""
    areas: tuple[str, ...] = ()
    """Parameters of the areas it has figures of."""
    has_figures: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Index:
    """An index, ready to be asked; `written` puts it into what JSON holds."""

    entries: tuple[Entry, ...]
    terms: list[str]
    """Every word, in the order of its letters."""
    rarity: list[int]
    """How much a word tells, by its place in `terms`."""
    posts: list[list[int]]
    """Number and weight of each entry with a word, one after the other."""
    places: Mapping[str, list[Any]]
    """By a name of an area without spaces and marks: its entry, then the name with its marks."""
    common: frozenset[str]
    """Words that say nothing beside others."""
    lengths: list[int] = field(default_factory=list)
    """Words in the title of each entry."""

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Place of each word in `terms`."""
        return {term: place for place, term in enumerate(self.terms)}

    @cached_property
    def by_pair(self) -> Mapping[str, list[int]]:
        """Places of words by the pairs of letters they have."""
        return by_pair(self.terms)

    @cached_property
    def place_names(self) -> list[str]:
        """Names of areas, in the order of their letters."""
        return sorted(self.places)

    @cached_property
    def places_by_pair(self) -> Mapping[str, list[int]]:
        """Places in `place_names` by pairs of letters."""
        return by_pair(self.place_names)

    @cached_property
    def with_figures(self) -> Mapping[int, frozenset[str]]:
        """Areas with figures, by the number of an indicator."""
        return {
            number: frozenset(each.areas)
            for number, each in enumerate(self.entries)
            if each.kind == INDICATOR
        }


def build(
    entries: Iterable[Entry], *, meanings: Sequence[Sequence[str]] = (), common: str = ""
) -> Index:
    """Make the index of some entries.

    Parameters
    ----------
    entries : iterable of Entry
        In the order in which they come where nothing else tells them apart.
    meanings : sequence of sequence of str
        Words and phrases of one meaning, in any languages: a title with one has all of them.
    common : str
        Words that say nothing beside others.

    Returns
    -------
    Index

    Examples
    --------
    >>> seats = Entry(kind="indicator", title="Seats held by women", address="indicators/5d/")
    >>> build([seats], meanings=[("seats", "sièges")]).terms
    ['by', 'held', 'seat', 'siege', 'women']
    """
    listed = tuple(entries)
    same = _by_first(meanings)
    found: dict[str, dict[int, int]] = {}
    for number, entry in enumerate(listed):
        for term, weight in _weights(entry, same).items():
            found.setdefault(term, {})[number] = weight
    terms = sorted(found)
    return Index(
        entries=listed,
        terms=terms,
        rarity=[_rarity(len(found[term]), len(listed)) for term in terms],
        posts=[[part for post in sorted(found[term].items()) for part in post] for term in terms],
        places=_places(listed),
        common=frozenset(stems_of(common)),
        lengths=[min(LONGEST, len(words_of(each.title))) for each in listed],
    )


def _rarity(count: int, total: int) -> int:
    return 1 + round(FACTOR * math.log2(1 + total / count))


def _weights(
    entry: Entry, same: Mapping[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
) -> dict[str, int]:
    weights: dict[str, int] = {}
    said = [(CODE, entry.codes), (TITLE, (entry.title,)), (NAME, entry.names)]
    if entry.kind == AREA:
        said.append((NAME, tuple(joined(each) for each in (entry.title, *entry.names))))
    else:
        names = (entry.title, *entry.names)
        said += [(MEANING, _meanings(stems_of(name), same)) for name in names]
    said.append((ABOUT, entry.about))
    for weight, texts in said:
        for text in texts:
            for term in stems_of(text):
                weights[term] = max(weight, weights.get(term, 0))
    return weights


def _by_first(
    meanings: Sequence[Sequence[str]],
) -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Return the phrases by their first word, each with all phrases of its meaning."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrases in meanings:
        for phrase in phrases:
            stems = tuple(stems_of(phrase))
            if stems:
                found.setdefault(stems[0], []).append((stems, tuple(phrases)))
    return found


def _meanings(
    stems: list[str], same: Mapping[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for at, stem in enumerate(stems):
        for phrase, others in same.get(stem, ()):
            if tuple(stems[at : at + len(phrase)]) == phrase:
                found.update(dict.fromkeys(others))
    return tuple(found)


def joined(name: str) -> str:
    """Return a name without spaces and marks: some write Vietnam, others Viet Nam.

    Examples
    --------
    >>> joined("Việt Nam"), joined("Côte d’Ivoire")
    ('vietnam', 'cotedivoire')
    """
    return "".join(stems_of(name))


def _places(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for number, entry in enumerate(entries):
        if entry.kind == AREA:
            for name in (entry.title, *entry.names):
                marked = "".join(each.marked for each in words_of(name))
                # The first area keeps a name that two have.
                known = found.setdefault(joined(name), [number])
                if known[0] == number and marked not in known:
                    known.append(marked)
    for number, entry in enumerate(entries):
        if entry.kind == AREA:
            for code in entry.codes:  # such as AND, which means Andorra only where it can
                found.setdefault(joined(code), [number])
    found.pop("", None)
    return found
