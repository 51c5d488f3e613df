"""Tell what a policy asks of each indicator, for the demand fields of a metadata handbook."""

from collections.abc import Mapping, Sequence

from everycount.model.issue import Issue, Target
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.landscape import Landscape, label_of, landscape

CHANGES = {
    "equal to": "",
    "between": "",
    "about": "about ",
    "change by": "a change of ",
}
"""Words before a value; other comparators are said as they are."""


def demand_facts(
    review: Review, catalogue: Catalogue, framework: str, *, language: str
) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return what accepted issues ask of the indicators that people linked with them.

    Parameters
    ----------
    review : Review
        The review of a policy.
    catalogue : Catalogue
        Frameworks at hand.
    framework : str
        The set whose indicators are told, as id@version.
    language : str
        Language of the handbook; words of the policy come in the policy's own.

    Returns
    -------
    mapping
        Texts by indicator, field and language: clauses, issues, target groups, targets and
        breakdowns. Links that are only related do not count.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="vi")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> demand_facts(review, Catalogue(), "nsigd@2019", language="en")
    {}
    """
    land = landscape(review, catalogue)
    asked: dict[str, list[Issue]] = {}
    for issue in land.issues:
        for link in land.answers(issue):
            if link.framework == framework:
                asked.setdefault(link.key, []).append(issue)
    spoken = review.policy.language
    return {key: _fields(land, issues, language, spoken) for key, issues in asked.items()}


def _fields(
    land: Landscape, issues: Sequence[Issue], language: str, spoken: str
) -> dict[str, dict[str, str]]:
    """Return the demand fields of one indicator."""
    title = land.review.policy.title or land.review.title
    places = dict.fromkeys(_place(land, issue) for issue in issues)
    targets = dict.fromkeys(
        words for issue in issues for each in issue.targets if (words := target_words(each))
    )
    breakdowns = dict.fromkeys(" x ".join(names) for issue in issues for names in issue.breakdowns)
    groups = dict.fromkeys(
        group for issue in issues for group in land.groups(issue).split("; ") if group
    )
    said = {
        "clauses": (spoken, f"{title}: {', '.join(places)}"),
        "issues": (spoken, "\n".join(dict.fromkeys(issue.action for issue in issues))),
        "target_groups": (spoken, "; ".join(groups)),
        "policy_target": (spoken, "\n".join(targets)),
        "required_breakdowns": (language, "; ".join(breakdowns)),
        "required_frequency": (
            language,
            "; ".join(dict.fromkeys(each.frequency for each in issues if each.frequency)),
        ),
        "required_areas": (
            language,
            "; ".join(dict.fromkeys(each.area_level for each in issues if each.area_level)),
        ),
    }
    return {name: {code: text} for name, (code, text) in said.items() if text}


def _place(land: Landscape, issue: Issue) -> str:
    """Return where an issue stands, with its number where the document calls it otherwise."""
    clause = land.clauses.get(issue.passage)
    if clause is None:
        return land.at(issue)
    label = label_of(clause)
    return label if clause.number in label else f"{label} ({clause.number})"


def target_words(target: Target) -> str:
    """Return a target in words: what, how much, by when; nothing where it has no value.

    Examples
    --------
    >>> from everycount.model.issue import Cause
    >>> words = Cause(passage="5", start=0, end=4, words="30 %")
    >>> target_words(Target(id="t", words=words, measure="Women owners", value=30, unit="%",
    ...                     comparator="at least", year=2030))
    'Women owners: at least 30 %, by 2030'
    """
    if target.value is None:
        return ""
    upper = f" to {target.upper:g}" if target.upper is not None else ""
    before = CHANGES.get(target.comparator, f"{target.comparator} ")
    value = f"{before}{target.value:g}{upper} {target.unit}".strip()
    year = f", by {target.year}" if target.year else ""
    return f"{target.measure}: {value}{year}" if target.measure else f"{value}{year}"
