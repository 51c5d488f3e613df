"""Definitions of groups by circumstances, in words and in codes."""

from itertools import pairwise

from everycount.arrays.tree_stability import Definition
from everycount.survey.furthest_rows import Reduced


def words_of(reduced: Reduced, definition: Definition) -> tuple[str, ...]:
    """Return a definition in words, a circumstance each: "Wealth: Poorest fifth to Middle fifth".

    Parameters
    ----------
    reduced : Reduced
        What the circumstances and their levels are called.
    definition : Definition
        Levels of circumstances by position.
    """
    found = []
    for column, codes in definition:
        coding = reduced.codings[column]
        labels = [coding.levels[code].label for code in codes]
        is_run = len(codes) > 2 and all(b == a + 1 for a, b in pairwise(codes))
        if coding.characteristic.is_ordered and is_run:
            told = f"{labels[0]} to {labels[-1]}"
        else:
            told = " or ".join([", ".join(labels[:-1]), labels[-1]] if labels[1:] else labels)
        found.append(f"{coding.label}: {told}")
    return tuple(found)


def codes_of(reduced: Reduced, definition: Definition) -> str:
    """Return a definition by codes: "wealth=Q1,Q2 & residence=rural"; empty for everyone."""
    return " & ".join(
        f"{reduced.codings[column].name}="
        + ",".join(reduced.codings[column].levels[code].code for code in codes)
        for column, codes in definition
    )
