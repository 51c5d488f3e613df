"""Read the targets of a sentence: values, ranges and changes with years, baselines and slots."""

from collections.abc import Iterator

from everycount.model.issue import Cause, Comparator, Target
from everycount.policy.clauses import Clause, Sentence
from everycount.policy.demands import opening_end
from everycount.policy.readings import Reading, read_figures
from everycount.policy.target_slots import Slots, has_own_whole, is_same_measure, read_slots


def sentence_targets(clause: Clause, sentence: Sentence) -> Iterator[Target]:
    """Yield the targets of a sentence, each with the id of none yet.

    Parameters
    ----------
    clause : Clause
        The clause.
    sentence : Sentence
        One of its sentences, or one in a cell of a row.

    Yields
    ------
    Target

    Examples
    --------
    >>> from everycount.policy.clauses import clause_of
    >>> clause = clause_of("Women are to own 30 % of firms by 2030.", "en")
    >>> for target in sentence_targets(clause, clause.sentences()[0]):
    ...     print(target.measure, target.numerator, target.denominator, sep=", ")
    Women are to own … of firms, women-owned firms, firms
    """
    text, language = sentence.text, clause.language
    readings = read_figures(text, language)
    starts = [*(reading.figure.start for reading in readings), len(text)][1:]
    begin = opening_end(text, language)
    found: list[Slots] = []
    for reading, until in zip(readings, starts, strict=True):
        figure = reading.figure
        slots = found[-1] if found else Slots(measure="")
        is_same = slots.measure and is_same_measure(text[begin : figure.start])
        if not is_same or has_own_whole(text, figure, until, language):
            slots = read_slots(text, figure, until, language, begin=begin)
        begin = figure.end + len(slots.behind if text.startswith(slots.behind, figure.end) else "")
        found.append(slots)
    for at, reading in enumerate(readings):
        # `By 2025 60 % and by 2030 75 % of agencies have …`: the first has the words of the next.
        slots = next((each for each in found[at:] if each.measure), found[at])
        start, end = reading.figure.start, reading.figure.end
        cause = clause.cause(sentence.start + start, sentence.start + end)
        yield _target(reading, slots, cause)


def _target(reading: Reading, slots: Slots, words: Cause) -> Target:
    """Return a target that nobody has confirmed."""
    figure = reading.figure
    comparator: Comparator = "change by" if reading.change else figure.comparator
    return Target(
        id="t",
        words=words,
        measure=slots.measure,
        comparator=comparator,
        value=figure.value * (reading.change or 1),
        upper=figure.upper,
        unit=figure.unit,
        year=reading.year,
        baseline=reading.baseline,
        baseline_year=reading.baseline_year,
        numerator=slots.numerator,
        denominator=slots.denominator,
    )
