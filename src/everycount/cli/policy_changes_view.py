"""Show what became of the clauses of a policy text: for people, and as plain data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import click

from everycount.model.review import Clause
from everycount.policy.change_words import WEIGHTS, Weight
from everycount.policy.clause_changes import ClauseChange, whole_words
from everycount.policy.follow_clauses import alike_words
from everycount.reports.wording import plural

ORDER = ("reworded", "split", "merged", "changed", "renumbered", "new", "dropped")
"""Kinds in the order they are printed, behind what touches the substance; clauses that are the
same are counted only."""
TOUCHES: dict[Weight, str] = {
    "negation": "a negation",
    "duty": "what must or may be done",
    "figure": "a number, date or unit",
}
"""How it is said what a change touches."""
WORDS = 160
"""Characters of a text that are printed; --json and the CSV have all."""
PIECES = 6
"""Differences of one clause that are printed."""


def clause_facts(each: ClauseChange, issues: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return what became of a clause as plain data.

    Parameters
    ----------
    each : ClauseChange
        The change.
    issues : mapping
        Issues of the older reading by the number of their clause.

    Returns
    -------
    dict
        With whole texts and every difference.
    """
    before, after = each.before, each.after
    return {
        "kind": each.kind,
        "before": before.number if before else "",
        "after": after.number if after else "",
        "similarity": None if each.similarity is None else round(each.similarity, 3),
        "issues": list(issues.get(before.number, ())) if before else [],
        "before_page": before.page if before else None,
        "after_page": after.page if after else None,
        "before_text": whole_words(before) if before else "",
        "after_text": whole_words(after) if after else "",
        "differences": [{"before": was, "after": now} for was, now in each.differences],
        "touches": list(each.weights),
    }


def show_clauses(found: Sequence[ClauseChange], issues: Mapping[str, Sequence[str]]) -> None:
    """Print what became of the clauses: changes of substance first, then kind by kind.

    Parameters
    ----------
    found : sequence of ClauseChange
        The changes.
    issues : mapping
        Issues of the older reading by the number of their clause.
    """
    along = {
        each.after.number: each.after.parent for each in found if each.after and _goes_along(each)
    }
    within = Counter(_mover(number, along) for number in along)
    shown = [each for each in found if each.kind in ORDER and not _goes_along(each)]
    # A number without words that came or went says nothing.
    shown = [each for each in shown if any(map(_has_words, (each.before, each.after)))]
    for group in sorted(_groups(shown), key=lambda group: _rank(group[0])):
        click.echo(_line(group, issues))
        for line in _lines(group[0], within):
            click.echo(f"    {line}")


def _has_words(clause: Clause | None) -> bool:
    """Tell whether a clause has a text or a heading."""
    return clause is not None and bool(whole_words(clause))


def _groups(found: Sequence[ClauseChange]) -> Iterator[list[ClauseChange]]:
    """Yield changes, those of a clause that was split, or of one made of several, together."""
    groups: dict[tuple[str, int | str], list[ClauseChange]] = {}
    for at, each in enumerate(found):
        one: int | str = at
        if each.kind in ("split", "merged"):
            whole = each.before if each.kind == "split" else each.after
            one = whole.number if whole else ""
        groups.setdefault((each.kind, one), []).append(each)
    yield from groups.values()


def _rank(each: ClauseChange) -> tuple[int, int]:
    """Return where a change stands in the list: the gravest that it touches, then its kind."""
    gravest = WEIGHTS.index(each.weights[0]) if each.weights else len(WEIGHTS)
    return gravest, ORDER.index(each.kind)


def _goes_along(each: ClauseChange) -> bool:
    """Tell whether a clause only moved with the article it is in."""
    return each.kind == "renumbered" and each.is_along


def _mover(number: str, along: Mapping[str, str]) -> str:
    """Return the number of the clause that a clause moved with."""
    while number in along:
        number = along[number]
    return number


def _line(group: Sequence[ClauseChange], issues: Mapping[str, Sequence[str]]) -> str:
    """Return what became of a clause, or of several that go together, on one line."""
    each = group[0]
    sides = (_numbers(one.before for one in group), _numbers(one.after for one in group))
    if each.kind == "split":
        numbers = f"{sides[1]}: split from {sides[0]}"
    elif each.kind == "merged":
        numbers = f"{sides[0]}: merged into {sides[1]}"
    else:
        numbers = " -> ".join(dict.fromkeys(filter(None, sides)))
    alike = "" if each.similarity in (None, 1) else f", {alike_words(each.similarity or 0)}"
    touched = " and ".join(TOUCHES[weight] for weight in each.weights)
    alike += f", changes {touched}" if touched else ""
    olds = dict.fromkeys(one.before.number for one in group if one.before)
    names = [name for number in olds for name in issues.get(number, ())]
    about = f", {'issue' if len(names) == 1 else 'issues'} {', '.join(names)}" if names else ""
    return f"{each.kind:<10} {numbers}{alike}{about}"


def _numbers(clauses: Iterable[Clause | None]) -> str:
    """Return the numbers of clauses, an article that only frames the others left out."""
    told = {clause.number: bool(clause.text) for clause in clauses if clause}
    return ", ".join(number for number, has in told.items() if has or len(told) == 1)


def _lines(each: ClauseChange, within: Mapping[str, int]) -> Iterator[str]:
    """Yield the words that went and came."""
    if each.kind in ("reworded", "split", "merged"):
        for was, now in each.differences[:PIECES]:
            yield f"“{_cut(was)}” -> “{_cut(now)}”"
        if len(each.differences) > PIECES:
            yield f"and {plural(len(each.differences) - PIECES, 'more difference')}"
    elif each.kind != "renumbered":
        sides = (("was", each.before), ("is", each.after))
        yield from (f"{name}: {_cut(whole_words(clause))}" for name, clause in sides if clause)
    if each.after and within.get(each.after.number):
        yield f"with {plural(within[each.after.number], 'clause')} in it"


def _cut(words: str) -> str:
    """Return the beginning of a long text."""
    return words if len(words) <= WORDS else f"{words[: WORDS - 1]}…"
