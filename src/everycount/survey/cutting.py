"""Cut points of a score, such as wealth fifths, with the rows that say nothing of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from everycount.arrays.cuts import FloatArray, cut_points
from everycount.errors import Problem
from everycount.model.design import Characteristic, Cut, SurveyDesign
from everycount.model.microdata import Microdata
from everycount.survey.cells import as_numbers, is_missing
from everycount.survey.findings import Excluded, counted
from everycount.survey.seen import SEED, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class CutScores:
    """Cut points of a characteristic; why there are none; and the rows left out of them."""

    points: tuple[float, ...]
    problems: tuple[Problem, ...]
    excluded: tuple[Excluded, ...]


@dataclass(slots=True)
class _Tally:
    """Rows that have a score, and of these those that stand for nobody, by reason."""

    scored: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    """Rows of which nobody can say for how many people they stand."""
    zero: Counter[str] = field(default_factory=Counter)
    """Rows that stand for nobody, as they say."""


def cut_scores(
    design: SurveyDesign, each: Characteristic, cut: Cut, source: Microdata
) -> CutScores:
    """Return the cut points of a characteristic, over all rows of the file.

    Parameters
    ----------
    design : SurveyDesign
        What was declared.
    each : Characteristic
        The characteristic.
    cut : Cut
        How it is cut.
    source : Microdata
        The file.
    """
    tally = _Tally()
    points = cut_points(lambda: _scores(design, each, cut, source, tally), cut.groups)
    return CutScores(
        points=tuple(points.tolist()),
        problems=() if len(points) else (_problem(each, tally),),
        excluded=tuple(
            Excluded(subject=f"the cut points of {each.name}", reason=reason, rows=rows)
            for reason, rows in sorted(tally.lacking.items())
        ),
    )


def _scores(
    design: SurveyDesign, each: Characteristic, cut: Cut, source: Microdata, tally: _Tally
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield the scores of all rows that have one, with the number of people they stand for.

    The tally begins anew, as the file may be read several times.
    """
    tally.scored = 0
    tally.lacking.clear()
    tally.zero.clear()
    weight = cut.weight or design.sampling.weight
    wanted = (each.source, cut.members, weight, *cut.once_per)
    columns = tuple(dict.fromkeys(name for name in wanted if name is not None))
    seen = Seen()
    for frame in source.batches(columns):
        rows = frame
        if cut.once_per:
            marks = frame.select(cut.once_per).hash_rows(seed=SEED).to_numpy()
            rows = frame.filter(pl.Series(seen.new(marks)))
        score, _ = as_numbers(rows[each.source])
        kept = np.isfinite(score)
        kept &= ~is_missing(rows[each.source], source.columns[each.source], each.missing)
        people = np.ones(len(rows))
        tally.scored += int(kept.sum())
        for name in (weight, cut.members):
            if name is not None:
                numbers, strange = as_numbers(rows[name])
                missing = is_missing(rows[name], source.columns[name])
                tests = {
                    f"{name} not known": missing,
                    f"text or infinity in {name}": strange & ~missing,
                    f"{name} below 0": ~missing & (numbers < 0),
                }
                for reason, test in tests.items():
                    tally.lacking += Counter({reason: int((kept & test).sum())})
                tally.zero += Counter({f"{name} 0": int((kept & ~missing & (numbers == 0)).sum())})
                people *= np.where(np.any(list(tests.values()), axis=0), 0, numbers)
        yield score[kept], people[kept]


def _problem(each: Characteristic, tally: _Tally) -> Problem:
    """Return what stands in the way of cut points: the score, or what people are counted by."""
    where = f"characteristic {each.name}"
    if not tally.scored:
        return Problem(where, "no row with a value", "at least one")
    reasons = sorted((tally.lacking + tally.zero).items())
    found = "; ".join(f"{counted(rows)} with {reason}" for reason, rows in reasons)
    return Problem(f"{where}, cut", found, "a row with a score that stands for somebody")
