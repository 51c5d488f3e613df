"""Start a review from a document, read the document again, and match issues with frameworks."""

from collections.abc import Sequence
from pathlib import Path

from everycount.io.documents import read_document
from everycount.io.frameworks import shipped_crosswalk, shipped_frameworks
from everycount.io.sentence_model import read_sentence_model
from everycount.io.thesaurus import shipped_keywords, shipped_thesaurus
from everycount.io.vocabularies import read_vocabulary, shipped_vocabulary
from everycount.model.crosswalk import Crosswalk
from everycount.model.framework import Framework
from everycount.model.match import Alias, Match, Query
from everycount.model.review import FrameworkUse, Review
from everycount.policy.follow import Followed, follow, policy_text
from everycount.policy.linking import in_rounds, propose_links, queries_of, wordings_of
from everycount.policy.match import match
from everycount.policy.match_aliases import aliases_of
from everycount.policy.propose import propose

NO_LINKS = Crosswalk()


def start_review(
    place: Path | str,
    *,
    language: str | None = None,
    vocabulary: Path | str | None = None,
    title: str = "",
    reviewers: str = "",
) -> Review:
    """Read a law or strategy and propose the issues for action in it.

    Parameters
    ----------
    place : Path or str
        A PDF, Word, HTML, Markdown or text file.
    language : str, optional
        Which language of a document in several to read.
    vocabulary : Path or str, optional
        File of target groups, core concepts or both; the shipped ones if left out.
    title : str
        What to call the review; the title of the document if left out.
    reviewers : str
        Name of the group that reviews.

    Returns
    -------
    Review
        With every clause, and a proposal for each that asks for action. No framework yet.

    Raises
    ------
    NotFound, InputError, Unavailable
        As `read_document`; InputError also with every fault of the vocabulary.
    """
    words = read_vocabulary(vocabulary) if vocabulary else shipped_vocabulary()
    document = read_document(place, language=language)
    return Review(
        title=title or document.title or document.name,
        policy=policy_text(document),
        vocabulary=words,
        reviewers=reviewers,
        issues=propose(document, words),
    )


def reread_review(
    review: Review, place: Path | str, *, by: str, on: str, language: str | None = None
) -> tuple[Review, Followed]:
    """Read the document of a review again, or another version of it; decisions follow its words.

    Parameters
    ----------
    review : Review
        With the decisions so far. Nothing that people worked on is lost.
    place : Path or str
        The document.
    by, on : str
        Who asked for it, and when.
    language : str, optional
        Which of its languages to read; that of the review if left out.

    Returns
    -------
    review : Review
    followed : Followed
        What was kept, moved, changed, gone and new.
    """
    document = read_document(place, language=language or review.policy.language)
    return follow(review, document, propose(document, review.vocabulary), by=by, on=on)


def match_review(
    review: Review,
    frameworks: Sequence[Framework],
    *,
    away: Sequence[FrameworkUse] = (),
    model: Path | str | None = None,
    reviews: Sequence[Review] = (),
    links: Crosswalk = NO_LINKS,
) -> Review:
    """Propose indicators for the issues of a review: national sets first, then the others.

    Titles that other countries' published links and accepted links of reviews tie to an
    indicator count as further wordings of it, and the reason of a proposal says so.

    Parameters
    ----------
    review : Review
        Decisions and links that people added stay.
    frameworks : sequence of Framework
        Framework versions to search.
    away : sequence of FrameworkUse, optional
        Sets that matter and are not at hand, shown as not loaded.
    model : Path or str, optional
        Folder of a sentence embedding model; words alone if left out. Takes everycount[semantic].
    reviews : sequence of Review, optional
        Other reviews to learn from, besides this one.
    links : Crosswalk, optional
        Accepted links to learn from, besides the shipped ones.

    Returns
    -------
    Review
    """
    rounds = in_rounds(frameworks)
    known = {each.reference: each for each in (*shipped_frameworks(), *rounds)}
    aliases = (
        *aliases_of((*shipped_crosswalk().links, *links.links), known),
        *wordings_of((review, *reviews)),
    )
    queries = queries_of(review)
    matches = _search(queries, rounds, aliases, language=review.policy.language, model=model)
    return propose_links(review, matches, rounds, away=away)


def match_set(
    framework: Framework,
    others: Sequence[Framework],
    *,
    language: str = "en",
    model: Path | str | None = None,
    links: Crosswalk = NO_LINKS,
) -> tuple[Match, ...]:
    """Find, for each indicator of one set, those of others that may be the same.

    Parameters
    ----------
    framework : Framework
        Its unique indicators are what to look for. Numbers are not looked at.
    others : sequence of Framework
        Framework versions to search.
    language : str
        Language of the titles to compare.
    model : Path or str, optional
        As in `match_review`.
    links : Crosswalk, optional
        Accepted links to learn from, besides the shipped ones. Titles of `framework` itself are
        not looked at.

    Returns
    -------
    tuple of Match
    """
    known = {each.reference: each for each in (*shipped_frameworks(), *others, framework)}
    accepted = (*shipped_crosswalk().links, *links.links)
    aliases = aliases_of(accepted, known, without=framework.reference)
    queries = [
        Query(id=each.key, text=each.title[language], language=language)
        for each in framework.unique
        if language in each.title
    ]
    return _search(queries, in_rounds(others), aliases, language=language, model=model)


def _search(
    queries: Sequence[Query],
    frameworks: Sequence[Framework],
    aliases: Sequence[Alias],
    *,
    language: str,
    model: Path | str | None,
) -> tuple[Match, ...]:
    """Return the matches by words, and by meaning where there is a model."""
    return match(
        queries,
        frameworks,
        language=language,
        aliases=aliases,
        thesaurus=shipped_thesaurus(),
        keywords=shipped_keywords(),
        embed=read_sentence_model(model) if model else None,
    )
