"""A policy review: clauses, issues for action, links to indicators, decisions."""

from pathlib import Path

from everycount.io.files import read_bytes
from everycount.io.review_file import parse_review, review_bytes
from everycount_hub.contents import Bundle

FILE = "review.json"


def make(place: Path, name: str) -> Bundle:
    """Read a review file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    review = parse_review(read_bytes(place), subject=name)
    facts = {
        "title": review.policy.title,
        "clauses": len(review.policy.clauses),
        "issues": len(review.accepted),
        "links": len(review.accepted_links),
    }
    return Bundle(files={FILE: review_bytes(review)}, facts=facts)
