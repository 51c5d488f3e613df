"""Tell which leaves of a tree may stand beside a published table without undoing what it hides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import isnan, nan
from typing import Any

import polars as pl

from everycount.arrays.tree_stability import Definition
from everycount.charts.leaves import Leaf
from everycount.reports.survey_view import Cell, SurveyView
from everycount.survey.confidential import NOT_SHOWN
from everycount.survey.furthest import FurthestBehind
from everycount.survey.furthest_groups import Grown
from everycount.survey.furthest_names import words_of
from everycount.survey.furthest_tables import tree_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """The leaves of a tree as a page shows them."""

    shown: tuple[Leaf, ...]
    """All of them, those that are not told hidden."""
    behind: Leaf
    """The one furthest behind."""
    is_whole: bool
    """Whether nothing is hidden because of the table beside the tree."""


def leaves_of(view: SurveyView, found: FurthestBehind, grown: Grown) -> Leaves:
    """Return the leaves of a tree that may be shown beside the table of the page.

    A figure of the tree tells nothing that the table does not if it is of cells of one of its
    crossings that are all published. Any other leaf is hidden where the table hides anything: with
    the margins of the table it might tell a hidden cell. Where errors of its cells are rounded or
    withheld, a leaf of one cell has the interval of the table, and others have none.

    Parameters
    ----------
    view : SurveyView
        The outcome with the table as it is published.
    found : FurthestBehind
        What was found.
    grown : Grown
        One of its trees.
    """
    rows = tree_table([found]).filter(pl.col("method") == grown.method).to_dicts()
    is_open = not (view.table["flag"] == NOT_SHOWN).any()
    leaves, behind, is_whole = [], None, True
    for at, row in enumerate(rows):
        if not row["is_leaf"]:
            continue
        leaf = _leaf(words_of(found.reduced, grown.definitions[at]), row)
        if leaf.flag != "hidden" and not is_open:
            cells = _cells(view, found, grown.definitions[at])
            told = _beside(view, leaf, cells, int(row["n"]))
            is_whole &= told == leaf
            leaf = told
        leaves.append(leaf)
        behind = leaf if at == grown.behind else behind
    assert behind is not None
    return Leaves(shown=tuple(leaves), behind=behind, is_whole=is_whole)


def _leaf(path: tuple[str, ...], row: Mapping[str, Any]) -> Leaf:
    """Return a row of the table of nodes as a leaf."""
    names = (("share", "share"), ("estimate", "mean"), ("low", "ci_low"), ("high", "ci_high"))
    figures = {name: nan if row[column] is None else float(row[column]) for name, column in names}
    return Leaf(path=path, flag="hidden" if row["flag"] == NOT_SHOWN else "", **figures)


def _cells(
    view: SurveyView, found: FurthestBehind, definition: Definition
) -> Sequence[Cell] | None:
    """Return the cells of a crossing of the table that make a leaf; None if none do."""
    names, wanted = [], []
    for column, levels in definition:
        coding = found.reduced.codings[column]
        own = {coding.levels[level].code for level in levels}
        # Of levels that were joined the table has the codes of both with a plus between them.
        parts = {code: set(code.split("+")) for code in view.levels(coding.name)}
        parts = {code: {code} if code in own else part for code, part in parts.items()}
        chosen = [code for code, part in parts.items() if part <= own]
        if own - set().union(*(parts[code] for code in chosen)):
            return None
        names.append(coding.name)
        wanted.append([view.levels(coding.name)[code] for code in chosen])
    known = {cell.levels: cell for cell in view.cells(names)}
    if not known:
        return None
    return [known[levels] for levels in product(*wanted) if levels in known]


def _beside(view: SurveyView, leaf: Leaf, cells: Sequence[Cell] | None, n: int) -> Leaf:
    """Return a leaf without what the cells that make it do not tell."""
    hidden = Leaf(path=leaf.path, flag="hidden")
    if cells is None or any(isnan(cell.estimate) or cell.n is None for cell in cells):
        return hidden
    # People without one of the circumstances are in the cells and not in the tree.
    apart = abs(n - sum(cell.n or 0 for cell in cells))
    if apart > (view.base * (len(cells) + 1) if view.base > 1 else 0):
        return hidden
    if all(cell.df is not None for cell in cells):
        return leaf
    low, high = (cells[0].low, cells[0].high) if len(cells) == 1 else (nan, nan)
    return replace(leaf, low=low, high=high)
