"""Read the targets of a clause, of its sentences or of the row of a table that it is."""

from collections.abc import Sequence
from dataclasses import replace

from everycount.model.issue import Target
from everycount.policy.clauses import Clause, Sentence
from everycount.policy.target_rows import row_targets
from everycount.policy.target_sentences import sentence_targets


def find_targets(clause: Clause, sentences: Sequence[Sentence], issue: str) -> tuple[Target, ...]:
    """Return the targets that sentences of a clause set.

    Parameters
    ----------
    clause : Clause
        The clause.
    sentences : sequence of Sentence
        Those of its sentences that ask for something.
    issue : str
        Id of the issue, with which the ids of the targets begin.

    Returns
    -------
    tuple of Target
        Unconfirmed, whatever they say: a person decides on every slot.

    Examples
    --------
    >>> from everycount.policy.clauses import clause_of
    >>> clause = clause_of("60% of heads of agencies are women by 2025 and 75% by 2030.", "en")
    >>> for target in find_targets(clause, clause.sentences(), "1"):
    ...     print(target.id, target.value, target.year, target.numerator, "of", target.denominator)
    1-t1 60.0 2025 women of heads of agencies
    1-t2 75.0 2030 women of heads of agencies
    """
    read = row_targets if clause.is_row else sentence_targets
    found = [target for each in sentences for target in read(clause, each)]
    return tuple(replace(target, id=f"{issue}-t{at}") for at, target in enumerate(found, 1))
