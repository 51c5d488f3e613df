"""Sum up how far a policy goes with each core concept and target group, as EquiFrame does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from everycount.model.issue import Grade, Issue, Tag
from everycount.model.vocabulary import Vocabulary

Rank = Literal["High", "Moderate", "Low"]
ENOUGH: Final = 0.5
"""Amin et al. 2011: a share counts towards the rank from 50 % on."""
ACTED_ON: Final = 3
"""Amin et al. 2011: quality is the share of concepts whose best mark is 3 or 4."""
NOTE: Final = (
    "Marks, shares and ranks follow EquiFrame's published scheme as far as we know it; its manual "
    "was not at hand. EquiFrame counts 12 vulnerable groups, this list has its own."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How far a policy goes with one concept or group."""

    code: str
    grade: Grade
    """Best grade over the policy; groups have 1 where they are named."""
    clauses: int
    """Number of clauses that name it."""
    parts: int = 0
    """Number of clauses that name a part of a group, and not the group by its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCoverage:
    """How much of a list a policy covers, and how well."""

    concepts: tuple[Covered, ...]
    groups: tuple[Covered, ...]
    concept_share: float
    """Share of the concepts that are named at all; 0 for an empty list."""
    group_share: float
    """Share of the groups that are named, themselves or in a part."""
    quality: float
    """Share of the concepts on which an action or monitoring is named."""
    rank: Rank
    """High if all three shares reach one half, Moderate if two do, otherwise Low."""
    note: str = NOTE


def coverage(issues: Sequence[Issue], vocabulary: Vocabulary) -> PolicyCoverage:
    """Return how far the issues of a policy go with each concept and group of a list.

    Parameters
    ----------
    issues : sequence of Issue
        Issues of one policy; those that were rejected do not count.
    vocabulary : Vocabulary
        The list they were read with. Tags that are not in it do not count.

    Returns
    -------
    PolicyCoverage
        Every entry of the list in its order, the shares from 0 to 1, and the rank.

    References
    ----------
    .. [1] Amin, M., et al. (2011). EquiFrame: A framework for analysis of the inclusion of human
       rights and vulnerable groups in health policies. Health and Human Rights 13(2).

    Examples
    --------
    >>> from everycount.model.vocabulary import Concept
    >>> access = Concept(code="access", title={"en": "Access"}, question={}, terms={})
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Own", concepts=(access,))
    >>> issue = Issue(id="1", passage="1", action="Build", concepts=(Tag(code="access", grade=3),))
    >>> result = coverage([issue], own)
    >>> result.quality, result.group_share, result.rank
    (1.0, 0.0, 'Moderate')
    """
    kept = [issue for issue in issues if issue.decision.status != "rejected"]
    concepts = tuple(_concept(each.code, kept) for each in vocabulary.concepts)
    groups = tuple(_group(each.code, kept, vocabulary) for each in vocabulary.groups)
    shares = (
        _share([each.clauses > 0 for each in concepts]),
        _share([each.clauses + each.parts > 0 for each in groups]),
        _share([each.grade >= ACTED_ON for each in concepts]),
    )
    return PolicyCoverage(
        concepts=concepts,
        groups=groups,
        concept_share=shares[0],
        group_share=shares[1],
        quality=shares[2],
        rank=_rank(shares),
    )


def _concept(code: str, issues: Sequence[Issue]) -> Covered:
    tags = [tag for issue in issues for tag in issue.concepts if tag.code == code]
    best = max(tags, key=lambda tag: tag.grade, default=Tag(code=code))
    return Covered(code=code, grade=best.grade, clauses=len(tags))


def _group(code: str, issues: Sequence[Issue], vocabulary: Vocabulary) -> Covered:
    named = [{tag.code for tag in issue.groups} for issue in issues]
    below = {each.code for each in vocabulary.groups if code in vocabulary.above(each.code)}
    clauses = sum(code in codes for codes in named)
    parts = sum(code not in codes and bool(codes & below) for codes in named)
    return Covered(code=code, grade=1 if clauses else 0, clauses=clauses, parts=parts)


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0


def _rank(shares: Sequence[float]) -> Rank:
    ranks: tuple[Rank, ...] = ("Low", "Low", "Moderate", "High")
    return ranks[sum(share >= ENOUGH for share in shares)]
