"""Find the indicators of frameworks that may answer to clauses or to indicators of another set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from everycount.model.framework import Framework
from everycount.model.match import Alias, Candidate, Match, Query
from everycount.policy.match_bands import How, band_of, confidence, mixed
from everycount.policy.match_fields import Fields, Keywords, fields_of
from everycount.policy.match_lexical import Lexical, Prepared, lexical_scores, lexicon, prepare
from everycount.policy.match_profile import Profile, profile, share_topic
from everycount.policy.match_reasons import contradictions, reasons, warnings
from everycount.policy.match_semantic import Embed, Semantic, semantic_scores
from everycount.policy.thesaurus import Finder, Thesaurus, finder

Floats = NDArray[np.float64]
COUNT: Final = 5
"""Candidates shown for each query: as many as a reader takes in, and what matching is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """How alike queries of one language and the entries of one framework are."""

    fields: Fields
    lexical: Lexical
    semantic: Semantic | None
    total: Floats
    """Words and meaning together, from 0 to 1, shape (queries, entries)."""
    aliases: Mapping[int, Sequence[tuple[int, Alias]]]
    """Linked titles by entry, each with its column in the scores of aliases."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Speech:
    """What reasons need that holds for a whole search."""

    language: str
    finder: Finder
    labels: Mapping[str, str]
    asked: Sequence[Profile]
    told: dict[str, Profile] = field(default_factory=dict)
    """Profile by title, made when first needed."""


def match(
    queries: Sequence[Query],
    frameworks: Sequence[Framework],
    *,
    language: str = "en",
    aliases: Iterable[Alias] = (),
    thesaurus: Thesaurus | None = None,
    keywords: Keywords | None = None,
    embed: Embed | None = None,
    count: int = COUNT,
) -> tuple[Match, ...]:
    """Return for every query and framework the indicators that may answer to it.

    Nothing is accepted by this: a person decides. The order, the scores and the reasons depend on
    nothing but the arguments.

    Parameters
    ----------
    queries : sequence of Query
        Clauses, or titles of indicators.
    frameworks : sequence of Framework
        Framework versions to search, each for itself.
    language : str
        ISO 639-1 code of the queries that do not state theirs.
    aliases : iterable of Alias, optional
        Titles that were linked to indicators; leave out those of the set being matched itself.
    thesaurus : Thesaurus, optional
        Concepts of the subject, such as the shipped one.
    keywords : mapping, optional
        Keywords by language and SDG code, such as the shipped ones.
    embed : callable, optional
        Turns texts into vectors of length 1, for a comparison by meaning beside that by words.
    count : int
        Candidates to show for each query, 1 or more.

    Returns
    -------
    tuple of Match
        One for each query and framework: all frameworks of the first query, then of the second.

    Examples
    --------
    >>> from everycount.model.framework import Source
    >>> from everycount.model.indicator import Indicator
    >>> titles = {"1": "Seats held by women in parliament", "2": "Maternal mortality ratio"}
    >>> core = Framework(id="core", version="1", title={"en": "Core"}, publisher="NSO",
    ...     level="national", valid_from="2024", source=Source(citation="NSO"),
    ...     indicators=tuple(Indicator(key=key, code=key, title={"en": title})
    ...                      for key, title in titles.items()))
    >>> query = Query(id="art. 11", text="Women shall hold a third of the seats in parliament.")
    >>> found, = match([query], [core])
    >>> found.band, found.candidates[0].key, found.candidates[0].reasons[-1]
    ('likely', '1', 'words in both: seats, women, parliament')
    """
    known, linked = thesaurus or Thesaurus(), tuple(aliases)
    matches: dict[tuple[int, int], Match] = {}
    for spoken in dict.fromkeys(query.language or language for query in queries):
        places = [at for at, each in enumerate(queries) if (each.language or language) == spoken]
        asked = [queries[at] for at in places]
        finds = finder(known, spoken)
        profiles = [profile(each.text, spoken, finds, heading=each.heading) for each in asked]
        prepared = prepare(profiles, spoken)
        speech = _Speech(language=spoken, finder=finds, labels=known.labels, asked=profiles)
        for position, framework in enumerate(frameworks):
            fields = fields_of(framework, spoken, aliases=linked, keywords=keywords)
            found = compare_all(asked, prepared, fields, finder=finds, embed=embed)
            for row, at in enumerate(places):
                matches[at, position] = _match(row, queries[at], found, speech, count)
    return tuple(
        matches[at, position] for at in range(len(queries)) for position in range(len(frameworks))
    )


def compare_all(
    queries: Sequence[Query],
    prepared: Prepared,
    fields: Fields,
    *,
    finder: Finder,
    embed: Embed | None = None,
) -> Found:
    """Return how alike every query and every indicator of a framework are.

    Parameters
    ----------
    queries : sequence of Query
        Queries of the language of `fields`.
    prepared : Prepared
        The same queries, from `prepare`.
    fields : Fields
        Wordings of the framework.
    finder : Finder
        Thesaurus terms of the language.
    embed : callable, optional
        As for `match`.

    Returns
    -------
    Found
        Scores of all pairs.
    """
    lexical = lexical_scores(lexicon(fields, finder), prepared)
    semantic = (
        semantic_scores(queries, fields, embed, language=fields.language)
        if embed and fields.entries and queries
        else None
    )
    total = mixed(lexical.scores, semantic.scores if semantic else None)
    pairs = [(at, alias) for at, entry in enumerate(fields.entries) for alias in entry.aliases]
    linked: dict[int, list[tuple[int, Alias]]] = {}
    for column, (at, alias) in enumerate(pairs):
        linked.setdefault(at, []).append((column, alias))
    return Found(fields=fields, lexical=lexical, semantic=semantic, total=total, aliases=linked)


def _match(row: int, query: Query, found: Found, speech: _Speech, count: int) -> Match:
    """Return the match of one query in one framework."""
    fields = found.fields
    if not fields.entries:
        return Match(
            query=query,
            framework=fields.framework,
            band="no titles",
            confidence=0.0,
            note=f"no titles in {fields.language}",
        )
    total = found.total[row]
    by_meaning = found.semantic.scores[row] if found.semantic else None
    order = _best(total, count)
    best = float(total[order[0]])
    others = np.delete(total, order[0])
    sure = confidence(best, float(others.max()) if len(others) else 0.0)
    how: How = "words" if by_meaning is None else "meaning"
    asked, told = speech.asked[row], _told(order[0], found, speech)
    band = band_of(best, how, shares_topic=share_topic(asked, told))
    against = contradictions(asked, told, speech.labels)
    candidates = _ranked(row, order, found, speech)
    lexical, semantic = candidates, candidates[:0]
    if by_meaning is not None:
        lexical = _ranked(row, _best(found.lexical.scores[row], count), found, speech)
        semantic = _ranked(row, _best(by_meaning, count), found, speech)
    return Match(
        query=query,
        framework=fields.framework,
        band="possible" if band == "likely" and against else band,
        confidence=sure,
        candidates=candidates,
        lexical=lexical,
        semantic=semantic,
        note=_note(fields),
    )


def _best(scores: Floats, count: int) -> list[int]:
    """Return the places of the greatest scores, the first place first among equals."""
    return [int(at) for at in np.argsort(-scores, kind="stable")[:count]]


def _ranked(
    row: int, places: Sequence[int], found: Found, speech: _Speech
) -> tuple[Candidate, ...]:
    """Return the candidates at these places, numbered from 1."""
    return tuple(
        _candidate(row, at, found, speech, rank=rank) for rank, at in enumerate(places, start=1)
    )


def _note(fields: Fields) -> str:
    """Return how many indicators could not be found for want of a title."""
    if not fields.untitled:
        return ""
    return f"{fields.untitled} indicators have no title in {fields.language} and were not searched"


def _candidate(row: int, at: int, found: Found, speech: _Speech, *, rank: int) -> Candidate:
    """Return one candidate with its reasons."""
    entry = found.fields.entries[at]
    asked, told = speech.asked[row], _told(at, found, speech)
    return Candidate(
        framework=found.fields.framework,
        key=entry.keys[0],
        title=entry.title,
        rank=rank,
        score=float(found.total[row, at]),
        lexical=float(found.lexical.scores[row, at]),
        semantic=float(found.semantic.scores[row, at]) if found.semantic else None,
        same_title=entry.keys[1:],
        reasons=(*_linked(row, at, found), *reasons(asked, told, speech.labels)),
        warnings=warnings(asked, told, speech.labels),
    )


def _told(at: int, found: Found, speech: _Speech) -> Profile:
    """Return what a title says, taken apart when first asked for."""
    title = found.fields.entries[at].title
    if title not in speech.told:
        speech.told[title] = profile(title, speech.language, speech.finder)
    return speech.told[title]


def _linked(row: int, at: int, found: Found) -> tuple[str, ...]:
    """Return the linked title to which a candidate owes its score, if it does."""
    linked = found.aliases.get(at, ())
    sides = [side for side in (found.lexical, found.semantic) if side]
    for side in sides:
        for column, alias in linked:
            if 0 < side.scores[row, at] <= side.aliases[row, column]:
                return (f"{alias.origin} \u2018{alias.title}\u2019 was linked to it",)
    return ()
