"""Turn a policy review into its report: what was found first, then all that it rests on."""

from collections.abc import Iterator

from everycount.io.files import digest
from everycount.io.review_file import review_bytes
from everycount.model.indicator import LANGUAGE
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.gaps import gaps
from everycount.policy.landscape import Landscape, count, landscape
from everycount.policy.languages import NAMES
from everycount.reports.policy_clauses import clauses_of
from everycount.reports.policy_gaps import NOT_GAPS, advice_of, gaps_of
from everycount.reports.policy_page import PolicyPage, Stat
from everycount.reports.policy_places import places_of
from everycount.reports.policy_printable import printable
from everycount.reports.policy_record import provenance_of, validation_of
from everycount.reports.policy_supply import plan_of, sources_of

UNKNOWN = "und"
"""ISO 639-2 for a language that is not determined."""

SHOWN = 12
"""Pages named in a sentence before "and N more"."""


def policy_report(review: Review, catalogue: Catalogue) -> PolicyPage:
    """Return the report of a review, for `policy_page`, `policy_pdf` and `policy_word`.

    Parameters
    ----------
    review : Review
        The review as it is now. Gaps count only what people accepted.
    catalogue : Catalogue
        Frameworks at hand, and sources and supplies besides those of the review.

    Returns
    -------
    PolicyPage
        Every word as a reader sees it. The same review gives the same page.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> report = policy_report(Review(title="Law", policy=law, vocabulary=words), Catalogue())
    >>> report.finding
    'The review has no issue yet.'
    """
    land = landscape(review, catalogue)
    places = places_of(land)
    tables = gaps(review, catalogue)
    by_id = {table.id: table for table in tables}
    titles = {table.id: table.title for table in tables if table.id not in NOT_GAPS}
    clauses = clauses_of(land, places)
    name = digest(review_bytes(review))
    policy = review.policy
    return printable(
        PolicyPage(
            title=review.title,
            kicker=_kicker(review),
            language=policy.language if LANGUAGE.fullmatch(policy.language) else UNKNOWN,
            finding=finding_of(land),
            stats=_stats(land),
            notices=tuple(_notices(land)),
            gaps=gaps_of(tables, places),
            advice=advice_of(by_id["advice"], titles),
            clauses=clauses,
            clauses_note=f"{len(clauses):,} of {count(len(policy.clauses), 'clause')} "
            f"{'has' if len(clauses) == 1 else 'have'} issues; the others are not shown. The "
            "words that a proposal rests on are marked and underlined.",
            plan=plan_of(land, catalogue, places),
            sources=sources_of(by_id["production"], land, catalogue, places=places),
            validation=validation_of(review, places, name=name),
            provenance=provenance_of(land, name=name),
        )
    )


def _kicker(review: Review) -> tuple[str, ...]:
    """Return law, language and reviewers."""
    policy = review.policy
    title = policy.title if policy.title and policy.title != review.title else ""
    reviewers = f"Reviewed by {review.reviewers}" if review.reviewers else ""
    language = NAMES.get(policy.language, policy.language)
    return tuple(filter(None, (title or policy.name, f"In {language}", reviewers)))


def finding_of(land: Landscape) -> str:
    """Return how many accepted issues have an indicator, in a sentence.

    Parameters
    ----------
    land : Landscape
        The review and what is known of its indicators.

    Returns
    -------
    str
    """
    issues = len(land.issues)
    found = sum(bool(land.answers(issue)) for issue in land.issues)
    among = " in the sets that are loaded" if land.not_loaded else ""
    if not issues:
        proposed = len(land.review.issues)
        if not proposed:
            return "The review has no issue yet."
        return f"Nobody has accepted an issue yet: {proposed:,} {_are(proposed)} in the review."
    have = f"{found:,} of {count(issues, 'accepted issue')} {_have(found)} an indicator"
    if found == issues:
        return f"{have}; none is without."
    without = issues - found
    return f"{have}; {without:,} {_have(without)} none{among}."


def recognised_words(pages: tuple[int, ...]) -> str:
    """Return that pages were recognised in pictures, in a sentence.

    Examples
    --------
    >>> recognised_words((1, 3))
    'The text of pages 1, 3 was recognised in pictures (OCR): letters may be misread.'
    """
    noun = "page" if len(pages) == 1 else "pages"
    named = ", ".join(map(str, pages[:SHOWN]))
    more = f" and {len(pages) - SHOWN} more" if len(pages) > SHOWN else ""
    return (
        f"The text of {noun} {named}{more} was recognised in pictures (OCR): letters may be "
        "misread."
    )


def _are(number: int) -> str:
    """Return the verb of a number."""
    return "is" if number == 1 else "are"


def _have(number: int) -> str:
    """Return the verb of a number."""
    return "has" if number == 1 else "have"


def _stats(land: Landscape) -> tuple[Stat, ...]:
    """Return the figures of the head."""
    review = land.review
    statuses = [issue.decision.status for issue in review.issues]
    targets = [target for issue in land.issues for target in issue.targets]
    found = sum(bool(land.answers(issue)) for issue in land.issues)
    accepted = f"of {count(len(land.issues), 'accepted issue')}"
    return (
        Stat(label="Clauses", value=f"{len(review.policy.clauses):,}"),
        Stat(
            label="Proposed issues",
            value=f"{len(statuses):,}",
            note=f"{statuses.count('rejected')} rejected, {statuses.count('proposed')} not decided",
        ),
        Stat(label="Accepted", value=f"{len(land.issues):,}", note=f"of {len(statuses):,}"),
        Stat(label="With an indicator", value=f"{found:,}", note=accepted),
        Stat(
            label="Targets with a number",
            value=f"{sum(target.value is not None for target in targets):,}",
            note=f"of {count(len(targets), 'target')} of accepted issues",
        ),
    )


def _notices(land: Landscape) -> Iterator[str]:
    """Yield what must be known before anything else."""
    review = land.review
    if review.policy.note:
        yield review.policy.note
    if review.policy.recognised:
        yield recognised_words(review.policy.recognised)
    if review.issues and not land.issues:
        yield (
            "Nothing is accepted yet. Gaps and figures count accepted issues and indicators only, "
            "so they say nothing of the policy so far."
        )
    yield from land.not_loaded
    issues = sum(bool(issue.stale) for issue in review.issues)
    links = sum(bool(link.stale) for link in review.links)
    if issues or links:
        yield (
            f"{count(issues, 'issue')} and {count(links, 'link')} are to be looked at again; "
            "each says why."
        )
