"""Turn the review of an indicator set into its report."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from everycount.io.files import digest
from everycount.io.framework_toml import framework_toml
from everycount.io.review_file import review_bytes
from everycount.model.crosswalk import Crosswalk
from everycount.model.framework import Framework
from everycount.model.gap import GapTable
from everycount.model.indicator import wording
from everycount.model.review import Review
from everycount.model.scorecard import HIGHEST, LOWEST, QUESTIONS, Scorecard
from everycount.model.supply import Catalogue
from everycount.policy.assessment import FACTS, assess_set
from everycount.policy.assessment_coverage import is_matched
from everycount.policy.landscape import count
from everycount.policy.languages import NAMES
from everycount.reports.assessment_cards import cards_of
from everycount.reports.assessment_page import AssessmentPage, CandidateCard
from everycount.reports.assessment_tables import reports_of
from everycount.reports.policy_page import Stat
from everycount.reports.policy_printable import printable
from everycount.reports.wording import both, label, percent

SCALE = (
    f"Marks go from {LOWEST} (not at all) over 1 (hardly) and 2 (mostly) to {HIGHEST} (fully). The "
    "criteria are those of the SDG Gender Index 2019 of Equal Measures 2030; their wording is ours."
)


def assessment_report(
    framework: Framework,
    scorecard: Scorecard,
    reviews: Sequence[Review],
    *,
    catalogue: Catalogue,
    crosswalk: Crosswalk,
) -> AssessmentPage:
    """Return the report on an indicator set, for the page, the PDF and the Word file.

    Parameters
    ----------
    framework : Framework
        The set; each of its unique indicators is a candidate.
    scorecard : Scorecard
        Marks on the six criteria, and selections.
    reviews : sequence of Review
        Reviews of policies that the set is to serve.
    catalogue : Catalogue
        International frameworks to hold it against, and what is known of figures.
    crosswalk : Crosswalk
        Links between the set and those frameworks.

    Returns
    -------
    AssessmentPage
        Every word as a reader sees it. The same arguments give the same page.
    """
    tables = assess_set(framework, scorecard, reviews, catalogue=catalogue, crosswalk=crosswalk)
    by_id = {table.id: table for table in tables}
    cards = cards_of(framework, scorecard, reviews, tables=tables)
    places = {card.code: card.id for card in reversed(cards)}
    coverage = by_id["policy-coverage"]
    said = (by_id["scorecard"], coverage) if reviews else (by_id["scorecard"],)
    return printable(
        AssessmentPage(
            title=wording(framework.title),
            kicker=tuple(_kicker(framework)),
            language=_language(framework),
            finding=" ".join(table.finding for table in said),
            stats=tuple(_stats(framework, scorecard, by_id)),
            notices=tuple(_notices(framework, scorecard, reviews, tables=by_id)),
            gaps=reports_of(tables, framework, reviews, places),
            cards=cards,
            cards_note=_cards_note(cards, len(framework.unique)),
            scale=SCALE,
            criteria=tuple((label(name), question) for name, question in QUESTIONS.items()),
            provenance=tuple(
                _provenance(framework, scorecard, reviews, catalogue=catalogue, tables=by_id)
            ),
        )
    )


def _kicker(framework: Framework) -> Iterator[str]:
    """Yield what kind of set it is, which version, and whose."""
    yield f"Review of a {framework.level} indicator set"
    yield framework.reference
    yield framework.publisher


def _language(framework: Framework) -> str:
    """Return the language that most titles are shown in."""
    titles = [each.title for each in framework.unique] or [framework.title]
    shown = ["en" if "en" in title else next(iter(title)) for title in titles]
    return max(shown, key=shown.count)


def _stats(
    framework: Framework, scorecard: Scorecard, tables: dict[str, GapTable]
) -> Iterator[Stat]:
    """Yield the figures of the head."""
    scores, beyond, metadata = (tables[name] for name in ("scorecard", "beyond-data", "metadata"))
    number = len(scores.rows)
    statuses = [decision.status for _, decision in scorecard.selections]
    reviewers = len({mark.by for mark in scorecard.marks})
    marked = len({mark.key for mark in scorecard.marks})
    repeats = len(framework.indicators) - number
    said = f"of {len(framework.indicators):,} indicators; {repeats:,} repeat another"
    yield Stat(label="Candidates", value=f"{number:,}", note=said if repeats else "")
    yield Stat(label="Marked", value=f"{marked:,}", note=f"by {count(reviewers, 'reviewer')}")
    yield Stat(
        label="Selected",
        value=f"{statuses.count('accepted'):,}",
        note=f"{statuses.count('rejected')} not selected, {scores.count or 0} not decided",
    )
    if beyond.of:
        produced = next(row for row in beyond.rows if row[0] == "produced")[1]
        known_about = f"of {beyond.of} known about"
        yield Stat(label="Figures produced today", value=produced, note=known_about)
    else:
        yield Stat(label="Figures produced today", value="not known")
    facts = metadata.columns.index("facts")
    known = sum(int(row[facts].partition(" ")[0]) for row in metadata.rows)
    if number:
        share = percent(round(known / (number * len(FACTS)), 2))
        yield Stat(label="Metadata", value=share, note=f"of {len(FACTS)} facts for each candidate")


def _notices(
    framework: Framework,
    scorecard: Scorecard,
    reviews: Sequence[Review],
    *,
    tables: dict[str, GapTable],
) -> Iterator[str]:
    """Yield what was not given, so that nobody takes silence for an answer."""
    if not scorecard.marks and not scorecard.selections:
        yield "No scorecard was given: nobody has marked or selected a candidate yet."
    if not reviews:
        yield "No review of a policy was given, so this report cannot say whom the set serves."
    for review in reviews:
        if not is_matched(review, framework):
            yield (
                f"The review of {review.title} was not matched to this set, so what the set lacks "
                "for it is not known."
            )
    if not tables["beyond-data"].of:
        yield "Nothing is known about figures: whether the set can be produced is open."
    if not tables["international"].of:
        yield "The set was compared with no international set."


def _cards_note(cards: Sequence[CandidateCard], number: int) -> str:
    """Return how many candidates have a card."""
    rest = number - len(cards)
    if not rest:
        return "Marks are people's; what is known beside them is what the files say."
    return (
        f"{len(cards):,} of {count(number, 'candidate')} {'was' if len(cards) == 1 else 'were'} "
        f"marked, decided on or asked for by a policy; the other {rest:,} "
        f"{'has' if rest == 1 else 'have'} no card."
    )


def _provenance(
    framework: Framework,
    scorecard: Scorecard,
    reviews: Sequence[Review],
    *,
    catalogue: Catalogue,
    tables: dict[str, GapTable],
) -> Iterator[tuple[str, str]]:
    """Yield what the report was made from."""
    content = digest(framework_toml(framework))
    yield "Set", f"{framework.reference}, {framework.source.citation}; SHA-256 {content}"
    reviewers = sorted({mark.by for mark in scorecard.marks})
    if reviewers:
        yield "Scorecard", f"{count(len(scorecard.marks), 'mark')} by {both(reviewers)}"
    for review in reviews:
        yield (
            "Policy",
            f"{review.title}: {review.policy.name}; SHA-256 {digest(review_bytes(review))}",
        )
    for other in catalogue.frameworks:
        indicators = count(len(other.unique), "indicator")
        yield f"Compared with {other.reference}", f"{wording(other.title)}: {indicators}"
    if tables["beyond-data"].of:
        yield "Figures", f"known about {count(tables['beyond-data'].of, 'candidate')}"
    language = _language(framework)
    yield "Titles", f"in {NAMES.get(language, language)}"
    yield "Everycount", version("everycount")
