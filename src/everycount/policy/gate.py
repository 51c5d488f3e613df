"""Tell which clauses ask for something that a figure could show, and on what ground."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everycount.model.issue import Cause
from everycount.policy.clauses import Clause, Sentence, composed
from everycount.policy.demands import KINDS, Demand, find_demand
from everycount.policy.exclusions import Exclusion, find_exclusion, heading_exclusion
from everycount.policy.figures import Figure, find_figures
from everycount.policy.groups import group_hits, people_in
from everycount.policy.lexicon import Lexicon
from everycount.policy.sexes import names_sexes
from everycount.policy.topics import OUTCOMES, SHARES, find_topics

ENDS_OPEN: Final = re.compile(r"[:–—-]\s*$")
"""How a text ends whose points say the rest."""
BY_WHEN: Final = re.compile(
    r"\b(?:by|until|before|d['’]ici|horizon|avant|de aquí|para|hasta|antes de|đến|vào|trước)"
    r"(?: the| end of| fin| el| finales de| cuối| year| à| al?| l['’]an| année| año| năm)* (?:19|"
    r"20)\d\d\b",
    re.IGNORECASE,
)
"""A year by which something is to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A sentence that asks for something."""

    clause: Clause
    sentence: Sentence
    demand: Demand
    place: Clause
    """Where the words of the demand stand: the clause, or what leads into it."""
    start: int
    """Offset of those words in the text of that place."""

    @property
    def is_led(self) -> bool:
        """Tell whether the words of the demand stand in what leads into the clause."""
        return self.place is not self.clause

    @property
    def cause(self) -> Cause:
        """Return the words of the demand where they stand."""
        return self.place.cause(self.start, self.start + self.demand.end - self.demand.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a clause asks for something that a figure could show, and why."""

    asks: bool
    reason: str
    asking: tuple[Asking, ...] = ()
    """The sentences that ask."""


def asks_for_action(clause: Clause, lexicon: Lexicon) -> Verdict:
    """Tell whether a clause asks for something that a figure could show.

    A sentence asks if it gives a right, forbids, lays down a duty or sets an aim, on a subject
    that touches people, the economy or nature. Penalties, definitions, procedure and the affairs
    of bodies do not; of the latter two those do that name people and a change for them.

    Parameters
    ----------
    clause : Clause
        A clause, in en, fr, es or vi.
    lexicon : Lexicon
        Target groups to look for.

    Returns
    -------
    Verdict
        With the reason, for and against.

    Examples
    --------
    >>> from everycount.policy.clauses import clause_of
    >>> from everycount.model.vocabulary import Vocabulary
    >>> from everycount.policy.lexicon import lexicon_of
    >>> words = lexicon_of(Vocabulary(id="own", title={"en": "Own"}, source="Own"), "en")
    >>> for text in ("It is forbidden to harass anybody.", "The quorum shall be four members."):
    ...     print(asks_for_action(clause_of(text, "en"), words).reason)
    it forbids something (“is forbidden”)
    it orders the affairs of a body (“quorum”)
    """
    if clause.has_points and ENDS_OPEN.search(clause.text):
        return Verdict(asks=False, reason="what it asks for stands in its points")
    asking: list[Asking] = []
    reasons: list[str] = []
    for sentence in clause.sentences():
        outcome = _judge(clause, sentence, lexicon)
        if isinstance(outcome, str):
            reasons.append(outcome)
        else:
            asking.append(outcome)
    if not asking:
        return Verdict(asks=False, reason=reasons[0] if reasons else "it has no words")
    first = asking[0]
    reason = f"{KINDS[first.demand.kind]} (“{first.cause.words}”)"
    return Verdict(asks=True, reason=reason, asking=tuple(asking))


def _judge(clause: Clause, sentence: Sentence, lexicon: Lexicon) -> Asking | str:
    """Return the sentence as one that asks, or why it does not."""
    exclusion = _exclusion(clause, sentence)
    if exclusion and exclusion.is_absolute:
        return exclusion.reason
    figures = list(find_figures(sentence.text, clause.language))
    asking = _demand(clause, sentence) or _target(clause, sentence, figures)
    if asking is None:
        return "it asks for nothing: no right, duty, prohibition or aim is in it"
    serves = people_in(sentence.text, lexicon)
    # A share of people in posts is a quota even without a figure.
    has_share = bool(SHARES[clause.language].search(sentence.text))
    is_counted = bool(figures) or (serves and has_share)
    if exclusion and exclusion.kind == "appointment" and not is_counted:
        # Who sits on a body is its own affair, but a quota is not.
        return exclusion.reason
    changes = bool(OUTCOMES[clause.language].search(sentence.text))
    if (exclusion or asking.demand.kind == "power") and not (serves and (changes or is_counted)):
        return exclusion.reason if exclusion else "it only allows something"
    serves = serves or people_in(composed(clause.passage.heading)[0], lexicon)
    changes = changes and bool(group_hits(sentence.text, lexicon))
    if not (figures or serves or changes or _has_subject(sentence.text, clause.language)):
        return "it names neither people nor a subject that figures are made of"
    return asking


def _demand(clause: Clause, sentence: Sentence) -> Asking | None:
    """Return the demand of a sentence, or of what leads into it."""
    own = find_demand(sentence.text, clause.language)
    asking = None
    if own:
        start = sentence.start + own.start
        asking = Asking(clause=clause, sentence=sentence, demand=own, place=clause, start=start)
        if own.kind not in ("aim", "power"):
            return asking
    # A point without a verb of its own has that of the words which lead into it.
    lead = clause.lead
    while lead:
        found = find_demand(lead.text, clause.language)
        if found:
            return Asking(
                clause=clause, sentence=sentence, demand=found, place=lead, start=found.start
            )
        lead = lead.lead
    return asking


def _target(clause: Clause, sentence: Sentence, figures: Sequence[Figure]) -> Asking | None:
    """Return a figure as the demand, where a row of targets or a year by which says that it is."""
    if not figures or not (clause.passage.kind == "row" or BY_WHEN.search(sentence.text)):
        return None
    demand = Demand(kind="aim", start=figures[0].start, end=figures[0].end)
    start = sentence.start + demand.start
    return Asking(clause=clause, sentence=sentence, demand=demand, place=clause, start=start)


def _exclusion(clause: Clause, sentence: Sentence) -> Exclusion | None:
    """Return why a sentence asks for nothing: its words, what leads into it, headings above."""
    found = find_exclusion(sentence.text, clause.language)
    lead = clause.lead
    while lead and not found:
        found = find_exclusion(lead.text, clause.language)
        lead = lead.lead
    for heading in clause.headings:
        found = found or heading_exclusion(heading, clause.language)
    return found


def _has_subject(text: str, language: str) -> bool:
    """Tell whether a sentence names a subject of statistics, or sex as the ground of something."""
    return names_sexes(text, language) or any(True for _ in find_topics(text, language))
