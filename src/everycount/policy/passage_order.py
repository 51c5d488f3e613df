"""Tell which numbers of a document do not follow those before, so that a person looks at them."""

from collections.abc import Iterator, Sequence
from typing import Final

from everycount.model.document import Passage
from everycount.model.review import Clause
from everycount.policy.numerals import number_of

COUNTED: Final = ("part", "chapter", "section", "article")
"""Kinds of passages that a document numbers one after another."""


def out_of_order(passages: Sequence[Passage | Clause]) -> tuple[str, ...]:
    """Return a sentence for each passage whose number does not follow the one before.

    Parameters
    ----------
    passages : sequence of Passage or Clause
        In the order of the document.

    Returns
    -------
    tuple of str
        Numbers that are left out are none, nor are those of an annex that begins again with 1.

    Examples
    --------
    >>> def article(number):
    ...     return Clause(number=number, kind="article", label=f"Article {number}", text="It is.")
    >>> out_of_order([article("1"), article("4"), article("3"), article("5")])
    ('page 1, Article 3: number 3 after 4',)
    """
    return tuple(_faults(passages))


def _faults(passages: Sequence[Passage | Clause]) -> Iterator[str]:
    """Yield what is out of order."""
    last: dict[tuple[str, str], tuple[int, str]] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    for each in passages:
        if each.kind not in COUNTED:
            continue
        name = _own(each)
        number = number_of(name)
        # Articles are numbered through a law; the others within what they are in.
        place = (each.kind, "" if each.number == name else each.parent)
        numbers = seen.setdefault(place, set())
        if number[0] == 1 and name in numbers:
            numbers.clear()
        elif place in last and number <= last[place]:
            before = f"{last[place][0]}{last[place][1]}"
            yield f"page {each.page}, {each.label or name}: number {name} after {before}"
        numbers.add(name)
        last[place] = number


def _own(each: Passage | Clause) -> str:
    """Return the number of a passage as the document has it, without that of what it is in."""
    return each.number.rpartition(".")[2].rpartition("-")[2].partition("~")[0]
