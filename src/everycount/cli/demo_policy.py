"""The step of the demonstration that reads two policies, carries decisions over, reports gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from everycount.io.files import read_bytes
from everycount.io.frameworks import find_framework
from everycount.io.policy_run import match_review, reread_review
from everycount.io.review_file import read_review, review_bytes
from everycount.io.review_workbook import workbook_bytes
from everycount.io.sample import sample_path
from everycount.model.gap import GapTable
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.gaps import gaps
from everycount.policy.priorities import priorities
from everycount.reports.policy_page import policy_page, policy_pdf
from everycount.reports.policy_report import policy_report
from everycount.reports.policy_word import policy_word
from everycount.reports.wording import plural

POLICIES: Final = {"viet-nam": "Viet Nam", "rwanda": "Rwanda"}
TEXT: Final = ".md"
REVIEW: Final = ".review.json"
ENDINGS: Final = {
    TEXT: "the law in our own words, to read again",
    REVIEW: "the review: clauses, issues, links, decisions",
    ".html": "the report: issues, indicators, gaps, advice",
    ".pdf": "the report, to print",
    ".docx": "the report, to edit in Word",
    ".xlsx": "the workbook, to go on in Excel",
}
POLICY_FILES: Final = {
    f"{name}{ending}": f"{title}, {what}"
    for name, title in POLICIES.items()
    for ending, what in ENDINGS.items()
}
TOLD: Final = ("issues-without-indicators", "breakdown-demand")
"""Reports whose finding is said on the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDemo:
    """What the step made."""

    files: Mapping[str, bytes]
    """By name; the same every time."""
    told: tuple[str, ...]
    """What was done and found, a line each."""
    facts: Mapping[str, Any]


def policy_demo() -> PolicyDemo:
    """Read the two shipped policies, carry the shipped decisions over, and report the gaps."""
    made = [_review(name, title) for name, title in POLICIES.items()]
    return PolicyDemo(
        files={name: content for each in made for name, content in each.files.items()},
        told=tuple(line for each in made for line in each.told),
        facts={title: each.facts for title, each in zip(POLICIES.values(), made, strict=True)},
    )


def _review(name: str, title: str) -> PolicyDemo:
    """Review one policy from its text and the decisions that are shipped."""
    text, decided = (sample_path(f"policy/{name}{ending}") for ending in (TEXT, REVIEW))
    shipped = read_review(decided)
    last = max(event.on for event in shipped.log)
    review, followed = reread_review(shipped, text, by="Everycount", on=last)
    frameworks = [find_framework(use.reference) for use in review.frameworks if use.is_loaded]
    review = match_review(review, frameworks)
    catalogue = Catalogue(frameworks=tuple(frameworks))
    tables = gaps(review, catalogue)
    page = policy_report(review, catalogue)
    contents = {
        TEXT: read_bytes(text),
        REVIEW: review_bytes(review),
        ".html": policy_page(page),
        ".pdf": policy_pdf(page),
        ".docx": policy_word(page),
        ".xlsx": workbook_bytes(review, catalogue, reports=tables),
    }
    by_id: dict[str, GapTable] = {table.id: table for table in tables}
    return PolicyDemo(
        files={f"{name}{ending}": content for ending, content in contents.items()},
        told=(
            f"{title}: {len(review.policy.clauses)} clauses, {len(review.accepted)} of "
            f"{len(review.issues)} issues accepted, {len(review.accepted_links)} links accepted "
            f"({followed.words})",
            *(by_id[report].finding for report in TOLD),
            *_followed_up(title, review, catalogue),
        ),
        facts={table.id: {"count": table.count, "of": table.of} for table in tables},
    )


def _followed_up(title: str, review: Review, catalogue: Catalogue) -> tuple[str, ...]:
    """Return a line on priorities, plan and sign-offs, where a review has come that far."""
    if not (review.plan or review.sign_offs):
        return ()
    first = [each for each in priorities(review, catalogue) if each.place == "first"]
    dissents = sum(each.verdict == "dissents" for each in review.sign_offs)
    return (
        f"{title}, as an exercise: {plural(len(first), 'indicator')} first in priority, "
        f"{plural(len(review.plan), 'step')} in the plan, "
        f"{plural(len(review.sign_offs), 'sign-off')} with {plural(dissents, 'dissent')}",
    )
