"""Say what a clause wants done, in its own words."""

import re
from collections.abc import Sequence
from typing import Final

from everycount.policy.demands import label_end
from everycount.policy.gate import Asking
from everycount.policy.row_cells import prose_of

TRAILING: Final = re.compile(r"(?:[;,:.\s–—-]|(?<=[;,])\s*(?:and|or|et|ou|y|o|và|hoặc))+$")
"""What ends a point of a list and says nothing."""


def find_action(asking: Sequence[Asking]) -> str:
    """Return what a clause wants done: its sentences that ask, behind what leads into them.

    Parameters
    ----------
    asking : sequence of Asking
        The sentences that ask, at least one.

    Returns
    -------
    str
        One text in the words of the document, without labels and loose ends.

    Examples
    --------
    >>> from everycount.model.vocabulary import Vocabulary
    >>> from everycount.policy.clauses import clause_of
    >>> from everycount.policy.gate import asks_for_action
    >>> from everycount.policy.lexicon import lexicon_of
    >>> words = lexicon_of(Vocabulary(id="own", title={"en": "Own"}, source="Own"), "en")
    >>> verdict = asks_for_action(clause_of("Target 3: To raise wages; and", "en"), words)
    >>> find_action(verdict.asking)
    'To raise wages'
    """
    parts: list[str] = []
    for each in asking:
        words = _words(each)
        if each.is_led and not parts:
            # Only words between the verb and the points: `The State shall – protect girls`.
            words = f"{_lead_words(each)} {words}"
        parts.append(words)
    return ". ".join(parts)


def _words(asking: Asking) -> str:
    """Return the words of a sentence; of a row those of its cells that are sentences."""
    text = asking.sentence.text
    if asking.clause.is_row:
        field, cells = prose_of(asking.sentence, asking.clause.language)
        if cells:
            said = ". ".join(_without_label(cell.words) for cell in cells)
            return f"{field}: {said}" if field else said
    return _without_label(text)


def _without_label(text: str) -> str:
    return TRAILING.sub("", text[label_end(text) :].strip())


def _lead_words(asking: Asking) -> str:
    """Return the words that lead into a point, outermost first."""
    leads: list[str] = []
    lead = asking.clause
    while lead is not asking.place:
        assert lead.lead, "the words of the demand stand above the clause"
        lead = lead.lead
        leads.append(TRAILING.sub("", lead.text.strip()))
    return " ".join(reversed(leads))
