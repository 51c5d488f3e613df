"""How alike queries and the indicators of a framework are by their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from everycount.arrays.lexical import best_of_owner, products
from everycount.policy.match_fields import Entry, Fields
from everycount.policy.match_profile import Profile, profile
from everycount.policy.match_space import Bag, Space, counted, letters, space_of
from everycount.policy.match_words import terms, weight_of
from everycount.policy.thesaurus import Finder

Floats = NDArray[np.float64]
TARGET: Final = 0.4
"""Weight of a keyword of the SDG target beside a word of the title (1)."""
OWN: Final = 0.7
"""Weight of a keyword of the indicator itself. Both were chosen on 177 names of World Bank and
Eurostat series and Rwanda's 81 titles, where .3/.3 to .5/.9 differ by a few points of top-1."""
AGAIN: Final = 0.3
"""What a keyword adds to a word that the title has already."""
PHRASE: Final = 0.3
"""Weight of the best single keyword, as a short title of its own, beside the whole (1)."""
LETTERS: Final = 0.3
"""Weight of runs of letters, which bring together what stemming keeps apart."""
CONCEPT: Final = 0.2
"""Weight of shared thesaurus concepts: .1 to .3 gain 1 to 2 points of top-1 on the same names."""
WHOLE: Final = 1 + LETTERS + CONCEPT
"""Sum of the weights of the fields that every entry has; keywords add `PHRASE` to it."""
ALIAS: Final = 0.9
"""Weight of a linked title beside the indicator's own: set beforehand, not tuned."""
HEADING: Final = 0.3
"""Weight of the heading against the clause: it tips a balance and does not swamp the clause."""
LONGEST: Final = 1.5
"""A query up to this many times as long (by weight) as the usual title is measured as a title;
a longer one loses less, see `unit_rows`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Queries of one language as terms, runs of letters and concepts."""

    bodies: tuple[Bag, ...]
    headings: tuple[Bag, ...]
    letters: tuple[Bag, ...]
    heading_letters: tuple[Bag, ...]
    concepts: tuple[Bag, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """The texts of one framework as rows of weighed terms."""

    words: Space
    letters: Space
    concepts: Space
    longest: float
    """Length of a query above which it is measured as a clause."""
    whole: sparse.csr_array
    """Titles with their keywords."""
    phrases: sparse.csr_array
    owners: tuple[int, ...]
    """Entry of each phrase."""
    full: Floats
    """Sum of the weights of the fields each entry has; its score is divided by it."""
    aliases: sparse.csr_array
    alias_owners: tuple[int, ...]
    """Entry of each alias."""
    title_letters: sparse.csr_array
    alias_letters: sparse.csr_array
    title_concepts: sparse.csr_array
    alias_concepts: sparse.csr_array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexical:
    """How alike queries and entries are by words."""

    scores: Floats
    """From 0 to 1, shape (queries, entries)."""
    aliases: Floats
    """The same for each alias, its weight included, shape (queries, aliases)."""


def prepare(profiles: Sequence[Profile], language: str) -> Prepared:
    """Return queries as bags of terms, once for all frameworks.

    Parameters
    ----------
    profiles : sequence of Profile
        Queries of one language.
    language : str
        ISO 639-1 code.

    Returns
    -------
    Prepared
        In the order of the queries.
    """
    bodies = tuple(counted(terms(each.topic, language)) for each in profiles)
    headings = tuple(counted(terms(each.heading, language)) for each in profiles)
    return Prepared(
        bodies=bodies,
        headings=headings,
        letters=tuple(letters(bag) for bag in bodies),
        heading_letters=tuple(letters(bag) for bag in headings),
        concepts=tuple(dict.fromkeys(each.concepts, 1.0) for each in profiles),
    )


def lexicon(fields: Fields, finder: Finder) -> Lexicon:
    """Return the texts of a framework, counted and weighed.

    Parameters
    ----------
    fields : Fields
        Wordings of the framework.
    finder : Finder
        Thesaurus terms of the same language.

    Returns
    -------
    Lexicon
        What `lexical_scores` compares queries with.
    """
    language, entries = fields.language, fields.entries
    told = prepare([profile(entry.title, language, finder) for entry in entries], language)
    whole = [_with_keywords(*pair, language) for pair in zip(told.bodies, entries, strict=True)]
    phrases = [(at, word) for at, entry in enumerate(entries) for word in entry.own]
    phrase_bags = [counted(terms(word, language)) for _, word in phrases]
    aliases = [(at, alias.title) for at, entry in enumerate(entries) for alias in entry.aliases]
    linked = prepare([profile(title, language, finder) for _, title in aliases], language)
    words = space_of(whole, more=(*phrase_bags, *linked.bodies), weight=weight_of)
    grams = space_of(told.letters, more=linked.letters)
    concepts = space_of(told.concepts, more=linked.concepts)
    usual = words.weighed(told.bodies)
    lengths = np.sqrt(usual.multiply(usual).sum(axis=1))
    return Lexicon(
        words=words,
        letters=grams,
        concepts=concepts,
        longest=LONGEST * float(np.median(lengths)) if len(lengths) else 1.0,
        whole=words.rows(whole),
        phrases=words.rows(phrase_bags),
        owners=tuple(at for at, _ in phrases),
        full=np.array([WHOLE + PHRASE * bool(entry.own) for entry in entries]),
        aliases=words.rows(linked.bodies),
        alias_owners=tuple(at for at, _ in aliases),
        title_letters=grams.rows(told.letters),
        alias_letters=grams.rows(linked.letters),
        title_concepts=concepts.rows(told.concepts),
        alias_concepts=concepts.rows(linked.concepts),
    )


def lexical_scores(known: Lexicon, queries: Prepared) -> Lexical:
    """Return how alike queries and the indicators of a framework are by words.

    Parameters
    ----------
    known : Lexicon
        Texts of the framework.
    queries : Prepared
        Queries.

    Returns
    -------
    Lexical
        Scores from 0 to 1. A query without a word of the framework scores 0.
    """
    words = _mixed(
        known.words.rows(queries.bodies, longest=known.longest),
        known.words.rows(queries.headings),
        queries,
    )
    grams = _mixed(
        known.letters.rows(queries.letters),
        known.letters.rows(queries.heading_letters),
        queries,
    )
    concepts = known.concepts.rows(queries.concepts)
    # A query without a concept cannot share one: it is measured by the rest, all entries alike.
    absent = np.array([0.0 if found else CONCEPT for found in queries.concepts])[:, None]
    count = known.whole.shape[0]
    own = (
        products(words, known.whole)
        + PHRASE * best_of_owner(products(words, known.phrases), known.owners, count)
        + LETTERS * products(grams, known.title_letters)
        + CONCEPT * products(concepts, known.title_concepts)
    ) / (known.full - absent)
    aliases = (ALIAS / (WHOLE - absent)) * (
        products(words, known.aliases)
        + LETTERS * products(grams, known.alias_letters)
        + CONCEPT * products(concepts, known.alias_concepts)
    )
    linked = best_of_owner(aliases, known.alias_owners, count)
    return Lexical(scores=np.clip(np.maximum(own, linked), 0, 1), aliases=aliases)


def _with_keywords(title: Bag, entry: Entry, language: str) -> Bag:
    """Return the terms of a title with those of its keywords, which weigh less."""
    bag = {term: 1 + float(np.log(count)) for term, count in title.items()}
    keywords: dict[str, float] = {}
    for weight, words in ((TARGET, entry.target), (OWN, entry.own)):
        for word in words:
            keywords.update(dict.fromkeys(terms(word, language), weight))
    for term, weight in keywords.items():
        bag[term] = bag[term] + AGAIN * weight if term in title else weight
    return bag


def _mixed(
    bodies: sparse.csr_array, headings: sparse.csr_array, queries: Prepared
) -> sparse.csr_array:
    """Return rows in which the heading, where there is one, has its share."""
    share = np.array([HEADING if heading else 0.0 for heading in queries.headings])
    if not share.any():
        return bodies
    mixed = sparse.diags_array(1 - share) @ bodies + sparse.diags_array(share) @ headings
    return sparse.csr_array(mixed)
