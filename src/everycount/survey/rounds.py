"""Rounds of one survey: the group furthest behind in the first, followed into the later ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from everycount.arrays.tree_stability import Definition
from everycount.survey.furthest import FurthestBehind
from everycount.survey.furthest_figures import Estimated, Gap, estimated, gap, gap_of
from everycount.survey.furthest_groups import Grown
from everycount.survey.furthest_names import codes_of
from everycount.survey.furthest_rows import Method, Reduced
from everycount.survey.furthest_secret import breaks
from everycount.survey.furthest_shown import Withheld, shown_indices
from everycount.survey.furthest_words import group_words, outcome_words
from everycount.survey.group_figures import GroupFigure
from everycount.survey.opportunities import PARTED, Index, OpportunityRow
from everycount.survey.words import finding

IntArray = npt.NDArray[np.int64]
ROLES: Final = ("behind", "ahead", "everyone")
NOTHING: Final = Gap(
    value=np.nan, std_error=np.nan, low=np.nan, high=np.nan, df=np.nan, p_value=np.nan
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What was found in one round of a survey."""

    label: str
    """What the round is called, such as its year."""
    found: FurthestBehind


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """One figure of one round, and how it differs from that of the first."""

    method: Method | None
    """The tree of the first round that made the group; nothing for indices."""
    measure: str
    """behind, ahead, everyone, gap, d_cells, hoi_cells, d_logit or hoi_logit."""
    round: str
    definition: str = ""
    n: int | None = None
    figure: Gap = NOTHING
    """The figure with its error; it is no difference, but for the gap."""
    change: Gap | None = None
    """This less the figure of the first round; samples of rounds are independent."""
    least_df: float = np.nan
    """Degrees of freedom of the less certain of the two figures that a change is made of."""
    is_hidden: bool = False
    note: str = ""
    """Why there is no figure, or which levels are others than in the first round."""


def compare_rounds(rounds: Sequence[Round]) -> tuple[RoundRow, ...]:
    """Follow the groups furthest behind and ahead of the first round into the others.

    Groups are the same by the codes of their levels. Each round is a sample of its own, so errors
    of changes are those of independent samples, with Satterthwaite's degrees of freedom.

    Parameters
    ----------
    rounds : sequence of Round
        One outcome, the first round first.

    Returns
    -------
    tuple of RoundRow
        For each method the group behind, the group ahead, everyone and the gap of every round,
        then D and HOI over cells and by logit.

    References
    ----------
    .. [1] Satterthwaite, F. E. (1946), An approximate distribution of estimates of variance
       components, Biometrics Bulletin 2, 110-114.
    """
    first = rounds[0]
    rows: list[RoundRow] = []
    for grown in first.found.grown:
        for each in rounds:
            rows += _followed(first, grown, each)
    for each in rounds:
        rows += _indices(each)
    level = first.found.reduced.sample.plan.design.level
    starts = {(row.method, row.measure): row for row in rows if row.round == first.label}
    return tuple(
        _with_change(row, starts[row.method, row.measure], level)
        if row.round != first.label
        else row
        for row in rows
    )


def _with_change(row: RoundRow, start: RoundRow, level: float) -> RoundRow:
    """Return a row with its difference from the first round."""
    if row.is_hidden or start.is_hidden:
        return row
    return replace(
        row,
        change=independent_change(start.figure, row.figure, level),
        least_df=float(np.fmin(start.figure.df, row.figure.df)),
    )


def independent_change(start: Gap, end: Gap, level: float) -> Gap:
    """Return the difference of two figures of independent samples.

    Examples
    --------
    >>> one = Gap(value=0.2, std_error=0.03, low=0.1, high=0.3, df=20, p_value=0.0)
    >>> found = independent_change(one, replace(one, value=0.3, std_error=0.04), 0.95)
    >>> round(found.value, 9), round(found.std_error, 9), round(found.df, 1)
    (0.1, 0.05, 37.1)
    """
    parts = np.array([start.std_error, end.std_error]) ** 2
    freedom = np.array([start.df, end.df])
    whole = float(parts.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        df = whole**2 / float((parts**2 / np.where(freedom > 0, freedom, np.nan)).sum() or np.nan)
    return gap(end.value - start.value, float(np.sqrt(whole)), df, level)


def _followed(first: Round, grown: Grown, later: Round) -> Iterator[RoundRow]:
    """Yield the groups of a tree of the first round, in a round."""
    known, reduced = first.found.reduced, later.found.reduced
    method = grown.method
    pair = (grown.definitions[grown.behind], grown.definitions[grown.ahead])
    found = [_codes(known, definition, reduced) for definition in pair]
    notes = "; ".join(dict.fromkeys(note for _, note in found if note))
    names = dict(zip(ROLES, [*(codes_of(known, each) for each in pair), ""], strict=True))
    hidden_names = any(first.found.secret.hides(method, at) for at in (grown.behind, grown.ahead))
    if hidden_names:
        names = dict.fromkeys(ROLES, "")
    if len(grown.tree.nodes) == 1:
        notes = "no circumstance parts the people in the first round"
    inside = [marks for marks, _ in found if marks is not None]
    if len(inside) < 2 or len(grown.tree.nodes) == 1:
        for role in (*ROLES, "gap"):
            yield RoundRow(method=method, measure=role, round=later.label, note=notes,
                           definition=names.get(role, ""), is_hidden=hidden_names)  # fmt: skip
        return
    cell = np.where(inside[0], 1, np.where(inside[1], 2, 0))
    cell[(reduced.codes < 0).any(axis=1)] = -1
    domains = np.array([[False, True, False], [False, False, True], [True, True, True]])
    figures, both = estimated(reduced, cell, domains)
    level = reduced.sample.plan.design.level
    hides = [hidden_names or each for each in _hides(later, figures)]
    for at, role in enumerate(ROLES):
        yield RoundRow(
            method=method,
            measure=role,
            round=later.label,
            definition=names[role],
            n=None if hides[at] else int(figures.n[at]),
            figure=_figure(figures, at),
            is_hidden=hides[at],
            note=notes,
        )
    yield RoundRow(
        method=method,
        measure="gap",
        round=later.label,
        figure=gap_of(both, 0, 1, level),
        is_hidden=hides[0] or hides[1],
        note=notes,
    )


def _hides(later: Round, figures: Estimated) -> list[bool]:
    """Tell which of the followed groups may not be shown: themselves, or what is left without."""
    rules = later.found.secret.rules
    n, yes = figures.n.tolist(), figures.yes.tolist()
    rest = n[2] - n[0] - n[1], (yes[2] - yes[0] - yes[1] if yes[2] >= 0 else -1)
    is_bad = [breaks(rules, *pair) for pair in zip(n, yes, strict=True)]
    if breaks(rules, *rest) or sum(is_bad[:2]) == 1:
        # Of two groups and the rest, one alone would follow from the others and the whole.
        is_bad[0] = is_bad[1] = True
    return is_bad


def _figure(figures: Estimated, at: int) -> Gap:
    return Gap(
        value=float(figures.estimate[at]),
        std_error=float(figures.std_error[at]),
        low=float(figures.low[at]),
        high=float(figures.high[at]),
        df=float(figures.df[at]),
        p_value=np.nan,
    )


def _codes(
    known: Reduced, definition: Definition, reduced: Reduced
) -> tuple[npt.NDArray[np.bool_] | None, str]:
    """Return the rows of a round that a definition of another holds, and what differs."""
    inside = np.ones(reduced.sample.rows, dtype=np.bool_)
    names = [coding.name for coding in reduced.codings]
    notes = []
    for column, codes in definition:
        coding = known.codings[column]
        if coding.name not in names:
            return None, f"{coding.name} is no circumstance of this round"
        place = names.index(coding.name)
        levels = [level.code for level in reduced.codings[place].levels]
        before = [level.code for level in coding.levels]
        wanted = [before[code] for code in codes]
        gone = [code for code in before if code not in levels]
        new = [code for code in levels if code not in before]
        notes += [f"levels of {coding.name} not in this round: {', '.join(gone)}"] if gone else []
        notes += [f"new levels of {coding.name}: {', '.join(new)}"] if new else []
        held = [levels.index(code) for code in wanted if code in levels]
        inside &= np.isin(reduced.codes[:, place], held)
    return inside, "; ".join(notes)


def _indices(each: Round) -> Iterator[RoundRow]:
    """Yield D and HOI of a round, as they may be shown."""
    for row in shown_indices(each.found):
        if isinstance(row, Withheld) and row.over in PARTED:
            for name in ("d", "hoi"):
                yield RoundRow(
                    method=None, measure=f"{name}_{row.over}", round=each.label, is_hidden=True
                )
        elif isinstance(row, OpportunityRow) and row.over in PARTED:
            for name, index in (("d", row.dissimilarity), ("hoi", row.opportunity)):
                yield RoundRow(
                    method=None,
                    measure=f"{name}_{row.over}",
                    round=each.label,
                    figure=_of_index(index, row.df),
                    note=row.reason,
                )


def _of_index(index: Index, df: float) -> Gap:
    return Gap(
        value=index.value,
        std_error=index.std_error,
        low=index.low,
        high=index.high,
        df=df,
        p_value=np.nan,
    )


def round_sentences(rounds: Sequence[Round], rows: Sequence[RoundRow]) -> tuple[str, ...]:
    """Return how the groups furthest behind in the first round changed, a sentence each.

    Parameters
    ----------
    rounds : sequence of Round
        As given to `compare_rounds`.
    rows : sequence of RoundRow
        What it returned.
    """
    first = rounds[0]
    told = []
    for grown in first.found.grown:
        own = {
            row.round: row
            for row in rows
            if (row.method, row.measure) == (grown.method, "behind") and not row.is_hidden
        }
        start = own.get(first.label)
        for each in rounds[1:]:
            row = own.get(each.label)
            if start is None or row is None or row.change is None:
                continue
            if np.isnan(row.figure.value):
                continue
            told.append(_changed(first, grown, start, row))
    return tuple(told)


def _changed(first: Round, grown: Grown, start: RoundRow, row: RoundRow) -> str:
    """Return how the group furthest behind in the first round changed."""
    assert row.change is not None
    words = group_words(first.found.reduced, grown.definitions[grown.behind])
    secret = first.found.secret
    before, after = (
        GroupFigure(
            words=name,
            estimate=each.figure.value,
            low=np.nan if secret.withholds_error(each.figure.df) else each.figure.low,
            high=np.nan if secret.withholds_error(each.figure.df) else each.figure.high,
        )
        for name, each in (
            (f"{words} in {start.round}", start),
            (f"those in the same circumstances in {row.round}", row),
        )
    )  # fmt: skip
    level = first.found.reduced.sample.plan.design.level
    told = finding(
        before,
        after,
        None if secret.withholds_error(row.least_df) else row.change.words,
        outcome=outcome_words(first.found.outcome),
        level=round(100 * level, 6),
    )
    return f"{told} {row.note[:1].upper()}{row.note[1:]}." if row.note else told
