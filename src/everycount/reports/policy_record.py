"""Word who agreed to a review, on which version, and what its report was made from."""

from collections import Counter
from dataclasses import replace
from importlib.metadata import version

from everycount.io.files import digest
from everycount.io.review_file import review_bytes
from everycount.model.indicator import wording
from everycount.model.review import VERDICTS, FrameworkUse, Review, SignOff
from everycount.policy.landscape import Landscape, count
from everycount.reports.policy_page import Grid, Part, Piece, Row, Text
from everycount.reports.policy_places import Places, heads_of, plain
from everycount.reports.wording import both

SHORT = 12
"""Digits of a digest that tell versions of one review apart."""
ENTRY = "sign-off"
"""The field of the log's events by which `everycount.policy.amend.sign` records a sign-off."""


def validation_of(review: Review, places: Places, *, name: str) -> Part:
    """Return who signed the review, who dissents, and which version they saw.

    Parameters
    ----------
    review : Review
        With its sign-offs.
    places : Places
        Where issues stand in the report.
    name : str
        Digest of the review.

    Returns
    -------
    Part
    """
    if not review.sign_offs:
        return Part(text=("Nobody has signed this review.",))
    counts = Counter(each.verdict for each in review.sign_offs)
    said = both([f"{verdict}: {counts[verdict]}" for verdict in VERDICTS if counts[verdict]])
    labels = ("Who", "For whom", "Verdict", "Date", "About", "Words", "Version")
    current = _current(review, name)
    rows = [
        (
            plain(each.by),
            plain(each.organisation),
            plain(each.verdict),
            plain(each.on),
            _about(each, places),
            plain(each.words),
            plain(_version(each, current)),
        )
        for each in review.sign_offs
    ]
    grid = Grid(
        title="Sign-offs",
        columns=heads_of(labels, rows),
        rows=tuple(Row(cells=cells) for cells in rows),
    )
    finding = f"{count(len(review.sign_offs), 'sign-off')} recorded: {said}."
    return Part(text=(finding,), grids=(grid,))


def _about(sign_off: SignOff, places: Places) -> Text:
    """Return what a sign-off is about, leading to the issue."""
    if not sign_off.about:
        return plain("the whole review")
    name = next((each for each in _starts(sign_off.about) if each in places.issues), "")
    return (Piece(words=sign_off.about, to=places.issues.get(name, "")),)


def _starts(about: str) -> list[str]:
    """Return the whole and its first words: the id of an issue, or of that of a link."""
    words = about.split(" ")
    return [" ".join(words[:number]) for number in range(len(words), 0, -1)]


def _current(review: Review, name: str) -> frozenset[str]:
    """Return the digests of the review as it is, and as it was before its last sign-offs.

    Each signature is added to the review, so that those who sign one after another all sign
    what is written, but not the same bytes.
    """
    states = [review]
    while states[-1].sign_offs and states[-1].log and states[-1].log[-1].field == ENTRY:
        last = states[-1]
        states.append(replace(last, sign_offs=last.sign_offs[:-1], log=last.log[:-1]))
    states.reverse()
    digests: dict[int, str] = {}
    looked_for: set[str] = set()
    signed = review.sign_offs[len(states[0].sign_offs) :]
    for position, sign_off in enumerate(signed):
        if not sign_off.of or sign_off.of in looked_for:
            continue
        looked_for.add(sign_off.of)
        # Nobody signs what was written after the signature. Most sign what came just before.
        for number in range(position, -1, -1):
            if number not in digests:
                digests[number] = digest(review_bytes(states[number]))
            if digests[number] == sign_off.of:
                break
    return frozenset({name, *digests.values()})


def _version(sign_off: SignOff, current: frozenset[str]) -> str:
    """Return which version was signed."""
    if not sign_off.of:
        return "not said"
    short = sign_off.of[:SHORT]
    if sign_off.of in current:
        return f"this one ({short})"
    return f"another ({short}): what differs was not agreed to"


def provenance_of(land: Landscape, *, name: str) -> tuple[tuple[str, str], ...]:
    """Return what the report was made from, and by whom.

    Parameters
    ----------
    land : Landscape
        The review with the frameworks at hand.
    name : str
        Digest of the review.

    Returns
    -------
    tuple of pairs
        Label and value.
    """
    review = land.review
    policy, vocabulary = review.policy, review.vocabulary
    passages = count(len(policy.clauses), "passage")
    read = f"SHA-256 {policy.digest}" if policy.digest else "no file: told in reviewers' own words"
    title = wording(vocabulary.title, land.language)
    rows = [
        ("Document", f"{policy.name}, {passages}; {read}"),
        ("Review", f"SHA-256 {name}"),
        ("Vocabulary", f"{title} ({vocabulary.id}). {vocabulary.source}"),
        *((f"Framework {use.reference}", _framework(use, land)) for use in land.uses),
        ("Decisions in the log", _decisions(review)),
        ("Everycount", version("everycount")),
    ]
    return tuple(rows)


def _framework(use: FrameworkUse, land: Landscape) -> str:
    """Return what a framework is, or that it is not loaded."""
    framework = land.frameworks.get(use.reference)
    note = f". {use.note}" if use.note else ""
    if framework is None or not use.is_loaded:
        return f"{use.title}, {use.level}: not loaded{note}"
    indicators = count(len(framework.unique), "indicator")
    return f"{use.title}, {use.level}: {indicators}, {framework.publisher}{note}"


def _decisions(review: Review) -> str:
    """Return how many decisions each person took."""
    taken = Counter(
        event.by for event in review.log if event.field.rpartition(" ")[2] == "decision"
    )
    if not taken:
        return "none"
    return "; ".join(f"{name or 'nobody named'}: {number}" for name, number in taken.most_common())
