"""Word an issue of a review for its report: what it asks, its targets, its indicators."""

from collections.abc import Iterator, Sequence

from everycount.model.crosswalk import Relation
from everycount.model.indicator import wording
from everycount.model.issue import GRADES, Decision, Issue, Target
from everycount.model.review import Band, IndicatorLink, SignOff
from everycount.policy.characteristics import say
from everycount.policy.gap_breakdowns import needed_breakdowns
from everycount.policy.gap_mismatch import LOOSE
from everycount.policy.landscape import Landscape, count
from everycount.reports.policy_page import IssueCard, LinkCard, Sign
from everycount.reports.policy_places import Places, plain

ROUNDS = ("national", "regional", "global")
"""Levels in the order of Hai Phong's two passes: national sets first."""
RELATIONS: dict[Relation, str] = {
    "exact": "the same measure",
    "close": "nearly the same measure",
    "broader": LOOSE["broader"],
    "narrower": LOOSE["narrower"],
    "related": LOOSE["related"],
}
BANDS: dict[Band, str] = {
    "likely": "likely, not decided",
    "possible": "possible, not decided",
    "nearest": "none found; this is the nearest",
    "added": "added by a person, not decided",
}
SIGNS: dict[str, Sign] = {"accepted": "good", "proposed": "line", "rejected": "off"}
OPEN = "not stated"
CONFIRM = "to be confirmed"


def issue_card(issue: Issue, land: Landscape, places: Places) -> IssueCard:
    """Return an issue, ready to read. A rejected one is told in a line.

    Parameters
    ----------
    issue : Issue
        The issue.
    land : Landscape
        The review and what is known of its indicators.
    places : Places
        Where issues and indicators stand in the report.

    Returns
    -------
    IssueCard
    """
    status = issue.decision.status
    is_rejected = status == "rejected"
    links = [] if is_rejected else _in_rounds(places.links.get(issue.id, ()), land)
    accepted = [link for link in links if link.decision.is_accepted]
    others = [link for link in links if not link.decision.is_accepted]
    facts = () if is_rejected else tuple((name, plain(w)) for name, w in _facts(issue, land) if w)
    return IssueCard(
        id=places.issues[issue.id],
        name=f"Issue {issue.id}",
        action=issue.action,
        sign=SIGNS[status],
        status="not decided" if status == "proposed" else status,
        warnings=(*_again(issue.stale), *_signed(places, issue.id)),
        facts=(*facts, ("Decision", plain(decision_words(issue.decision)))),
        targets=() if is_rejected else tuple(map(_target, issue.targets)),
        links=tuple(_link_card(link, land, places) for link in accepted),
        others=tuple(_link_card(link, land, places) for link in others),
        search="" if accepted or is_rejected else _search(others),
    )


def decision_words(decision: Decision) -> str:
    """Return a decision in words.

    Examples
    --------
    >>> decision_words(Decision(status="accepted", by="Hoa", on="2026-11-22", why="agreed"))
    'accepted by Hoa on 2026-11-22: agreed'
    """
    if decision.status == "proposed":
        return "not decided"
    on = f" on {decision.on}" if decision.on else ""
    return f"{decision.status} by {decision.by}{on}{decision.why and f': {decision.why}'}"


def _facts(issue: Issue, land: Landscape) -> Iterator[tuple[str, str]]:
    """Yield what an issue says by the name of the slot; empty where it says nothing."""
    vocabulary = land.review.vocabulary
    yield "By whom", "; ".join(issue.bodies)
    yield "Target groups", land.groups(issue)
    yield (
        "Core concepts",
        "; ".join(
            f"{wording(vocabulary.concept(tag.code).title, land.language)} "
            f"({tag.grade}, {GRADES[tag.grade]})"
            for tag in issue.concepts
        ),
    )
    yield "Dimension", issue.dimension or ""
    yield "Reference population", issue.reference_population
    yield (
        "Breakdowns needed",
        "; ".join(
            f"{say(names).replace(' x ', ' × ')} ({', '.join(_asking(asking, land))})"
            for names, asking in needed_breakdowns(land, issue).items()
        ),
    )
    yield "How often", issue.frequency
    yield "Smallest area", issue.area_level


def _asking(asking: list[str], land: Landscape) -> list[str]:
    """Return what asks for a breakdown: the issue, or a target group by its title."""
    titles = {
        each.code: wording(each.title, land.language) for each in land.review.vocabulary.groups
    }
    return [titles.get(name, name) for name in asking]


def _target(target: Target) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the words of a target and its slots."""
    reading = "" if target.decision.is_accepted else f" ({CONFIRM})"
    slots = [
        ("Measure", target.measure),
        ("Value", _value(target)),
        ("By", str(target.year or OPEN)),
        ("Baseline", _baseline(target)),
        ("Numerator", (target.numerator or OPEN) + reading),
        ("Denominator", (target.denominator or OPEN) + reading),
        ("Reading", "not confirmed" if reading else decision_words(target.decision)),
    ]
    if target.decision.status == "rejected":
        slots[-1] = ("Reading", decision_words(target.decision))
    return target.words.words, tuple((name, words) for name, words in slots if words)


def _value(target: Target) -> str:
    """Return the value to be reached, as a sentence would have it."""
    if target.value is None:
        return OPEN
    words = f"{target.comparator} {_number(target.value)}"
    upper = "" if target.upper is None else f" and {_number(target.upper)}"
    return f"{words}{upper} {target.unit}".rstrip()


def _baseline(target: Target) -> str:
    """Return the value that a target starts from."""
    if target.baseline is None:
        return OPEN
    year = f" in {target.baseline_year}" if target.baseline_year else ""
    return f"{_number(target.baseline)} {target.unit}".rstrip() + year


def _number(value: float) -> str:
    """Return a number as a text has it, thousands apart."""
    return f"{value:,.10g}"


def _in_rounds(links: Sequence[IndicatorLink], land: Landscape) -> list[IndicatorLink]:
    """Return the links of an issue: national sets first, then by score."""
    levels = {use.reference: use.level for use in land.uses}
    order = {use.reference: place for place, use in enumerate(land.uses)}
    return sorted(
        links,
        key=lambda link: (
            ROUNDS.index(levels[link.framework]),
            order[link.framework],
            -(link.score or 0),
        ),
    )


def _link_card(link: IndicatorLink, land: Landscape, places: Places) -> LinkCard:
    """Return a link, ready to read."""
    end = (link.framework, link.key)
    indicator = land.indicators.get(end)
    use = next(each for each in land.uses if each.reference == link.framework)
    is_open = link.decision.status == "proposed"
    facts = (
        ("Score", f"{link.score:.2f}" if is_open and link.score is not None else ""),
        ("Why", "; ".join(link.reasons)),
        ("Relation", RELATIONS[link.relation] if link.relation else ""),
    )
    return LinkCard(
        code=indicator.code if indicator else link.key,
        title=land.title(*end) if indicator else "",
        to=places.indicators.get(end, ""),
        framework=f"{use.title}, {use.level}" + ("" if indicator else ", not loaded"),
        decision=decision_words(link.decision),
        sign=SIGNS[link.decision.status],
        status=BANDS[link.band] if is_open else link.decision.status,
        facts=tuple((name, words) for name, words in facts if words),
        warnings=(*link.warnings, *_again(link.stale), *_signed(places, " ".join(link.ends))),
    )


def _again(stale: str) -> tuple[str, ...]:
    """Return that a person should look again."""
    return (f"To be looked at again: {stale}",) if stale else ()


def _signed(places: Places, about: str) -> tuple[str, ...]:
    """Return what participants remarked on a part of the review, dissent among it."""
    signed = places.sign_offs.get(about, ())
    return tuple(signed_words(each) for each in signed if each.verdict != "agrees")


def signed_words(sign_off: SignOff) -> str:
    """Return a remark or dissent in a sentence.

    Examples
    --------
    >>> signed_words(SignOff(by="Hoa", organisation="NSO", verdict="dissents", on="2026-11-22",
    ...                      words="no figures exist"))
    'Hoa (NSO) dissents: no figures exist'
    """
    return f"{sign_off.by} ({sign_off.organisation}) {sign_off.verdict}: {sign_off.words}"


def _search(others: list[IndicatorLink]) -> str:
    """Return what became of the search for an indicator where none was accepted."""
    waiting = [each for each in others if each.decision.status == "proposed"]
    found = [each for each in waiting if each.band != "nearest"]
    if found:
        return f"No indicator accepted; {count(len(found), 'proposal')} not yet decided."
    if waiting:
        return "No indicator found; the nearest is shown."
    if others:
        return f"No indicator: {count(len(others), 'proposal')} rejected, no other found."
    return "No indicator found."
