"""Tell how linked indicators differ with a row for each pair, where the report has one a part."""

from dataclasses import dataclass, field, replace

from everycount.model.gap import GapTable

WHOLE = "as a whole"
"""The part by which the comparison opens each pair."""
SUGGESTION = "suggestion"


@dataclass(slots=True, kw_only=True)
class _Pair:
    """Two indicators, the issues that link them, and the parts in which they differ."""

    relation: str
    reason: str
    issues: list[str] = field(default_factory=list)
    parts: dict[str, None] = field(default_factory=dict)
    suggestions: dict[str, None] = field(default_factory=dict)


def by_pair(table: GapTable) -> GapTable:
    """Return the comparison of linked indicators with a row for each pair.

    Parameters
    ----------
    table : GapTable
        The comparison of `everycount.policy.gaps.gaps`: a row for each issue, pair and part.

    Returns
    -------
    GapTable
        Columns issues, indicator, held against, is, differences; and suggestion where there is
        one. Differences are those of the parts, or what is said of the whole where no part is
        known to differ.
    """
    pairs: dict[tuple[str, str], _Pair] = {}
    for issue, one, other, part, grade, words, suggestion in table.rows:
        pair = pairs.setdefault((one, other), _Pair(relation=grade, reason=words))
        if issue not in pair.issues:
            pair.issues.append(issue)
        if part != WHOLE:
            pair.parts[f"{part} {grade} ({words})"] = None
        if suggestion:
            pair.suggestions[suggestion] = None
    has_suggestions = any(pair.suggestions for pair in pairs.values())
    rows = [
        (
            ", ".join(pair.issues),
            *ends,
            pair.relation,
            "; ".join(pair.parts) or pair.reason,
            *(["; ".join(pair.suggestions)] if has_suggestions else []),
        )
        for ends, pair in pairs.items()
    ]
    columns = ("issues", "indicator", "held against", "is", "differences")
    return replace(
        table,
        columns=(*columns, SUGGESTION) if has_suggestions else columns,
        rows=tuple(rows),
    )
