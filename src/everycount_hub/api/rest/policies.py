"""Published policy reviews: clauses, accepted issues, and the indicators that would show them."""

from dataclasses import asdict
from typing import Any

from everycount.io.review_file import parse_review
from everycount_hub.api import described
from everycount_hub.contents.policy import FILE
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition

CONTENT = "policy"


def told(edition: Edition, dataset: PublishedDataset, language: str) -> dict[str, Any]:
    """Return what lists say of a policy review."""
    facts = dataset.metadata
    return {
        **described.told(edition, dataset, language),
        "id": dataset.key,
        "policy": facts.get("title"),
        "clauses": facts.get("clauses"),
        "issues": facts.get("issues"),
        "links": facts.get("links"),
    }


def whole(edition: Edition, dataset: PublishedDataset, language: str) -> dict[str, Any]:
    """Return a review with what people accepted; who decided stays in the review file."""
    review = parse_review(edition.bundle(dataset)[FILE], subject=dataset.key)
    entries = edition.indicator_by_key
    links = []
    for link in review.accepted_links:
        entry = entries.get((link.framework, link.key))
        links.append(
            {
                "issue": link.issue,
                "framework": link.framework,
                "key": link.key,
                "relation": link.relation,
                "indicator": entry.slug if entry else None,
                "has_figures": bool(entry and entry.has_figures),
            }
        )
    issues = []
    for issue in review.accepted:
        each = asdict(issue)
        for name in ("decision", "causes", "stale"):
            each.pop(name)
        for target in each["targets"]:
            target.pop("decision")
        issues.append(each)
    return {
        **told(edition, dataset, language),
        "language": review.policy.language,
        "clause_list": [asdict(each) for each in review.policy.clauses],
        "issue_list": issues,
        "link_list": links,
    }
